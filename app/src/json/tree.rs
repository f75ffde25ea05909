//! Text to a tree.

use super::Unreadable;

/// Deepest nesting accepted; a lesson needs ten.
const DEPTH_MAX: u8 = 40;

/// A parsed value. Numbers are whole: nothing on the phone has fractions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// The text still to be parsed.
struct Parser<'a> {
    rest: &'a str,
}

/// Parses a whole text.
pub(super) fn parse(text: &str) -> Result<Node, Unreadable> {
    let mut parser = Parser { rest: text };
    let node = parser.value(0)?;
    parser.skip_space();
    if parser.rest.is_empty() { Ok(node) } else { Err(Unreadable) }
}

impl<'a> Parser<'a> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
    }

    fn peek(&mut self) -> Result<u8, Unreadable> {
        self.skip_space();
        self.rest.as_bytes().first().copied().ok_or(Unreadable)
    }

    /// Takes the next `len` bytes as they are.
    fn split(&mut self, len: usize) -> Result<&'a str, Unreadable> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Unreadable)?;
        self.rest = rest;
        Ok(taken)
    }

    fn take(&mut self, wanted: u8) -> Result<(), Unreadable> {
        if self.peek()? == wanted { self.split(1).map(drop) } else { Err(Unreadable) }
    }

    fn word(&mut self, word: &str, node: Node) -> Result<Node, Unreadable> {
        if self.split(word.len())? == word { Ok(node) } else { Err(Unreadable) }
    }

    fn value(&mut self, depth: u8) -> Result<Node, Unreadable> {
        if depth > DEPTH_MAX {
            return Err(Unreadable);
        }
        match self.peek()? {
            b'n' => self.word("null", Node::Null),
            b't' => self.word("true", Node::Bool(true)),
            b'f' => self.word("false", Node::Bool(false)),
            b'"' => self.string().map(Node::Text),
            b'[' => self.list(depth),
            b'{' => self.map(depth),
            _ => self.number(),
        }
    }

    fn list(&mut self, depth: u8) -> Result<Node, Unreadable> {
        let mut items = Vec::new();
        self.take(b'[')?;
        while self.peek()? != b']' {
            if !items.is_empty() {
                self.take(b',')?;
            }
            items.push(self.value(depth + 1)?);
        }
        self.split(1)?;
        Ok(Node::List(items))
    }

    fn map(&mut self, depth: u8) -> Result<Node, Unreadable> {
        let mut entries = Vec::new();
        self.take(b'{')?;
        while self.peek()? != b'}' {
            if !entries.is_empty() {
                self.take(b',')?;
            }
            let key = self.string()?;
            self.take(b':')?;
            entries.push((key, self.value(depth + 1)?));
        }
        self.split(1)?;
        Ok(Node::Map(entries))
    }

    fn number(&mut self) -> Result<Node, Unreadable> {
        let is_part = |b: &u8| matches!(b, b'-' | b'0'..=b'9' | b'.' | b'e' | b'E' | b'+');
        let len = self.rest.bytes().take_while(|b| is_part(b)).count();
        let number = self.split(len)?;
        let digits = number.trim_start_matches('-');
        if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
            return Err(Unreadable);
        }
        number.parse().map(Node::Number).map_err(|_| Unreadable)
    }

    fn string(&mut self) -> Result<String, Unreadable> {
        self.take(b'"')?;
        let mut out = String::new();
        loop {
            let len = self.rest.bytes().take_while(|b| !matches!(b, b'"' | b'\\' | ..b' ')).count();
            out.push_str(self.split(len)?);
            match self.split(1)? {
                "\"" => return Ok(out),
                "\\" => out.push(self.escape()?),
                _ => return Err(Unreadable),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Unreadable> {
        Ok(match self.split(1)? {
            "\"" => '"',
            "\\" => '\\',
            "/" => '/',
            "b" => '\u{8}',
            "f" => '\u{c}',
            "n" => '\n',
            "r" => '\r',
            "t" => '\t',
            "u" => return self.unicode(),
            _ => return Err(Unreadable),
        })
    }

    fn unicode(&mut self) -> Result<char, Unreadable> {
        let first = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).ok_or(Unreadable);
        }
        // A character outside the first 65.536 is written as two halves.
        if self.split(2)? != "\\u" {
            return Err(Unreadable);
        }
        let second = self.hex()?.checked_sub(0xDC00).filter(|low| *low < 0x400).ok_or(Unreadable)?;
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + second).ok_or(Unreadable)
    }

    fn hex(&mut self) -> Result<u32, Unreadable> {
        let mut digits = self.split(4)?.chars();
        digits.try_fold(0, |number, digit| Ok(number << 4 | digit.to_digit(16).ok_or(Unreadable)?))
    }
}
