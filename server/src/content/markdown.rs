//! Takes the Markdown of a lesson apart into the few kinds of block a lesson may have. Whatever else Markdown can do is
//! an error, and is left out of what goes on, so that no HTML of an author ever reaches a page.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::front_matter::only;
use super::prose::Prose;
use super::report::Report;

/// A block and where it begins.
pub(super) struct Block<'a> {
    pub(super) at: usize,
    pub(super) content: Content<'a>,
}

/// What a block is.
pub(super) enum Content<'a> {
    /// A line `## …`; whether it has exactly two signs.
    Heading { prose: Prose, is_second: bool },
    /// A picture standing alone.
    Picture { alt: String, file: String },
    /// A paragraph.
    Paragraph(Inline<'a>),
    /// A list with bullets.
    List(Vec<Inline<'a>>),
    /// A typed block between ``` lines.
    Fence(Fence),
}

/// Text with emphasis at most.
pub(super) struct Inline<'a> {
    /// The words.
    pub(super) prose: Prose,
    /// The same for the HTML writer: text, breaks, emphasis, nothing else.
    pub(super) events: Vec<Event<'a>>,
    /// Whether there is any emphasis.
    pub(super) is_marked: bool,
}

/// A typed block.
pub(super) struct Fence {
    /// The first word after ```.
    pub(super) kind: String,
    /// The TOML inside; blank elsewhere, so that positions are positions in the file.
    pub(super) toml: String,
    /// Where the TOML begins.
    pub(super) at: usize,
}

type Located<'a> = (Event<'a>, Range<usize>);

/// Returns the blocks of a text, in order.
pub(super) fn blocks<'a>(text: &'a str, report: &mut Report) -> Vec<Block<'a>> {
    let mut events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    for (_, definition) in events.reference_definitions().iter() {
        no_link(definition.span.start, report);
    }
    let mut blocks = Vec::new();
    while let Some((event, range)) = events.next() {
        let content = match event {
            Event::Start(tag) => {
                let inside = until_end(&mut events);
                content(tag, inside, text, range.start, report)
            }
            Event::Rule => {
                not_allowed("đường kẻ ngang", range.start, report);
                None
            }
            _ => None,
        };
        blocks.extend(content.map(|content| Block { at: range.start, content }));
    }
    blocks
}

/// Returns the events up to the end of the block just begun.
fn until_end<'a>(events: &mut impl Iterator<Item = Located<'a>>) -> Vec<Located<'a>> {
    let mut depth = 0;
    events
        .take_while(|(event, _)| {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            depth >= 0
        })
        .collect()
}

fn content<'a>(
    tag: Tag<'a>,
    inside: Vec<Located<'a>>,
    text: &'a str,
    at: usize,
    report: &mut Report,
) -> Option<Content<'a>> {
    match tag {
        Tag::Heading { level, .. } => {
            let is_second = level == HeadingLevel::H2;
            Some(Content::Heading { prose: inline(inside, report).prose, is_second })
        }
        Tag::Paragraph => Some(match lone_picture(&inside) {
            Some((alt, file)) => Content::Picture { alt, file },
            None => Content::Paragraph(inline(inside, report)),
        }),
        Tag::List(None) => Some(Content::List(list_items(inside, report))),
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
            let ranges: Vec<Range<usize>> = inside.into_iter().map(|(_, range)| range).collect();
            let kind = info.split_whitespace().next().unwrap_or_default().to_owned();
            let at = ranges.first().map_or(at, |range| range.start);
            Some(Content::Fence(Fence { kind, toml: only(text, &ranges), at }))
        }
        Tag::CodeBlock(CodeBlockKind::Indented) => {
            not_allowed("đoạn thụt vào 4 dấu cách", at, report);
            None
        }
        Tag::List(Some(_)) => {
            not_allowed("danh sách đánh số (dùng gạch đầu dòng \"- \")", at, report);
            None
        }
        Tag::HtmlBlock => {
            no_html(at, report);
            None
        }
        Tag::Table(_) => {
            not_allowed("bảng", at, report);
            None
        }
        Tag::BlockQuote(_) => {
            not_allowed("khối trích dẫn \">\"", at, report);
            None
        }
        _ => {
            not_allowed("kiểu Markdown này", at, report);
            None
        }
    }
}

