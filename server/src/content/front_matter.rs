//! The first part of `course.md` and `lesson.md`, between two lines `+++`.

use std::ops::Range;

use super::report::Report;

/// The two parts of a file, as positions in its text.
pub(super) struct Parts {
    /// The TOML between the two lines `+++`.
    pub(super) header: Range<usize>,
    /// The Markdown after them.
    pub(super) body: Range<usize>,
}

/// Returns where the front matter and the body lie, or nothing when the lines `+++` are not both there.
pub(super) fn split(text: &str, report: &mut Report) -> Option<Parts> {
    let mut fences = text.split_inclusive('\n').scan(0, |at, line| {
        let begin = *at;
        *at += line.len();
        Some((begin, *at, line.trim_end() == "+++"))
    });
    let first = fences.next().filter(|(_, _, is_fence)| *is_fence);
    let Some((_, header_start, _)) = first else {
        let message = "Dòng đầu tiên phải là +++.";
        report.error(0, "front-matter", message, "Viết phần đầu giữa hai dòng +++ theo mẫu.");
        return None;
    };
    let Some((header_end, body_start, _)) = fences.find(|(_, _, is_fence)| *is_fence) else {
        let message = "Phần đầu chưa có dòng +++ đóng lại.";
        report.error(0, "front-matter", message, "Thêm một dòng +++ sau khóa cuối của phần đầu.");
        return None;
    };
    Some(Parts { header: header_start..header_end, body: body_start..text.len() })
}

/// Returns a copy of `text` up to the last of `kept`, blank everywhere else, so that positions in it are positions in
/// the file. `kept` are in order and do not overlap.
pub(super) fn only(text: &str, kept: &[Range<usize>]) -> String {
    let mut copy = String::with_capacity(kept.last().map_or(0, |range| range.end));
    for range in kept {
        let gap = text.get(copy.len()..range.start).unwrap_or_default();
        copy.extend(std::iter::repeat_n(' ', gap.len().saturating_sub(1)));
        // What is kept begins a line if it did.
        copy.extend(gap.chars().last().map(|last| if last == '\n' { '\n' } else { ' ' }));
        copy.push_str(text.get(range.clone()).unwrap_or_default());
    }
    copy
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn parts(text: &str) -> Option<(String, String)> {
        let mut report = Report::new(Path::new("a"), text);
        let parts = split(text, &mut report)?;
        Some((text[parts.header].to_owned(), text[parts.body].to_owned()))
    }

    #[test]
    fn takes_the_parts_apart() {
        assert_eq!(parts("+++\na = 1\n+++\nchữ"), Some(("a = 1\n".into(), "chữ".into())));
        assert_eq!(parts("+++\n+++"), Some((String::new(), String::new())));
        for bad in ["", "chữ", "\n+++\n+++\n", "+++\na = 1\n", "+++"] {
            assert_eq!(parts(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_copy_keeps_positions() {
        assert_eq!(only("đây\nlà chữ kia ạ", &[6..9, 16..19]), "     \nlà       kia");
        assert_eq!(only("đây", &[]), "");
    }
}
