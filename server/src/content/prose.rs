//! Running text taken out of Markdown: the plain words, and where each of them stands in the file.

/// Plain text with its place in the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Prose {
    /// The words, without marks of Markdown.
    pub(super) text: String,
    /// Position in `text`, position in the file: one for each piece.
    pieces: Vec<(usize, usize)>,
}

impl Prose {
    /// Adds a piece that stands at `at` in the file.
    pub(super) fn push(&mut self, piece: &str, at: usize) {
        self.pieces.push((self.text.len(), at));
        self.text.push_str(piece);
    }

    /// Returns where in the file the byte `within` of the text stands. Exact to the line.
    pub(super) fn place(&self, within: usize) -> usize {
        let next = self.pieces.partition_point(|(begin, _)| *begin <= within);
        next.checked_sub(1)
            .and_then(|index| self.pieces.get(index))
            .map_or(0, |(begin, at)| at + within - begin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_where_words_stand() {
        let mut prose = Prose::default();
        assert_eq!(prose.place(0), 0);
        prose.push("một ", 10);
        prose.push("hai", 20);
        assert_eq!(prose.text, "một hai");
        assert_eq!(prose.place(0), 10);
        assert_eq!(prose.place("một ".len() + 1), 21);
    }
}
