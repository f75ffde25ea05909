//! The routes as phones see them: real router, real database, both kinds.

mod batches;
mod certificates;
mod edges;
mod faults;
mod feed;
mod logs;
mod model;
mod permissions;
mod records;
mod staff;
