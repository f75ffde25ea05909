//! The content checker against whole folders: the real courses, odd cases, and files broken at random.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise, in its helpers too")]

use std::fs;
use std::path::{Path, PathBuf};

use domain::dated_fact::Day;
use domain::item::Kind;
use domain::practice::Leads;
use proptest::prelude::*;
use serde::Deserialize;
use server::content::{self, Reading};

/// A case's changes to `_base`; see `content_cases/README.md`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    #[serde(default)]
    remove: Vec<PathBuf>,
    #[serde(default)]
    edit: Vec<Edit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: PathBuf,
    find: String,
    replace: String,
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content_cases")
}

fn today() -> Day {
    Day::try_from("2026-11-23".to_owned()).unwrap()
}

fn read(dir: &Path) -> Reading {
    content::read(dir, &today())
}

fn shown(reading: &Reading) -> String {
    reading.findings.iter().map(|finding| format!("{finding}\n")).collect()
}

/// Copies a folder over another.
fn lay_over(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            lay_over(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Returns a copy of `_base` that tests may break.
fn base() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    lay_over(&cases().join("_base"), dir.path());
    dir
}

/// Returns `_base` with the changes of a case.
fn laid_out(case: &Path) -> tempfile::TempDir {
    let dir = base();
    lay_over(case, dir.path());
    for own in ["edits.toml", "expected.txt"] {
        let _ = fs::remove_file(dir.path().join(own));
    }
    let changes: Changes = match fs::read_to_string(case.join("edits.toml")) {
        Ok(text) => toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", case.display())),
        Err(_) => Changes::default(),
    };
    for file in changes.remove {
        fs::remove_file(dir.path().join(&file))
            .unwrap_or_else(|error| panic!("{}: {}: {error}", case.display(), file.display()));
    }
    for Edit { file, find, replace } in changes.edit {
        let path = dir.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(&find).count(), 1, "{}: {find:?} must occur once", case.display());
        fs::write(path, text.replace(&find, &replace)).unwrap();
    }
    dir
}

