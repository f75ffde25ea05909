//! Files to rows and headers, whatever made them.

use std::collections::BTreeMap;

use domain::place::{Level, PlaceId};
use domain::scope::PlacePath;

use super::columns::{Column, header};
use super::places::{Gazetteer, PlaceProblem, RowPlace, settle_spellings};
use super::read::read;
use super::*;
use crate::store::Place;

fn cells(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
    read(bytes).unwrap().into_iter().map(|row| (row.line, row.cells)).collect()
}

#[test]
fn separators_quotes_and_empty_rows_are_understood() {
    let expected = vec![
        (1, vec!["Họ tên".to_owned(), "Ghi chú".to_owned()]),
        (3, vec!["Hồ Thị Lan".to_owned(), "thôn 1, xã 2".to_owned()]),
    ];
    for separator in [';', '\t', ','] {
        let text =
            format!("Họ tên{separator}Ghi chú\r\n{separator}\r\n Hồ  Thị Lan{separator}\"thôn 1, xã 2\"\r\n");
        assert_eq!(cells(text.as_bytes()), expected, "{separator:?}");
    }
}

#[test]
fn what_cannot_be_a_list_is_refused() {
    assert_eq!(read(b""), Err(UnreadableFile::Empty));
    assert_eq!(read(" ;;\n;\n".as_bytes()), Err(UnreadableFile::Empty));
    assert_eq!(read(b"PK\x03\x04 not a workbook"), Err(UnreadableFile::Damaged));
    assert_eq!(read(&vec![b'a'; FILE_MAX_BYTES + 1]), Err(UnreadableFile::TooLarge));
    let long = "Lan\n".repeat(ROWS_MAX + 200);
    assert_eq!(read(long.as_bytes()), Err(UnreadableFile::TooManyRows));
    // A workbook that says it unpacks to gigabytes.
    let mut bomb = b"PK\x03\x04".to_vec();
    for _ in 0..2 {
        bomb.extend_from_slice(b"PK\x01\x02");
        bomb.extend_from_slice(&[0; 20]);
        bomb.extend_from_slice(&u32::MAX.to_le_bytes());
    }
    assert_eq!(read(&bomb), Err(UnreadableFile::TooLarge));
}

#[test]
fn a_workbook_is_read_with_its_numbers_and_days() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet();
    let sheet = workbook.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_string(1, 0, "Họ và tên").unwrap();
    sheet.write_string(1, 1, "Ngày sinh").unwrap();
    sheet.write_string(1, 2, "SĐT").unwrap();
    sheet.write_string(2, 0, "Hồ Thi\u{323} Lan").unwrap();
    sheet.write_number_with_format(2, 1, 25_145.0, &day).unwrap();
    sheet.write_number(2, 2, 912_345_678.0).unwrap();
    sheet.write_number(3, 1, 1968.0).unwrap();
    let rows = cells(&workbook.save_to_buffer().unwrap());
    assert_eq!(rows[0].0, 2, "as the spreadsheet numbers its rows");
    assert_eq!(rows[1], (3, vec!["Hồ Thị Lan".into(), "1968-11-03".into(), "912345678".into()]));
    assert_eq!(rows[2].1[1], "1968");
}

#[test]
fn headers_are_found_below_titles_in_many_spellings() {
    let find = |text: &str| {
        let header = header(&read(text.as_bytes()).unwrap())?;
        let columns: Vec<_> = header.columns.iter().map(|column| column.map_or("", Column::code)).collect();
        Ok::<_, UnreadableFile>((header.rows, columns.join(" "), header.unread))
    };
    let found = |rows, columns: &str, unread: &[&str]| {
        Ok((rows, columns.to_owned(), unread.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()))
    };
    assert_eq!(find("STT,HO VA TEN,NAM SINH\n1,Lan,1968\n"), found(1, " name birth", &[]));
    assert_eq!(
        find("UBND XÃ,,\nDANH SÁCH,,\nTT,Họ và tên đệm,Tên,Xã (phường),Dân tộc\n"),
        found(3, " family-name given-name commune ", &["Dân tộc"])
    );
    assert_eq!(find("Tên;Năm sinh\n"), found(1, "name birth", &[]));
    assert_eq!(find("Họ tên;Họ tên\n"), found(1, "name ", &["Họ tên"]));
    assert_eq!(find("Tên\nLan\n"), Err(UnreadableFile::NoNames), "a lone word may be anything");
    assert_eq!(find("Lan;1968\nHoa;1970\n"), Err(UnreadableFile::NoNames));
}

