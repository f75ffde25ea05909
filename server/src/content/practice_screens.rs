//! The screens of a practice as a whole: ids become positions, and every way through them must make sense.

use std::collections::BTreeMap;

use domain::ids::Slug;
use domain::practice::{Action, Leads, Screen};

use super::field::{self, Text};
use super::picture::Pictures;
use super::practice::{ActionSource, Parsed};
use super::practice_paths;
use super::report::Report;

/// Most buttons of a screen: they fit on 360×640 without scrolling.
const ACTIONS_MAX: usize = 6;
/// Longest label, in characters: two lines on a button.
const LABEL_MAX_CHARS: usize = 40;

const EXISTING_SCREEN: &str = "Ghi id của một [[screen]] có thật.";

/// All screens, the first one first, with the position of each id.
pub(super) struct Screens {
    screens: Vec<Parsed>,
    places: BTreeMap<String, u8>,
    /// Whether every screen could be read; if not, an unknown id may be one of the others.
    is_complete: bool,
    has_start: bool,
}

impl Screens {
    /// Puts the screen `start` first. `is_complete` says whether every screen could be read.
    pub(super) fn new(
        mut screens: Vec<Parsed>,
        start: &Text,
        is_complete: bool,
        report: &mut Report,
    ) -> Self {
        let at_start = screens.iter().position(|screen| screen.source.id.get_ref() == start.get_ref());
        if let Some(at_start) = at_start {
            screens[..=at_start].rotate_right(1);
        } else if is_complete {
            let message = format!("Chưa có màn \"{}\" để bắt đầu.", start.get_ref());
            report.error(field::at(start), "practice-start", message, EXISTING_SCREEN);
        }
        let mut places = BTreeMap::new();
        for (place, screen) in (0u8..).zip(&screens) {
            let id = &screen.source.id;
            field::id::<Slug>(id, report);
            if places.insert(id.get_ref().clone(), place).is_some() {
                let message = format!("Hai màn cùng mã \"{}\".", id.get_ref());
                report.error(field::at(id), "id-taken", message, "Đặt cho mỗi màn một mã riêng.");
            }
        }
        Self { screens, places, is_complete, has_start: at_start.is_some() }
    }

    /// Returns the screens of the domain, or nothing when not all ways between them are known.
    pub(super) fn into_domain(self, pictures: &mut Pictures, report: &mut Report) -> Option<Vec<Screen>> {
        let mut screens = Vec::new();
        let mut are_ways_known = self.is_complete && self.has_start;
        for parsed in &self.screens {
            let actions = actions(parsed, &self.places, self.is_complete, report);
            are_ways_known &= actions.len() == parsed.actions.len();
            screens.push(screen(parsed, actions, pictures, report));
        }
        if !are_ways_known {
            return None;
        }
        self.check_ways(&screens, report);
        Some(screens)
    }

    fn check_ways(&self, screens: &[Screen], report: &mut Report) {
        let goals: Vec<usize> = (0..screens.len()).filter(|place| screens[*place].goal).collect();
        let ways: Vec<Vec<usize>> = screens.iter().map(|screen| ways(&screen.actions)).collect();
        let at = |place: usize| self.screens.get(place).map_or(0, |screen| screen.at);
        let id =
            |place: usize| self.screens.get(place).map_or("", |screen| screen.source.id.get_ref().as_str());
        if goals.is_empty() {
            let message = "Phần thực hành chưa có đích.";
            report.error(at(0), "practice-goal", message, "Thêm goal = true vào màn cuối.");
            return;
        }
        if goals.contains(&0) {
            let message = "Màn bắt đầu cũng là đích, nên không có gì để làm.";
            report.error(at(0), "practice-goal", message, "Bắt đầu ở một màn khác.");
        }
        for place in practice_paths::unreachable(0, &ways) {
            let message = format!("Không có nút nào dẫn tới màn \"{}\".", id(place));
            report.error(
                at(place),
                "practice-unreachable",
                message,
                "Thêm nút có goto tới màn này, hoặc bỏ màn.",
            );
        }
        for place in practice_paths::dead_ends(&goals, &ways) {
            let message = format!("Từ màn \"{}\" không có đường tới đích.", id(place));
            report.error(at(place), "practice-dead-end", message, "Thêm nút có goto dẫn về phía đích.");
        }
    }
}

