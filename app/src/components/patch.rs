//! Brings what stands on the page to what a tree says, changing as little as possible: a focused button stays focused,
//! a screen reader hears only what is new.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlInputElement};

use super::node::{Element, Happening, Listener, Node, Parts};

/// A tree that stands on the page.
pub struct Standing {
    node: Node,
    dom: web_sys::Node,
    children: Vec<Standing>,
    /// What the one listener of the element calls now.
    call: Option<Rc<RefCell<Listener>>>,
}

/// Replaces everything in a container by a tree.
pub fn build_in(container: &web_sys::Element, tree: Element) -> Option<Standing> {
    let document = container.owner_document()?;
    let standing = build(&document, Node::Element(tree));
    container.set_inner_html("");
    container.append_child(&standing.dom).ok()?;
    Some(standing)
}

/// Changes a standing tree into another one.
pub fn patch(standing: &mut Standing, tree: Element) {
    change(standing, Node::Element(tree));
}

fn build(document: &Document, node: Node) -> Standing {
    match node {
        Node::Text(words) => {
            let dom = document.create_text_node(&words).into();
            Standing { node: Node::Text(words), dom, children: Vec::new(), call: None }
        }
        Node::Element(element) => build_element(document, element),
    }
}

fn build_element(document: &Document, element: Element) -> Standing {
    let mut element = element.0;
    let dom = document.create_element(element.tag).expect("tags are constants");
    for (name, value) in &element.attributes {
        set(&dom, name, value.as_deref());
    }
    if let Some(markup) = &element.markup {
        dom.set_inner_html(markup);
    }
    let call = element.listener.take().map(|(event, listener)| listen(&dom, event, listener));
    let children: Vec<Standing> =
        std::mem::take(&mut element.children).into_iter().map(|child| build(document, child)).collect();
    for child in &children {
        let _ = dom.append_child(&child.dom);
    }
    Standing { node: Node::Element(Element(element)), dom: dom.into(), children, call }
}

fn listen(dom: &web_sys::Element, event: &str, listener: Listener) -> Rc<RefCell<Listener>> {
    let call = Rc::new(RefCell::new(listener));
    let current = Rc::clone(&call);
    let heard = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        if event.type_() == "submit" {
            event.prevent_default();
        }
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let listener = Rc::clone(&current.borrow());
        listener(&Happening { value: field.map(|field| field.value()).unwrap_or_default() });
    });
    let _ = dom.add_event_listener_with_callback(event, heard.as_ref().unchecked_ref());
    // Lives as long as the element: islands draw few of them.
    heard.forget();
    call
}

fn set(dom: &web_sys::Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => dom.set_attribute(name, value),
        None => dom.remove_attribute(name),
    };
    // What a person has touched no longer follows the attribute.
    if let Some(input) = dom.dyn_ref::<HtmlInputElement>() {
        match name {
            "checked" => input.set_checked(value.is_some()),
            "value" if value != Some(&input.value()) => input.set_value(value.unwrap_or_default()),
            _ => {}
        }
    }
}

fn change(standing: &mut Standing, node: Node) {
    match (&mut standing.node, node) {
        (Node::Text(old), Node::Text(new)) => {
            if *old != new {
                standing.dom.set_text_content(Some(&new));
                *old = new;
            }
        }
        (Node::Element(old), Node::Element(new)) if is_alike(&old.0, &new.0, standing.call.is_some()) => {
            change_element(standing, new.0);
        }
        (_, node) => replace(standing, node),
    }
}

/// Elements are alike when one can become the other by changing values only.
fn is_alike(old: &Parts, new: &Parts, listens: bool) -> bool {
    old.tag == new.tag
        && listens == new.listener.is_some()
        && old.markup.is_some() == new.markup.is_some()
        && old.attributes.len() == new.attributes.len()
        && old.attributes.iter().zip(&new.attributes).all(|(old, new)| old.0 == new.0)
}

fn change_element(standing: &mut Standing, mut new: Box<Parts>) {
    let Node::Element(Element(old)) = &standing.node else { return };
    let dom: &web_sys::Element = standing.dom.unchecked_ref();
    for ((name, before), (_, after)) in old.attributes.iter().zip(&new.attributes) {
        // A field is always set: a person may have changed it since.
        if before != after || *name == "checked" || *name == "value" {
            set(dom, name, after.as_deref());
        }
    }
    if old.markup != new.markup {
        dom.set_inner_html(new.markup.as_deref().unwrap_or_default());
    }
    if let (Some(call), Some((_, listener))) = (&standing.call, new.listener.take()) {
        call.replace(listener);
    }
    let children = std::mem::take(&mut new.children);
    let document = dom.owner_document();
    while standing.children.len() > children.len() {
        if let Some(gone) = standing.children.pop() {
            let _ = standing.dom.remove_child(&gone.dom);
        }
    }
    for (at, child) in children.into_iter().enumerate() {
        match (standing.children.get_mut(at), &document) {
            (Some(before), _) => change(before, child),
            (None, Some(document)) => {
                let added = build(document, child);
                let _ = standing.dom.append_child(&added.dom);
                standing.children.push(added);
            }
            (None, None) => {}
        }
    }
    standing.node = Node::Element(Element(new));
}

fn replace(standing: &mut Standing, node: Node) {
    let (Some(document), Some(parent)) = (standing.dom.owner_document(), standing.dom.parent_node()) else {
        return;
    };
    let fresh = build(&document, node);
    let _ = parent.replace_child(&fresh.dom, &standing.dom);
    *standing = fresh;
}
