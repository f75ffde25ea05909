//! A browser that is short of room throws a site's database away and tells nobody. A word kept elsewhere in the browser
//! (`localStorage`, which it leaves) remembers that there was something, so that the page can say it and offer the ways
//! back: code and PIN, or a saved file. It holds nothing about anybody.

/// What the word beside the database says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Trace {
    /// Nothing was ever recorded here, or it was taken away on purpose.
    #[default]
    None,
    /// Something is recorded here.
    Kept,
    /// What was recorded is gone, and nobody has answered that yet.
    Lost,
    /// The record was taken off this phone from another one of its learner's, and nobody has answered that yet.
    TakenOff,
}

impl Trace {
    /// Returns the trace that a word stands for.
    pub fn from_word(word: &str) -> Self {
        match word {
            "kept" => Self::Kept,
            "lost" => Self::Lost,
            "taken-off" => Self::TakenOff,
            _ => Self::None,
        }
    }

    /// Returns the word to be kept.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Kept => "kept",
            Self::Lost => "lost",
            Self::TakenOff => "taken-off",
        }
    }

    /// Returns the trace after the database was opened: whether it had to be made anew.
    pub fn opened(self, is_new: bool) -> Self {
        if is_new && self == Self::Kept { Self::Lost } else { self }
    }

    /// Returns the trace after the record was read: whether there is a fact in it. A loss stays until it is answered.
    pub fn read(self, has_facts: bool) -> Self {
        if has_facts && self == Self::None { Self::Kept } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::Trace::{self, Kept, Lost, None, TakenOff};

    #[test]
    fn a_loss_is_noticed_once_and_stays_until_it_is_answered() {
        for (before, is_new, has_facts, expected) in [
            // A new phone, before and after its first fact.
            (None, true, false, None),
            (None, false, true, Kept),
            (Kept, false, true, Kept),
            (Kept, false, false, Kept),
            // Thrown away.
            (Kept, true, false, Lost),
            (Lost, false, false, Lost),
            // She learns on before she answers: it is still said.
            (Lost, false, true, Lost),
            (Lost, true, false, Lost),
            // Taken off on purpose: said until it is answered, whatever is learned meanwhile.
            (TakenOff, false, false, TakenOff),
            (TakenOff, false, true, TakenOff),
        ] {
            assert_eq!(before.opened(is_new).read(has_facts), expected, "{before:?} {is_new} {has_facts}");
        }
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for trace in [None, Kept, Lost, TakenOff] {
            assert_eq!(Trace::from_word(trace.word()), trace);
        }
        assert_eq!(Trace::from_word("something else"), None);
    }
}
