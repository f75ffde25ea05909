//! What the lists hold, and that it arrives in both databases. The figures are those of the official lists and of the
//! province that gave the platform its first people.

use std::collections::{BTreeMap, BTreeSet};

use domain::place::compare_key;
use domain::sort_key::sort_key;

use super::*;
use crate::store::HamletOutcome;
use crate::store::test_database::{TestDatabase, on_both_databases};

on_both_databases!(
    an_edition_is_written_once,
    units_are_found_as_people_type_them,
    children_come_in_vietnamese_order_and_by_day,
    what_followed_what,
    hamlets_are_added_below_communes,
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
    assert_eq!((kinds("Phường "), kinds("Xã "), kinds("Đặc khu ")), (687, 2621, 13));
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
        db.store.add_hamlet(parent, &hamlet(number), name, TODAY).await.unwrap()
    };
    let HamletOutcome::Added(place) = add(&commune, 1, "Bản Cồn Roàng").await else {
        panic!("not added")
    };
    assert_eq!(place.path.as_str(), format!("vn/44@20250701/19147@20250701/{}/", hamlet(1)));
    assert_eq!(db.store.place(&hamlet(1)).await.unwrap(), Some(place.clone()));
    assert_eq!(add(&commune, 2, "ban con roang").await, HamletOutcome::Exists(place.clone()));
    for no_commune in ["44@20250701", "19147@0", "h00000000-0000-0000-0000-000000000001", "99999@0"] {
        assert_eq!(add(&id(no_commune), 3, "Bản Troi").await, HamletOutcome::NoCommune, "{no_commune}");
    }
    assert_eq!(db.store.places_below(&commune, TODAY).await.unwrap(), std::slice::from_ref(&place));
    let found = db.store.search_places("con roang", &[PlacePath("vn/".into())], TODAY, 5).await.unwrap();
    assert_eq!(found[0].above, ["Xã Thượng Trạch", "Tỉnh Quảng Trị"]);
    let within = db.store.places_within(std::slice::from_ref(&place.path), TODAY).await.unwrap();
    assert_eq!(within, [place]);
    assert_eq!(compare_key("bản Cồn Roàng"), "con roang");
    assert!(!import(&db.store, 6).await.unwrap(), "and the official units stay as they are");
}
