//! The body of a lesson: which block goes where, and how many of each there are.

use std::collections::BTreeSet;

use domain::course::Screen;
use domain::item::Item;
use domain::practice::Practice;
use serde::Deserialize;

use super::field::{self, Text};
use super::markdown::{self, Block, Content, Fence};
use super::picture::Pictures;
use super::practice;
use super::question;
use super::report::Report;
use super::screens::Draft;
use super::toml_table::Table;

/// Most reading screens of a lesson (curriculum, section 1).
const SCREENS_MAX: usize = 6;
/// Questions of a lesson (curriculum, section 1).
const QUESTIONS: usize = 2;

/// What the body of a lesson holds.
#[derive(Default)]
pub(super) struct Body {
    pub(super) screens: Vec<Screen>,
    pub(super) practice: Option<Practice>,
    pub(super) items: Vec<Item>,
    pub(super) real_task: Option<String>,
    /// The dated facts shown, and where.
    pub(super) facts: Vec<(String, usize)>,
    cards: usize,
    practices: usize,
    questions: usize,
    real_tasks: usize,
    item_ids: BTreeSet<String>,
}

/// Reads the body. `text` is the file with its front matter blank.
pub(super) fn read(text: &str, pictures: &mut Pictures, report: &mut Report) -> Body {
    let mut body = Body::default();
    let mut draft: Option<Draft<'_>> = None;
    for Block { at, content } in markdown::blocks(text, report) {
        match content {
            Content::Heading { prose, is_second } => {
                body.screens.extend(draft.take().map(|draft| draft.finish(report)));
                body.check_heading(is_second, at, report);
                draft = Some(Draft::new(&prose, at, report));
            }
            Content::Fence(fence) if is_exercise(&fence.kind) => body.exercise(&fence, at, pictures, report),
            Content::Fence(fence) if !matches!(fence.kind.as_str(), "card" | "fact") => {
                let message = format!("Chưa có loại khối \"{}\".", fence.kind);
                let advice = "Dùng: card, fact, practice, question, real-task.";
                report.error(at, "unknown-block", message, advice);
            }
            content => match &mut draft {
                Some(draft) if !body.has_exercises() => body.on_screen(draft, content, at, pictures, report),
                draft => body.outside_screens(&content, draft.is_some(), at, report),
            },
        }
    }
    body.screens.extend(draft.map(|draft| draft.finish(report)));
    body.check_counts(report);
    body
}

fn is_exercise(kind: &str) -> bool {
    matches!(kind, "practice" | "question" | "real-task")
}

impl Body {
    fn has_exercises(&self) -> bool {
        self.practices + self.questions + self.real_tasks > 0
    }

    fn check_heading(&self, is_second: bool, at: usize, report: &mut Report) {
        if !is_second {
            let message = "Tiêu đề phải bắt đầu bằng đúng hai dấu thăng.";
            report.error(at, "heading-level", message, "Viết \"## Tên màn\".");
        }
        if self.has_exercises() {
            let message = "Màn đọc này đứng sau phần thực hành hoặc câu hỏi.";
            report.error(at, "screen-after-exercise", message, "Chuyển màn đọc lên trước khối practice.");
        }
        if self.screens.len() == SCREENS_MAX {
            let message = format!("Bài có hơn {SCREENS_MAX} màn đọc.");
            report.error(at, "too-many-screens", message, "Gộp hoặc bỏ bớt màn, hoặc tách thành hai bài.");
        }
    }

    fn outside_screens(&mut self, content: &Content<'_>, is_after: bool, at: usize, report: &mut Report) {
        self.count_card(content, at, report);
        let (message, advice) = match is_after {
            true => (
                "Phần này đứng sau khối thực hành hoặc câu hỏi, nên không thuộc màn đọc nào.",
                "Chuyển lên một màn đọc ở trên khối practice.",
            ),
            false => ("Phần này đứng trước màn đầu tiên.", "Viết một dòng \"## Tên màn\" ở phía trên."),
        };
        report.error(at, "outside-screen", message, advice);
    }

    fn count_card(&mut self, content: &Content<'_>, at: usize, report: &mut Report) {
        if matches!(content, Content::Fence(fence) if fence.kind == "card") {
            self.cards += 1;
            if self.cards > 1 {
                too_many("card", at, report);
            }
        }
    }

    fn on_screen<'a>(
        &mut self,
        draft: &mut Draft<'a>,
        content: Content<'a>,
        at: usize,
        pictures: &mut Pictures,
        report: &mut Report,
    ) {
        self.count_card(&content, at, report);
        match content {
            Content::Picture { alt, file } => {
                let picture = pictures.on_screen(&file, alt, at, report);
                draft.picture(picture, at, report);
            }
            Content::Paragraph(paragraph) => draft.paragraph(paragraph, at, report),
            Content::List(items) => draft.list(items, at, report),
            Content::Fence(fence) if fence.kind == "card" => draft.card(&fence, report),
            Content::Fence(fence) => self.facts.extend(draft.fact(&fence, report)),
            Content::Heading { .. } => {}
        }
    }

    fn exercise(&mut self, fence: &Fence, at: usize, pictures: &mut Pictures, report: &mut Report) {
        match fence.kind.as_str() {
            "practice" => {
                self.practices += 1;
                if self.practices > 1 {
                    too_many("practice", at, report);
                }
                self.practice = self.practice.take().or(practice::read(fence, pictures, report));
            }
            "question" => {
                self.questions += 1;
                self.items.extend(question::read(fence, &mut self.item_ids, pictures, report));
            }
            _ => {
                self.real_tasks += 1;
                if self.real_tasks > 1 {
                    too_many("real-task", at, report);
                }
                self.real_task = self.real_task.take().or(real_task(fence, report));
            }
        }
    }

    fn check_counts(&self, report: &mut Report) {
        if self.screens.is_empty() {
            let message = "Bài chưa có màn đọc nào.";
            report.error(0, "no-screen", message, "Viết ít nhất một màn, bắt đầu bằng \"## Tên màn\".");
        }
        if self.cards == 0 {
            let message = "Bài chưa có thẻ cảnh báo.";
            report.error(0, "no-card", message, "Thêm một khối card vào một màn đọc.");
        }
        if self.practices == 0 {
            let message = "Bài chưa có phần thực hành.";
            report.error(0, "no-practice", message, "Thêm một khối practice sau các màn đọc.");
        }
        if self.questions != QUESTIONS {
            let message = format!("Bài có {} câu hỏi.", self.questions);
            report.error(0, "question-count", message, format!("Mỗi bài có đúng {QUESTIONS} khối question."));
        }
    }
}

fn too_many(kind: &str, at: usize, report: &mut Report) {
    let message = format!("Bài có hơn một khối {kind}.");
    report.error(at, "too-many-blocks", message, "Giữ lại một khối, bỏ khối kia.");
}

fn real_task(fence: &Fence, report: &mut Report) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Source {
        #[serde(rename = "do")]
        task: Text,
    }
    let source: Source = Table::parse("khối real-task", &fence.toml, fence.at, report)?.read(report)?;
    Some(field::shown("do", &source.task, report))
}
