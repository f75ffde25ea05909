//! Questions: what is asked, what can be answered. The key travels with the question: practice questions teach at once,
//! with no network. (The final test's pool is sealed and never uses these types on the phone.)

use serde::{Deserialize, Serialize};

use crate::ids::ItemId;

/// One question of a lesson: the same skill asked in two or more situations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Names the question within its lesson.
    pub id: ItemId,
    /// The situations; a later try shows another one.
    pub variants: Vec<Variant>,
}

/// One situation of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// The question in plain words.
    pub ask: String,
    /// Inline SVG, checked when the lesson was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// One sentence that says why the right answer is right.
    pub right_because: String,
    /// What can be answered, and what is right.
    pub kind: Kind,
}

/// A drawing with its meaning in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// What the drawing shows, for those who do not see it.
    pub alt: String,
    /// The `<svg>` element.
    pub svg: String,
}

/// The kinds of question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Choose one of several.
    One(Vec<Choice>),
    /// Choose all that fit.
    Several(Vec<Choice>),
    /// Put steps in order; they are stored in the right order.
    Order(Vec<Step>),
    /// Match left with right; each pair is stored together.
    Match(Vec<Pair>),
    /// Answer with a whole number.
    Number(NumberKey),
    /// Answer with a few words.
    Text(TextKey),
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What the button says.
    pub text: String,
    /// Whether it belongs to the answer.
    pub right: bool,
    /// For a wrong choice, why not; for a right one among several, why it must not be missed. May be empty only for
    /// the right one of [`Kind::One`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// One step of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The step.
    pub text: String,
    /// Why it comes at this place.
    pub why: String,
}

/// Two things that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The left side, shown in this order.
    pub left: String,
    /// The right side, shown in another order.
    pub right: String,
    /// Why they belong together.
    pub why: String,
}

/// The key of a number question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberKey {
    /// The right number.
    pub answer: i64,
    /// What is counted, for example "việc".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// What to say to any wrong number.
    pub wrong: String,
    /// What to say to particular wrong numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<NearNumber>,
}

/// A wrong number that deserves its own explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearNumber {
    /// The number.
    pub is: i64,
    /// What to say.
    pub wrong: String,
}

/// The key of a short-text question; compared by [`crate::text::fold`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextKey {
    /// Every accepted wording.
    pub accept: Vec<String>,
    /// What to say to any other answer.
    pub wrong: String,
    /// What to say to particular wrong answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<NearText>,
}

/// A wrong wording that deserves its own explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearText {
    /// The wordings.
    pub is: Vec<String>,
    /// What to say.
    pub wrong: String,
}

/// What a learner answered. Numbers are positions in the stored lists, whatever order the screen showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Response {
    /// The choice taken.
    One(u8),
    /// The choices taken, rising.
    Several(Vec<u8>),
    /// The steps, first to last.
    Order(Vec<u8>),
    /// For each left side, the right side taken.
    Match(Vec<u8>),
    /// The number typed.
    Number(i64),
    /// The words typed, at most [`TEXT_MAX_CHARS`] characters.
    Text(String),
}

/// Longest text answer, in characters: a few words, never a story about somebody.
pub const TEXT_MAX_CHARS: usize = 80;
