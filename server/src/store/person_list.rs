//! Lists of people: a page in the order of names, searched as typed, counted by place; fast for a million.
//!
//! Every list is walked along an index in its order, from a cursor on, until a page is full. A typed word is the beginning of
//! a word of the name. The rarest one decides how to ask: is it rare, its people are looked at; is it common, a page is
//! full soon when walking in order.

use std::collections::BTreeMap;

use domain::ids::LearnerId;
use domain::person::Group;
use domain::place::{Level, PlaceId};
use domain::scope::{PlacePath, Scope};
use domain::text::fold;
use sqlx::AnyConnection;

use super::filter::{Filter, Lane, Value, lanes};
use super::person::{COLUMNS, Person, read};
use super::place::Place;
use super::row::Row;
use super::{Result, Store};

/// Which people to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleQuery {
    /// Those who live here.
    pub place: Option<PlacePath>,
    /// What was typed: the beginnings of words of the name, or of a code or telephone number.
    pub typed: String,
    /// Those of this group.
    pub group: Option<Group>,
}

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleCursor {
    /// The last person's sort key.
    pub sort_key: String,
    /// The last person.
    pub id: LearnerId,
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeoplePage {
    /// The people, in the order of names.
    pub people: Vec<Person>,
    /// Where the next page begins, if there is one.
    pub next: Option<PeopleCursor>,
}

/// A word that fewer people bear is rare: looking at them all takes a few milliseconds.
const RARE_MAX: i64 = 2000;

/// Words looked at; no name has more.
const WORDS_MAX: usize = 8;

/// Codes or telephone numbers with the same beginning that are looked at.
const NUMBERS_MAX: i64 = 500;

/// Digits from which a number is looked for: fewer fit too many.
const DIGITS_MIN: usize = 3;

/// How to ask.
enum Plan {
    /// In the order of names, testing each.
    Walk(Vec<String>),
    /// From the people who bear a word, testing the others.
    FromWord(String, Vec<String>),
    /// From codes and telephone numbers.
    FromNumber {
        /// The digits.
        code: String,
        /// The same as the beginning of a telephone number.
        phone: String,
    },
}

impl Store {
    /// Returns a page of people in scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people(
        &self,
        scope: &Scope,
        query: &PeopleQuery,
        after: Option<&PeopleCursor>,
        limit: usize,
    ) -> Result<PeoplePage> {
        let mut connection = self.reader.acquire().await?;
        let plan = plan(&mut connection, &query.typed).await?;
        let mut people = Vec::new();
        for lane in lanes(scope, query.place.as_ref()) {
            let filter = question(&lane, &plan, query.group, after, limit + 1);
            for row in &filter.statement().fetch_all(&mut *connection).await? {
                people.push(read(row)?);
            }
        }
        people.sort_by(|a, b| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
        let is_more = people.len() > limit;
        people.truncate(limit);
        let cursor = |last: &Person| PeopleCursor { sort_key: last.sort_key.clone(), id: last.id };
        let next = people.last().filter(|_| is_more).map(cursor);
        Ok(PeoplePage { people, next })
    }

    /// Returns how many people in scope live in each unit directly below a place. Units without people are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people_below(&self, scope: &Scope, place: &Place) -> Result<BTreeMap<PlaceId, u64>> {
        let (unit, above) = match place.level {
            Level::Country => ("province", None),
            Level::Province => ("commune", Some("province")),
            _ => ("place", Some("commune")),
        };
        let mut filter = Filter::new(&format!(
            "SELECT {unit} AS unit, COUNT(*) AS number FROM people p WHERE p.merged_into IS NULL AND {unit} IS NOT NULL"
        ));
        if let Some(above) = above {
            filter.texts(&format!("AND {above} = ?"), [place.id.as_str()]);
        }
        if !(matches!(scope, Scope::Places(_)) && scope.covers(&place.path)) {
            filter.scope("p", scope);
        }
        filter.add(&format!("GROUP BY {unit}"), []);
        let found = filter.statement().fetch_all(&self.reader).await?;
        let read = |row| {
            let row = Row { table: "people", row };
            Ok((row.parsed("unit")?, row.count("number")?))
        };
        found.iter().map(read).collect()
    }
}

