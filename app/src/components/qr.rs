//! A link as a picture for cameras.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Returns the QR code of a link as SVG, or nothing if the link is too long for one (it never is: see the domain's
/// test of the longest certificate).
pub fn qr_svg(link: &str) -> String {
    let Ok(code) = QrCode::encode_binary(link.as_bytes(), QrCodeEcc::Low) else { return String::new() };
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in 0..size {
            if code.get_module(x, y) {
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
    }
    // Four modules of quiet border all around, as the standard asks.
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 {0} {0}"><path fill="#fff" d="M-4-4h{0}v{0}h-{0}z"/><path fill="#000" d="{path}"/></svg>"##,
        size + 8
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_link_has_a_qr_code() {
        assert!(qr_svg(&"x".repeat(1024)).contains("<path"));
    }
}