#[test]
fn content_odd_cases_are_found_as_expected() {
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    let mut folders: Vec<PathBuf> =
        fs::read_dir(cases()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir() && !path.ends_with("_base"));
    folders.sort();
    assert!(folders.len() >= 25, "the cases are gone");
    let mut wrong = Vec::new();
    for case in folders {
        let found = shown(&read(laid_out(&case).path()));
        let file = case.join("expected.txt");
        if update {
            fs::write(&file, &found).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{}\n--- expected\n{expected}--- found\n{found}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}\nUPDATE_EXPECTED=1 accepts what was found.", wrong.join("\n"));
}

#[test]
fn content_of_the_base_becomes_the_library() {
    let reading = read(&cases().join("_base"));
    assert_eq!(shown(&reading), "");
    let library = reading.library;
    assert_eq!((library.courses.len(), library.facts.len(), library.rules.len()), (2, 2, 1));

    let course = &library.courses[0];
    assert_eq!((course.id.as_str(), course.slug.as_str(), course.lessons.len()), ("k1", "lam-quen", 2));
    assert_eq!(course.about, "Bà con mở máy, gọi điện. Mỗi bài một việc nhỏ.");

    let lesson = &course.lessons[0];
    assert_eq!((lesson.id.as_str(), lesson.slug.as_str(), lesson.minutes), ("1.1", "mo-may", 8));
    let screen = &lesson.screens[0];
    assert_eq!(screen.key_sentence, "Bấm nút bên phải để mở máy.");
    assert_eq!(
        screen.narration_html,
        "<p>Bấm nhẹ thôi. Máy <strong>không hỏng</strong> đâu.</p>\n\
         <ul>\n<li>Bấm một lần.</li>\n<li>Chờ màn hình sáng.</li>\n</ul>"
    );
    assert!(screen.card.is_some());
    assert_eq!(screen.picture.as_ref().unwrap().alt, "Điện thoại có nút bên phải.");
    assert!(!screen.picture.as_ref().unwrap().svg.contains('\n'));
    assert_eq!(lesson.screens[1].facts, ["F1"]);

    // The practice starts at "tat", which the file has second.
    let practice = &lesson.practice;
    assert_eq!((practice.mistakes_allowed, practice.screens.len()), (1, 2));
    assert_eq!(practice.screens[0].from, "Máy đang tắt");
    assert_eq!(practice.screens[0].actions[1].leads, Leads::To(1));
    assert!(practice.screens[1].goal);

    let Kind::One(choices) = &lesson.items[0].variants[0].kind else { panic!("a choice of one") };
    assert_eq!((choices[0].why.as_str(), choices[1].why.as_str()), ("", "Nút này chỉnh tiếng."));
    let Kind::Several(choices) = &lesson.items[1].variants[0].kind else { panic!("a choice of several") };
    assert_eq!(choices[0].why, "Bấm nút nguồn thì máy sáng.");
    assert_eq!(lesson.real_task.as_deref(), Some("Mở máy của bạn, rồi khóa lại."));
}

#[test]
fn content_of_the_project_has_no_errors() {
    let reading = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../content"));
    assert!(!reading.has_errors(), "{}", shown(&reading));
}

#[test]
fn content_that_is_not_there_is_a_finding() {
    let reading = read(Path::new("/no/such/folder"));
    assert!(reading.has_errors());
}

#[test]
fn content_nested_too_deep_gives_findings_but_no_overflow() {
    let dir = base();
    let lesson = dir.path().join("01-lam-quen/01-mo-may/lesson.md");
    let text = fs::read_to_string(&lesson).unwrap();
    for (open, close) in
        [("[", "]"), ("> ", ""), ("- ", ""), ("**a ", ""), ("{a=", "}"), ("(", ")"), ("<", ">")]
    {
        let deep = format!("{}{}", open.repeat(20_000), close.repeat(20_000));
        for broken in
            [text.replace("Bấm nhẹ thôi.", &deep), text.replace("minutes = 8", &format!("minutes = {deep}"))]
        {
            fs::write(&lesson, broken).unwrap();
            let _ = read(dir.path());
        }
    }
    fs::write(&lesson, text).unwrap();
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{}", "<g>".repeat(1000));
    fs::write(dir.path().join("01-lam-quen/01-mo-may/may.svg"), svg).unwrap();
    assert!(read(dir.path()).has_errors());
}

/// What random changes are made of: what the readers look at, and plain nonsense.
fn nonsense() -> impl Strategy<Value = Vec<u8>> {
    let tokens = [
        "+++",
        "```",
        "```card\n",
        "```question\n",
        "## ",
        "# ",
        "- ",
        "1. ",
        "> ",
        "![",
        "](",
        ")",
        "<script>",
        "<!--",
        "[[variant]]\n",
        "[[screen]]\n",
        "goto = \"",
        "\"",
        "\"\"\"",
        "'",
        " = ",
        "[",
        "]",
        "{",
        "}",
        "\n",
        "\n\n",
        "\r\n",
        "\u{FEFF}",
        "\u{0301}",
        "\u{200B}",
        "|a|b|\n|-|-|\n",
        "    ",
        "*",
        "_",
        "…",
        "”",
        "113",
        "0912 345 678",
        "91/2025/QH15",
        ".gov.vn",
        "https://",
        "\0",
        "ế",
        "🙂",
        "9223372036854775808",
    ];
    prop_oneof![
        prop::sample::select(tokens.to_vec()).prop_map(|token| token.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..8),
    ]
}

/// Cuts `len` bytes out at a place and puts others in.
fn break_at(bytes: &mut Vec<u8>, place: prop::sample::Index, len: usize, put: Vec<u8>) {
    let at = place.index(bytes.len() + 1);
    let end = (at + len).min(bytes.len());
    bytes.splice(at..end, put);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn content_broken_at_random_gives_findings_but_no_panic(
        file in prop::sample::select(vec![
            "01-lam-quen/01-mo-may/lesson.md",
            "01-lam-quen/02-goi-dien/lesson.md",
            "02-giu-tien/01-dem-tien/lesson.md",
            "01-lam-quen/01-mo-may/may.svg",
            "01-lam-quen/course.md",
            "facts.toml",
        ]),
        breaks in prop::collection::vec((any::<prop::sample::Index>(), 0usize..40, nonsense()), 1..6),
    ) {
        let dir = base();
        let path = dir.path().join(file);
        let mut bytes = fs::read(&path).unwrap();
        for (place, len, put) in breaks {
            break_at(&mut bytes, place, len, put);
        }
        let lines = String::from_utf8_lossy(&bytes).replace('\r', "\n").matches('\n').count() + 1;
        fs::write(&path, &bytes).unwrap();
        let reading = read(dir.path());
        for finding in &reading.findings {
            prop_assert!(finding.line >= 1, "{finding}");
            prop_assert!(finding.file != Path::new(file) || finding.line <= lines, "{finding}");
            prop_assert!(!finding.message.is_empty() && !finding.advice.is_empty(), "{finding}");
        }
        // Whatever an author writes, the HTML of a page is the checker's own.
        for lesson in reading.library.courses.iter().flat_map(|course| &course.lessons) {
            for screen in &lesson.screens {
                let mut rest = screen.narration_html.clone();
                for tag in ["p", "ul", "li", "em", "strong"] {
                    rest = rest.replace(&format!("<{tag}>"), "").replace(&format!("</{tag}>"), "");
                }
                prop_assert!(!rest.replace("<br />", "").contains('<'), "{}", screen.narration_html);
            }
        }
    }
}
