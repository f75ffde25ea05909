//! Small parts that several islands draw.

use std::rc::Rc;

use domain::item::Picture;

use super::icon::Icon;
use super::node::{Element, el};

/// Draws an icon; the word beside it says what it means.
pub fn icon(icon: Icon) -> Element {
    strokes(icon.path())
}

/// Draws strokes as an icon.
pub fn strokes(path: &str) -> Element {
    let markup =
        format!(r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"/></svg>"#);
    el("span").class("icon-place").markup(markup)
}

/// Draws a button: an icon, a word, what it does. `class` says what kind it is.
pub fn button(class: &str, mark: Option<Icon>, word: String, press: impl Fn() + 'static) -> Element {
    draw_button(class, mark, word, Rc::new(press))
}

// Apart from the generic function above, so that it exists once.
fn draw_button(class: &str, mark: Option<Icon>, word: String, press: Rc<dyn Fn()>) -> Element {
    let button = el("button").attr("type", "button").class(class);
    let button = match mark {
        Some(mark) => button.child(icon(mark)),
        None => button,
    };
    button.child(el("span").text(word)).on("click", move |_| press())
}

/// Draws a link that looks like a button.
pub fn link_button(class: &str, mark: Option<Icon>, word: String, href: &str) -> Element {
    let link = el("a").class(class).attr("href", href);
    let link = match mark {
        Some(mark) => link.child(icon(mark)),
        None => link,
    };
    link.child(el("span").text(word))
}

/// Draws a paragraph.
pub fn paragraph(class: &str, words: String) -> Element {
    el("p").class(class).text(words)
}

/// Draws a line that screen readers hear when it changes; empty, it takes no room.
pub fn announcement(class: &str, words: String) -> Element {
    paragraph(class, words).announced()
}

/// Draws a checked drawing inline, so that it takes the page's colours in light and dark.
pub fn picture(picture: &Picture) -> Element {
    el("div")
        .class("picture")
        .attr("role", "img")
        .attr("aria-label", &*picture.alt)
        .markup(picture.svg.clone())
}

/// Draws an oil lamp in the look of `class`.
pub fn lamp(class: &str) -> Element {
    el("span").class(class).markup(super::lamp::SVG.to_owned())
}