fn gazetteer(default: Option<&str>) -> Gazetteer {
    let place = |path: &str, name: &str| {
        let path = PlacePath(path.into());
        let id: PlaceId = path.ids().next_back().unwrap().parse().unwrap();
        let is_old = id.as_str().ends_with("@0");
        let level = id.level().unwrap();
        Place { id, code: None, level, name: name.into(), path, valid_from: 0, valid_to: is_old.then_some(1) }
    };
    let id = |text: &str| text.parse::<PlaceId>().unwrap();
    let places = [
        place("vn/", "Việt Nam"),
        place("vn/44@20250701/", "Tỉnh Quảng Trị"),
        place("vn/46@20250701/", "Thành phố Huế"),
        place("vn/44@20250701/19919@20250701/", "Xã Tân Thành"),
        place("vn/46@20250701/19929@20250701/", "Xã Tân Thành"),
        place("vn/44@20250701/19939@20250701/", "Xã Mỹ Thủy"),
        place("vn/44@20250701/19949@20250701/", "Phường Đồng Hới"),
        place("vn/44@0/", "Tỉnh Quảng Bình"),
        place("vn/44@0/450@0/", "Thành phố Đồng Hới"),
        place("vn/44@0/452@0/", "Huyện Minh Hóa"),
        place("vn/44@0/450@0/18859@0/", "Phường Bắc Lý"),
        place("vn/44@0/452@0/18869@0/", "Xã Tân Thành"),
        place("vn/44@0/452@0/18879@0/", "Xã Chia"),
    ];
    assert!(places.iter().all(|place| place.level != Level::Hamlet));
    let successors = BTreeMap::from([
        (id("18859@0"), vec![id("19949@20250701")]),
        (id("18869@0"), vec![id("19939@20250701")]),
        (id("18879@0"), vec![id("19939@20250701"), id("19949@20250701")]),
    ]);
    Gazetteer::new(places, successors, default.map(id))
}

#[test]
fn places_are_found_by_names_of_today_and_of_before() {
    let known = |code: &str| Ok(Some(RowPlace::Known(format!("{code}@20250701").parse().unwrap())));
    for ([province, district, commune], code, expected) in [
        (["", "", "Mĩ Thuỷ"], "", known("19939")),
        (["QUANG TRI", "", "xa my thuy"], "", known("19939")),
        (["Huế", "", "Mỹ Thủy"], "", Err(PlaceProblem::Unknown)),
        (["", "", "Tân Thành"], "", Err(PlaceProblem::Ambiguous)),
        (["Tỉnh Quảng Trị", "", "Tân Thành"], "", known("19919")),
        (["TP Huế", "", "X. Tân Thành"], "", known("19929")),
        // A district shows an old list: another commune of the same name.
        (["Quảng Bình", "Minh Hóa", "Tân Thành"], "", known("19939")),
        (["", "TP Đồng Hới", "P. Bắc Lý"], "", known("19949")),
        (["", "", "Bắc Lí"], "", known("19949")),
        (["", "", "Chia"], "", Err(PlaceProblem::Divided)),
        (["", "", "Không Có"], "", Err(PlaceProblem::Unknown)),
        (["", "", ""], "19949", known("19949")),
        (["", "", "Tân Thành"], "19929", known("19929")),
        (["", "", ""], "18859", Err(PlaceProblem::Unknown)),
        (["", "", ""], "", Ok(None)),
        (["Quảng Trị", "", ""], "", Err(PlaceProblem::Missing)),
    ] {
        let found = gazetteer(None).find([province, district, commune, ""], code);
        assert_eq!(found, expected, "{province:?} {district:?} {commune:?} {code:?}");
    }
    assert_eq!(gazetteer(Some("19939@20250701")).find(["", "", "", ""], ""), known("19939"));
    let hamlet = gazetteer(Some("19939@20250701")).find(["", "", "", "Thôn  Hạ"], "");
    let commune: PlaceId = "19939@20250701".parse().unwrap();
    assert_eq!(hamlet, Ok(Some(RowPlace::NewHamlet { commune, name: "Thôn Hạ".into() })));
}

#[test]
fn hamlets_spelled_in_many_ways_are_added_once() {
    let commune: PlaceId = "19939@20250701".parse().unwrap();
    let mut spelled: Vec<RowPlace> =
        ["Xuân Tiến", "Thôn Xuân Tiến", "t. xuân tiến", "TDP 1", "Thôn 1", "1", "tdp 01"]
            .map(|name| RowPlace::NewHamlet { commune: commune.clone(), name: name.into() })
            .into();
    settle_spellings(&mut spelled);
    let settled: Vec<&str> = spelled
        .iter()
        .map(|place| match place {
            RowPlace::NewHamlet { name, .. } => name.as_str(),
            RowPlace::Known(_) => "",
        })
        .collect();
    assert_eq!(
        settled,
        ["Thôn Xuân Tiến", "Thôn Xuân Tiến", "Thôn Xuân Tiến", "TDP 1", "Thôn 1", "1", "TDP 1"],
        "a name without a kind joins the one it can only mean"
    );
}

#[test]
fn refusals_have_names() {
    let all = [
        UnreadableFile::TooLarge,
        UnreadableFile::TooManyRows,
        UnreadableFile::Empty,
        UnreadableFile::Damaged,
        UnreadableFile::NoNames,
    ];
    let codes: std::collections::BTreeSet<_> = all.iter().map(|one| one.code()).collect();
    assert_eq!(codes.len(), all.len());
}
