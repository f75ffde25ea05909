//! Words that time can make false: law numbers, dates of rules, hotlines, official addresses. They belong in
//! `facts.toml`, with a source and a day of review, never in the text of a lesson.
//!
//! Only shapes are looked at, so a new kind is a new function here. Money and thresholds have no shape of their own and
//! are left to the authors.

use super::number_runs::{is_number, number_runs};
use super::report::Report;

/// Adds an error for the first of each kind of dated words in a text that stands at `at`.
pub(super) fn check(text: &str, at: usize, report: &mut Report) {
    let to_facts = "Chuyển câu này vào facts.toml, rồi gọi bằng khối fact.";
    let found = [
        (law_number(text), "Số hiệu văn bản", to_facts),
        (date(text), "Ngày tháng cụ thể", to_facts),
        (hotline(text), "Số đường dây nóng", to_facts),
        (government_address(text), "Địa chỉ .gov.vn", to_facts),
    ];
    for (found, what, advice) in found {
        if let Some(found) = found {
            let message = format!("{what} \"{found}\" có thể thay đổi theo thời gian.");
            report.error(at, "belongs-in-facts", message, advice);
        }
    }
    if let Some(found) = personal_number(text) {
        let message = format!("\"{found}\" giống số điện thoại hay số giấy tờ thật.");
        let advice = "Bỏ số ấy, hoặc dùng số giả bắt đầu bằng 999. Đường dây nóng thì đặt vào facts.toml.";
        report.error(at, "looks-personal", message, advice);
    }
}

fn tokens(text: &str) -> Vec<&str> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect()
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// "91/2025/QH15", "31/QĐ-BYT", "QĐ 2345", "Nghị định số 118", "Luật số 91".
fn law_number(text: &str) -> Option<String> {
    const SHORT: [&str; 7] = ["QĐ", "NĐ", "TT", "CT", "CV", "NQ", "QH"];
    // "quyết định" and "luật" are also everyday words; only "số" before the number makes them a document.
    const NOUNS: [(&str, bool); 8] = [
        ("nghị định", false),
        ("thông tư", false),
        ("nghị quyết", false),
        ("pháp lệnh", false),
        ("chỉ thị", false),
        ("công văn", false),
        ("quyết định", true),
        ("luật", true),
    ];
    let tokens = tokens(text);
    let by_itself = tokens.iter().find(|token| {
        let parts: Vec<&str> = token.split('/').collect();
        let is_short = |part: &str| SHORT.iter().any(|short| part.starts_with(short));
        match parts.as_slice() {
            [number, year, body, ..] => {
                is_number(number)
                    && is_number(year)
                    && year.len() == 4
                    && body.starts_with(char::is_uppercase)
            }
            [number, body] => is_number(number) && is_short(body),
            _ => false,
        }
    });
    if let Some(token) = by_itself {
        return Some((*token).to_owned());
    }
    let short = tokens.windows(2).find(|pair| SHORT.contains(&pair[0]) && starts_with_digit(pair[1]));
    if let Some(pair) = short {
        return Some(pair.join(" "));
    }
    let lower: Vec<String> = tokens.iter().map(|token| token.to_lowercase()).collect();
    (0..lower.len()).find_map(|begin| {
        NOUNS.iter().find_map(|(noun, needs_so)| {
            let after = begin + noun.split(' ').count();
            if lower.get(begin..after)?.join(" ") != *noun {
                return None;
            }
            let has_so = lower.get(after).is_some_and(|token| token == "số");
            let number = lower.get(after + usize::from(has_so))?;
            ((has_so || !needs_so) && starts_with_digit(number)).then(|| format!("{noun} {number}"))
        })
    })
}

/// "01/7/2025"; also with dots or hyphens.
fn date(text: &str) -> Option<String> {
    let is_date = |token: &&&str| {
        ['/', '-', '.'].iter().any(|sign| {
            let parts: Vec<&str> = token.split(*sign).collect();
            let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
            parts.iter().all(|part| is_number(part)) && matches!(lengths.as_slice(), [1..=2, 1..=2, 4])
        })
    };
    tokens(text).iter().find(is_date).map(|token| (*token).to_owned())
}

