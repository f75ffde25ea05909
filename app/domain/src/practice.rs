//! Simulated practice: a phone to try things on. Screens and buttons are data; what counts is the state reached.

use serde::{Deserialize, Serialize};

use crate::ids::PracticeId;
use crate::item::Picture;

/// A simulated task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    /// Names the practice within its lesson.
    pub id: PracticeId,
    /// What it is called.
    pub title: String,
    /// What the learner is about to try.
    pub intro: String,
    /// What to say when the goal is reached.
    pub done: String,
    /// Mistakes up to this number still count as done unaided.
    pub mistakes_allowed: u8,
    /// The screens; the first one is where it starts. Checked when read: every target exists, a goal can be reached
    /// from everywhere.
    pub screens: Vec<Screen>,
}

/// One simulated screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// What kind of screen it is drawn as.
    pub look: Look,
    /// The line at the top, for example who is calling.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// What it says.
    pub text: Vec<String>,
    /// A drawing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// Help for who asks.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
    /// The buttons.
    pub actions: Vec<Action>,
    /// Whether being here means the task is done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub goal: bool,
}

/// How a simulated screen is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// A voice call.
    Call,
    /// A message.
    Message,
    /// Any application.
    App,
    /// The phone's own first screen.
    Home,
    /// A video call.
    Video,
}

/// One button of a simulated screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What the button says.
    pub label: String,
    /// What happens.
    pub leads: Leads,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leads {
    /// Shows the screen at this position.
    To(u8),
    /// Stays, and says why this would be unwise.
    Wrong(String),
}

/// How a run of a practice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The screen shown, as a position.
    pub screen: u8,
    /// Unwise buttons pressed so far.
    pub mistakes: u16,
    /// Whether the goal is reached.
    pub done: bool,
}

/// A button that does not exist, or one pressed after the goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionDoesNotFit;

/// Longest run accepted, in buttons pressed.
pub const ACTIONS_MAX: usize = 200;

impl Run {
    /// Returns a run at its start.
    pub fn start(practice: &Practice) -> Self {
        Self { screen: 0, mistakes: 0, done: practice.screens.first().is_some_and(|screen| screen.goal) }
    }

    /// Presses the button at position `action` of the screen shown.
    ///
    /// # Errors
    /// [`ActionDoesNotFit`] when there is no such button or the run is over; the run is then unchanged.
    pub fn press(self, practice: &Practice, action: u8) -> Result<Self, ActionDoesNotFit> {
        if self.done {
            return Err(ActionDoesNotFit);
        }
        let screen = practice.screens.get(usize::from(self.screen)).ok_or(ActionDoesNotFit)?;
        match &screen.actions.get(usize::from(action)).ok_or(ActionDoesNotFit)?.leads {
            Leads::Wrong(_) => Ok(Self { mistakes: self.mistakes.saturating_add(1), ..self }),
            Leads::To(target) => {
                let next = practice.screens.get(usize::from(*target)).ok_or(ActionDoesNotFit)?;
                Ok(Self { screen: *target, done: next.goal, ..self })
            }
        }
    }
}

/// Returns how a whole run ended, replayed from the buttons pressed: the server believes these, not a total.
///
/// # Errors
/// [`ActionDoesNotFit`] when some button does not exist on its screen, or there are more than [`ACTIONS_MAX`].
pub fn replay(practice: &Practice, actions: &[u8]) -> Result<Run, ActionDoesNotFit> {
    if actions.len() > ACTIONS_MAX {
        return Err(ActionDoesNotFit);
    }
    actions.iter().try_fold(Run::start(practice), |run, &action| run.press(practice, action))
}

/// Returns whether a run counts as done unaided: goal reached, no help asked for, no more mistakes than the practice
/// allows.
pub fn is_unaided(practice: &Practice, run: Run, hints: u8) -> bool {
    run.done && hints == 0 && run.mistakes <= u16::from(practice.mistakes_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn screen(goal: bool, leads: Vec<Leads>) -> Screen {
        Screen {
            look: Look::Call,
            from: String::new(),
            text: vec!["…".into()],
            picture: None,
            hint: String::new(),
            actions: leads.into_iter().map(|leads| Action { label: "x".into(), leads }).collect(),
            goal,
        }
    }

    fn refuse_the_call() -> Practice {
        Practice {
            id: "goi".parse().unwrap(),
            title: "t".into(),
            intro: "i".into(),
            done: "d".into(),
            mistakes_allowed: 1,
            screens: vec![
                screen(false, vec![Leads::To(1), Leads::To(2)]),
                screen(false, vec![Leads::Wrong("no".into()), Leads::To(2)]),
                screen(true, vec![]),
            ],
        }
    }

    #[test]
    fn the_state_reached_decides() {
        let practice = refuse_the_call();
        for (actions, hints, done, mistakes, unaided) in [
            (vec![1], 0, true, 0, true),
            (vec![0, 0, 1], 0, true, 1, true),
            (vec![0, 0, 0, 1], 0, true, 2, false),
            (vec![1], 1, true, 0, false),
            (vec![0], 0, false, 0, false),
        ] {
            let run = replay(&practice, &actions).unwrap();
            assert_eq!((run.done, run.mistakes), (done, mistakes), "{actions:?}");
            assert_eq!(is_unaided(&practice, run, hints), unaided, "{actions:?}");
        }
        assert_eq!(replay(&practice, &[5]), Err(ActionDoesNotFit));
        assert_eq!(replay(&practice, &[1, 0]), Err(ActionDoesNotFit), "nothing after the goal");
        assert_eq!(replay(&practice, &vec![0; ACTIONS_MAX + 1]), Err(ActionDoesNotFit));
    }

    proptest! {
        #[test]
        fn no_list_of_buttons_can_break_a_replay(actions in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = replay(&refuse_the_call(), &actions);
        }
    }
}