fn ways(actions: &[Action]) -> Vec<usize> {
    let place = |action: &Action| match action.leads {
        Leads::To(place) => Some(usize::from(place)),
        Leads::Wrong(_) => None,
    };
    actions.iter().filter_map(place).collect()
}

fn screen(parsed: &Parsed, actions: Vec<Action>, pictures: &mut Pictures, report: &mut Report) -> Screen {
    let Parsed { at, source, .. } = parsed;
    let id = source.id.get_ref();
    if source.text.get_ref().is_empty() {
        let message = format!("Màn \"{id}\" chưa có chữ.");
        report.error(field::at(&source.text), "empty", message, "Viết text = [\"…\"], một hai câu ngắn.");
    }
    if source.goal && !parsed.actions.is_empty() {
        let message = format!("Màn đích \"{id}\" không cần nút.");
        report.error(*at, "practice-goal", message, "Bỏ các [[screen.action]] của màn đích.");
    }
    if !source.goal && parsed.actions.is_empty() {
        let message = format!("Màn \"{id}\" chưa có nút nào.");
        report.error(
            *at,
            "practice-no-action",
            message,
            "Thêm [[screen.action]], hoặc ghi goal = true nếu là đích.",
        );
    }
    if !source.goal && source.hint.is_none() {
        let message = format!("Màn \"{id}\" chưa có gợi ý.");
        report.error(*at, "practice-no-hint", message, "Thêm hint = \"…\" cho người cần giúp.");
    }
    Screen {
        look: source.look,
        from: field::shown_or_empty("from", source.from.as_ref(), report),
        text: source.text.get_ref().iter().map(|line| field::shown("text", line, report)).collect(),
        picture: pictures.in_block(source.picture.as_ref(), source.picture_alt.as_ref(), report),
        hint: field::shown_or_empty("hint", source.hint.as_ref(), report),
        actions,
        goal: source.goal,
    }
}

fn actions(
    parsed: &Parsed,
    places: &BTreeMap<String, u8>,
    is_complete: bool,
    report: &mut Report,
) -> Vec<Action> {
    if parsed.actions.len() > ACTIONS_MAX {
        let message = format!("Màn \"{}\" có {} nút.", parsed.source.id.get_ref(), parsed.actions.len());
        report.error(parsed.at, "practice-actions", message, format!("Mỗi màn không quá {ACTIONS_MAX} nút."));
    }
    let labels =
        parsed.actions.iter().map(|action| (field::at(&action.label), action.label.get_ref().as_str()));
    field::all_different(labels, report);
    parsed.actions.iter().filter_map(|action| read_action(action, places, is_complete, report)).collect()
}

fn read_action(
    source: &ActionSource,
    places: &BTreeMap<String, u8>,
    is_complete: bool,
    report: &mut Report,
) -> Option<Action> {
    let label = field::shown("label", &source.label, report);
    let at = field::at(&source.label);
    let length = label.chars().count();
    if length > LABEL_MAX_CHARS {
        let message = format!("Nút \"{label}\" dài {length} chữ cái.");
        report.error(
            at,
            "label-too-long",
            message,
            format!("Viết ngắn lại, không quá {LABEL_MAX_CHARS} chữ cái."),
        );
    }
    let leads = match (&source.goto, &source.wrong) {
        (None, Some(wrong)) => Leads::Wrong(field::shown("wrong", wrong, report)),
        (Some(goto), None) => match places.get(goto.get_ref()) {
            Some(place) => Leads::To(*place),
            None => {
                if is_complete {
                    let message = format!("Nút \"{label}\" dẫn tới màn \"{}\" không có.", goto.get_ref());
                    report.error(field::at(goto), "practice-goto", message, EXISTING_SCREEN);
                }
                return None;
            }
        },
        _ => {
            let message = format!("Nút \"{label}\" cần đúng một trong hai: goto hoặc wrong.");
            report.error(
                at,
                "practice-action",
                message,
                "goto = \"màn kế\" để đi tiếp, wrong = \"vì sao\" nếu nên tránh.",
            );
            return None;
        }
    };
    Some(Action { label, leads })
}
