//! Rules on made-up teams.
