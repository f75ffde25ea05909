use super::*;

#[test]
fn phones_are_read_as_people_and_spreadsheets_write_them() {
    for text in [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "+84912345678",
        "84912345678",
        "+84 (0)912-345-678",
        "912345678",
    ] {
        assert_eq!(text.parse::<Phone>().as_ref().map(Phone::as_str), Ok("+84912345678"), "{text}");
    }
    assert_eq!("0232 3822 123".parse::<Phone>().unwrap().as_str(), "+842323822123");
    for text in ["", "0112345678", "091234567", "01234567890", "abc", "0912345678x", "+1 202 555 0100"] {
        assert_eq!(text.parse::<Phone>(), Err(InvalidPhone), "{text}");
    }
    assert_eq!("0912345678".parse::<Phone>().unwrap().national(), "0912 345 678");
    let again = "0232 3822 123".parse::<Phone>().unwrap();
    assert_eq!(again.national().parse(), Ok(again.clone()), "what is shown is read back");
    assert_eq!(again.as_str().parse(), Ok(again));
}

#[test]
fn only_the_year_of_a_birthday_is_kept() {
    for text in
        ["1968", " 1968 ", "3/11/1968", "03-11-1968", "03.11.1968", "1968-11-03", "11/1968", "31 / 12 / 1968"]
    {
        assert_eq!(read_birth_year(text, 2026), Ok(1968), "{text}");
    }
    for text in ["", "68", "abc", "32/1/1968", "1/13/1968", "1/2/3/1968", "1968a", "3/11/68"] {
        assert_eq!(read_birth_year(text, 2026), Err(InvalidBirthYear::Unreadable), "{text}");
    }
    for text in ["1899", "2027", "1/1/9999"] {
        assert_eq!(read_birth_year(text, 2026), Err(InvalidBirthYear::Impossible), "{text}");
    }
    assert_eq!(read_birth_year("2026", 2026), Ok(2026));
}

#[test]
fn groups_and_needs_are_read_as_they_are_written() {
    for group in Group::ALL {
        assert_eq!(Group::read(group.vietnamese()), Some(group));
        assert_eq!(Group::read(&group.vietnamese().to_uppercase()), Some(group));
        assert_eq!(serde_json::to_string(&group).unwrap(), format!("\"{}\"", group.as_str()));
    }
    for need in SupportNeed::ALL {
        assert_eq!(SupportNeed::read(need.vietnamese()), Some(need));
        assert_eq!(serde_json::to_string(&need).unwrap(), format!("\"{}\"", need.as_str()));
    }
    assert_eq!(Group::read("CBCCVC"), Some(Group::PublicEmployee));
    assert_eq!(Group::read(""), None);
    for likeness in [Likeness::Year, Likeness::Phone, Likeness::Place] {
        assert_eq!(serde_json::to_string(&likeness).unwrap(), format!("\"{}\"", likeness.as_str()));
    }
}

fn person(name: &str, birth_year: Option<u16>, phone: Option<&str>) -> Details {
    let phone = phone.map(|phone| phone.parse().unwrap());
    Details { name: name.into(), birth_year, phone, ..Details::default() }
}

#[test]
fn what_makes_two_records_look_like_one_person() {
    let (here, there) = (Some("18859@20250701"), Some("18871@20250701"));
    let phone = Some("0912345678");
    let lan = person("Hồ Thị Lý", Some(1968), phone);
    for (other, commune, expected) in [
        (person("HO THI LI", Some(1968), None), here, Some(Likeness::Year)),
        (person("Hồ Thị Lí", None, None), here, Some(Likeness::Place)),
        (person("Hồ Thị Lí", None, phone), there, Some(Likeness::Phone)),
        (person("Hồ Thị Lí", Some(1968), phone), None, Some(Likeness::Phone)),
        (person("Hồ Thị Lý", Some(1969), phone), here, None),
        (person("Hồ Thị Lý", Some(1968), None), there, None),
        (person("Hồ Thị Lý", Some(1968), None), None, None),
        (person("Hồ Thị Lan", Some(1968), phone), here, None),
    ] {
        assert_eq!(likeness((&lan, here), (&other, commune)), expected, "{other:?} {commune:?}");
        assert_eq!(likeness((&other, commune), (&lan, here)), expected, "either way round");
    }
    let nameless = person("", None, phone);
    assert_eq!(likeness((&nameless, here), (&nameless, here)), None, "who has no name yet is like nobody");
}
