//! Numbered folders: `06-chong-lua-dao` is number 6, address `chong-lua-dao`.

use std::path::{Path, PathBuf};

use domain::ids::Slug;

use super::reader::Reader;

/// A folder of a course or a lesson.
pub(super) struct Numbered {
    pub(super) number: u32,
    pub(super) slug: Slug,
    /// Relative to the content folder.
    pub(super) path: PathBuf,
}

/// Returns the numbered folders within `parent`, sorted by their numbers. Files and hidden folders are passed over; any
/// other folder is an error, so that a misspelt name does not make a lesson vanish.
pub(super) fn numbered(reader: &mut Reader, parent: &Path) -> Vec<Numbered> {
    let entries = match std::fs::read_dir(reader.on_disk(parent)) {
        Ok(entries) => entries,
        Err(error) => {
            let place = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            let message = format!("Máy không đọc được thư mục ({error}).");
            reader.error(place, 1, "cannot-read", message, "Xem lại đường dẫn và quyền đọc thư mục.");
            return Vec::new();
        }
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    let mut folders: Vec<Numbered> = Vec::new();
    for name in names {
        let path = parent.join(&name);
        let Some((number, slug)) = take_apart(&name) else {
            let message = "Tên thư mục chưa đúng kiểu.";
            let advice = "Đặt tên như 03-otp-khong-doc: số thứ tự, gạch nối, chữ thường không dấu.";
            reader.error(&path, 1, "folder-name", message, advice);
            continue;
        };
        if folders.iter().any(|other| other.number == number) {
            let message = format!("Số thứ tự {number} đã có thư mục khác dùng.");
            reader.error(&path, 1, "folder-number", message, "Đổi số thứ tự của một trong hai.");
        }
        if folders.iter().any(|other| other.slug == slug) {
            let message = format!("Tên \"{slug}\" đã có thư mục khác dùng.");
            reader.error(&path, 1, "folder-slug", message, "Đổi phần chữ trong tên của một trong hai.");
        }
        folders.push(Numbered { number, slug, path });
    }
    folders.sort_by_key(|folder| folder.number);
    folders
}

fn take_apart(name: &str) -> Option<(u32, Slug)> {
    let (number, slug) = name.split_once('-')?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let number = number.parse().ok().filter(|_| is_number)?;
    let slug = slug.parse().ok().filter(|_| !slug.starts_with(['-', '.']))?;
    Some((number, slug))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_number_and_address_apart() {
        let (number, slug) = take_apart("06-chong-lua-dao").unwrap();
        assert_eq!((number, slug.as_str()), (6, "chong-lua-dao"));
        for bad in
            ["chong-lua-dao", "06", "06-", "6a-b", "+6-b", "06-Chống", "06--b", "06-..", "99999999999-a"]
        {
            assert!(take_apart(bad).is_none(), "{bad}");
        }
    }
}
