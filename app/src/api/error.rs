//! What a server function answers instead of its result. The codes are those of every other route.

use std::fmt;

use domain::sync::{ApiError, NextStep};
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// A refusal or a failure, as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Problem(pub ApiError);

/// The code of a request that got no answer.
pub const UNREACHABLE: &str = "unreachable";

impl Problem {
    /// Returns a problem by its code.
    pub fn new(code: &str, next: NextStep) -> Self {
        Self(ApiError { code: code.to_owned(), next, retry_after_s: None })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.code)
    }
}

impl std::error::Error for Problem {}

impl FromServerFnError for Problem {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::new(UNREACHABLE, NextStep::Retry),
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Self::new("malformed", NextStep::FixInput)
            }
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(_) => Self::new("malformed", NextStep::FixInput),
            // An answer in another form comes from a server of another build.
            #[cfg(not(feature = "ssr"))]
            ServerFnErrorErr::Deserialization(_) => Self::new("no-such-route", NextStep::UpdateApp),
            _ => Self::new("unexpected", NextStep::Retry),
        }
    }
}
