//! Lists read in, shown, written, taken back and taken out, on both databases: from bytes of files to rows of tables.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::StaffId;
use domain::person::{Group, Phone, SupportNeed};
use domain::scope::PlacePath;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

use super::*;
use crate::import::check::ProblemKind;
use crate::import::plan::RowPlan;
use crate::secret::Secrets;
use crate::store::people_for_tests::{
    FAR, HAMLET, HERE, NEXT, a_person, add as add_stored, at, person_id, scope,
};
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::store::{Append, NewEvent, PeopleQuery, WhyLeft, people_for_tests};

mod change;
mod classes;

on_both_databases!(
    a_messy_list_is_shown_row_by_row,
    what_was_shown_is_written_and_taken_back,
    a_batch_is_taken_back_as_far_as_nothing_happened_since,
    a_list_never_reaches_beyond_the_scope,
    one_list_sent_many_times_at_once_adds_its_people_once,
    lists_of_two_communes_at_once_are_both_written,
    a_list_read_in_again_changes_nothing,
    what_is_taken_out_and_read_in_changes_nothing,
);

const NOW_MS: i64 = crate::test_app::NOON_MS;

struct Desk {
    random: Random,
    scope: Scope,
}

impl Desk {
    fn at(path: &str) -> Self {
        Self { random: Random::seeded(1), scope: scope(path) }
    }

    fn acting<'a>(&'a self, store: &'a Store) -> Acting<'a> {
        let staff = StaffId(Uuid::from_u128(0x7001));
        Acting { store, random: &self.random, scope: &self.scope, staff, now_ms: NOW_MS }
    }
}

/// The small country of the store's tests, and an account of the one who acts, to which the log refers.
async fn a_small_country(store: &Store) {
    people_for_tests::a_small_country(store).await;
    let desk = Desk::at(HERE);
    people_for_tests::an_account(store, desk.acting(store).staff).await;
}

