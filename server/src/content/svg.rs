//! Drawings: a small, harmless part of SVG without colours of its own, written back without what does not matter.

use roxmltree::{Document, Node, NodeType};

use super::report::Report;

const NAMESPACE: &str = "http://www.w3.org/2000/svg";
const VIEW_BOX: &str = "0 0 240 160";

/// The classes of the drawing style: s ink line, n no fill, f-… fills. The page's style sheet gives the colours.
const CLASSES: [&str; 9] = ["s", "n", "f-giay", "f-mat", "f-muc", "f-cham", "f-son", "f-lua", "f-la"];

/// Returns the geometry an element may have, or nothing for an element that may not be used.
fn geometry(element: &str) -> Option<&'static [&'static str]> {
    Some(match element {
        "g" => &[],
        "path" => &["d"],
        "rect" => &["x", "y", "width", "height", "rx", "ry"],
        "circle" => &["cx", "cy", "r"],
        "ellipse" => &["cx", "cy", "rx", "ry"],
        "line" => &["x1", "y1", "x2", "y2"],
        "polyline" | "polygon" => &["points"],
        _ => return None,
    })
}

/// Returns the drawing without comments and needless spaces, or nothing when it is no drawing at all. What may not be
/// used is an error and left out.
pub(super) fn tidy(text: &str, report: &mut Report) -> Option<String> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let at = report.line_start(error.pos().row as usize);
            let message = format!("Tệp hình viết chưa đúng ({error}).");
            report.error(
                at,
                "svg-broken",
                message,
                "Mở lại bằng trình vẽ và lưu dạng SVG thường (plain SVG).",
            );
            return None;
        }
    };
    let root = document.root_element();
    let at = root.range().start;
    if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some(NAMESPACE) {
        let message = "Thẻ ngoài cùng của hình chưa đúng.";
        report.error(
            at,
            "svg-root",
            message,
            format!("Bắt đầu bằng <svg xmlns=\"{NAMESPACE}\" viewBox=\"{VIEW_BOX}\">."),
        );
        return None;
    }
    for attribute in root.attributes() {
        let is_view_box = attribute.name() == "viewBox" && attribute.namespace().is_none();
        if !is_view_box {
            attribute_not_allowed(attribute.name(), "svg", attribute.range().start, report);
        }
    }
    if root.attribute("viewBox") != Some(VIEW_BOX) {
        let message = "Khung hình chưa đúng.";
        report.error(at, "svg-view-box", message, format!("Viết viewBox=\"{VIEW_BOX}\" trong thẻ svg."));
    }
    let mut out = format!("<svg xmlns=\"{NAMESPACE}\" viewBox=\"{VIEW_BOX}\">");
    write_children(root, &mut out, report);
    out.push_str("</svg>");
    Some(out)
}

fn write_children(parent: Node<'_, '_>, out: &mut String, report: &mut Report) {
    for child in parent.children() {
        let at = child.range().start;
        match child.node_type() {
            NodeType::Element => write_element(child, out, report),
            NodeType::Comment | NodeType::Root => {}
            NodeType::Text => {
                if child.text().is_some_and(|text| !text.trim().is_empty()) {
                    let message = "Hình không được có chữ.";
                    report.error(at, "svg-text", message, "Xóa chữ khỏi hình; chữ viết trong bài.");
                }
            }
            NodeType::PI => element_not_allowed("<?…?>", at, report),
        }
    }
}

fn write_element(node: Node<'_, '_>, out: &mut String, report: &mut Report) {
    let name = node.tag_name().name();
    let is_svg = node.tag_name().namespace() == Some(NAMESPACE);
    let Some(geometry) = geometry(name).filter(|_| is_svg) else {
        element_not_allowed(name, node.range().start, report);
        return;
    };
    out.push('<');
    out.push_str(name);
    for attribute in node.attributes() {
        let key = attribute.name();
        let at = attribute.range().start;
        let is_allowed = geometry.contains(&key) || key == "class" || key == "transform";
        if attribute.namespace().is_some() || !is_allowed {
            attribute_not_allowed(key, name, at, report);
            continue;
        }
        let value = attribute.value().split_whitespace().collect::<Vec<_>>().join(" ");
        if key == "class" {
            check_classes(&value, at, report);
        }
        if value.chars().all(|c| c.is_ascii_alphanumeric() || " .,+-()".contains(c)) {
            out.push_str(&format!(" {key}=\"{value}\""));
        } else {
            let message = format!("Giá trị của \"{key}\" có ký tự lạ.");
            report.error(
                at,
                "svg-value",
                message,
                "Chỉ dùng chữ số, chữ cái, dấu chấm, phẩy, cộng, trừ, ngoặc tròn.",
            );
        }
    }
    if node.has_children() {
        out.push('>');
        write_children(node, out, report);
        out.push_str(&format!("</{name}>"));
    } else {
        out.push_str("/>");
    }
}

