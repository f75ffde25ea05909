//! The block `practice` as it is written: its head, its screens, their buttons. What they add up to is checked in
//! `practice_screens`.

use domain::practice::{Look, Practice};
use serde::Deserialize;
use toml::Spanned;

use super::field::{self, Text};
use super::markdown::Fence;
use super::picture::Pictures;
use super::practice_screens::Screens;
use super::report::Report;
use super::toml_table::Table;

/// Most screens of a practice: more is more than one task.
const SCREENS_MAX: usize = 30;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: Text,
    title: Text,
    intro: Text,
    start: Text,
    done: Text,
    mistakes_allowed: Option<Spanned<i64>>,
}

/// A `[[screen]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScreenSource {
    pub(super) id: Text,
    pub(super) look: Look,
    pub(super) from: Option<Text>,
    pub(super) text: Spanned<Vec<Text>>,
    pub(super) picture: Option<Text>,
    pub(super) picture_alt: Option<Text>,
    pub(super) hint: Option<Text>,
    #[serde(default)]
    pub(super) goal: bool,
}

/// A `[[screen.action]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActionSource {
    pub(super) label: Text,
    pub(super) goto: Option<Text>,
    pub(super) wrong: Option<Text>,
}

/// A screen with its buttons, before ids become positions.
pub(super) struct Parsed {
    pub(super) at: usize,
    pub(super) source: ScreenSource,
    pub(super) actions: Vec<ActionSource>,
}

/// Reads a practice, or nothing when it cannot be played; that is then a finding.
pub(super) fn read(fence: &Fence, pictures: &mut Pictures, report: &mut Report) -> Option<Practice> {
    let mut table = Table::parse("khối practice", &fence.toml, fence.at, report)?;
    let tables = table.take_tables("screen", "[[screen]]", report);
    let count = tables.len();
    let head: Option<Head> = table.read(report);
    let parsed: Vec<Parsed> = tables.into_iter().filter_map(|table| parse_screen(table, report)).collect();
    if !(2..=SCREENS_MAX).contains(&count) {
        let message = format!("Phần thực hành có {count} màn.");
        report.error(
            fence.at,
            "practice-size",
            message,
            format!("Cần từ 2 đến {SCREENS_MAX} mục [[screen]]."),
        );
        return None;
    }
    let head = head?;
    let id = field::id(&head.id, report);
    let title = field::shown("title", &head.title, report);
    let intro = field::shown("intro", &head.intro, report);
    let done = field::shown("done", &head.done, report);
    let mistakes_allowed = match &head.mistakes_allowed {
        Some(value) => field::number("mistakes_allowed", value, 0..=10, report),
        None => Some(1),
    };
    let is_complete = parsed.len() == count;
    let screens = Screens::new(parsed, &head.start, is_complete, report).into_domain(pictures, report)?;
    Some(Practice { id: id?, title, intro, done, mistakes_allowed: mistakes_allowed?, screens })
}

fn parse_screen(mut table: Table<'_>, report: &mut Report) -> Option<Parsed> {
    let at = table.at();
    let tables = table.take_tables("action", "[[screen.action]]", report);
    let count = tables.len();
    let actions: Vec<ActionSource> = tables.into_iter().filter_map(|table| table.read(report)).collect();
    let source = table.read(report)?;
    // A screen with an unreadable button is left out: its ways are not known.
    (actions.len() == count).then_some(Parsed { at, source, actions })
}
