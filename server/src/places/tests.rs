//! What the lists hold, and that it arrives in both databases. The figures are those of the official lists and of the
//! province that gave the platform its first people.

use std::collections::{BTreeMap, BTreeSet};

use domain::place::compare_key;
use domain::sort_key::sort_key;

use super::*;
use crate::store::HamletOutcome;
use crate::store::people_for_tests::an_entry;
use crate::store::test_database::{TestDatabase, on_both_databases};

on_both_databases!(
    an_edition_is_written_once,
    units_are_found_as_people_type_them,
    children_come_in_vietnamese_order_and_by_day,
    what_followed_what,
    hamlets_are_added_below_communes,
    hamlets_are_renamed_closed_and_removed,
    a_place_opens_with_what_lies_in_it,
    two_who_add_one_hamlet_at_once,
);

const TODAY: i64 = 20_261_125;
const EARLIER: i64 = 20_250_509;

fn count(edition: &PlaceEdition, valid_from: i64, level: Level) -> usize {
    edition.places.iter().filter(|place| place.valid_from == valid_from && place.level == level).count()
}

fn id(text: &str) -> PlaceId {
    text.parse().unwrap()
}

#[test]
fn the_lists_have_the_official_numbers_of_units() {
    let edition = edition();
    assert_eq!(count(&edition, NOW_FROM, Level::Province), 34);
    assert_eq!(count(&edition, NOW_FROM, Level::Commune), 3321);
    assert_eq!(count(&edition, BEFORE_FROM, Level::Province), 63);
    assert_eq!(count(&edition, BEFORE_FROM, Level::District), 696);
    assert_eq!(count(&edition, BEFORE_FROM, Level::Commune), 10_035);
    let kinds = |kind: &str| {
        let now = edition.places.iter().filter(|place| place.valid_from == NOW_FROM);
        now.filter(|place| place.level == Level::Commune && place.name.starts_with(kind)).count()
    };
    assert_eq!((kinds("Phường "), kinds("Xã "), kinds("Đặc khu ")), (697, 2611, 13));
    for list in [BEFORE, NOW, SUCCESSORS].map(unpacked) {
        assert!(!list.contains('"') && list.lines().all(|line| line.matches(',').count() == 2));
    }
}

#[test]
fn old_quang_binh_had_154_units_and_became_41_of_one_new_province() {
    let edition = edition();
    let old = |level| {
        let within = PlacePath("vn/44@0/".into());
        let units = edition.places.iter().filter(move |place| within.contains(&place.path));
        units.filter(move |place| place.level == level).collect::<Vec<_>>()
    };
    let (districts, communes) = (old(Level::District), old(Level::Commune));
    assert_eq!((old(Level::Province).len(), districts.len(), communes.len()), (1, 8, 145));
    assert_eq!(old(Level::Province)[0].name, "Tỉnh Quảng Bình");
    let kinds = |kind: &str| communes.iter().filter(|place| place.name.starts_with(kind)).count();
    assert_eq!((kinds("Phường "), kinds("Thị trấn "), kinds("Xã ")), (15, 8, 122));

    let mut new: BTreeMap<&PlaceId, BTreeSet<&PlaceId>> = BTreeMap::new();
    for (from, to, _) in &edition.successors {
        if let Some(place) = communes.iter().find(|place| place.id == *from) {
            new.entry(&place.id).or_default().insert(to);
        }
    }
    assert_eq!(new.len(), 145, "every one was followed");
    assert!(new.values().all(|units| units.len() == 1), "none was divided");
    let by_district = |code: &str| {
        let district = PlacePath(format!("vn/44@0/{code}@0/"));
        let old = communes.iter().filter(|place| district.contains(&place.path)).collect::<Vec<_>>();
        let units: BTreeSet<&PlaceId> = old.iter().flat_map(|place| new[&place.id].clone()).collect();
        (old.len(), units.len())
    };
    let expected = [(15, 3), (13, 5), (19, 6), (16, 5), (26, 7), (14, 4), (26, 7), (16, 4)];
    for (code, expected) in ["450", "452", "453", "454", "455", "456", "457", "458"].into_iter().zip(expected)
    {
        assert_eq!(by_district(code), expected, "district {code}");
    }
    let today: BTreeSet<&PlaceId> = new.values().flatten().copied().collect();
    assert_eq!(today.len(), 41);
    let name = |id: &PlaceId| &edition.places.iter().find(|place| place.id == *id).unwrap().name;
    assert!(today.iter().all(|id| id.as_str().ends_with("@20250701")));
    assert_eq!(today.iter().filter(|id| name(id).starts_with("Phường ")).count(), 5);

    // All 41 codes were codes of communes there before, 34 of them of another name.
    let before: BTreeMap<&str, &str> =
        communes.iter().filter_map(|place| Some((place.code.as_deref()?, place.name.as_str()))).collect();
    let same: Vec<&str> = today
        .iter()
        .map(|id| id.as_str().split('@').next().unwrap())
        .filter(|code| before[code] == name(&PlaceId::official(code, NOW_FROM)))
        .collect();
    assert_eq!(same, ["18871", "18904", "18919", "19009", "19126", "19147", "19204"]);
    let quang_tri = edition.places.iter().filter(|place| place.path.as_str().starts_with("vn/44@20250701/"));
    assert_eq!(quang_tri.count(), 1 + 78);
}

