//! What the value, the strategies, the clocks and the failures do.

mod awaiting;
mod cancelling;
mod chains;
mod clocks;
mod combining;
mod completing;
mod continuing;
mod deadlocks;
mod dropping;
mod early_ends;
mod failures;
mod limits;
mod parking;
mod permits;
mod pool;
mod pool_growth;
mod pool_processes;
mod pool_settings;
mod processes;
mod promises;
mod scopes;
mod shape;
mod stepping;
mod strategies;
mod touching;
