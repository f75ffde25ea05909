//! Fluent, on the server.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::Locale;

/// What islands need, what pages need, what staff need.
const VI: [&str; 3] = [
    include_str!("../../../locales/vi/phone.ftl"),
    include_str!("../../../locales/vi/pages.ftl"),
    include_str!("../../../locales/vi/staff.ftl"),
];
const EN: [&str; 3] = [
    include_str!("../../../locales/en/phone.ftl"),
    include_str!("../../../locales/en/pages.ftl"),
    include_str!("../../../locales/en/staff.ftl"),
];

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 2]> =
    LazyLock::new(|| Locale::ALL.map(|locale| bundle(locale, sources(locale))));

fn sources(locale: Locale) -> [&'static str; 3] {
    match locale {
        Locale::Vi => VI,
        Locale::En => EN,
    }
}

fn bundle(locale: Locale, sources: [&str; 3]) -> FluentBundle<FluentResource> {
    let language = locale.tag().parse().expect("language tags are constants");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Names and numbers inside sentences are all left-to-right here.
    bundle.set_use_isolating(false);
    for source in sources {
        let resource = FluentResource::try_new(source.to_owned()).expect("locales are checked by a test");
        bundle.add_resource(resource).expect("locales are checked by a test");
    }
    bundle
}

/// Returns the language of the page being rendered.
pub fn page_locale() -> Locale {
    leptos::prelude::use_context().unwrap_or_default()
}

/// Returns a message in a language. A missing one shows its key, so that it is seen and not silent; a test makes
/// sure that none is missing.
pub fn message(locale: Locale, key: &str, values: &[(&str, &str)]) -> String {
    let bundle = &BUNDLES[usize::from(locale == Locale::En)];
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    let mut args = FluentArgs::new();
    for (name, value) in values {
        args.set(*name, FluentValue::from(*value));
    }
    bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

/// Returns the islands' words as JSON, key and text in pairs; variables stand as `{name}`.
pub fn phone_words(locale: Locale) -> String {
    words_of(locale, &sources(locale)[..1])
}

/// Returns the words of staff pages in the same form, with those of the few islands that stand there.
pub fn staff_words(locale: Locale) -> String {
    let [phone, _, staff] = sources(locale);
    words_of(locale, &[phone, staff])
}

fn words_of(locale: Locale, sources: &[&str]) -> String {
    let names: Vec<&str> = sources.iter().flat_map(|source| variables(source)).collect();
    let values: Vec<(&str, String)> = names.iter().map(|name| (*name, format!("{{{name}}}"))).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let keys = sources.iter().flat_map(|source| keys(source));
    let words: Vec<(&str, String)> = keys.map(|key| (key, message(locale, key, &values))).collect();
    serde_json::to_string(&words).expect("words are plain text")
}

fn keys(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once('=').map(|(key, _)| key.trim()))
}

fn variables(source: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        source.split("{ $").skip(1).filter_map(|rest| rest.split_once(" }").map(|(name, _)| name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests;