fn check_classes(value: &str, at: usize, report: &mut Report) {
    for class in value.split(' ').filter(|class| !CLASSES.contains(class)) {
        let message = format!("Lớp \"{class}\" không có trong bảng màu.");
        report.error(at, "svg-class", message, format!("Chỉ dùng: {}.", CLASSES.join(" ")));
    }
}

fn element_not_allowed(name: &str, at: usize, report: &mut Report) {
    let message = format!("Hình không được dùng thẻ \"{name}\".");
    report.error(at, "svg-element", message, "Chỉ dùng: g path rect circle ellipse line polyline polygon.");
}

fn attribute_not_allowed(key: &str, element: &str, at: usize, report: &mut Report) {
    let message = format!("Thẻ \"{element}\" không được có thuộc tính \"{key}\".");
    report.error(
        at,
        "svg-attribute",
        message,
        "Chỉ để thuộc tính hình học, class, transform; màu thì dùng lớp.",
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn tidied(text: &str) -> (Option<String>, Vec<&'static str>) {
        let mut report = Report::new(Path::new("a.svg"), text);
        let out = tidy(text, &mut report);
        (out, report.into_findings().into_iter().map(|finding| finding.code).collect())
    }

    fn drawing(inside: &str) -> String {
        format!("<svg xmlns=\"{NAMESPACE}\" viewBox=\"{VIEW_BOX}\">{inside}</svg>")
    }

    #[test]
    fn a_drawing_loses_only_what_does_not_matter() {
        let source = drawing(
            "\n  <!-- nhà -->\n  <g transform=\"rotate(-8 170 84)\">\n<path class='s  n' d=\"M1 2\n h-3\"/></g>\n",
        );
        let expected = drawing("<g transform=\"rotate(-8 170 84)\"><path class=\"s n\" d=\"M1 2 h-3\"/></g>");
        assert_eq!(tidied(&source), (Some(expected), vec![]));
    }

    #[test]
    fn what_could_do_harm_is_named_and_left_out() {
        for (inside, code) in [
            ("<script>alert(1)</script>", "svg-element"),
            ("<style>*{}</style>", "svg-element"),
            ("<a href=\"x\"/>", "svg-element"),
            ("<rect onload=\"x\"/>", "svg-attribute"),
            ("<rect fill=\"red\"/>", "svg-attribute"),
            ("<rect x=\"url(#a)\"/>", "svg-value"),
            ("<rect class=\"s xanh\"/>", "svg-class"),
            ("chữ", "svg-text"),
            ("<?a b?>", "svg-element"),
            ("<rect xmlns=\"http://www.w3.org/1999/xhtml\"/>", "svg-element"),
        ] {
            let (out, codes) = tidied(&drawing(inside));
            assert_eq!(codes, vec![code], "{inside}");
            let out = out.unwrap();
            assert!(
                ["script", "style", "href", "onload", "url", "red"].iter().all(|bad| !out.contains(bad)),
                "{out}"
            );
        }
    }

    #[test]
    fn what_is_no_drawing_is_refused() {
        for (text, code) in [
            ("", "svg-broken"),
            ("<svg>", "svg-broken"),
            ("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>", "svg-broken"),
            ("<svg viewBox=\"0 0 240 160\"/>", "svg-root"),
            ("<html xmlns=\"http://www.w3.org/2000/svg\"/>", "svg-root"),
        ] {
            assert_eq!(tidied(text), (None, vec![code]), "{text}");
        }
        assert_eq!(tidied(&format!("<svg xmlns=\"{NAMESPACE}\"/>")).1, vec!["svg-view-box"]);
    }
}