async fn plan(connection: &mut AnyConnection, typed: &str) -> Result<Plan> {
    let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '+' | '\u{A0}')).collect();
    if digits.len() >= DIGITS_MIN && digits.bytes().all(|b| b.is_ascii_digit()) {
        let phone = match typed.trim().strip_prefix('+') {
            Some(_) => format!("+{digits}"),
            None => format!("+84{}", digits.strip_prefix('0').unwrap_or(&digits)),
        };
        return Ok(Plan::FromNumber { code: digits, phone });
    }
    let folded = fold(typed);
    let words: Vec<String> = folded.split_terminator(' ').take(WORDS_MAX).map(str::to_owned).collect();
    let mut rarest: Option<(i64, usize)> = None;
    for (at, word) in words.iter().enumerate() {
        let mut filter = Filter::new("SELECT COUNT(*) AS number FROM (SELECT person FROM person_words WHERE");
        bearing(&mut filter, word);
        filter.add("LIMIT ?) AS some_of_them", [Value::Number(RARE_MAX + 1)]);
        let row = filter.statement().fetch_one(&mut *connection).await?;
        let number = Row { table: "person_words", row: &row }.number("number")?;
        if number <= RARE_MAX && rarest.is_none_or(|(fewest, _)| number < fewest) {
            rarest = Some((number, at));
        }
        if number == 0 {
            break;
        }
    }
    Ok(match rarest {
        Some((_, at)) => Plan::FromWord(words[at].clone(), words),
        None => Plan::Walk(words),
    })
}

/// Adds that a word begins so. The end lies behind every letter, those beyond Vietnamese as well.
fn bearing(filter: &mut Filter, word: &str) {
    filter.texts("word >= ? AND word < ?", [word, format!("{word}\u{10FFFF}").as_str()]);
}

fn question(
    lane: &Lane,
    plan: &Plan,
    group: Option<Group>,
    after: Option<&PeopleCursor>,
    limit: usize,
) -> Filter {
    // CROSS JOIN keeps SQLite from walking another table first; for Postgres it is a join like any other.
    let (mut filter, words) = match plan {
        Plan::Walk(words) => (
            Filter::new(&format!("SELECT {COLUMNS} FROM people p CROSS JOIN learners l WHERE l.id = p.id")),
            words.as_slice(),
        ),
        Plan::FromWord(word, words) => {
            let mut filter =
                Filter::new("WITH hit AS MATERIALIZED (SELECT DISTINCT person FROM person_words WHERE");
            bearing(&mut filter, word);
            filter.add(") ", []);
            (from_hit(filter), words.as_slice())
        }
        Plan::FromNumber { code, phone } => {
            let mut filter = Filter::new("WITH hit AS MATERIALIZED (");
            let starting = [("learners", "code", code), ("people", "phone", phone)];
            for (at, (table, column, start)) in starting.into_iter().enumerate() {
                let union = if at == 0 { "" } else { "UNION" };
                filter.texts(
                    &format!("{union} SELECT person FROM (SELECT id AS person FROM {table} WHERE {column} >= ? AND {column} < ?"),
                    [start, format!("{start}~").as_str()],
                );
                filter.add(&format!("LIMIT ?) AS by_{column}"), [Value::Number(NUMBERS_MAX)]);
            }
            filter.add(") ", []);
            (from_hit(filter), &[][..])
        }
    };
    filter.add("AND p.merged_into IS NULL", []);
    lane.add_to(&mut filter);
    for word in words {
        filter.texts("AND p.fold LIKE ?", [format!("% {word}%").as_str()]);
    }
    if let Some(group) = group {
        filter.texts("AND p.person_group = ?", [group.as_str()]);
    }
    if let Some(after) = after {
        filter.texts("AND (p.sort_key, p.id) > (?, ?)", [after.sort_key.as_str(), &after.id.to_string()]);
    }
    let limit = Value::Number(i64::try_from(limit).unwrap_or(i64::MAX));
    filter.add("ORDER BY p.sort_key, p.id LIMIT ?", [limit]);
    filter
}

fn from_hit(mut filter: Filter) -> Filter {
    filter.add(
        &format!("SELECT {COLUMNS} FROM hit CROSS JOIN people p CROSS JOIN learners l WHERE p.id = hit.person AND l.id = p.id"),
        [],
    );
    filter
}
