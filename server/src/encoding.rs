//! Which compressed form of a body a browser gets.

use std::io::{Read as _, Write as _};

use axum::http::{HeaderMap, HeaderValue, header};

/// Quality for bodies made while somebody waits: within 3% of the best at a tenth of its time.
const BROTLI_QUALITY: u32 = 9;

/// A way to compress a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// As it is.
    Plain,
    /// For plain http in a hamlet: browsers offer brotli only on secure pages.
    Gzip,
    /// The smallest.
    Brotli,
}

/// One body in all forms.
#[derive(Debug, Clone, Copy)]
pub struct Variants<'a> {
    /// As it is.
    pub plain: &'a [u8],
    /// With brotli.
    pub brotli: &'a [u8],
    /// With gzip.
    pub gzip: &'a [u8],
}

/// A body made while the server runs, compressed once.
#[derive(Debug)]
pub struct Compressed {
    plain: Vec<u8>,
    brotli: Vec<u8>,
    gzip: Vec<u8>,
}

impl Compressed {
    /// Compresses a body. Takes tens of milliseconds for a page: not on the threads that answer.
    pub fn new(plain: Vec<u8>) -> Self {
        Self { brotli: brotli(&plain), gzip: gzip(&plain), plain }
    }

    /// Returns the body in all forms.
    pub fn variants(&self) -> Variants<'_> {
        Variants { plain: &self.plain, brotli: &self.brotli, gzip: &self.gzip }
    }

    /// Returns how many bytes a phone downloads for this body.
    pub fn transfer_bytes(&self) -> usize {
        self.variants().best(Encoding::Brotli).1.len()
    }
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 4096, BROTLI_QUALITY, 22);
    // Writing to memory does not fail.
    let _ = writer.write_all(bytes);
    drop(writer);
    out
}

/// Returns what our own build has packed with brotli.
pub(crate) fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut reader = brotli::Decompressor::new(packed, 64 * 1024);
    reader.read_to_end(&mut bytes).expect("packed by our build (tested)");
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    // Writing to memory does not fail.
    let _ = writer.write_all(bytes);
    writer.finish().unwrap_or_default()
}

impl Encoding {
    /// Returns the best encoding that a request accepts.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let accepts = |wanted: &str| {
            let values =
                headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
            values.flat_map(|value| value.split(',')).any(|one| {
                let mut parts = one.split(';').map(str::trim);
                parts.next() == Some(wanted)
                    && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
            })
        };
        if accepts("br") {
            Self::Brotli
        } else if accepts("gzip") {
            Self::Gzip
        } else {
            Self::Plain
        }
    }

    /// Names the encoding in a response.
    pub fn write(self, headers: &mut HeaderMap) {
        let name = match self {
            Self::Plain => return,
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        };
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
}

impl<'a> Variants<'a> {
    /// Returns the smallest form within what is accepted.
    pub fn best(self, accepted: Encoding) -> (Encoding, &'a [u8]) {
        let compressed = match accepted {
            Encoding::Brotli => (Encoding::Brotli, self.brotli),
            Encoding::Gzip => (Encoding::Gzip, self.gzip),
            Encoding::Plain => (Encoding::Plain, self.plain),
        };
        if compressed.1.len() < self.plain.len() { compressed } else { (Encoding::Plain, self.plain) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_form_is_chosen() {
        for (accept, expected) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip, deflate", Encoding::Gzip),
            ("br;q=0, gzip;q=0.5", Encoding::Gzip),
            ("identity", Encoding::Plain),
            ("", Encoding::Plain),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accept))]);
            assert_eq!(Encoding::accepted(&headers), expected, "{accept}");
        }
        let variants = Variants { plain: b"ab", brotli: b"abc", gzip: b"a" };
        assert_eq!(variants.best(Encoding::Brotli), (Encoding::Plain, &b"ab"[..]), "never larger than plain");
        assert_eq!(variants.best(Encoding::Gzip), (Encoding::Gzip, &b"a"[..]));
    }
}
