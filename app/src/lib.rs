//! Everything that can run on the phone. The server draws [`pages`]; the phone runs [`islands`] over [`offline`]; staff
//! pages run `staff` over [`api`].
//!
//! `pages → islands → offline → domain`, never back. Rules of learning are in `domain` alone; no file here knows the
//! server's database, and none but `phone` and `offline::idb` touches the browser's storage or network.
#![recursion_limit = "512"]

#[cfg(any(feature = "ssr", feature = "staff"))]
pub mod api;
pub mod base64;
pub mod components;
pub mod i18n;
pub mod islands;
pub mod json;
pub mod offline;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod phone;
pub mod routes;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod site;
#[cfg(all(feature = "staff", not(feature = "ssr")))]
pub mod staff;

#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
compile_error!("build this with `ssr` for the server, or with `learner`, `checker` or `staff` for the phone");

/// 2 KB less to download than with the allocator that Rust brings along.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::GlobalTlsf = rlsf::GlobalTlsf::new();
