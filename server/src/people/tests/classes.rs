//! Lists that put people into classes, and lists of whoever looks after one group.

use domain::scope::Reach;

use super::*;

on_both_databases!(
    a_list_opens_classes_and_puts_people_in,
    a_list_of_one_group_is_of_that_group,
    a_long_list_of_classes_says_that_there_are_more,
);

/// What becomes of each row, in a word: "new", "same", "changed", or the problem.
fn words_of(shown: &Preview) -> Vec<String> {
    let word = |row: &crate::import::plan::PlannedRow| match &row.plan {
        RowPlan::New => "new".to_owned(),
        RowPlan::Same(_) => "same".to_owned(),
        RowPlan::Changed { .. } => "changed".to_owned(),
        RowPlan::LooksLike(_) => "alike".to_owned(),
        RowPlan::Problems(problems) => problems[0].kind.code().to_owned(),
    };
    shown.rows.iter().map(word).collect()
}

async fn a_list_opens_classes_and_puts_people_in(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let (desk, here) = (Desk::at("vn/44@20250701/"), at(HERE));
    let acting = desk.acting(store);
    // A class next door with the same name is another class.
    open_class(acting, "Lớp 7A", &at(NEXT)).await.unwrap();
    let list = "Họ tên;Năm sinh;Xã;Lớp\n\
                Hồ Thị Lan;2012;;Lớp 7A\n\
                Lê Văn Bên;2012;Phường Đồng Sơn;7a; \n\
                Trần An;2012;;\"Lớp 7A; CLB Tin học\"\n\
                Vũ Bình;2012;;\n\
                Đỗ Chi;2012;;–\n";
    let shown = preview(acting, list.as_bytes(), Some(&here)).await.unwrap();
    assert_eq!(words_of(&shown), ["new", "new", "new", "new", "new"], "{shown:?}");
    let names: Vec<&str> = shown.classes.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["7a", "CLB Tin học", "Lớp 7A"], "{shown:?}");
    assert!(shown.classes.iter().all(|(commune, _)| *commune == here), "where the list is made for");
    let applied = apply(acting, list.as_bytes(), Some(&here), &shown.fingerprint).await.unwrap();
    let (classes, _) = list_classes(acting, "").await.unwrap();
    let counted: Vec<(String, u64)> =
        classes.into_iter().map(|listed| (listed.class.name, listed.members)).collect();
    let expected = [("7a", 3), ("CLB Tin học", 1), ("Lớp 7A", 0)];
    assert_eq!(counted, expected.map(|(name, members)| (name.to_owned(), members)), "two spellings are one");
    let again = preview(acting, list.as_bytes(), Some(&here)).await.unwrap();
    assert_eq!((words_of(&again), again.classes), (vec!["same".to_owned(); 5], vec![]));
    // One more class changes; none takes nobody out.
    let more = "Họ tên;Năm sinh;Lớp\nHồ Thị Lan;2012;CLB Tin học\nTrần An;2012;\n".as_bytes();
    let shown = preview(acting, more, Some(&here)).await.unwrap();
    assert_eq!(words_of(&shown), ["changed", "same"]);
    let second = apply(acting, more, Some(&here), &shown.fingerprint).await.unwrap();
    let lan = || async {
        let query = PeopleQuery { typed: "lan".into(), ..PeopleQuery::default() };
        store.people(&Scope::All, &query, None, 2).await.unwrap().people.remove(0).details.classes.len()
    };
    assert_eq!(lan().await, 2);
    assert_eq!(undo(acting, second.batch.unwrap()).await.unwrap().restored, 1);
    assert_eq!(lan().await, 1);
    assert_eq!(undo(acting, applied.batch.unwrap()).await.unwrap().left.len(), 0, "as it was after the list");
    assert!(list_classes(acting, "").await.unwrap().0.iter().all(|listed| listed.members == 0));
}

async fn a_list_of_one_group_is_of_that_group(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let students = Reach::Group(Group::Student, PlacePath(HERE.into()));
    let desk = Desk { random: Random::seeded(1), scope: Scope::Of(vec![students]) };
    let acting = desk.acting(store);
    let list = "Họ tên;Nhóm;Lớp;Thôn\nHồ Lan;;;TDP 1\nLê An;hssv;;\nVũ Bình;Người dân;;\nĐỗ Chi;;Lớp 7A;\nCao Dư;;;Thôn Mới\n".as_bytes();
    let shown = preview(acting, list, Some(&at(HERE))).await.unwrap();
    assert_eq!(words_of(&shown), ["new", "new", "other-group", "class-unknown", "hamlet-unknown"]);
    apply(acting, list, Some(&at(HERE)), &shown.fingerprint).await.unwrap();
    let page = page(acting, &PeopleQuery::default(), None, 9).await.unwrap().page;
    assert_eq!(page.people.len(), 2);
    assert!(page.people.iter().all(|person| person.details.group == Some(Group::Student)));
    let resident = Details { group: Some(Group::Resident), ..page.people[0].details.clone() };
    let version = (page.people[0].id, page.people[0].version);
    assert_eq!(refused(correct(acting, version, resident).await), PeopleRefusal::OtherGroup);
    let undecided = Details { group: None, ..page.people[0].details.clone() };
    let kept = correct(acting, version, undecided).await.unwrap();
    assert_eq!(kept.details.group, Some(Group::Student), "what is left open means hers");
    assert_eq!(refused(open_class(acting, "Lớp 7A", &at(HERE)).await), PeopleRefusal::NoPlace);
}

async fn a_long_list_of_classes_says_that_there_are_more(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let desk = Desk::at("vn/44@20250701/");
    let acting = desk.acting(store);
    for number in 1..=200 {
        open_class(acting, &format!("Lớp {number}"), &at(HERE)).await.unwrap();
    }
    let (all, more) = list_classes(acting, "").await.unwrap();
    assert_eq!((all.len(), more), (200, false));
    open_class(acting, "Lớp học đêm", &at(HERE)).await.unwrap();
    let (some, more) = list_classes(acting, "").await.unwrap();
    assert_eq!((some.len(), more), (200, true));
    let (found, more) = list_classes(acting, "đêm").await.unwrap();
    assert_eq!((found[0].class.name.as_str(), found.len(), more), ("Lớp học đêm", 1, false));
}
