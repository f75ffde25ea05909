//! One reading screen: a picture, the key sentence, what a teacher would add, a card, dated facts.

use domain::course::{Card, CardKind, Screen};
use domain::item::Picture;
use domain::text::count_syllables;
use pulldown_cmark::{Event, Tag, TagEnd, html};
use serde::Deserialize;

use super::dated_words;
use super::field::{self, Text};
use super::markdown::{Fence, Inline};
use super::prose::Prose;
use super::report::Report;
use super::toml_table::Table;
use super::words::{self, SENTENCE_MAX_SYLLABLES};

/// Longest narration of a screen, in tiếng: read aloud slowly it stays under 45 seconds (curriculum, section 1).
const NARRATION_MAX_SYLLABLES: usize = 60;

/// A screen while its blocks come in.
pub(super) struct Draft<'a> {
    at: usize,
    heading: String,
    pictures: usize,
    picture: Option<Picture>,
    key_sentence: Option<String>,
    narration: Vec<Event<'a>>,
    syllables: usize,
    lists: usize,
    card: Option<Card>,
    facts: Vec<String>,
}

impl<'a> Draft<'a> {
    /// Begins the screen with this heading.
    pub(super) fn new(heading: &Prose, at: usize, report: &mut Report) -> Self {
        let text = heading.text.trim().to_owned();
        if text.is_empty() {
            report.error(at, "empty", "Màn này chưa có tên.", "Viết \"## Tên màn\".");
        }
        words::check(&text, at, report);
        Self {
            at,
            heading: text,
            pictures: 0,
            picture: None,
            key_sentence: None,
            narration: Vec::new(),
            syllables: 0,
            lists: 0,
            card: None,
            facts: Vec::new(),
        }
    }

    /// Adds the picture; `picture` is nothing when it could not be used.
    pub(super) fn picture(&mut self, picture: Option<Picture>, at: usize, report: &mut Report) {
        self.pictures += 1;
        if self.pictures > 1 {
            let message = format!("Màn \"{}\" có hơn một hình.", self.heading);
            report.error(
                at,
                "two-pictures",
                message,
                "Mỗi màn một hình. Bỏ bớt, hoặc mở màn mới bằng \"## …\".",
            );
        }
        self.picture = self.picture.take().or(picture);
    }

    /// Adds a paragraph: the first is the key sentence, the others are narration.
    pub(super) fn paragraph(&mut self, paragraph: Inline<'a>, at: usize, report: &mut Report) {
        if self.key_sentence.is_none() {
            self.key_sentence = Some(key_sentence(&paragraph, at, report));
            return;
        }
        self.narrate(&paragraph.prose, report);
        self.narration.push(Event::Start(Tag::Paragraph));
        self.narration.extend(paragraph.events);
        self.narration.push(Event::End(TagEnd::Paragraph));
    }

    /// Adds a list to the narration.
    pub(super) fn list(&mut self, items: Vec<Inline<'a>>, at: usize, report: &mut Report) {
        self.lists += 1;
        if self.lists > 1 {
            let message = format!("Màn \"{}\" có hơn một danh sách.", self.heading);
            report.error(at, "two-lists", message, "Giữ một danh sách, phần kia viết thành câu.");
        }
        if self.key_sentence.is_none() {
            no_key_sentence(&self.heading, at, report);
            self.key_sentence = Some(String::new());
        }
        self.narration.push(Event::Start(Tag::List(None)));
        for item in items {
            self.narrate(&item.prose, report);
            self.narration.push(Event::Start(Tag::Item));
            self.narration.extend(item.events);
            self.narration.push(Event::End(TagEnd::Item));
        }
        self.narration.push(Event::End(TagEnd::List(false)));
    }

    fn narrate(&mut self, prose: &Prose, report: &mut Report) {
        words::check_sentences(&prose.text, |within| prose.place(within), report);
        for (begin, sentence) in words::sentences(&prose.text) {
            let at = prose.place(begin);
            words::check_links(sentence, at, report);
            dated_words::check(sentence, at, report);
        }
        self.syllables += count_syllables(&prose.text);
    }

    /// Adds the warning card of a block `card`.
    pub(super) fn card(&mut self, fence: &Fence, report: &mut Report) {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Source {
            kind: CardKind,
            looks: Text,
            instead: Text,
        }
        let table = Table::parse("khối card", &fence.toml, fence.at, report);
        if let Some(Source { kind, looks, instead }) = table.and_then(|table| table.read(report)) {
            let looks = field::shown("looks", &looks, report);
            let instead = field::shown("instead", &instead, report);
            self.card = Some(Card { kind, looks, instead });
        }
    }

    /// Adds the dated fact of a block `fact`; returns its id and where it stands.
    pub(super) fn fact(&mut self, fence: &Fence, report: &mut Report) -> Option<(String, usize)> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Source {
            id: Text,
        }
        let table = Table::parse("khối fact", &fence.toml, fence.at, report)?;
        let Source { id } = table.read(report)?;
        let at = field::at(&id);
        let id = id.into_inner();
        self.facts.push(id.clone());
        Some((id, at))
    }

    /// Ends the screen.
    pub(super) fn finish(self, report: &mut Report) -> Screen {
        if self.key_sentence.is_none() {
            no_key_sentence(&self.heading, self.at, report);
        }
        if self.syllables > NARRATION_MAX_SYLLABLES {
            let message = format!("Lời giảng của màn \"{}\" dài {} tiếng.", self.heading, self.syllables);
            let advice = format!("Rút còn {NARRATION_MAX_SYLLABLES} tiếng, hoặc tách thành hai màn.");
            report.error(self.at, "narration-too-long", message, advice);
        }
        let mut narration_html = String::new();
        html::push_html(&mut narration_html, self.narration.into_iter());
        Screen {
            heading: self.heading,
            picture: self.picture,
            key_sentence: self.key_sentence.unwrap_or_default(),
            narration_html: narration_html.trim_end().to_owned(),
            card: self.card,
            facts: self.facts,
        }
    }
}

fn key_sentence(paragraph: &Inline<'_>, at: usize, report: &mut Report) -> String {
    let text = paragraph.prose.text.trim().to_owned();
    let syllables = count_syllables(&text);
    if syllables > SENTENCE_MAX_SYLLABLES {
        let message = format!("Câu chính \"{}\" dài {syllables} tiếng.", words::shortened(&text));
        let advice = format!(
            "Đoạn đầu của màn không quá {SENTENCE_MAX_SYLLABLES} tiếng. Phần còn lại chuyển xuống đoạn sau."
        );
        report.error(at, "key-sentence-too-long", message, advice);
    }
    if paragraph.is_marked {
        let message = "Câu chính đã được in to, không cần in đậm hay nghiêng.";
        report.error(at, "markup", message, "Bỏ dấu sao trong câu chính.");
    }
    words::check_plain(&text, at, report);
    dated_words::check(&text, at, report);
    text
}

fn no_key_sentence(heading: &str, at: usize, report: &mut Report) {
    let message = format!("Màn \"{heading}\" chưa có câu chính.");
    report.error(
        at,
        "no-key-sentence",
        message,
        "Ngay sau tên màn và hình, viết một đoạn ngắn: câu cần nhớ.",
    );
}
