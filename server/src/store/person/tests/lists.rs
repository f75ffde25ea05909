//! Lists, searches and counts of people.

use super::*;

on_both_databases!(
    lists_are_paged_in_vietnamese_order,
    people_are_found_as_typed,
    search_and_list_agree_with_a_plain_model,
    people_are_counted_by_unit,
);

async fn lists_are_paged_in_vietnamese_order(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let sorted =
        ["Bùi An", "Trần Ảnh", "Hồ Ánh", "Hồ Ân", "Hồ Bình", "Lê Duy", "Hồ Đạt", "Hồ Thị Lan", "Hồ Văn Lan"];
    for (at, place) in [4, 0, 7, 2, 8, 6, 1, 3, 5].into_iter().zip([HERE, NEXT, FAR].iter().cycle()) {
        add(store, &a_person(at, sorted[usize::try_from(at).unwrap()], Some(place))).await;
    }
    let everywhere = Scope::places([HERE, NEXT, FAR, HAMLET].map(|path| PlacePath(path.into())));
    for scope in [Scope::All, everywhere, scope("vn/")] {
        for limit in [1, 2, 4, 9, 20] {
            let (mut seen, mut after) = (Vec::new(), None::<PeopleCursor>);
            loop {
                let page =
                    store.people(&scope, &PeopleQuery::default(), after.as_ref(), limit).await.unwrap();
                assert!(page.people.len() == limit || page.next.is_none());
                seen.extend(names(&page.people).iter().map(|name| (*name).to_owned()));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(seen, sorted, "{scope:?}, pages of {limit}");
        }
    }
}

async fn people_are_found_as_typed(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let phone = |number: &str| Some(number.parse().unwrap());
    let mut lan = a_person(1, "Hồ Thị Lan", Some(HERE));
    lan.details.phone = phone("0912345678");
    lan.details.group = Some(Group::Student);
    let mut dung = a_person(2, "Đặng Ngọc Dũng", Some(NEXT));
    dung.details.phone = phone("0912999999");
    let lan = add(store, &lan).await;
    add(store, &dung).await;
    add(store, &a_person(3, "Nguyễn Thị Lan Hương", Some(HERE))).await;
    add(store, &a_person(4, "Nguyễn Ngọc", None)).await;
    for (typed, expected) in [
        ("", &["Nguyễn Thị Lan Hương", "Đặng Ngọc Dũng", "Hồ Thị Lan", "Nguyễn Ngọc"][..]),
        ("lan", &["Nguyễn Thị Lan Hương", "Hồ Thị Lan"]),
        ("LAN  thi", &["Nguyễn Thị Lan Hương", "Hồ Thị Lan"]),
        ("la hu", &["Nguyễn Thị Lan Hương"]),
        ("dang dung", &["Đặng Ngọc Dũng"]),
        ("đ", &["Đặng Ngọc Dũng"]),
        ("ng", &["Nguyễn Thị Lan Hương", "Đặng Ngọc Dũng", "Nguyễn Ngọc"]),
        ("an", &[]),
        ("lan x", &[]),
        ("%", &["Nguyễn Thị Lan Hương", "Đặng Ngọc Dũng", "Hồ Thị Lan", "Nguyễn Ngọc"]),
        ("_ . '", &["Nguyễn Thị Lan Hương", "Đặng Ngọc Dũng", "Hồ Thị Lan", "Nguyễn Ngọc"]),
        ("0912 345", &["Hồ Thị Lan"]),
        ("+84912", &["Đặng Ngọc Dũng", "Hồ Thị Lan"]),
        ("0912", &["Đặng Ngọc Dũng", "Hồ Thị Lan"]),
        ("0913", &[]),
    ] {
        let mut expected: Vec<&str> = expected.to_vec();
        expected.sort_by_key(|name| name_sort_key(name));
        assert_eq!(names(&find_typed(store, &Scope::All, typed).await), expected, "{typed:?}");
    }
    for typed in [lan.code.as_str(), &lan.code.grouped(), &lan.code.as_str()[..5]] {
        assert!(names(&find_typed(store, &Scope::All, typed).await).contains(&"Hồ Thị Lan"), "{typed}");
    }
    let students = PeopleQuery { group: Some(Group::Student), ..PeopleQuery::default() };
    assert_eq!(names(&store.people(&Scope::All, &students, None, 9).await.unwrap().people), ["Hồ Thị Lan"]);
    let here =
        PeopleQuery { place: Some(PlacePath(NEXT.into())), typed: "d".into(), ..PeopleQuery::default() };
    assert_eq!(names(&store.people(&Scope::All, &here, None, 9).await.unwrap().people), ["Đặng Ngọc Dũng"]);
    assert_eq!(store.people(&scope(HERE), &here, None, 9).await.unwrap().people, []);
}

/// The same answers as going through all people one by one, for many drawn questions.
async fn search_and_list_agree_with_a_plain_model(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let (family, middle, given) =
        (["Nguyễn", "Hồ", "Đặng"], ["Thị", "Văn", ""], ["Lan", "Lân", "An", "Ánh", "Nga"]);
    let places = [Some(HERE), Some(NEXT), Some(FAR), Some(HAMLET), None];
    let classes = [a_class(store, 7, HERE).await, a_class(store, 33, FAR).await];
    let mut people = Vec::new();
    for number in 0..80_u64 {
        let pick = |list: &[&'static str], by: u64| list[usize::try_from(number / by).unwrap() % list.len()];
        let name =
            format!("{} {} {}", pick(&family, 1), pick(&middle, 3), pick(&given, 7)).replace("  ", " ");
        let place = places[usize::try_from(number * 3 % 5).unwrap()];
        let mut new = a_person(number, &name, place);
        new.details.group = Group::ALL.get(usize::try_from(number % 5).unwrap()).copied();
        new.ambassador = [Some(staff(1)), Some(staff(2)), None][usize::try_from(number % 3).unwrap()];
        new.details.classes =
            classes.iter().copied().filter(|class| class.0.as_u128() % 80 > number.into()).collect();
        people.push(add(store, &new).await);
    }
    people.sort_by(|a, b| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
    let paths = || prop::sample::select(vec!["vn/", "vn/44@20250701/", HERE, NEXT, FAR, HAMLET]);
    let reach = (0..4_u8, paths(), 0..2_usize, prop::sample::select(Group::ALL.to_vec())).prop_map(
        move |(kind, path, at, group)| {
            let path = PlacePath(path.to_owned());
            match kind {
                0 => Reach::Place(path),
                1 => Reach::Group(group, path),
                2 => Reach::Charge(staff([1, 2][at]), path),
                _ => Reach::Class(classes[at], path),
            }
        },
    );
    let strategy = (
        prop::collection::vec(
            prop::sample::select(vec!["l", "lan", "h", "thi", "ng", "ngu", "a", "d", "x"]),
            0..3,
        ),
        prop::option::of(prop::collection::vec(reach, 0..4)),
        (prop::option::of(paths()), prop::option::of(prop::sample::select(classes.to_vec()))),
        1_usize..30,
        prop::option::of(0_usize..80),
    );
    let runtime = tokio::runtime::Handle::current();
    let mut runner = TestRunner::new(Config { cases: 120, failure_persistence: None, ..Config::default() });
    tokio::task::block_in_place(|| {
        runner
            .run(&strategy, |(words, reaches, (place, class), limit, after)| {
                let scope = reaches.map_or(Scope::All, Scope::Of);
                let place = place.map(|path| PlacePath(path.to_owned()));
                let query = PeopleQuery { place, typed: words.join(" "), group: None, class };
                let after =
                    after.map(|at| PeopleCursor { sort_key: people[at].sort_key.clone(), id: people[at].id });
                let fits = |person: &&Person| {
                    let folded = fold(&person.details.name);
                    let lives_in =
                        |place: &PlacePath| person.path.as_ref().is_some_and(|path| place.contains(path));
                    words.iter().all(|word| folded.split(' ').any(|own| own.starts_with(word)))
                        && query.place.as_ref().is_none_or(lives_in)
                        && query.class.is_none_or(|class| person.details.classes.contains(&class))
                        && match &scope {
                            Scope::Of(reaches) => reaches.iter().any(|reach| match reach {
                                Reach::Place(place) => lives_in(place),
                                Reach::Group(group, place) => {
                                    person.details.group == Some(*group) && lives_in(place)
                                }
                                Reach::Charge(staff, place) => {
                                    person.ambassador == Some(*staff)
                                        && (person.path.is_none() || lives_in(place))
                                }
                                Reach::Class(class, _) => person.details.classes.contains(class),
                            }),
                            Scope::All => true,
                        }
                        && after
                            .as_ref()
                            .is_none_or(|after| (&person.sort_key, person.id) > (&after.sort_key, after.id))
                };
                let expected: Vec<LearnerId> = people.iter().filter(fits).map(|person| person.id).collect();
                let page = runtime.block_on(store.people(&scope, &query, after.as_ref(), limit)).unwrap();
                let found: Vec<LearnerId> = page.people.iter().map(|person| person.id).collect();
                prop_assert_eq!(&found[..], &expected[..limit.min(expected.len())]);
                prop_assert_eq!(page.next.is_some(), expected.len() > limit);
                Ok(())
            })
            .unwrap();
    });
}

async fn people_are_counted_by_unit(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    for (number, place) in
        [Some(HERE), Some(HAMLET), Some(HAMLET), Some(NEXT), Some(FAR), None].into_iter().enumerate()
    {
        add(store, &a_person(u64::try_from(number).unwrap(), "Lê An", place)).await;
    }
    let count = async |scope: &Scope, path: &str| {
        let place = store.place(&at(path)).await.unwrap().unwrap();
        let counts = store.people_below(scope, &place).await.unwrap();
        counts.into_iter().map(|(id, number)| (id.to_string(), number)).collect::<Vec<_>>()
    };
    let (quang_tri, hue) = ("44@20250701".to_owned(), "46@20250701".to_owned());
    let (here, next) = (at(HERE).to_string(), at(NEXT).to_string());
    assert_eq!(count(&Scope::All, "vn/").await, [(quang_tri.clone(), 4), (hue, 1)]);
    let province = "vn/44@20250701/";
    assert_eq!(count(&Scope::All, province).await, [(here.clone(), 3), (next.clone(), 1)]);
    assert_eq!(count(&scope(province), province).await, [(here.clone(), 3), (next, 1)]);
    assert_eq!(
        count(&scope(HERE), province).await,
        [(here.clone(), 3)],
        "the neighbour's number is not told"
    );
    assert_eq!(count(&scope(HERE), "vn/").await, [(quang_tri, 3)]);
    assert_eq!(count(&scope(HERE), HERE).await, [(here, 1), (at(HAMLET).to_string(), 2)]);
    assert_eq!(count(&scope(FAR), HERE).await, []);
}
