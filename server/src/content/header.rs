//! What the front matter of courses and lessons has in common: title, tracks, tags.

use domain::course::Tracks;
use toml::Spanned;

use super::field::{self, Text};
use super::report::Report;
use super::words;

/// Longest title, in characters: two lines on a small phone.
const TITLE_MAX_CHARS: usize = 60;
/// The groups of learners: cadres and officials, pupils and students, citizens.
const TRACKS: [&str; 3] = ["C", "H", "D"];

/// Returns a title.
pub(super) fn title(value: &Text, report: &mut Report) -> String {
    let title = field::shown("title", value, report);
    let length = title.chars().count();
    if length > TITLE_MAX_CHARS {
        let message = format!("Tên dài {length} chữ cái.");
        report.error(
            field::at(value),
            "title-too-long",
            message,
            format!("Rút còn {TITLE_MAX_CHARS} chữ cái."),
        );
    }
    title
}

/// Returns the tracks: known groups, each once, at least one.
pub(super) fn tracks(value: Spanned<Tracks>, report: &mut Report) -> Tracks {
    let at = field::at(&value);
    let tracks = value.into_inner();
    let mut all: Vec<&str> = tracks.core.iter().chain(&tracks.optional).map(String::as_str).collect();
    for unknown in all.iter().filter(|track| !TRACKS.contains(track)) {
        let message = format!("Chưa có nhóm \"{unknown}\".");
        report.error(at, "unknown-track", message, "Dùng C (cán bộ), H (học sinh), D (người dân).");
    }
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    if all.len() < count {
        let message = "Một nhóm được ghi hai lần.";
        report.error(at, "repeated", message, "Mỗi nhóm chỉ ghi một lần, ở core hoặc optional.");
    }
    if count == 0 {
        let message = "Chưa ghi bài dành cho nhóm nào.";
        report.error(at, "empty", message, "Ghi ít nhất một nhóm, ví dụ { core = [\"D\"] }.");
    }
    tracks
}

/// Returns the framework tags: short words without spaces.
pub(super) fn tags(values: &[Text], report: &mut Report) -> Vec<String> {
    let tag = |value: &Text| {
        let tag = value.get_ref();
        if tag.is_empty() || tag.contains(char::is_whitespace) {
            let message = format!("Thẻ \"{tag}\" chưa đúng kiểu.");
            report.error(field::at(value), "bad-tag", message, "Viết liền, ví dụ \"TT02:4.2\".");
        }
        tag.clone()
    };
    values.iter().map(tag).collect()
}

/// Returns the goal of a lesson: one sentence that somebody else can observe.
pub(super) fn goal(value: &Text, report: &mut Report) -> String {
    const START: &str = "Làm được: ";
    let goal = field::filled("goal", value, report);
    let at = field::at(value);
    words::check_plain(&goal, at, report);
    super::dated_words::check(&goal, at, report);
    if !goal.starts_with(START) {
        let message = "Mục tiêu chưa bắt đầu bằng \"Làm được: \".";
        report.error(at, "goal", message, "Viết \"Làm được: …\", một việc người ngoài nhìn thấy được.");
    }
    if words::sentences(&goal).len() > 1 {
        report.error(at, "goal", "Mục tiêu có hơn một câu.", "Viết gọn thành một câu.");
    }
    goal
}
