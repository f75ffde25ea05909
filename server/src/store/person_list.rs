//! Lists of people: a page in the order of names, searched as typed, counted by place; fast for a million.
//!
//! Every list is walked along an index in its order, from a cursor on, until a page is full. A typed word is the beginning of
//! a word of the name. Among many people, those who bear the rarest typed word are walked, word for word; a beginning that
//! very many words have ("n") fills a page soon when walking everybody, and a commune is small enough to walk.

use std::collections::BTreeMap;

use domain::ids::{ClassId, LearnerId};
use domain::person::Group;
use domain::place::{Level, PlaceId};
use domain::scope::{PlacePath, Scope};
use domain::text::fold;
use sqlx::AnyConnection;

use super::filter::{Filter, Lane, MEMBERS, Value, lanes};
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
    /// The members of this class.
    pub class: Option<ClassId>,
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

/// Counting how many people bear a word ends here: rarer is better, but not at any price.
const COUNTED_MAX: i64 = 20_000;

/// Words with one beginning that are walked one after the other: each costs a question.
const SAME_BEGINNING_MAX: i64 = 12;

/// Words looked at; no name has more.
const WORDS_MAX: usize = 8;

/// Codes or telephone numbers with the same beginning that are looked at.
const NUMBERS_MAX: i64 = 500;

/// Digits from which a number is looked for: fewer fit too many.
const DIGITS_MIN: usize = 3;

