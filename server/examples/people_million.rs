//! Measures lists and searches among many people: `cargo run --release --example people_million -- sqlite:///tmp/m.sqlite
//! [people]`, or an empty Postgres database. Makes the people first if the database has none (same seed, same people).
//! Prints the middle and the slowest of 21 runs of each question; judges nothing.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::time::{Duration, Instant};

use domain::code::LearnerCode;
use domain::ids::{ClassId, EventId, LearnerId, StaffId};
use domain::person::{Details, Group};
use domain::place::{Level, PlaceId};
use domain::role::Role;
use domain::scope::{PlacePath, Reach, Scope};
use server::clock::Random;
use server::places;
use server::store::{DatabaseUrl, NewAudit, NewGrant, NewPerson, NewStaff, PeopleQuery, Place, Store};
use uuid::Uuid;

const FAMILY: [&str; 24] = [
    "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Lê", "Phạm", "Hoàng",
    "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh",
];
const MIDDLE: [&str; 16] = [
    "Văn",
    "Thị",
    "Thị",
    "Văn",
    "Hữu",
    "Đức",
    "Ngọc",
    "Minh",
    "Thanh",
    "Quang",
    "Xuân",
    "Thu",
    "Thị Thu",
    "Văn Đức",
    "Kim",
    "Bá",
];
const GIVEN: [&str; 48] = [
    "An", "Anh", "Ánh", "Ân", "Bình", "Bảo", "Châu", "Chi", "Cường", "Dung", "Dũng", "Duy", "Đạt", "Đức",
    "Giang", "Hà", "Hải", "Hạnh", "Hằng", "Hiền", "Hiếu", "Hoa", "Hòa", "Hùng", "Huy", "Hương", "Khánh",
    "Lan", "Linh", "Loan", "Long", "Mai", "Minh", "Nam", "Nga", "Ngọc", "Nhung", "Phúc", "Phương", "Quân",
    "Quỳnh", "Sơn", "Thảo", "Thủy", "Trang", "Tuấn", "Tú", "Yến",
];

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("which database? sqlite://FILE or postgres://…")?;
    let wanted: u64 = arguments.next().map_or(Ok(1_000_000), |number| number.parse())?;
    let url = DatabaseUrl::parse(&url).ok_or("not the address of a database")?;
    let store = Store::open(&url).await?;
    let began = Instant::now();
    places::import(&store, 1).await?;
    say(&format!("places: {:?}", began.elapsed()));
    let communes = communes(&store).await?;
    let everybody = store.people(&Scope::All, &PeopleQuery::default(), None, 1).await?;
    if everybody.people.is_empty() {
        open_class(&store, communes.first().ok_or("no commune")?).await?;
        fill(&store, &communes, wanted).await?;
    }
    measure(&store, &communes).await
}

fn say(text: &str) {
    // Nobody is left to tell when standard output is closed.
    let _ = writeln!(std::io::stdout(), "{text}");
}

async fn communes(store: &Store) -> Outcome<Vec<Place>> {
    let all = store.places_within(&[PlacePath("vn/".into())], 20_261_125).await?;
    Ok(all.into_iter().filter(|place| place.level == Level::Commune).collect())
}

/// The ambassador who looks after one person in so many.
const AMBASSADOR: StaffId = StaffId(Uuid::from_u128(7));
const CHARGE_EVERY: u64 = 2_500;

/// The class in which one person in so many is.
const CLASS: ClassId = ClassId(Uuid::from_u128(8));
const CLASS_EVERY: u64 = 25_000;