/// Returns alt text and file of a picture that is all there is.
fn lone_picture(inside: &[Located<'_>]) -> Option<(String, String)> {
    let [(Event::Start(Tag::Image { dest_url, .. }), _), alt @ .., (Event::End(TagEnd::Image), _)] = inside
    else {
        return None;
    };
    let is_other = |event: &Event<'_>| matches!(event, Event::Start(Tag::Image { .. }));
    if alt.iter().any(|(event, _)| is_other(event)) {
        return None;
    }
    let words: String = alt
        .iter()
        .map(|(event, _)| match event {
            Event::Text(text) | Event::Code(text) => text.as_ref(),
            Event::SoftBreak | Event::HardBreak => " ",
            _ => "",
        })
        .collect();
    Some((words.trim().to_owned(), dest_url.to_string()))
}

fn list_items<'a>(inside: Vec<Located<'a>>, report: &mut Report) -> Vec<Inline<'a>> {
    let mut events = inside.into_iter();
    let mut items = Vec::new();
    while let Some((event, range)) = events.next() {
        if event == Event::Start(Tag::Item) {
            let item = until_end(&mut events);
            // A loose list has one paragraph in each item; shown, it is the same list.
            let starts = item.iter().filter_map(|(event, _)| match event {
                Event::Start(tag) => Some(tag),
                _ => None,
            });
            let (paragraphs, others): (Vec<_>, Vec<_>) =
                starts.filter(|tag| !is_inline(tag)).partition(|tag| **tag == Tag::Paragraph);
            if paragraphs.len() > 1 || !others.is_empty() {
                not_allowed("khối nằm trong gạch đầu dòng", range.start, report);
            }
            items.push(inline(item, report));
        }
    }
    items
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. })
}

/// Returns running text, with an error for everything that is not text or emphasis.
fn inline<'a>(inside: Vec<Located<'a>>, report: &mut Report) -> Inline<'a> {
    let mut found = Inline { prose: Prose::default(), events: Vec::new(), is_marked: false };
    let mut pictures = 0;
    for (event, Range { start: at, .. }) in inside {
        match event {
            Event::Start(Tag::Image { .. }) => {
                pictures += 1;
                let message = "Hình nằm lẫn trong chữ.";
                report.error(
                    at,
                    "picture-in-text",
                    message,
                    "Để hình thành một dòng riêng, có dòng trống trên dưới.",
                );
            }
            Event::End(TagEnd::Image) => pictures -= 1,
            _ if pictures > 0 => {}
            Event::Text(text) => {
                found.prose.push(&text, at);
                found.events.push(Event::Text(text));
            }
            Event::SoftBreak | Event::HardBreak => {
                found.prose.push(" ", at);
                found.events.push(event);
            }
            Event::Start(Tag::Emphasis | Tag::Strong) | Event::End(TagEnd::Emphasis | TagEnd::Strong) => {
                found.is_marked = true;
                found.events.push(event);
            }
            Event::Code(code) => {
                not_allowed("chữ trong dấu huyền `…`", at, report);
                found.prose.push(&code, at);
            }
            Event::Html(_) | Event::InlineHtml(_) => no_html(at, report),
            Event::Start(Tag::Link { .. }) => no_link(at, report),
            _ => {}
        }
    }
    found
}

fn not_allowed(what: &str, at: usize, report: &mut Report) {
    let message = format!("Bài học không dùng {what}.");
    report.error(at, "markdown-not-allowed", message, "Viết thành đoạn văn thường, câu ngắn.");
}

fn no_html(at: usize, report: &mut Report) {
    report.error(at, "html", "Bài học không dùng HTML.", "Bỏ các thẻ <…>, chỉ để lại chữ.");
}

fn no_link(at: usize, report: &mut Report) {
    let message = "Bài học không dùng liên kết.";
    report.error(at, "link", message, "Bỏ liên kết, chỉ để lại chữ. Địa chỉ chính thức đặt vào facts.toml.");
}
