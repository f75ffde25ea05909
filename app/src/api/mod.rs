//! What staff pages ask of the server: Leptos server functions, one file a use case, JSON in and out.
//!
//! Each has a fixed address below `/api/staff/v1`, because addresses that Leptos makes up hold a hash of the build and an
//! open page would call dead ones. The body of each is one call to the [`backend::Backend`] that the server puts into
//! the context; no rule stands here. To add one: a method of the trait, a function beside its kind, and a row in the
//! server's permission table, whose test names every function that has none.

#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod account;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod audit;
pub mod backend;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod classes;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod colleagues;
pub mod error;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod incidents;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod lists;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod look_alikes;
pub mod myself;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod people;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod phones;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod place_tree;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod places;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod reconcile;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod requests;
#[expect(missing_docs, reason = "the fields of what `#[server]` makes are the arguments")]
pub mod sessions;
