//! The routes as phones see them: real router, real database, both kinds.

mod batches;
mod certificates;
mod devices;
mod edges;
mod faults;
mod feed;
mod logs;
mod model;
mod old_phone;
mod permissions;
mod reconcile;
mod records;
mod staff;