/// How to ask.
enum Plan {
    /// Everybody in the order of names, testing each.
    Walk(Vec<String>),
    /// Those who bear one of these words, in the order of names, testing the words typed.
    WalkWords {
        /// The words of names that begin like one of those typed.
        bearing: Vec<String>,
        /// What was typed.
        typed: Vec<String>,
        /// How many people bear one of them, counted to [`COUNTED_MAX`].
        number: i64,
    },
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
            // A class is few people, whoever may see of them.
            let is_small = query.class.is_some() || is_small(&mut connection, &lane, &plan).await?;
            for filter in questions(&lane, is_small, &plan, query, after, limit + 1) {
                for row in &filter.statement().fetch_all(&mut *connection).await? {
                    people.push(read(row)?);
                }
            }
        }
        people.sort_by(|a, b| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
        // Two words of one name may begin like a typed one, and one person may be in several lanes.
        people.dedup_by_key(|person| person.id);
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
        if !scope.covers(&place.path) {
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
    let mut rarest: Option<(i64, Vec<String>)> = None;
    for word in &words {
        let bearing = words_beginning(connection, word).await?;
        if bearing.is_empty() {
            return Ok(Plan::WalkWords { bearing, typed: words, number: 0 });
        }
        if bearing.len() > usize::try_from(SAME_BEGINNING_MAX).unwrap_or(usize::MAX) {
            continue;
        }
        let mut filter = Filter::new("SELECT COUNT(*) AS number FROM (SELECT person FROM person_words WHERE");
        beginning(&mut filter, word);
        filter.add("LIMIT ?) AS some_of_them", [Value::Number(COUNTED_MAX)]);
        let row = filter.statement().fetch_one(&mut *connection).await?;
        let number = Row { table: "person_words", row: &row }.number("number")?;
        if rarest.as_ref().is_none_or(|(fewest, _)| number < *fewest) {
            rarest = Some((number, bearing));
        }
    }
    Ok(match rarest {
        Some((number, bearing)) => Plan::WalkWords { bearing, typed: words, number },
        None => Plan::Walk(words),
    })
}

/// Returns words of names that begin so, one more than are walked at most. Jumps from word to word: there are few words and
/// many who bear them.
async fn words_beginning(connection: &mut AnyConnection, typed: &str) -> Result<Vec<String>> {
    let end = format!("{typed}\u{10FFFF}");
    let mut filter = Filter::new("WITH RECURSIVE found (word) AS (");
    filter.texts("SELECT MIN(word) FROM person_words WHERE word >= ? AND word < ?", [typed, end.as_str()]);
    filter.texts(
        "UNION ALL SELECT (SELECT MIN(w.word) FROM person_words w WHERE w.word > found.word AND w.word < ?) \
         FROM found WHERE found.word IS NOT NULL)",
        [end.as_str()],
    );
    let limit = Value::Number(SAME_BEGINNING_MAX + 1);
    filter.add("SELECT word FROM found WHERE word IS NOT NULL LIMIT ?", [limit]);
    let found = filter.statement().fetch_all(connection).await?;
    found.iter().map(|row| Row { table: "person_words", row }.text("word")).collect()
}

/// Returns whether a lane has fewer people than bear the words of a plan, so that walking the lane is less work.
async fn is_small(connection: &mut AnyConnection, lane: &Lane, plan: &Plan) -> Result<bool> {
    let (Lane::Within(_) | Lane::Group(..), Plan::WalkWords { number, .. }, false) =
        (lane, plan, lane.is_small())
    else {
        return Ok(lane.is_small());
    };
    let mut filter =
        Filter::new("SELECT COUNT(*) AS number FROM (SELECT id FROM people p WHERE merged_into IS NULL");
    // Everybody there, of whatever group: an index alone tells that.
    match lane {
        Lane::Group(_, place) => Lane::Within(place.clone()).add_to(&mut filter),
        _ => lane.add_to(&mut filter),
    }
    filter.add("LIMIT ?) AS some_of_them", [Value::Number(*number)]);
    let row = filter.statement().fetch_one(connection).await?;
    Ok(Row { table: "people", row: &row }.number("number")? < *number)
}

/// Adds that a word begins so. The end lies behind every letter, those beyond Vietnamese as well.
fn beginning(filter: &mut Filter, word: &str) {
    filter.texts("word >= ? AND word < ?", [word, format!("{word}\u{10FFFF}").as_str()]);
}

/// Returns the questions whose answers together hold the page.
fn questions(
    lane: &Lane,
    is_small: bool,
    plan: &Plan,
    query: &PeopleQuery,
    after: Option<&PeopleCursor>,
    limit: usize,
) -> Vec<Filter> {
    let starts: Vec<(Filter, &[String], Source)> = match plan {
        Plan::Walk(typed) => vec![(everybody(), typed, Source::People)],
        Plan::WalkWords { bearing, .. } if bearing.is_empty() => vec![],
        Plan::WalkWords { typed, .. } if is_small => vec![(everybody(), typed, Source::People)],
        Plan::WalkWords { bearing, typed, .. } => {
            bearing.iter().map(|word| (who_bears(word), typed.as_slice(), Source::Words)).collect()
        }
        Plan::FromNumber { code, phone } => vec![(who_has_number(code, phone), &[], Source::People)],
    };
    let finish = |(mut filter, typed, source): (Filter, &[String], Source)| {
        let (table, id) = match source {
            Source::People => ("p", "id"),
            Source::Words => ("w", "person"),
        };
        for word in typed {
            filter.texts(&format!("AND {table}.fold LIKE ?"), [format!("% {word}%").as_str()]);
        }
        filter.add("AND p.merged_into IS NULL AND p.restricted_ms IS NULL", []);
        lane.add_to(&mut filter);
        if let Some(group) = query.group {
            filter.texts("AND p.person_group = ?", [group.as_str()]);
        }
        if let Some(class) = query.class {
            filter.texts(&format!("AND p.id IN ({MEMBERS})"), [class.to_string().as_str()]);
        }
        if let Some(after) = after {
            let cursor = [after.sort_key.as_str(), &after.id.to_string()];
            filter.texts(&format!("AND ({table}.sort_key, {table}.{id}) > (?, ?)"), cursor);
        }
        let limit = Value::Number(i64::try_from(limit).unwrap_or(i64::MAX));
        filter.add(&format!("ORDER BY {table}.sort_key, {table}.{id} LIMIT ?"), [limit]);
        filter
    };
    starts.into_iter().map(finish).collect()
}

/// The table along whose order a question walks.
enum Source {
    People,
    Words,
}

// CROSS JOIN keeps SQLite from walking another table first; for Postgres it is a join like any other.

fn everybody() -> Filter {
    Filter::new(&format!("SELECT {COLUMNS} FROM people p CROSS JOIN learners l WHERE l.id = p.id"))
}

fn who_bears(word: &str) -> Filter {
    let mut filter = Filter::new(&format!(
        "SELECT {COLUMNS} FROM person_words w CROSS JOIN people p CROSS JOIN learners l \
         WHERE p.id = w.person AND l.id = p.id"
    ));
    filter.texts("AND w.word = ?", [word]);
    filter
}

fn who_has_number(code: &str, phone: &str) -> Filter {
    let mut filter = Filter::new("WITH hit AS MATERIALIZED (");
    for (at, (table, column, start)) in
        [("learners", "code", code), ("people", "phone", phone)].into_iter().enumerate()
    {
        let union = if at == 0 { "" } else { "UNION" };
        filter.texts(
            &format!(
                "{union} SELECT person FROM (SELECT id AS person FROM {table} WHERE {column} >= ? AND {column} < ?"
            ),
            [start, format!("{start}~").as_str()],
        );
        filter.add(&format!("LIMIT ?) AS by_{column}"), [Value::Number(NUMBERS_MAX)]);
    }
    filter.add(
        &format!(
            ") SELECT {COLUMNS} FROM hit CROSS JOIN people p CROSS JOIN learners l \
             WHERE p.id = hit.person AND l.id = p.id"
        ),
        [],
    );
    filter
}
