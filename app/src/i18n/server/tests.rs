use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

fn rust_sources(dir: &Path, out: &mut String) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_sources(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

fn used_in(folders: &[&str]) -> BTreeSet<String> {
    let mut code = String::new();
    for folder in folders {
        rust_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut code);
    }
    // A call may be broken over lines by the formatter.
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ").replace("( \"", "(\"");
    let calls = ["t(\"", "tf(\"", "filled_in(\""];
    calls
        .iter()
        .flat_map(|call| {
            code.match_indices(call).filter_map(|(at, _)| {
                let before = code[..at].chars().next_back();
                let is_call = before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
                is_call.then(|| code[at + call.len()..].split('"').next().unwrap().to_owned())
            })
        })
        .collect()
}

fn all_keys(locale: Locale) -> BTreeSet<String> {
    sources(locale).iter().flat_map(|source| keys(source)).map(str::to_owned).collect()
}

#[test]
fn every_key_used_exists_and_every_key_is_used() {
    let used = used_in(&["src", "../server/src"]);
    let known = all_keys(Locale::Vi);
    assert!(used.len() > 50, "the search for keys finds them: {}", used.len());
    assert_eq!(used.difference(&known).collect::<Vec<_>>(), [""; 0], "used, but in no .ftl file");
    assert_eq!(known.difference(&used).collect::<Vec<_>>(), [""; 0], "in a .ftl file, but never used");
}

#[test]
fn islands_use_only_words_that_travel_with_the_page() {
    let used = used_in(&["src/islands"]);
    let sent: BTreeSet<String> = keys(VI[0]).map(str::to_owned).collect();
    assert_eq!(used.difference(&sent).collect::<Vec<_>>(), [""; 0], "move these to phone.ftl");
}

#[test]
fn staff_pages_use_only_words_that_travel_with_them() {
    let used = used_in(&["src/staff"]);
    assert!(used.len() > 50, "the search for keys finds them: {}", used.len());
    let sent: BTreeSet<String> =
        [VI[0], VI[2]].iter().flat_map(|source| keys(source)).map(str::to_owned).collect();
    assert_eq!(used.difference(&sent).collect::<Vec<_>>(), [""; 0], "move these to staff.ftl");
    let words: Vec<(String, String)> = serde_json::from_str(&staff_words(Locale::Vi)).unwrap();
    assert_eq!(words.len(), sent.len());
}

#[test]
fn all_languages_say_the_same_things() {
    let shape = |locale: Locale| -> BTreeMap<String, Vec<String>> {
        let mut shapes = BTreeMap::new();
        for source in sources(locale) {
            let mut key = String::new();
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) =
                    line.split_once('=').filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
                {
                    key = name.trim().to_owned();
                    assert!(!shapes.contains_key(&key), "{key} twice");
                }
                let names = variables(line).into_iter().map(str::to_owned);
                shapes.entry(key.clone()).or_insert_with(Vec::new).extend(names);
            }
        }
        for names in shapes.values_mut() {
            names.sort();
        }
        shapes.remove("");
        shapes
    };
    assert_eq!(shape(Locale::Vi), shape(Locale::En));
}

#[test]
fn words_are_composed_and_never_empty() {
    use unicode_normalization::is_nfc;
    for locale in Locale::ALL {
        for key in all_keys(locale) {
            let text = message(locale, &key, &[]);
            assert!(!text.trim().is_empty() && text != key, "{key}");
            assert!(is_nfc(&text), "{key} is not NFC");
        }
    }
}

#[test]
fn the_phone_gets_patterns_it_can_fill() {
    let words: Vec<(String, String)> = serde_json::from_str(&phone_words(Locale::Vi)).unwrap();
    let words: BTreeMap<String, String> = words.into_iter().collect();
    assert!(words["status-waiting"].contains("{count}"), "{}", words["status-waiting"]);
    assert_eq!(words.len(), keys(VI[0]).count());
    for source in [VI[0], EN[0], VI[2], EN[2]] {
        assert!(!source.contains("->"), "the phone cannot choose between forms: reword the message");
    }
}