fn refused<T: std::fmt::Debug>(result: Result<T, PeopleError>) -> PeopleRefusal {
    match result {
        Err(PeopleError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// A list as a commune sends it: a title, a header of its own making, an old commune, a sum at the end.
const MESSY: &str = "DANH SÁCH HỌC VIÊN LỚP BÌNH DÂN HỌC VỤ SỐ;;;;;;;\n\
;;;;;;;\n\
STT;HỌ VÀ TÊN;Ngày sinh;Xã/Phường;Thôn/Tổ;SĐT;Đối tượng;Ghi chú\n\
1;Hồ  Thị Lan;3/11/1968;Phường Đồng Thuận;TDP 1;0912.345.678;Người dân;\n\
2;Nguyễn Văn Hùng;1975;P. Bắc Lý;;912345679;CBCCVC;mới chuyển đến\n\
3;NguyÔn V¨n Nam;1980;;;;;\n\
4;Trần Thị Mỹ;1/13/1980;;;12345;Hưu trí;\n\
5;;1990;;;;;\n\
6;Lê Văn Tám;1985;Phường Đồng Sơn;;;;\n\
7;Hồ Thị Lan;1968;Đồng Thuận;TDP 1;0912345678;;\n\
8;Đặng Ngọc Ánh;2001;;Tổ dân phố 9;;hssv;\n\
9;Vũ Thị Chia;1950;Phường Bị Chia;;;;\n\
;Tổng cộng: 9;;;;;;\n";

async fn a_messy_list_is_shown_row_by_row(db: TestDatabase) {
    a_small_country(&db.store).await;
    let desk = Desk::at(HERE);
    let commune = at(HERE);
    let shown = preview(desk.acting(&db.store), MESSY.as_bytes(), Some(&commune)).await.unwrap();
    let said: Vec<(u32, String)> = shown
        .rows
        .iter()
        .map(|row| {
            let plan = match &row.plan {
                RowPlan::New => "new".to_owned(),
                RowPlan::Problems(problems) => {
                    let say = |problem: &crate::import::check::Problem| {
                        format!("{} {:?} {}", problem.column.code(), problem.value, problem.kind.code())
                    };
                    problems.iter().map(say).collect::<Vec<_>>().join(", ")
                }
                other => format!("{other:?}"),
            };
            (row.line, plan)
        })
        .collect();
    let expected = [
        (4, "new"),
        (5, "new"),
        (6, "name \"NguyÔn V¨n Nam\" text-tcvn3"),
        (
            7,
            "birth \"1/13/1980\" birth-unreadable, phone \"12345\" phone-invalid, group \"Hưu trí\" group-unknown",
        ),
        (8, "name \"\" name-missing"),
        (9, "commune \"Phường Đồng Sơn\" place-unknown"),
        (10, "name \"Hồ Thị Lan\" row-repeated"),
        (11, "new"),
        (12, "commune \"Phường Bị Chia\" place-divided"),
    ];
    assert_eq!(said, expected.map(|(line, plan)| (line, plan.to_owned())));
    assert_eq!(shown.unread, ["Ghi chú"]);
    assert_eq!(shown.hamlets, [(commune, "Tổ dân phố 9".to_owned())]);
    assert_eq!(shown.counts(), Counts { new: 3, problems: 6, ..Counts::default() });
    let repeated = shown.rows.iter().find(|row| row.line == 10).unwrap();
    let RowPlan::Problems(problems) = &repeated.plan else { panic!("{repeated:?}") };
    assert_eq!(problems[0].kind, ProblemKind::Repeated { line: 4 });
    assert_eq!(everybody(&db.store).await, [], "showing writes nothing");
}

async fn everybody(store: &Store) -> Vec<Person> {
    store.people(&Scope::All, &PeopleQuery::default(), None, 1000).await.unwrap().people
}

fn by_name(people: Vec<Person>) -> BTreeMap<String, Person> {
    people.into_iter().map(|person| (person.details.name.clone(), person)).collect()
}

async fn what_was_shown_is_written_and_taken_back(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let desk = Desk::at(HERE);
    let commune = at(HERE);
    let acting = desk.acting(store);
    let shown = preview(acting, MESSY.as_bytes(), Some(&commune)).await.unwrap();
    let other = apply(acting, MESSY.as_bytes(), Some(&commune), "something else").await;
    assert_eq!(refused(other), PeopleRefusal::LookAgain);
    let applied = apply(acting, MESSY.as_bytes(), Some(&commune), &shown.fingerprint).await.unwrap();
    assert_eq!(applied, Applied { batch: Some(1), counts: shown.counts() });
    let people = by_name(everybody(store).await);
    assert_eq!(people.keys().collect::<Vec<_>>(), ["Hồ Thị Lan", "Nguyễn Văn Hùng", "Đặng Ngọc Ánh"]);
    let lan = &people["Hồ Thị Lan"];
    assert_eq!((lan.details.birth_year, lan.details.place.as_ref()), (Some(1968), Some(&at(HAMLET))));
    assert_eq!(lan.details.phone.as_ref().map(Phone::as_str), Some("+84912345678"));
    let hung = &people["Nguyễn Văn Hùng"].details;
    assert_eq!((hung.place.as_ref(), hung.group), (Some(&commune), Some(Group::PublicEmployee)));
    let anh = &people["Đặng Ngọc Ánh"];
    let below = store.places_below(&commune, acting.today()).await.unwrap();
    let added = below.iter().find(|place| place.name == "Tổ dân phố 9").unwrap();
    assert_eq!(anh.details.place.as_ref(), Some(&added.id));

    // A second list corrects one person by her code, and says nothing of the others.
    let list = format!("Mã học viên\tHọ tên\tNăm sinh\n{}\tHồ Thị Lân\t\n", lan.code.grouped());
    let shown = preview(acting, list.as_bytes(), Some(&commune)).await.unwrap();
    assert_eq!(shown.counts(), Counts { changed: 1, ..Counts::default() });
    let applied = apply(acting, list.as_bytes(), Some(&commune), &shown.fingerprint).await.unwrap();
    assert_eq!(applied.batch, Some(2));
    let people = by_name(everybody(store).await);
    assert_eq!(people.len(), 3, "nobody goes for being absent");
    let lan = &people["Hồ Thị Lân"].details;
    assert_eq!(
        (lan.birth_year, lan.place.as_ref()),
        (Some(1968), Some(&at(HAMLET))),
        "empty cells take nothing away"
    );

    let batches = store.batches(None, 10).await.unwrap();
    assert_eq!(batches.iter().map(|batch| (batch.number, batch.rows)).collect::<Vec<_>>(), [(2, 1), (1, 3)]);
    let undone = undo(acting, 2).await.unwrap();
    assert_eq!((undone.removed, undone.restored, undone.left), (0, 1, vec![]));
    assert!(by_name(everybody(store).await).contains_key("Hồ Thị Lan"));
    assert_eq!(refused(undo(acting, 2).await), PeopleRefusal::NotFound, "once is enough");
    let undone = undo(acting, 1).await.unwrap();
    assert_eq!((undone.removed, undone.restored, undone.left), (3, 0, vec![]));
    assert_eq!(everybody(store).await, []);
    let batches = store.batches(Some(acting.staff), 1).await.unwrap();
    assert_eq!(batches[0].undone, Some((acting.staff, NOW_MS)));
}

async fn a_batch_is_taken_back_as_far_as_nothing_happened_since(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let desk = Desk::at(HERE);
    let acting = desk.acting(store);
    let commune = at(HERE);
    let list = "Họ tên,Năm sinh\nA Học,1950\nA Sửa,1951\nA Gộp,1952\nA Mở,1953\nA Yên,1954\nA Gộp,\n";
    let shown = preview(acting, list.as_bytes(), Some(&commune)).await.unwrap();
    apply(acting, list.as_bytes(), Some(&commune), &shown.fingerprint).await.unwrap();
    let people = everybody(store).await;
    let find = |name: &str, year: Option<u16>| {
        people.iter().find(|person| person.details.name == name && person.details.birth_year == year).unwrap()
    };
    let (learned, corrected, opened) =
        (find("A Học", Some(1950)), find("A Sửa", Some(1951)), find("A Mở", Some(1953)));
    let merged = (find("A Gộp", Some(1952)), find("A Gộp", None));
    // One learns on a phone.
    let device = domain::ids::DeviceId(Uuid::from_u128(0xd001));
    assert!(store.link_device(device, "token", opened.id, 5).await.unwrap());
    let fact = domain::event::Event {
        id: domain::ids::EventId(Uuid::from_u128(0xe001)),
        v: domain::event::EVENT_VERSION,
        learner: learned.id,
        device,
        seq: 1,
        at_ms: 0,
        mono_ms: 0,
        actor: None,
        content: Some("00ff".parse().unwrap()),
        kind: domain::event::EventKind::LessonFinished { lesson: "6.1".parse().unwrap() },
    };
    let fact = NewEvent { json: fact.canonical_json(), event: fact, verdict: None };
    store.append(device, &Append { events: vec![fact], aside: vec![] }, 7).await.unwrap();
    let details = Details { birth_year: Some(1955), ..corrected.details.clone() };
    correct(acting, (corrected.id, corrected.version), details).await.unwrap();
    assert_eq!(likely_duplicates(acting, None, 9).await.unwrap().pairs.len(), 1);
    merge(acting, merged.0.id, merged.1.id).await.unwrap();

    let undone = undo(acting, 1).await.unwrap();
    assert_eq!((undone.removed, undone.restored), (1, 0));
    let mut left = undone.left;
    left.sort_by_key(|(line, ..)| *line);
    assert_eq!(
        left,
        [
            (2, learned.id, WhyLeft::HasFacts),
            (3, corrected.id, WhyLeft::ChangedSince),
            (4, merged.0.id, WhyLeft::DecidedSince),
            (5, opened.id, WhyLeft::HasFacts),
            (7, merged.1.id, WhyLeft::DecidedSince),
        ]
    );
    assert_eq!(everybody(store).await.len(), 4);
    assert_eq!(store.facts_of(learned.id).await.unwrap().len(), 3, "what was learned is there");
}

async fn one_list_sent_many_times_at_once_adds_its_people_once(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let list = "Họ tên,Năm sinh\nLê An,1950\nLê Bình,1951\n".as_bytes();
    let shown = preview(Desk::at(HERE).acting(store), list, Some(&at(HERE))).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for seed in 0..5 {
        let (store, fingerprint) = (store.clone(), shown.fingerprint.clone());
        tasks.spawn(async move {
            let desk = Desk { random: Random::seeded(1000 * seed), ..Desk::at(HERE) };
            match apply(desk.acting(&store), list, Some(&at(HERE)), &fingerprint).await {
                Ok(applied) => applied.batch.is_some(),
                Err(PeopleError::Refused(PeopleRefusal::LookAgain)) => false,
                Err(other) => panic!("{other}"),
            }
        });
    }
    let written = tasks.join_all().await;
    assert_eq!(written.iter().filter(|written| **written).count(), 1);
    assert_eq!(everybody(store).await.len(), 2);
    assert_eq!(store.batches(None, 9).await.unwrap().len(), 1);
}

async fn lists_of_two_communes_at_once_are_both_written(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let list = "Họ tên,Năm sinh\nLê An,1950\nLê Bình,1951\n".as_bytes();
    let mut tasks = tokio::task::JoinSet::new();
    for (seed, place) in [(1, HERE), (2, NEXT)] {
        let store = store.clone();
        tasks.spawn(async move {
            let desk = Desk { random: Random::seeded(1000 * seed), ..Desk::at(place) };
            let shown = preview(desk.acting(&store), list, Some(&at(place))).await.unwrap();
            apply(desk.acting(&store), list, Some(&at(place)), &shown.fingerprint)
                .await
                .unwrap()
                .batch
                .unwrap()
        });
    }
    let mut numbers = tasks.join_all().await;
    numbers.sort();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(everybody(store).await.len(), 4);
}

async fn a_list_never_reaches_beyond_the_scope(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let stranger = add_stored(store, &a_person(1, "Hồ Thị Lan", Some(NEXT))).await;
    let desk = Desk::at(HERE);
    let acting = desk.acting(store);
    assert_eq!(refused(preview(acting, b"Ho ten\nLan\n", Some(&at(NEXT))).await), PeopleRefusal::NoPlace);
    assert_eq!(
        refused(preview(acting, b"Ho ten\nLan\n", Some(&at("vn/44@0/450@0/18859@0/"))).await),
        PeopleRefusal::NoPlace
    );
    let list = format!(
        "Mã học viên;Họ tên;Mã xã\n{};Hồ Thị Lân;\n;Lê An;18871\n;Lê Ân;19753\n",
        stranger.code.as_str()
    );
    let shown = preview(acting, list.as_bytes(), Some(&at(HERE))).await.unwrap();
    let codes: Vec<&str> = shown
        .rows
        .iter()
        .filter_map(|row| match &row.plan {
            RowPlan::Problems(problems) => Some(problems[0].kind.code()),
            _ => None,
        })
        .collect();
    assert_eq!(
        codes,
        ["code-unknown", "place-unknown", "place-unknown"],
        "the same as for what is not there"
    );
    let batch = {
        let other = Desk::at(NEXT);
        let list = "Họ tên\nLê Bình\n".as_bytes();
        let shown = preview(other.acting(store), list, Some(&at(NEXT))).await.unwrap();
        apply(other.acting(store), list, Some(&at(NEXT)), &shown.fingerprint).await.unwrap().batch.unwrap()
    };
    assert_eq!(refused(undo(acting, batch).await), PeopleRefusal::NotFound);
    assert_eq!(everybody(store).await.len(), 2);
    // The same name elsewhere is somebody else: no look-alike across the border.
    let shown = preview(acting, "Họ tên\nHồ Thị Lan\n".as_bytes(), Some(&at(HERE))).await.unwrap();
    assert_eq!(shown.rows[0].plan, RowPlan::New);
}

async fn a_list_read_in_again_changes_nothing(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let desk = Desk::at("vn/44@20250701/");
    let acting = desk.acting(store);
    let list = "Họ đệm;Tên;Năm sinh;Quận/Huyện;Xã\n\
                Hồ Thị;Lan;1968;TP Đồng Hới;Bắc Lý\n\
                Hồ Thị;Lan;;;Phường Đồng Sơn\n\
                Hồ Thị;Lân;1968;;Đồng Thuận\n";
    for (name, bytes) in [
        ("as it is", list.as_bytes().to_vec()),
        (
            "UTF-16",
            [&[0xFF, 0xFE][..], &list.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat(),
        ),
        (
            "decomposed",
            unicode_normalization::UnicodeNormalization::nfd(list).collect::<String>().into_bytes(),
        ),
        ("tabs", list.replace(';', "\t").into_bytes()),
        ("commas", list.replace(';', ",").into_bytes()),
        (
            "without diacritics in the header",
            list.replace("Họ đệm", "Ho dem").replace("Năm", "Nam").into_bytes(),
        ),
    ] {
        let shown = preview(acting, &bytes, None).await.unwrap();
        let applied = apply(acting, &bytes, None, &shown.fingerprint).await.unwrap();
        let counts = applied.counts;
        if name == "as it is" {
            assert_eq!((counts.new, counts.problems), (3, 0), "{shown:?}");
        } else {
            assert_eq!((counts, applied.batch), (Counts { same: 3, ..Counts::default() }, None), "{name}");
        }
    }
    // Somebody who looks like one of them is added and put on the list of pairs: a list merges nobody.
    let alike = "Họ tên;Năm sinh;Xã\nHO THI LAN;1968;Đồng Thuận\n".as_bytes();
    let shown = preview(acting, alike, None).await.unwrap();
    assert_eq!(shown.counts(), Counts { new: 1, look_alike: 1, ..Counts::default() });
    apply(acting, alike, None, &shown.fingerprint).await.unwrap();
    assert_eq!(
        likely_duplicates(acting, None, 9).await.unwrap().pairs.len(),
        3,
        "Lan, Lân and LAN, each with each"
    );
}

/// Whatever people there are: their list, in either kind of file, read in again, finds every one unchanged.
async fn what_is_taken_out_and_read_in_changes_nothing(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let classes = [
        people_for_tests::a_class(store, 1, HERE).await,
        people_for_tests::a_class(store, 2, FAR).await,
        people_for_tests::a_class(store, 3, HAMLET).await,
    ];
    let close = async |closed_ms| {
        let entry = people_for_tests::an_entry();
        store.close_class(&Scope::All, classes[1], closed_ms, &entry).await.unwrap();
    };
    let words = [
        "Nguyễn", "Hồ", "Đặng", "Thị", "Lan", "Ỷ", "O'Brien", "(Bé)", "=Tổng", "-An", "Krông,", "Mlô;",
        "\"Ba\"",
    ];
    let person = (
        prop::collection::vec(prop::sample::select(words.to_vec()), 1..5),
        prop::option::of(1900_u16..=2026),
        prop::sample::select(vec![None, Some(HERE), Some(NEXT), Some(FAR), Some(HAMLET)]),
        prop::option::of(prop::sample::select(Group::ALL.to_vec())),
        prop::option::of((prop::sample::select(vec!["3", "5", "7", "8", "9"]), 0_u32..100_000_000)),
        prop::sample::subsequence(SupportNeed::ALL.to_vec(), 0..=3),
        prop::sample::subsequence(classes.to_vec(), 0..=3),
    );
    let runtime = tokio::runtime::Handle::current();
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let number = std::cell::Cell::new(0_u64);
    tokio::task::block_in_place(|| {
        runner
            .run(&prop::collection::vec(person, 1..8), |people| {
                runtime.block_on(close(None));
                for (words, birth_year, place, group, phone, needs, classes) in people {
                    let name = words.join(" ");
                    prop_assume!(check_name(&name).is_ok());
                    number.set(number.get() + 1);
                    let mut new = a_person(number.get(), &name, place);
                    new.details.birth_year = birth_year;
                    new.details.group = group;
                    new.details.phone =
                        phone.map(|(first, rest)| format!("0{first}{rest:08}").parse().unwrap());
                    new.details.needs = needs;
                    new.details.classes = classes;
                    runtime.block_on(add_stored(store, &new));
                }
                // A closed class still stands in the file, and whoever is in it stays.
                runtime.block_on(close(Some(5)));
                let desk = Desk { random: Random::seeded(1), scope: Scope::All };
                let acting = desk.acting(store);
                for format in [ExportFormat::Csv, ExportFormat::Xlsx] {
                    let file = runtime.block_on(export(acting, &PeopleQuery::default(), format)).unwrap();
                    let shown = runtime.block_on(preview(acting, &file, None)).unwrap();
                    let all = usize::try_from(number.get()).unwrap();
                    prop_assert_eq!(
                        shown.counts(),
                        Counts { same: all, ..Counts::default() },
                        "{:?}",
                        shown.rows
                    );
                    prop_assert_eq!(shown.unread.len(), 0);
                }
                Ok(())
            })
            .unwrap();
    });
}
