//! The way back out: people as the rows that reading understands, so that a list taken out, edited and read in again
//! changes what was edited and nothing else.

use domain::ids::ClassId;
use domain::place::{Level, PlaceId};
use domain::scope::PlacePath;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::collections::BTreeMap;

use crate::store::Person;

/// Headers in their order. Names of columns are data here, in the language of the lists.
const HEADERS: [&str; 11] = [
    "Mã học viên",
    "Họ và tên",
    "Năm sinh",
    "Tỉnh/Thành phố",
    "Xã/Phường",
    "Mã xã",
    "Thôn/Bản",
    "Lớp",
    "Nhóm",
    "Điện thoại",
    "Cần hỗ trợ",
];

/// What stands in a list for an id.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Names of places.
    pub places: BTreeMap<PlaceId, String>,
    /// Names of classes.
    pub classes: BTreeMap<ClassId, String>,
}

/// Returns a list as CSV: UTF-8 with its mark and semicolons, as Vietnamese spreadsheets open it by a tap.
pub fn csv(people: &[Person], names: &Names) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer("\u{FEFF}".as_bytes().to_vec());
    let rows =
        std::iter::once(HEADERS.map(str::to_owned)).chain(people.iter().map(|person| row(person, names)));
    for row in rows {
        out.write_record(row.map(|cell| harmless(&cell))).expect("writing to memory, rows of one length");
    }
    out.into_inner().expect("writing to memory")
}

/// Returns a list as a spreadsheet. Every cell is text: codes and telephone numbers keep their zeros.
///
/// # Errors
/// When the spreadsheet cannot be put together.
pub fn xlsx(people: &[Person], names: &Names) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (bold, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    let sheet = workbook.add_worksheet();
    for (column, header) in (0..).zip(HEADERS) {
        sheet.write_string_with_format(0, column, header, &bold)?;
    }
    for (line, person) in (1..).zip(people) {
        for (column, cell) in (0..).zip(row(person, names)) {
            sheet.write_string_with_format(line, column, cell, &text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    workbook.save_to_buffer()
}

fn row(person: &Person, names: &Names) -> [String; 11] {
    let details = &person.details;
    let id = |level| unit(person.path.as_ref(), level);
    let name = |level| id(level).and_then(|id| names.places.get(&id).cloned()).unwrap_or_default();
    let classes: Vec<&str> =
        details.classes.iter().filter_map(|id| names.classes.get(id).map(String::as_str)).collect();
    let code = id(Level::Commune).map(|id| id.as_str().split('@').next().unwrap_or_default().to_owned());
    let needs: Vec<&str> = details.needs.iter().map(|need| need.vietnamese()).collect();
    [
        person.code.as_str().to_owned(),
        details.name.clone(),
        details.birth_year.map(|year| year.to_string()).unwrap_or_default(),
        name(Level::Province),
        name(Level::Commune),
        code.unwrap_or_default(),
        name(Level::Hamlet),
        classes.join("; "),
        details.group.map(|group| group.vietnamese().to_owned()).unwrap_or_default(),
        details.phone.as_ref().map(|phone| phone.national()).unwrap_or_default(),
        needs.join(", "),
    ]
}

fn unit(path: Option<&PlacePath>, level: Level) -> Option<PlaceId> {
    path?.ids().filter_map(|id| id.parse::<PlaceId>().ok()).find(|id| id.level() == Some(level))
}

/// Keeps a spreadsheet from reading a cell as a formula. Reading takes the sign away again.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell.to_owned() }
}
