//! The words that came beside the page.

thread_local! {
    static WORDS: Vec<(String, String)> = read().unwrap_or_default();
}

fn read() -> Option<Vec<(String, String)>> {
    let element = web_sys::window()?.document()?.get_element_by_id(super::WORDS_ID)?;
    crate::json::read(&element.text_content()?).ok()
}

pub(super) fn is_vietnamese() -> bool {
    let root =
        web_sys::window().and_then(|window| window.document()).and_then(|page| page.document_element());
    root.and_then(|root| root.get_attribute("lang")).is_none_or(|lang| lang == "vi")
}

pub(super) fn message(key: &str, values: &[(&str, &str)]) -> String {
    WORDS.with(|words| fill(words.iter().find(|(name, _)| name == key).map_or(key, |(_, text)| text), values))
}

/// Puts the values in place of `{name}`.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, part) in text.split(['{', '}']).enumerate() {
        let value = values.iter().find(|(name, _)| at % 2 == 1 && *name == part);
        out.push_str(value.map_or(part, |(_, value)| value));
    }
    out
}
