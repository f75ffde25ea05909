//! What islands draw: plain trees of elements, compared with what stands on the page and patched into it.
//!
//! Leptos runs the islands: it wakes them, hands them their data and follows what they read. Their markup is not
//! written with `view!` but as these trees, for one measured reason: every typed view costs the phone a kilobyte or
//! more, and with them the bundle came to 233 KB instead of the 120 KB it may have. Pages, which never travel as code,
//! use `view!`.

use std::fmt::Write as _;
use std::rc::Rc;

/// What is called when a listener fires.
pub type Listener = Rc<dyn Fn(&Happening)>;

/// What a listener learns of an event.
#[derive(Debug, Clone, Default)]
pub struct Happening {
    /// The text in the field, for events of a field.
    pub value: String,
}

/// A piece of a page.
#[derive(Clone)]
pub enum Node {
    /// Words.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element with its attributes, one listener and its children. Boxed: a builder that hands on a pointer instead of
/// sixty bytes makes every island smaller.
#[derive(Clone)]
pub struct Element(pub(super) Box<Parts>);

/// What an element is made of.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) tag: &'static str,
    pub(super) attributes: Vec<(&'static str, Option<String>)>,
    pub(super) listener: Option<(&'static str, Listener)>,
    pub(super) children: Vec<Node>,
    /// Checked markup in place of children.
    pub(super) markup: Option<String>,
}

/// Returns an element of this name.
pub fn el(tag: &'static str) -> Element {
    let (attributes, children) = (Vec::new(), Vec::new());
    Element(Box::new(Parts { tag, attributes, listener: None, children, markup: None }))
}

impl Element {
    /// Sets an attribute.
    pub fn attr(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.attributes.push((name, Some(value.into())));
        self
    }

    /// Sets the class.
    pub fn class(self, class: &str) -> Self {
        self.attr("class", class)
    }

    /// Sets an attribute that stands or does not, such as `disabled`.
    pub fn flag(mut self, name: &'static str, stands: bool) -> Self {
        self.0.attributes.push((name, stands.then(String::new)));
        self
    }

    /// Marks the words as part of what is read aloud: an author's, in Vietnamese on every page.
    pub fn read(self) -> Self {
        self.attr("data-read", "").authored()
    }

    /// Says that the words are Vietnamese where the page is not, so that screen readers take the right voice.
    pub fn authored(mut self) -> Self {
        self.0.attributes.extend(crate::i18n::authored().map(|tag| ("lang", Some(tag.to_owned()))));
        self
    }

    /// Makes changes of the words heard by screen readers.
    pub fn announced(self) -> Self {
        self.attr("role", "status")
    }

    /// Adds words.
    pub fn text(mut self, words: impl Into<String>) -> Self {
        self.0.children.push(Node::Text(words.into()));
        self
    }

    /// Adds an element.
    pub fn child(mut self, child: Element) -> Self {
        self.0.children.push(Node::Element(child));
        self
    }

    /// Adds elements.
    pub fn children(mut self, children: Vec<Element>) -> Self {
        self.0.children.extend(children.into_iter().map(Node::Element));
        self
    }

    /// Fills the element with markup that was checked before.
    pub fn markup(mut self, markup: String) -> Self {
        self.0.markup = Some(markup);
        self
    }

    /// Listens to an event.
    pub fn on(mut self, event: &'static str, call: impl Fn(&Happening) + 'static) -> Self {
        self.0.listener = Some((event, Rc::new(call)));
        self
    }

    /// Writes the element as HTML.
    pub fn html(&self, out: &mut String) {
        let Parts { tag, attributes, children, markup, .. } = &*self.0;
        let _ = write!(out, "<{tag}");
        for (name, value) in attributes {
            if let Some(value) = value {
                let _ = write!(out, " {name}=\"");
                escape(value, out);
                out.push('"');
            }
        }
        out.push('>');
        if *tag == "input" {
            return;
        }
        if let Some(markup) = markup {
            out.push_str(markup);
        }
        for child in children {
            match child {
                Node::Text(words) => escape(words, out),
                Node::Element(child) => child.html(out),
            }
        }
        let _ = write!(out, "</{tag}>");
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_escaped_and_whole() {
        let tree = el("label")
            .class("a\"b")
            .flag("hidden", true)
            .flag("disabled", false)
            .child(el("input").attr("type", "text"))
            .text("<b> & \"")
            .child(el("span").markup("<svg/>".into()));
        let mut html = String::new();
        tree.html(&mut html);
        assert_eq!(
            html,
            r#"<label class="a&quot;b" hidden=""><input type="text">&lt;b&gt; &amp; &quot;<span><svg/></span></label>"#
        );
    }
}