/// The emergency and anti-spam numbers when they stand alone, and 1800 / 1900 numbers.
fn hotline(text: &str) -> Option<String> {
    const SHORT: [&str; 6] = ["113", "114", "115", "112", "156", "5656"];
    number_runs(text).into_iter().find_map(|run| {
        let digits = run.digits();
        let is_service = digits.starts_with("1800") || digits.starts_with("1900");
        (SHORT.contains(&run.text) || (is_service && (8..=10).contains(&digits.len()) && !run.is_money()))
            .then(|| run.text.to_owned())
    })
}

/// A number as long as a telephone, account or identity number. Demonstration numbers start with 999.
fn personal_number(text: &str) -> Option<String> {
    number_runs(text).into_iter().find_map(|run| {
        let digits = run.digits();
        let is_long = (9..=12).contains(&digits.len()) && !digits.starts_with("999");
        let is_service = digits.starts_with("1800") || digits.starts_with("1900");
        (is_long && !is_service && !run.is_money() && !run.is_a_list()).then(|| run.text.to_owned())
    })
}

/// A host name that ends in .gov.vn; the ending alone, and look-alikes that go on after it, may be taught.
fn government_address(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let is_host = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    lower
        .split(|c| !is_host(c))
        .map(|host| host.trim_matches('.'))
        .find(|host| host.strip_suffix(".gov.vn").is_some_and(|name| !name.is_empty()))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<&'static str> {
        [
            ("law", law_number(text)),
            ("date", date(text)),
            ("hotline", hotline(text)),
            ("address", government_address(text)),
            ("personal", personal_number(text)),
        ]
        .into_iter()
        .filter_map(|(kind, found)| found.map(|_| kind))
        .collect()
    }

    #[test]
    fn finds_what_time_can_make_false() {
        for (text, expected) in [
            ("Theo Luật 91/2025/QH15, bạn có quyền.", "law"),
            ("(50/2024/TT-NHNN)", "law"),
            ("Theo QĐ 2345 thì", "law"),
            ("Quyết định số 757 nói", "law"),
            ("Nghị định 118 nói", "law"),
            ("theo 31/QĐ-BYT", "law"),
            ("Từ ngày 01/7/2025, không còn huyện.", "date"),
            ("Gọi 113 nhé.", "hotline"),
            ("113, 114 hay 115", "hotline"),
            ("gửi tới 5656", "hotline"),
            ("1900 1234", "hotline"),
            ("gọi 18001234", "hotline"),
            ("vào dichvucong.gov.vn.", "address"),
            ("0912 345 678", "personal"),
            ("09 12 34 56 78", "personal"),
            ("0912.345.678", "personal"),
            ("091.234.567", "personal"),
            ("+84 912 345 678", "personal"),
            ("số 001099012345", "personal"),
        ] {
            assert_eq!(kinds(text), vec![expected], "{text}");
        }
    }

    #[test]
    fn leaves_plain_numbers_alone() {
        for text in [
            "Mã 407 926 để CHUYỂN TIỀN.",
            "1.250.000 ₫ và 1.250.000.000 ₫",
            "100000000 đồng",
            "112.000 ₫",
            "Bạn quyết định 3 việc.",
            "đuôi .gov.vn là của nhà nước",
            "dichvucong-gov.vn.xyz và dichvucong.gov.vn.vidu.xyz",
            "số 999000111222",
            "5 10 15 20 25 30",
            "bài 6.3, lúc 7 giờ 30",
            "F5 và TT02:4.2",
            "123456",
            "Ngày 15081990",
            "1/2 cốc, 24/7",
            "CT Phòng 3",
            "",
        ] {
            assert_eq!(kinds(text), Vec::<&str>::new(), "{text}");
        }
    }
}
