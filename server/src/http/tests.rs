//! The routes as phones see them: real router, real database, both kinds.

mod batches;
mod certificates;
mod classes;
mod deletion;
mod devices;
mod edges;
mod faults;
mod feed;
mod incidents;
mod lists;
mod logs;
mod look_alikes;
mod merged;
mod model;
mod old_phone;
mod people;
mod permissions;
mod places;
mod reconcile;
mod records;
mod requests;
mod retention;
mod roll;
mod staff;
