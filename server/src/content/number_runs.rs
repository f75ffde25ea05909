//! Long numbers as people write them: telephone numbers, money, lists of small numbers.

/// Returns whether a text is digits and nothing else.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Digits in groups, as people write long numbers: "0912 345 678", "1.250.000".
pub(super) struct NumberRun<'a> {
    pub(super) text: &'a str,
    /// What follows, up to the end of the text.
    rest: &'a str,
}

impl NumberRun<'_> {
    /// Returns the digits alone.
    pub(super) fn digits(&self) -> String {
        self.text.chars().filter(char::is_ascii_digit).collect()
    }

    /// Returns whether this is money: groups of three with dots, or a number before its currency.
    pub(super) fn is_money(&self) -> bool {
        let groups: Vec<&str> = self.text.split('.').collect();
        let is_grouped = matches!(groups.as_slice(), [first, others @ ..] if (1..=3).contains(&first.len())
            && is_number(first) && !first.starts_with('0') && !others.is_empty()
            && others.iter().all(|group| group.len() == 3 && is_number(group)));
        let rest = self.rest.trim_start();
        is_grouped || ["₫", "đồng", "VND"].iter().any(|currency| rest.starts_with(currency))
    }

    /// Returns whether these are small numbers one after the other: "5 10 15 20 25". A telephone number begins with 0 or has longer groups.
    pub(super) fn is_a_list(&self) -> bool {
        !self.text.starts_with('0') && self.text.split(' ').skip(1).any(|group| group.len() < 3)
    }
}

/// Returns every run of digit groups joined by one space, dot or hyphen that is no part of a word, fraction or date.
pub(super) fn number_runs(text: &str) -> Vec<NumberRun<'_>> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut runs = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let begin = at;
        while digit(at) || (at > begin && matches!(bytes.get(at), Some(b' ' | b'.' | b'-')) && digit(at + 1))
        {
            at += 1;
        }
        // A run begins and ends with an ASCII digit, so both cuts lie between characters.
        let (before, rest) = (&text[..begin], &text[at..]);
        let joined = |c: char| c.is_alphanumeric() || c == '/';
        let goes_on = rest.starts_with(joined) || (rest.starts_with(',') && digit(at + 1));
        let began_before =
            before.ends_with(joined) || (before.ends_with(',') && digit(begin.wrapping_sub(2)));
        if !goes_on && !began_before {
            runs.push(NumberRun { text: &text[begin..at], rest });
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words_and_fractions_are_no_runs() {
        for (text, expected) in [
            ("gọi 0912 345.678, rồi 113", vec!["0912 345.678", "113"]),
            ("F5, 24/7, 2,5 và 6.3", vec!["6.3"]),
            ("Mã 407 926.", vec!["407 926"]),
            ("1 - 2", vec!["1", "2"]),
        ] {
            let runs: Vec<&str> = number_runs(text).iter().map(|run| run.text).collect();
            assert_eq!(runs, expected, "{text}");
        }
    }
}
