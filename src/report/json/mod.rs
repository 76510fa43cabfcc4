//! `report.json`, schema `creditscope.report/v1`.
pub mod audit;
