//! What the TOML reader says in English, said in Vietnamese with what to do.

/// A message of the TOML reader in words for authors.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) advice: String,
}

/// Returns what to say about a line that is not TOML.
pub(super) fn of_syntax(message: &str) -> Said {
    let (said, advice) = if message.contains("string, expected `\"`") {
        ("Chữ trong ngoặc kép chưa được đóng lại.".to_owned(), "Thêm dấu \" ở cuối; trong chữ thì dùng “ ”.")
    } else if message.starts_with("key with no value") {
        ("Sau tên khóa thiếu dấu bằng và giá trị.".to_owned(), "Viết tên_khóa = \"…\" trên một dòng.")
    } else if message.starts_with("unexpected key or value") {
        let advice =
            "Sau giá trị thì xuống dòng. Số nguyên không có dấu phẩy; chữ để trong một cặp ngoặc kép.";
        ("Sau giá trị còn thừa thứ gì đó.".to_owned(), advice)
    } else if message.starts_with("duplicate key") {
        ("Khóa này đã viết ở trên rồi.".to_owned(), "Mỗi khóa chỉ viết một lần. Xóa bớt một dòng.")
    } else {
        let advice = "Xem lại dấu bằng, dấu ngoặc kép, dấu ngoặc vuông.";
        (format!("Dòng này chưa đúng cách viết TOML (máy báo: {message})."), advice)
    };
    Said { code: "toml-syntax", message: said, advice: advice.into() }
}

/// Returns what to say about a key or value that does not fit. `place` names the table it is in; `also` are keys allowed
/// there that the reader does not know of.
pub(super) fn of_value(message: &str, place: &str, also: &[String]) -> Said {
    let names = between_backticks(message);
    let first = names.first().copied().unwrap_or_default();
    let others: Vec<&str> = names.iter().skip(1).copied().collect();
    let (code, message, advice) = if message.starts_with("unknown field") {
        let allowed: Vec<&str> = others.into_iter().chain(also.iter().map(String::as_str)).collect();
        (
            "unknown-key",
            format!("Khóa \"{first}\" không có trong {place}."),
            format!("Chỉ dùng: {}. Xem lại có gõ nhầm không.", allowed.join(", ")),
        )
    } else if message.starts_with("missing field") {
        (
            "missing-key",
            format!("Thiếu khóa \"{first}\" trong {place}."),
            format!("Thêm một dòng {first} = … theo mẫu trong content/README.md."),
        )
    } else if message.starts_with("unknown variant") {
        (
            "unknown-value",
            format!("Giá trị \"{first}\" chưa có nghĩa ở đây."),
            format!("Chọn một trong: {}.", others.join(", ")),
        )
    } else {
        let expected = message.rsplit_once("expected ").map_or(message, |(_, expected)| expected);
        (
            "wrong-type",
            "Giá trị này chưa đúng loại.".to_owned(),
            format!("Ở đây cần {}.", kind_of_value(expected)),
        )
    };
    Said { code, message, advice }
}

fn kind_of_value(expected: &str) -> String {
    match expected {
        "a string" => "chữ trong ngoặc kép, ví dụ \"…\"".into(),
        "a boolean" => "true hoặc false, không có ngoặc kép".into(),
        "a sequence" => "một danh sách trong ngoặc vuông, ví dụ [\"…\", \"…\"]".into(),
        "i64" => "một số nguyên viết bằng chữ số, không có ngoặc kép".into(),
        other if other.starts_with("struct ") => "một bảng trong ngoặc nhọn, ví dụ { core = [\"D\"] }".into(),
        other => other.into(),
    }
}

fn between_backticks(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_to_do() {
        let also = ["[[variant]]".to_owned()];
        for (message, code, advice) in [
            (
                "unknown field `titel`, expected `id` or `title`",
                "unknown-key",
                "Chỉ dùng: id, title, [[variant]]. Xem lại có gõ nhầm không.",
            ),
            ("missing field `id`", "missing-key", "Thêm một dòng id = … theo mẫu trong content/README.md."),
            (
                "unknown variant `x`, expected `scam` or `misconception`",
                "unknown-value",
                "Chọn một trong: scam, misconception.",
            ),
            (
                "invalid type: integer `3`, expected a string",
                "wrong-type",
                "Ở đây cần chữ trong ngoặc kép, ví dụ \"…\".",
            ),
        ] {
            let said = of_value(message, "khối", &also);
            assert_eq!((said.code, said.advice.as_str()), (code, advice), "{message}");
        }
        assert!(of_syntax("anything else").message.contains("anything else"));
    }
}
