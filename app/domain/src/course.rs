//! Courses and lessons as they are published: checked when read, immutable afterwards.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ids::{ContentHash, CourseId, ItemId, LessonId, PracticeId, Slug};
use crate::item::{Item, Picture};
use crate::practice::Practice;

/// A course: a lane of lamps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// Names the course for ever.
    pub id: CourseId,
    /// Its place in the address.
    pub slug: Slug,
    /// Its name.
    pub title: String,
    /// What it helps with, in a sentence or two.
    pub about: String,
    /// For whom.
    pub tracks: Tracks,
    /// Framework tags, for example `TT02:4.2`.
    pub tags: Vec<String>,
    /// The lessons in the advised order.
    pub lessons: Vec<Lesson>,
}

/// For whom a course or lesson is meant: C cadres and officials, H pupils and students, D citizens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tracks {
    /// Part of the core for these groups.
    #[serde(default)]
    pub core: Vec<String>,
    /// Of use to these groups too.
    #[serde(default)]
    pub optional: Vec<String>,
}

/// A lesson of eight to twelve minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Names the lesson for ever.
    pub id: LessonId,
    /// Its place in the address.
    pub slug: Slug,
    /// Its name.
    pub title: String,
    /// What the learner can do afterwards, seen from outside.
    pub goal: String,
    /// How long it takes, in minutes.
    pub minutes: u8,
    /// For whom.
    pub tracks: Tracks,
    /// Framework tags.
    pub tags: Vec<String>,
    /// The screens to read.
    pub screens: Vec<Screen>,
    /// The simulated task.
    pub practice: Practice,
    /// The questions.
    pub items: Vec<Item>,
    /// Something to do for real today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub real_task: Option<String>,
}

/// One screen to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// Its heading.
    pub heading: String,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// The one sentence to remember, plain text.
    pub key_sentence: String,
    /// What a teacher would add: safe HTML made from Markdown.
    pub narration_html: String,
    /// A warning card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// Dated facts shown here, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
}

/// A scam or a misconception, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Which of the two it is.
    pub kind: CardKind,
    /// What it looks like.
    pub looks: String,
    /// What to do instead.
    pub instead: String,
}

/// What a card warns of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardKind {
    /// A trick of swindlers.
    Scam,
    /// Something many people believe.
    Misconception,
}

impl Lesson {
    /// Returns the name of exactly this version: the first 16 bytes of SHA-256 over its JSON, in hexadecimal.
    pub fn content_hash(&self) -> ContentHash {
        let json = serde_json::to_vec(self).expect("a lesson has only strings, numbers and lists");
        let digest = Sha256::digest(&json);
        let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        hex.parse().expect("hexadecimal digits are a valid name")
    }

    /// Returns what has to be done for the lamp of this lesson.
    pub fn outline(&self) -> LessonOutline {
        LessonOutline {
            id: self.id.clone(),
            practice: self.practice.id.clone(),
            items: self.items.iter().map(|item| item.id.clone()).collect(),
        }
    }

    /// Returns the question with this id.
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == *id)
    }
}

/// What a lesson asks for: enough to derive progress without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonOutline {
    /// The lesson.
    pub id: LessonId,
    /// Its practice.
    pub practice: PracticeId,
    /// Its questions.
    pub items: Vec<ItemId>,
}