/// Opens the class, by an ambassador who has to be somebody.
async fn open_class(store: &Store, commune: &Place) -> Outcome<()> {
    let entry = NewAudit {
        id: Uuid::from_u128(9),
        at_ms: 1,
        actor: None,
        action: "staff-added",
        person: None,
        staff: None,
        place: None,
        detail: String::new(),
    };
    let staff = NewStaff {
        id: AMBASSADOR,
        name: "a".into(),
        login_key: "a".into(),
        whole_name: "A".into(),
        folded: "a".into(),
        phone: None,
        password_hash: String::new(),
        given: false,
    };
    let role = NewGrant {
        id: Uuid::from_u128(10),
        staff: AMBASSADOR,
        role: Role::Ambassador,
        place: Some(commune.path.clone()),
        part: None,
        place_name: commune.name.clone(),
        by: None,
        from_ms: 0,
        until_ms: None,
    };
    store.add_staff(&staff, &role, &entry, 1).await?;
    let entry = NewAudit { id: Uuid::from_u128(11), action: "class-opened", ..entry };
    store.open_class(&Scope::All, (CLASS, "7A"), (&commune.id, AMBASSADOR), &entry).await?;
    Ok(())
}

/// Half of the people live in one province, the others everywhere: both a full and a sparse scope are measured.
async fn fill(store: &Store, communes: &[Place], wanted: u64) -> Outcome<()> {
    const AT_ONCE: u64 = 5_000;
    let (random, mut codes, began) = (Random::seeded(7), BTreeSet::new(), Instant::now());
    let home: Vec<&Place> =
        communes.iter().filter(|place| place.path.as_str().starts_with("vn/44@")).collect();
    for part in 0..wanted.div_ceil(AT_ONCE) {
        let mut people = Vec::new();
        for number in part * AT_ONCE..((part + 1) * AT_ONCE).min(wanted) {
            let bytes: [u8; 16] = random.bytes();
            let pick = |at: usize, list: &[&'static str]| list[usize::from(bytes[at]) % list.len()];
            let name = format!("{} {} {}", pick(0, &FAMILY), pick(1, &MIDDLE), pick(2, &GIVEN));
            let lot = usize::from(u16::from_le_bytes([bytes[3], bytes[4]]));
            let place =
                if number % 2 == 0 { home[lot % home.len()] } else { &communes[lot % communes.len()] };
            let code = loop {
                let code = LearnerCode::from_random(u64::from_le_bytes(random.bytes()));
                if codes.insert(code.clone()) {
                    break code;
                }
            };
            let name = if number == wanted / 2 { "Blup Krông Hiếm".to_owned() } else { name };
            people.push(NewPerson {
                id: LearnerId(random.id(i64::try_from(number)?)),
                code,
                events: [
                    EventId(random.id(i64::try_from(number)?)),
                    EventId(random.id(i64::try_from(number)?)),
                ],
                details: Details {
                    name,
                    birth_year: Some(1940 + u16::from(bytes[5] % 70)),
                    place: Some(place.id.clone()),
                    group: Some(Group::ALL[usize::from(bytes[6] % 4)]),
                    phone: format!(
                        "09{:08}",
                        u32::from_le_bytes([bytes[7], bytes[8], bytes[9], 0]) % 100_000_000
                    )
                    .parse()
                    .ok(),
                    needs: vec![],
                    classes: (number % CLASS_EVERY == 0).then_some(CLASS).into_iter().collect(),
                },
                // As many as fit on one phone.
                ambassador: (number % CHARGE_EVERY == 0).then_some(AMBASSADOR),
            });
        }
        store.add_people(&people, 1).await?;
        if part % 20 == 19 {
            say(&format!("{} people after {:?}", (part + 1) * AT_ONCE, began.elapsed()));
        }
    }
    say(&format!("filled with {wanted} people in {:?}", began.elapsed()));
    Ok(())
}

async fn measure(store: &Store, communes: &[Place]) -> Outcome<()> {
    let path = |text: &str| PlacePath(text.to_owned());
    let commune =
        communes.iter().find(|place| place.path.as_str().starts_with("vn/44@")).ok_or("no commune")?;
    let far = communes.iter().find(|place| place.path.as_str().starts_with("vn/96@")).ok_or("no commune")?;
    let province = path("vn/44@20250701/");
    let scopes = [
        ("everywhere", Scope::All),
        ("full province", Scope::places([province.clone()])),
        ("sparse province", Scope::places([path("vn/96@20250701/")])),
        ("full commune", Scope::places([commune.path.clone()])),
        ("sparse commune", Scope::places([far.path.clone()])),
        ("pupils of the province", Scope::Of(vec![Reach::Group(Group::Student, province.clone())])),
        ("one ambassador's", Scope::ambassador(AMBASSADOR, [path("vn/")])),
        ("one class", Scope::Of(vec![Reach::Class(CLASS, commune.path.clone())])),
    ];
    for (name, scope) in &scopes {
        for typed in [
            "",
            "n",
            "nguyen",
            "lan",
            "nguyen thi lan",
            "tran hoang",
            "blup",
            "hiem kro",
            "khongco",
            "ho ho ho x",
        ] {
            let query = PeopleQuery { typed: typed.into(), ..PeopleQuery::default() };
            let mut found = 0;
            let times = timed(async || {
                found = store.people(scope, &query, None, 50).await?.people.len();
                Ok(())
            })
            .await?;
            say(&line(&format!("{name}, {typed:?}: {found} of the first 50"), &times));
        }
    }
    let first = store.people(&Scope::All, &PeopleQuery::default(), None, 50).await?;
    let middle = store
        .people(&Scope::All, &PeopleQuery { typed: "minh".into(), ..PeopleQuery::default() }, None, 50)
        .await?;
    let after = middle.next.clone().or(first.next.clone());
    let times = timed(async || {
        store.people(&Scope::All, &PeopleQuery::default(), after.as_ref(), 50).await?;
        Ok(())
    })
    .await?;
    say(&line("everywhere, a page in the middle", &times));
    let person = first.people.first().ok_or("nobody")?;
    let numbers = [
        person.code.as_str().to_owned(),
        person.details.phone.as_ref().map(|p| p.national()).unwrap_or_default(),
    ];
    for typed in numbers {
        let query = PeopleQuery { typed, ..PeopleQuery::default() };
        let times = timed(async || {
            store.people(&Scope::All, &query, None, 50).await?;
            Ok(())
        })
        .await?;
        say(&line("everywhere, by a number", &times));
    }
    for unit in [PlaceId::country(), "44@20250701".parse()?, commune.id.clone()] {
        let place = store.place(&unit).await?.ok_or("no such place")?;
        let mut units = 0;
        let times = timed(async || {
            units = store.people_below(&Scope::All, &place).await?.len();
            Ok(())
        })
        .await?;
        say(&line(&format!("people counted below {}: {units} units", place.name), &times));
    }
    for (name, scope) in &scopes {
        let mut pairs = 0;
        let times = timed(async || {
            pairs = store.likely_duplicates(scope, None, 50).await?.len();
            Ok(())
        })
        .await?;
        say(&line(&format!("likely duplicates, {name}: {pairs} of the first 50"), &times));
    }
    for typed in ["dong hoi", "tan"] {
        let times = timed(async || {
            store.search_places(typed, &[path("vn/")], 20_261_125, 20).await?;
            Ok(())
        })
        .await?;
        say(&line(&format!("places, {typed:?}"), &times));
    }
    Ok(())
}

/// Returns the times of 21 runs, sorted; a question that takes over a second is asked three times only.
async fn timed(mut question: impl AsyncFnMut() -> Outcome<()>) -> Outcome<Vec<Duration>> {
    let mut times = Vec::new();
    while times.len() < 21 {
        let began = Instant::now();
        question().await?;
        times.push(began.elapsed());
        if times.len() == 3 && times.iter().all(|time| *time > Duration::from_secs(1)) {
            break;
        }
    }
    times.sort();
    Ok(times)
}

fn line(what: &str, times: &[Duration]) -> String {
    let ms = |time: Option<&Duration>| time.map_or(0.0, Duration::as_secs_f64) * 1000.0;
    format!("{:7.1} ms middle {:7.1} ms slowest  {what}", ms(times.get(times.len() / 2)), ms(times.last()))
}
