//! Noticing records that look like one person's, whenever people are added or corrected. What people decide about them
//! stands in `duplicate.rs`.

use std::collections::BTreeMap;

use domain::ids::LearnerId;
use domain::person::{Likeness, likeness};
use domain::place::{Level, PlaceId};
use sqlx::AnyConnection;

use super::Result;
use super::duplicate::texts;
use super::filter::{Filter, Value};
use super::person::{COLUMNS, Person, read};
use super::person_facts::ROWS_MAX;
use super::placeholders::with_rows;
use super::row::Row;

/// How many look-alikes of a list's people are looked at: more are no help to whoever decides.
const LOOK_ALIKES_MAX: i64 = 5_000;

/// Writes down look-alikes of these people.
pub(super) async fn look_for(tx: &mut AnyConnection, ids: &[LearnerId], now_ms: i64) -> Result<()> {
    for part in ids.chunks(ROWS_MAX) {
        let pairs = look_alikes(tx, &texts(part)).await?;
        let pairs: Vec<_> = pairs.into_iter().collect();
        for part in pairs.chunks(ROWS_MAX) {
            let mut query = with_rows(
                "INSERT INTO likely_duplicates (a, b, likeness, found_ms, state) VALUES",
                part.len(),
                5,
                "ON CONFLICT (a, b) DO UPDATE SET likeness = excluded.likeness",
            );
            for ((a, b), likeness) in part {
                query = query
                    .bind(a.to_string())
                    .bind(b.to_string())
                    .bind(likeness.as_str())
                    .bind(now_ms)
                    .bind("open");
            }
            query.execute(&mut *tx).await?;
        }
    }
    Ok(())
}

/// Looks at a person's pairs again after a change: what nobody decided on and is no longer alike goes.
pub(super) async fn look_again(tx: &mut AnyConnection, id: LearnerId, now_ms: i64) -> Result<()> {
    sqlx::query("DELETE FROM likely_duplicates WHERE (a = $1 OR b = $1) AND state = 'open'")
        .bind(id.to_string())
        .execute(&mut *tx)
        .await?;
    look_for(tx, &[id], now_ms).await
}

/// Returns pairs with one of these people in it. Each of the two questions goes along an index that holds just the people
/// it asks for; whether they are alike is decided by the rule.
async fn look_alikes(
    tx: &mut AnyConnection,
    ids: &[String],
) -> Result<BTreeMap<(LearnerId, LearnerId), Likeness>> {
    let people = format!("SELECT {COLUMNS} FROM people p JOIN learners l ON l.id = p.id WHERE 1 = 1");
    let others = format!(
        "SELECT {COLUMNS}, m.id AS mine FROM people m JOIN people p ON p.alike = m.alike JOIN learners l ON l.id = p.id \
         WHERE p.id <> m.id AND m.alike <> ''"
    );
    let list = |text: &str, column: &str| {
        let mut filter = Filter::new(text);
        filter.list(&format!("AND {column} IN"), ids.iter().map(String::as_str));
        filter
    };
    let mut mine: BTreeMap<LearnerId, Person> = BTreeMap::new();
    for row in &list(&people, "p.id").statement().fetch_all(&mut *tx).await? {
        let person = read(row)?;
        mine.insert(person.id, person);
    }
    let mut pairs = BTreeMap::new();
    for same in ["AND p.commune = m.commune", "AND p.phone = m.phone"] {
        let mut filter = list(&format!("{others} {same}"), "m.id");
        filter.add("LIMIT ?", [Value::Number(LOOK_ALIKES_MAX)]);
        for row in &filter.statement().fetch_all(&mut *tx).await? {
            let other = read(row)?;
            let one: LearnerId = Row { table: "people", row }.parsed("mine")?;
            let Some(one) = mine.get(&one) else { continue };
            let communes = [commune_of(one), commune_of(&other)];
            let sides = ((&one.details, communes[0].as_deref()), (&other.details, communes[1].as_deref()));
            if let Some(why) = likeness(sides.0, sides.1) {
                pairs.insert((one.id.min(other.id), one.id.max(other.id)), why);
            }
        }
    }
    Ok(pairs)
}

fn commune_of(person: &Person) -> Option<String> {
    let is = |id: &&str| id.parse::<PlaceId>().is_ok_and(|id| id.level() == Some(Level::Commune));
    person.path.as_ref()?.ids().find(is).map(str::to_owned)
}
