//! The lamp: an outline until the lesson is done, then a filled shape with a glow. A word always stands beside it.

use domain::progress::Lamp;

use crate::i18n::{t, tf};

/// An oil lamp. Its look follows the class of an element around it (`lamp-unlit`, `lamp-begun`, `lamp-lit`).
pub const SVG: &str = concat!(
    r#"<svg class="lamp" viewBox="0 0 32 40" aria-hidden="true"><circle class="glow" cx="16" cy="14" r="13"/>"#,
    r#"<path class="glass" d="M12 24c-4-4-5-9-1-14l1-6h8l1 6c4 5 3 10-1 14z"/>"#,
    r#"<path class="flame" d="M16 9c3 4 4 6 4 8a4 4 0 01-8 0c0-2 1-4 4-8z"/>"#,
    r#"<path class="foot" d="M10 24h12v4H10zM7 36c0-5 3-8 9-8s9 3 9 8z"/></svg>"#,
);

/// Returns the class that draws a lamp in this state.
pub fn class(lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::Unlit => "lamp-unlit",
        Lamp::Begun { .. } => "lamp-begun",
        Lamp::Lit => "lamp-lit",
    }
}

/// Returns the word that stands beside a lamp in this state.
pub fn word(lamp: Lamp) -> String {
    match lamp {
        Lamp::Unlit => t("lamp-unlit"),
        Lamp::Begun { done, parts } => {
            tf("lamp-begun", &[("done", &done.to_string()), ("parts", &parts.to_string())])
        }
        Lamp::Lit => t("lamp-lit"),
    }
}