#[test]
fn ten_communes_of_dong_nai_are_wards_since_it_is_a_city() {
    let edition = edition();
    let name = |id: &str| edition.places.iter().find(|place| place.id.as_str() == id).unwrap().name.as_str();
    assert_eq!(name("75@20250701"), "Thành phố Đồng Nai");
    assert_eq!(renamed(&id("75@20250701")), Some(("Tỉnh Đồng Nai", 20_260_429)));
    assert_eq!(renamed(&id("26248@20250701")), Some(("Xã Trảng Bom", 20_260_429)));
    assert_eq!((renamed(&id("75@0")), renamed(&id("44@20250701"))), (None, None));
    let changed: Vec<[String; 3]> = rows(RENAMED).collect();
    assert_eq!(changed.len(), 1 + 10);
    let now = unpacked(NOW);
    for [code, new, before] in &changed {
        let id = PlaceId::official(code, NOW_FROM);
        let place = edition.places.iter().find(|place| place.id == id).unwrap();
        assert!(place.path.as_str().starts_with("vn/75@20250701/"), "{code}");
        assert!(now.contains(&format!("\n{code},{before},")), "the list of July 2025 has {before}");
        assert_eq!(place.name, *new);
        let kinds = [new, before].map(|name| name.split(' ').next().unwrap());
        assert!(kinds == ["Phường", "Xã"] || kinds == ["Thành", "Tỉnh"], "{code}");
    }
}

#[test]
fn every_commune_of_before_was_followed_and_every_one_of_today_followed_something() {
    let edition = edition();
    let main: BTreeMap<&PlaceId, usize> =
        edition.successors.iter().fold(BTreeMap::new(), |mut sums, (old, _, main)| {
            *sums.entry(old).or_default() += usize::from(*main);
            sums
        });
    assert!(main.values().all(|mains| *mains == 1), "one holds most of it");
    assert_eq!(main.len(), 10_035 + 5, "and the five island districts");
    let followed: BTreeSet<&PlaceId> = edition.successors.iter().map(|(_, new, _)| new).collect();
    assert_eq!(followed.len(), 3321);
    let ids: BTreeSet<&PlaceId> = edition.places.iter().map(|place| &place.id).collect();
    assert_eq!(ids.len(), edition.places.len());
    assert!(edition.successors.iter().all(|(old, new, _)| ids.contains(old) && ids.contains(new)));
}

async fn an_edition_is_written_once(db: TestDatabase) {
    assert!(import(&db.store, 5).await.unwrap());
    assert!(!import(&db.store, 6).await.unwrap());
    assert!(!import(&db.second_server().await, 7).await.unwrap());
}

