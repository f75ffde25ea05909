//! The drawings of one lesson folder: found, checked once each, given out with their words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::item::Picture;

use super::field::{self, Text};
use super::finding::Finding;
use super::report::Report;
use super::svg;
use super::words;

/// Largest drawing: a lesson page with a handful of them must stay within 12 KB (design, section 10).
const PICTURE_MAX_BYTES: u64 = 3072;

/// The drawings of one lesson.
pub(super) struct Pictures {
    /// The lesson's folder on the disk.
    on_disk: PathBuf,
    /// The same within the content folder, for findings.
    folder: PathBuf,
    /// What each file used so far holds; nothing when it cannot be used.
    read: BTreeMap<String, Option<String>>,
    /// The words given to a file on a reading screen, offered when they are missing elsewhere.
    words: BTreeMap<String, String>,
    findings: Vec<Finding>,
}

impl Pictures {
    /// Returns the drawings of `folder`.
    pub(super) fn new(folder: &Path, on_disk: PathBuf) -> Self {
        let (read, words) = (BTreeMap::new(), BTreeMap::new());
        Self { on_disk, folder: folder.to_owned(), read, words, findings: Vec::new() }
    }

    /// Returns the picture `![alt](file)` of a reading screen.
    pub(super) fn on_screen(
        &mut self,
        file: &str,
        alt: String,
        at: usize,
        report: &mut Report,
    ) -> Option<Picture> {
        if alt.is_empty() {
            let message = format!("Hình \"{file}\" chưa có lời mô tả.");
            report.error(
                at,
                "picture-alt",
                message,
                "Viết lời mô tả vào giữa hai ngoặc vuông: ![Mô tả](hình.svg).",
            );
        } else {
            words::check(&alt, at, report);
            self.words.entry(file.to_owned()).or_insert_with(|| alt.clone());
        }
        let svg = self.svg(file, at, report)?;
        Some(Picture { alt, svg })
    }

    /// Returns the picture given by the keys `picture` and `picture_alt` of a block.
    pub(super) fn in_block(
        &mut self,
        picture: Option<&Text>,
        alt: Option<&Text>,
        report: &mut Report,
    ) -> Option<Picture> {
        let Some(picture) = picture else {
            if let Some(alt) = alt {
                let message = "Có picture_alt mà không có picture.";
                report.error(
                    field::at(alt),
                    "picture-alt",
                    message,
                    "Thêm picture = \"tên-hình.svg\", hoặc bỏ dòng này.",
                );
            }
            return None;
        };
        let (file, at) = (picture.get_ref(), field::at(picture));
        let alt = match alt {
            Some(alt) => field::shown("picture_alt", alt, report),
            None => {
                let known = self.words.get(file).map_or("Lời mô tả hình.", String::as_str);
                let message = format!("Hình \"{file}\" chưa có lời mô tả.");
                report.error(at, "picture-alt", message, format!("Thêm dòng: picture_alt = \"{known}\""));
                String::new()
            }
        };
        let svg = self.svg(file, at, report)?;
        Some(Picture { alt, svg })
    }

    fn svg(&mut self, file: &str, at: usize, report: &mut Report) -> Option<String> {
        if !is_plain_name(file) {
            let message = format!("Tên hình \"{file}\" chưa đúng kiểu.");
            let advice =
                "Hình là tệp .svg nằm cùng thư mục với bài; tên chỉ có chữ thường không dấu, số, gạch nối.";
            report.error(at, "picture-name", message, advice);
            return None;
        }
        if let Some(known) = self.read.get(file) {
            return known.clone();
        }
        let svg = self.read_file(file, at, report);
        self.read.insert(file.to_owned(), svg.clone());
        svg
    }

    fn read_file(&mut self, file: &str, at: usize, report: &mut Report) -> Option<String> {
        let path = self.on_disk.join(file);
        let Ok(metadata) = std::fs::metadata(&path) else {
            let message = format!("Chưa có tệp hình \"{file}\".");
            report.error(at, "picture-missing", message, "Đặt tệp hình vào cùng thư mục với lesson.md.");
            return None;
        };
        let mut about = Report::new(&self.folder.join(file), "");
        if metadata.len() > PICTURE_MAX_BYTES {
            let message = format!("Hình nặng {} byte.", metadata.len());
            let advice = format!("Vẽ đơn giản lại, không quá {PICTURE_MAX_BYTES} byte.");
            about.error(0, "picture-too-large", message, advice);
            self.findings.extend(about.into_findings());
            return None;
        }
        let svg = match std::fs::read_to_string(&path) {
            Ok(text) => {
                about = Report::new(&self.folder.join(file), &text);
                svg::tidy(&text, &mut about)
            }
            Err(error) => {
                let message = format!("Máy không đọc được tệp hình ({error}).");
                about.error(0, "cannot-read", message, "Lưu lại hình dạng SVG thường, mã UTF-8.");
                None
            }
        };
        self.findings.extend(about.into_findings());
        svg
    }

    /// Adds a warning for each drawing that no one uses. Only to be asked when the whole lesson could be read.
    pub(super) fn warn_of_unused(&mut self) {
        let Ok(entries) = std::fs::read_dir(&self.on_disk) else { return };
        let mut files: Vec<String> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.ends_with(".svg") && !self.read.contains_key(*file)) {
            let mut about = Report::new(&self.folder.join(file), "");
            about.warning(
                0,
                "picture-unused",
                "Hình này chưa dùng ở đâu.",
                "Gọi hình trong bài, hoặc xóa tệp.",
            );
            self.findings.extend(about.into_findings());
        }
    }

    /// Returns what was found in the drawings.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

fn is_plain_name(file: &str) -> bool {
    file.strip_suffix(".svg").is_some_and(|stem| {
        !stem.is_empty() && stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    })
}
