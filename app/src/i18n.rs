//! Every word a person reads. Messages live in `locales/<language>/*.ftl` and are resolved on the server; the
//! few that islands need (`phone.ftl`) are a file of their own, because Fluent itself would cost the phone 45 KB.
//!
//! `t` and `tf` work on both sides. Keys are written as literals, so that a test finds missing and unused ones.

use serde::{Deserialize, Serialize};

/// A language of the interface. Lessons are in Vietnamese in all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Locale {
    /// Vietnamese, the default.
    #[default]
    Vi,
    /// English, for visitors and partners.
    En,
}

impl Locale {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::Vi, Self::En];

    /// Returns the language tag for HTML.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// Returns what stands before every address in this language.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Vi => "",
            Self::En => "/en",
        }
    }
}

/// Returns the language of authored words where the page has another one: lessons are in Vietnamese on every page.
pub fn authored() -> Option<&'static str> {
    #[cfg(feature = "ssr")]
    let is_vietnamese = server::page_locale() == Locale::Vi;
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    let is_vietnamese = phone::is_vietnamese();
    #[cfg(not(any(feature = "ssr", feature = "hydrate")))]
    let is_vietnamese = true;
    (!is_vietnamese).then_some("vi")
}

/// Returns a message in the page's language.
pub fn t(key: &'static str) -> String {
    tf(key, &[])
}

/// Returns a message in the page's language, with values put in place of its variables.
pub fn tf(key: &'static str, values: &[(&'static str, &str)]) -> String {
    #[cfg(feature = "ssr")]
    return server::message(server::page_locale(), key, values);
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    return phone::message(key, values);
    #[cfg(not(any(feature = "ssr", feature = "hydrate")))]
    {
        let _ = values;
        key.to_owned()
    }
}

/// Id of the element that carries the islands' words; `islands.js` puts it there before it wakes them.
pub const WORDS_ID: &str = "words";

#[cfg(feature = "ssr")]
pub mod server;

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod phone;
