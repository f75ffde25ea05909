//! Which column is what: read from the header, wherever it stands among the first rows, with or without diacritics.

use domain::text::fold;

use super::UnreadableFile;
use super::read::Row;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The learner's code.
    Code,
    /// The whole name.
    Name,
    /// Family and middle name, where the given name has its own column.
    FamilyName,
    /// The given name.
    GivenName,
    /// Birth year or birthday.
    Birth,
    /// The province.
    Province,
    /// The district, in lists from before July 2025.
    District,
    /// The commune.
    Commune,
    /// The commune's official code of today.
    CommuneCode,
    /// The hamlet.
    Hamlet,
    /// The classes.
    Class,
    /// The group.
    Group,
    /// The telephone number.
    Phone,
    /// What support is asked for.
    Needs,
}

impl Column {
    /// Returns the stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Name => "name",
            Self::FamilyName => "family-name",
            Self::GivenName => "given-name",
            Self::Birth => "birth",
            Self::Province => "province",
            Self::District => "district",
            Self::Commune => "commune",
            Self::CommuneCode => "commune-code",
            Self::Hamlet => "hamlet",
            Self::Class => "class",
            Self::Group => "group",
            Self::Phone => "phone",
            Self::Needs => "needs",
        }
    }

    /// Returns what a header says, if it is one of ours.
    fn of(header: &str) -> Option<Self> {
        Some(match fold(header).as_str() {
            "ma hoc vien" | "ma nguoi hoc" | "ma hv" => Self::Code,
            "ho va ten" | "ho ten" | "ten hoc vien" | "ho ten hoc vien" | "ho va ten hoc vien"
            | "ho va ten hoc sinh" | "nguoi hoc" => Self::Name,
            "ho" | "ho dem" | "ho va dem" | "ho va ten dem" | "ho ten dem" => Self::FamilyName,
            "ten" => Self::GivenName,
            "nam sinh" | "ngay sinh" | "ngay thang nam sinh" | "sinh nam" | "ngay thang nam" | "ns" => {
                Self::Birth
            }
            "tinh" | "tinh thanh pho" | "tinh tp" | "tinh thanh" => Self::Province,
            "huyen" | "quan huyen" | "huyen thi xa" | "huyen tx tp" | "quan huyen thi xa" => Self::District,
            "xa" | "xa phuong" | "phuong xa" | "xa phuong dac khu" | "xa phuong thi tran" | "dia phuong" => {
                Self::Commune
            }
            "ma xa" | "ma xa phuong" | "ma don vi hanh chinh" | "ma dvhc" => Self::CommuneCode,
            "thon"
            | "ban"
            | "thon ban"
            | "thon to"
            | "thon xom"
            | "to dan pho"
            | "thon ban to dan pho"
            | "thon to dan pho"
            | "khu pho"
            | "ap" => Self::Hamlet,
            "lop" | "lop hoc" | "ten lop" => Self::Class,
            "nhom" | "doi tuong" | "nhom doi tuong" => Self::Group,
            "dien thoai" | "so dien thoai" | "sdt" | "dt" | "so dt" => Self::Phone,
            "can ho tro" | "ho tro" | "nhu cau ho tro" => Self::Needs,
            _ => return None,
        })
    }
}

/// The header of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// What each column holds; nothing for one that is not read.
    pub columns: Vec<Option<Column>>,
    /// Headers of columns that are not read, for the person to know.
    pub unread: Vec<String>,
    /// How many rows it takes up with what stands above it.
    pub rows: usize,
}

/// Titles, dates and signatures above a header.
const ROWS_ABOVE_MAX: usize = 15;

/// Returns the header.
///
/// # Errors
/// [`UnreadableFile::NoNames`] when none of the first rows names a column of names.
pub fn header(rows: &[Row]) -> Result<Header, UnreadableFile> {
    for (at, row) in rows.iter().take(ROWS_ABOVE_MAX).enumerate() {
        let mut columns: Vec<Option<Column>> = row.cells.iter().map(|cell| Column::of(cell)).collect();
        let has = |columns: &[Option<Column>], wanted| columns.contains(&Some(wanted));
        if has(&columns, Column::FamilyName) && !has(&columns, Column::GivenName) {
            // "Họ và tên đệm" is half a name; a lone "Họ" is a column of something else.
            continue;
        }
        if !has(&columns, Column::Name) && !has(&columns, Column::FamilyName) {
            // A lone "Tên" is the whole name, if another column shows that this is the header.
            let known = columns.iter().flatten().count();
            match columns.iter_mut().find(|column| **column == Some(Column::GivenName)) {
                Some(column) if known > 1 => *column = Some(Column::Name),
                _ => continue,
            }
        }
        let mut seen = Vec::new();
        for column in &mut columns {
            // The second of two columns with one meaning is not read.
            if let Some(known) = column
                && seen.contains(known)
            {
                *column = None;
            }
            seen.extend(*column);
        }
        let unread =
            row.cells.iter().zip(&columns).filter(|(cell, column)| column.is_none() && !cell.is_empty());
        let unread = unread
            .map(|(cell, _)| cell.clone())
            .filter(|cell| fold(cell) != "stt" && fold(cell) != "tt")
            .collect();
        return Ok(Header { columns, unread, rows: at + 1 });
    }
    Err(UnreadableFile::NoNames)
}
