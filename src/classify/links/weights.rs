//! What each sign of `signs` counts, in log-odds points, learned from eight histories of 351 requests (see `learn`).
//! On each history held out from learning: links right 0.595 ("the previous request": 0.534), features B-cubed F1
//! 0.629 (all in one: 0.227, each its own: 0.475).
use crate::classify::links::signs::Row;

/// For the earlier request that is meant.
pub(super) const LINK: Row = [
    0.70, 0.02, -0.17, -0.39, -0.46, -1.11, 0.61, 0.17, 0.22, 0.33, 0.14, -0.18, 0.54, -0.92, 0.96, 1.25, 0.33, 0.01,
    0.56, 0.46, 0.63, 0.29, 0.03, -0.92, 0.30, 0.41, 0.02, 0.59, 0.48, -0.68, -0.39, 0.29, 0.06, 0.50, 0.68, 0.18,
    -0.08, 0.53, 0.30, 0.50, -0.23, 0.32, -0.01,
];
/// For an earlier request about the same feature.
pub(super) const FEATURE: Row = [
    0.53, -0.14, -0.38, -0.29, -0.24, -0.41, 0.54, 0.25, 0.18, 0.38, 0.40, 0.00, 0.35, -0.80, 1.12, 1.40, 0.16, 0.10,
    0.45, 0.39, 0.27, 0.55, 0.24, -0.86, 0.23, -0.01, -0.14, -0.53, -0.17, -0.71, -0.43, 0.08, -0.31, 0.52, 0.71, 0.29,
    -0.06, -0.55, 0.23, 0.63, -0.49, -0.06, 0.03,
];