async fn units_are_found_as_people_type_them(db: TestDatabase) {
    import(&db.store, 5).await.unwrap();
    let find = async |typed: &str, day| {
        let found = db.store.search_places(typed, &[PlacePath("vn/".into())], day, 20).await.unwrap();
        let line = |found: &crate::store::FoundPlace| {
            [std::slice::from_ref(&found.place.name), &found.above].concat().join(", ")
        };
        found.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(find("dong hoi", TODAY).await[0], "Phường Đồng Hới, Tỉnh Quảng Trị");
    assert_eq!(find("Đồng Hới", EARLIER).await[0], "Thành phố Đồng Hới, Tỉnh Quảng Bình");
    assert_eq!(find("phuong dong h", TODAY).await, find("PHƯỜNG  ĐỒNG H", TODAY).await);
    assert!(find("hoi dong", TODAY).await.iter().any(|line| line.starts_with("Phường Đồng Hới,")));
    assert_eq!(find("quang tri", TODAY).await[..2], ["Tỉnh Quảng Trị", "Phường Quảng Trị, Tỉnh Quảng Trị"]);
    assert_eq!(
        find("Mĩ Thuỷ", TODAY).await,
        Vec::<String>::new(),
        "search is as typed; lists are compared more freely"
    );
    assert_eq!(find("không có xã này", TODAY).await, Vec::<String>::new());
    assert_eq!(find(" % ", TODAY).await, Vec::<String>::new());
    let here = [PlacePath("vn/44@20250701/".into())];
    let found = db.store.search_places("tan", &here, TODAY, 50).await.unwrap();
    assert!(!found.is_empty() && found.iter().all(|found| here[0].contains(&found.place.path)));
}

async fn children_come_in_vietnamese_order_and_by_day(db: TestDatabase) {
    import(&db.store, 5).await.unwrap();
    let names = async |parent: &str, day| {
        let below = db.store.places_below(&id(parent), day).await.unwrap();
        below.into_iter().map(|place| place.name).collect::<Vec<_>>()
    };
    assert_eq!(names("vn", TODAY).await.len(), 34);
    assert_eq!(names("vn", EARLIER).await.len(), 63);
    assert_eq!(names("44@20250701", TODAY).await.len(), 78);
    assert_eq!(names("44@20250701", EARLIER).await.len(), 0);
    let provinces = names("vn", TODAY).await;
    assert_eq!(provinces[..3], ["Tỉnh An Giang", "Tỉnh Bắc Ninh", "Tỉnh Cà Mau"]);
    assert!(
        provinces.iter().position(|name| name == "Thành phố Đà Nẵng")
            > provinces.iter().position(|name| name == "Tỉnh Cao Bằng")
    );
    assert_eq!(
        names("44@0", EARLIER).await,
        [
            "Thị xã Ba Đồn",
            "Huyện Bố Trạch",
            "Thành phố Đồng Hới",
            "Huyện Lệ Thủy",
            "Huyện Minh Hóa",
            "Huyện Quảng Ninh",
            "Huyện Quảng Trạch",
            "Huyện Tuyên Hóa"
        ]
    );
    let commune = db.store.place(&id("18859@20250701")).await.unwrap().unwrap();
    let above = db.store.places_above(&commune.path).await.unwrap();
    let names: Vec<_> = above.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(names, ["Việt Nam", "Tỉnh Quảng Trị", "Phường Đồng Thuận"]);
    assert!(sort_key("Đồng Thuận") > sort_key("Đồng Hới"));
}

async fn what_followed_what(db: TestDatabase) {
    import(&db.store, 5).await.unwrap();
    let old = db.store.place(&id("18859@0")).await.unwrap().unwrap();
    assert_eq!((old.name.as_str(), old.valid_to), ("Phường Bắc Lý", Some(BEFORE_TO)));
    let new = db.store.successors_of(&old.id).await.unwrap();
    assert_eq!(new.len(), 1);
    assert_eq!((new[0].0.name.as_str(), new[0].1), ("Phường Đồng Thuận", true));
    let before = db.store.predecessors_of(&new[0].0.id).await.unwrap();
    assert!(before.contains(&old) && before.len() > 1);
    assert_eq!(db.store.successors_of(&new[0].0.id).await.unwrap(), []);
    // Con Co had no commune: the district itself was followed.
    let island = db.store.successors_of(&id("471@0")).await.unwrap();
    assert_eq!(island[0].0.id, id("19742@20250701"));
}

async fn hamlets_are_added_below_communes(db: TestDatabase) {
    import(&db.store, 5).await.unwrap();
    let commune = id("19147@20250701");
    let hamlet = |number| PlaceId::hamlet(uuid::Uuid::from_u128(number));
    let add = async |parent: &PlaceId, number, name: &str| {
        let named = (&hamlet(number), name);
        db.store.add_hamlet(&Scope::All, parent, named, (&an_entry(), TODAY)).await.unwrap()
    };
    let HamletOutcome::Done(place) = add(&commune, 1, "Bản Cồn Roàng").await else {
        panic!("not added")
    };
    assert_eq!(place.path.as_str(), format!("vn/44@20250701/19147@20250701/{}/", hamlet(1)));
    assert_eq!(db.store.place(&hamlet(1)).await.unwrap(), Some(place.clone()));
    assert_eq!(add(&commune, 2, "ban con roang").await, HamletOutcome::Exists(place.clone()));
    for no_commune in ["44@20250701", "19147@0", "h00000000-0000-0000-0000-000000000001", "99999@0"] {
        assert_eq!(add(&id(no_commune), 3, "Bản Troi").await, HamletOutcome::NotFound, "{no_commune}");
    }
    assert_eq!(db.store.places_below(&commune, TODAY).await.unwrap(), std::slice::from_ref(&place));
    let found = db.store.search_places("con roang", &[PlacePath("vn/".into())], TODAY, 5).await.unwrap();
    assert_eq!(found[0].above, ["Xã Thượng Trạch", "Tỉnh Quảng Trị"]);
    let within = db.store.places_within(std::slice::from_ref(&place.path), TODAY).await.unwrap();
    assert_eq!(within, [place]);
    assert_eq!(compare_key("bản Cồn Roàng"), "con roang");
    assert!(!import(&db.store, 6).await.unwrap(), "and the official units stay as they are");
}

async fn hamlets_are_renamed_closed_and_removed(db: TestDatabase) {
    import(&db.store, 5).await.unwrap();
    let (store, commune) = (&db.store, id("19147@20250701"));
    let (one, other) = (PlaceId::hamlet(uuid::Uuid::from_u128(1)), PlaceId::hamlet(uuid::Uuid::from_u128(2)));
    let add = async |id: &PlaceId, name: &str, day| {
        store.add_hamlet(&Scope::All, &commune, (id, name), (&an_entry(), day)).await.unwrap()
    };
    let rename = async |scope: &Scope, id: &PlaceId, name: &str| {
        store.rename_hamlet(scope, id, name, (&an_entry(), TODAY)).await.unwrap()
    };
    let close = async |id: &PlaceId, last_day| {
        store.close_hamlet(&Scope::All, id, last_day, (&an_entry(), TODAY)).await.unwrap()
    };
    let valid = async |day| {
        let below = store.places_below(&commune, day).await.unwrap();
        below.into_iter().map(|place| place.name).collect::<Vec<_>>()
    };
    add(&one, "Bản Cồn Roàng", 20_261_101).await;
    add(&other, "Bản 1", 20_261_101).await;
    let HamletOutcome::Done(place) = rename(&Scope::All, &one, "Bản Cờ Đỏ").await else { panic!() };
    assert_eq!((place.id.clone(), place.name.as_str()), (one.clone(), "Bản Cờ Đỏ"));
    let found = store.search_places("co do", &[PlacePath("vn/".into())], TODAY, 20).await.unwrap();
    assert!(found.iter().any(|found| found.place == place), "found by the new name");
    assert!(
        matches!(rename(&Scope::All, &one, "BẢN CỜ ĐỎ").await, HamletOutcome::Done(_)),
        "its own name is free"
    );
    assert!(matches!(rename(&Scope::All, &other, "bản cờ đỏ").await, HamletOutcome::Exists(_)));
    let elsewhere = Scope::places([PlacePath("vn/44@20250701/19138@20250701/".into())]);
    assert_eq!(rename(&elsewhere, &one, "Bản Lạ").await, HamletOutcome::NotFound);
    assert_eq!(rename(&Scope::All, &commune, "Bản Lạ").await, HamletOutcome::NotFound, "no hamlet");

    for wrong in [20_261_031, TODAY + 1] {
        assert_eq!(close(&one, Some(wrong)).await, HamletOutcome::WrongDay, "{wrong}");
    }
    assert!(matches!(close(&one, Some(20_261_110)).await, HamletOutcome::Done(_)));
    assert_eq!(valid(20_261_110).await.len(), 2, "the last day counts");
    assert_eq!(valid(TODAY).await, ["Bản 1"]);
    assert_eq!(store.closed_hamlets(&commune, TODAY).await.unwrap().len(), 1);
    // Its name may be given anew; then the old one stays closed.
    let third = PlaceId::hamlet(uuid::Uuid::from_u128(3));
    assert!(matches!(add(&third, "Bản Cờ Đỏ", TODAY).await, HamletOutcome::Done(_)));
    assert!(matches!(close(&one, None).await, HamletOutcome::Exists(_)));
    let removed = store.remove_hamlet(&Scope::All, &third, &an_entry()).await.unwrap();
    assert!(matches!(removed, HamletOutcome::Done(_)));
    assert_eq!(store.place(&third).await.unwrap(), None);
    assert!(matches!(close(&one, None).await, HamletOutcome::Done(_)));
    assert_eq!(valid(TODAY).await.len(), 2);
    assert_eq!(store.remove_hamlet(&elsewhere, &one, &an_entry()).await.unwrap(), HamletOutcome::NotFound);
    assert_eq!(
        store.remove_hamlet(&Scope::All, &commune, &an_entry()).await.unwrap(),
        HamletOutcome::NotFound
    );
}

async fn a_place_opens_with_what_lies_in_it(db: TestDatabase) {
    import(&db.store, 5).await.unwrap();
    let open = async |text: &str, before| tree::open(&db.store, &id(text), before, TODAY).await.unwrap();
    let quang_binh = open("44@0", false).await.unwrap();
    assert!(quang_binh.before, "an old unit shows the old edition");
    let counted = [(Level::Province, 1), (Level::District, 8), (Level::Commune, 145)];
    assert_eq!(quang_binh.counts, counted);
    assert_eq!(quang_binh.counts.iter().map(|(_, count)| count).sum::<u64>(), 154);
    assert_eq!(quang_binh.below.len(), 8);
    assert_eq!((quang_binh.below[0].0.name.as_str(), quang_binh.below[0].1), ("Thị xã Ba Đồn", 16));
    let [now] = quang_binh.related.as_slice() else { panic!("one province") };
    assert_eq!(
        (now.province.name.as_str(), now.here.clone(), now.units.len()),
        ("Tỉnh Quảng Trị", vec![(Level::Commune, 145)], 41)
    );

    let quang_tri = open("44@20250701", true).await.unwrap();
    assert!(!quang_tri.before);
    assert_eq!(quang_tri.counts, [(Level::Province, 1), (Level::Commune, 78)]);
    assert_eq!(quang_tri.related.len(), 2);
    let came = |at: usize| {
        let related = &quang_tri.related[at];
        (related.province.name.as_str(), related.here.as_slice())
    };
    assert_eq!(
        (came(0), came(1)),
        (("Tỉnh Quảng Bình", &[(Level::Commune, 41)][..]), ("Tỉnh Quảng Trị", &[(Level::Commune, 37)][..]))
    );
    assert_eq!(quang_tri.related[0].units.len(), 145);

    // Con Co had no communes: the district itself became a special zone.
    let old = open("45@0", false).await.unwrap();
    assert_eq!(old.related[0].here, [(Level::District, 1), (Level::Commune, 119)]);
    let commune = open("18859@0", false).await.unwrap();
    let above: Vec<&str> = commune.above.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(above, ["Việt Nam", "Tỉnh Quảng Bình", "Thành phố Đồng Hới"]);
    assert_eq!(commune.related[0].units[0].0.name, "Phường Đồng Thuận");
    assert_eq!(open("vn", true).await.unwrap().below.len(), 63);
    let country = open("vn", false).await.unwrap();
    assert_eq!((country.below.len(), country.related.len()), (34, 0));
    assert_eq!(country.counts, [(Level::Country, 1), (Level::Province, 34), (Level::Commune, 3321)]);
    let dong_nai = open("75@20250701", false).await.unwrap();
    assert_eq!(dong_nai.former, Some(("Tỉnh Đồng Nai".to_owned(), 20_260_429)));
    assert_eq!(open("00000@0", false).await, None);
    let found = tree::find(&db.store, "bac ly", true, TODAY).await.unwrap();
    assert_eq!(found[0].above, ["Thành phố Đồng Hới", "Tỉnh Quảng Bình"]);
}

async fn two_who_add_one_hamlet_at_once(db: TestDatabase) {
    import(&db.store, 5).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 1..=4 {
        let store = db.store.clone();
        tasks.spawn(async move {
            let hamlet = PlaceId::hamlet(uuid::Uuid::from_u128(number));
            let named = (&hamlet, "Bản Troi");
            store.add_hamlet(&Scope::All, &id("19147@20250701"), named, (&an_entry(), TODAY)).await.unwrap()
        });
    }
    let outcomes = tasks.join_all().await;
    let added = outcomes.iter().filter(|outcome| matches!(outcome, HamletOutcome::Done(_))).count();
    assert_eq!(added, 1, "{outcomes:?}");
}
