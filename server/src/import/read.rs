//! A file to rows of text: CSV with whatever separator, or the first sheet of a spreadsheet that has rows.

use std::io::Cursor;

use calamine::{Data, Reader};
use domain::dated_fact::Day;

use super::encoding::{decode, tidy};
use super::{FILE_MAX_BYTES, ROWS_MAX, UnreadableFile};

/// One row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number as the spreadsheet shows it, from 1.
    pub line: u32,
    /// The cells' text, composed and tidied.
    pub cells: Vec<String>,
}

/// Rows before the header and empty ones do not count as people, hence some more than [`ROWS_MAX`].
const LINES_MAX: usize = ROWS_MAX + 100;

/// Cells of a row that are looked at.
const CELLS_MAX: usize = 60;

/// Returns the rows of a file that have text in them.
///
/// # Errors
/// [`UnreadableFile`].
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, UnreadableFile> {
    if bytes.len() > FILE_MAX_BYTES {
        return Err(UnreadableFile::TooLarge);
    }
    let is_workbook = bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    let mut rows = if is_workbook { read_workbook(bytes)? } else { read_text(&decode(bytes).0)? };
    rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    if rows.is_empty() {
        return Err(UnreadableFile::Empty);
    }
    if rows.len() > LINES_MAX {
        return Err(UnreadableFile::TooManyRows);
    }
    Ok(rows)
}

fn read_text(text: &str) -> Result<Vec<Row>, UnreadableFile> {
    // One kind of line end, so that lines are counted as spreadsheets number rows.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    // The sign whose number is highest in the first lines; names and addresses have few commas, lists many signs.
    let head: Vec<&str> = text.lines().take(10).collect();
    let count = |sign: &char| head.iter().map(|line| line.matches(*sign).count()).sum::<usize>();
    let separator = ['\t', ';', ','].into_iter().max_by_key(count).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| UnreadableFile::Damaged)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().take(CELLS_MAX).map(tidy).collect();
        rows.push(Row { line: u32::try_from(line).unwrap_or(u32::MAX), cells });
        if rows.len() > LINES_MAX * 2 {
            return Err(UnreadableFile::TooManyRows);
        }
    }
    Ok(rows)
}

fn read_workbook(bytes: &[u8]) -> Result<Vec<Row>, UnreadableFile> {
    refuse_bombs(bytes)?;
    let mut workbook =
        calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|_| UnreadableFile::Damaged)?;
    for name in workbook.sheet_names() {
        let sheet = workbook.worksheet_range(&name).map_err(|_| UnreadableFile::Damaged)?;
        let Some((first, _)) = sheet.start() else { continue };
        let rows: Vec<Row> = sheet
            .rows()
            .take(LINES_MAX * 2)
            .zip(first + 1..)
            .map(|(cells, line)| Row { line, cells: cells.iter().take(CELLS_MAX).map(cell_text).collect() })
            .collect();
        if rows.iter().any(|row| row.cells.iter().any(|cell| !cell.is_empty())) {
            return Ok(rows);
        }
    }
    Ok(Vec::new())
}

/// A workbook is an archive; what it says to unpack to must stay in proportion.
fn refuse_bombs(bytes: &[u8]) -> Result<(), UnreadableFile> {
    const UNPACKED_MAX_BYTES: u64 = 16 * FILE_MAX_BYTES as u64;
    /// An entry of the archive's directory: this mark, then the unpacked size at byte 24.
    const ENTRY: &[u8] = b"PK\x01\x02";
    let entries = bytes.windows(28).filter(|window| window.starts_with(ENTRY));
    let sizes =
        entries.map(|entry| u64::from(u32::from_le_bytes([entry[24], entry[25], entry[26], entry[27]])));
    if sizes.sum::<u64>() > UNPACKED_MAX_BYTES { Err(UnreadableFile::TooLarge) } else { Ok(()) }
}

/// Days from the spreadsheet's day 0 to 1 January 1970.
const SERIAL_OF_1970: i64 = 25_569;

fn cell_text(cell: &Data) -> String {
    match cell {
        Data::String(text) | Data::DateTimeIso(text) => tidy(text),
        #[expect(clippy::cast_possible_truncation, reason = "whole and small, by the test before")]
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => (*number as i64).to_string(),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        #[expect(clippy::cast_possible_truncation, reason = "a day's number is small")]
        Data::DateTime(moment) => {
            let day = moment.as_f64().floor() as i64;
            String::from(Day::from_epoch_days(day - SERIAL_OF_1970))
        }
        Data::DurationIso(_) | Data::Error(_) | Data::Empty => String::new(),
    }
}
