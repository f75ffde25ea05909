//! What is kept of people as facts, and the columns that follow from them: the only file that writes either.

use std::collections::BTreeSet;

use domain::event::{EVENT_VERSION, Event, EventKind};
use domain::ids::{DeviceId, EventId, LearnerId, StaffId};
use domain::person::{Details, SupportNeed, alike_key};
use domain::place::{Level, PlaceId};
use domain::profile::Profile;
use domain::scope::{PlacePath, Scope};
use domain::sort_key::name_sort_key;
use domain::text::fold;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::event::{NewEvent, insert_events, next_number};
use super::person::{NewPerson, Person, find, home, nowhere};
use super::placeholders::with_rows;
use super::row::Row;
use super::{NewAudit, Result, audit, class, look_alike};

/// The phone that stands for this server in the facts it writes itself.
pub const SERVER_DEVICE: DeviceId = DeviceId(Uuid::nil());

/// Rows in one statement: at most 19 values each stay far below the 32,766 that SQLite allows.
pub(super) const ROWS_MAX: usize = 500;

/// Adds people with their records, words and first facts. Nobody of them is there yet.
pub(super) async fn insert(
    tx: &mut AnyConnection,
    people: &[(&NewPerson, PlacePath)],
    now_ms: i64,
) -> Result<()> {
    for part in people.chunks(ROWS_MAX) {
        let mut learners = with_rows(
            "INSERT INTO learners (id, code, pin_hash, created_ms, last_seq) VALUES",
            part.len(),
            5,
            "",
        );
        for (new, _) in part {
            learners =
                learners.bind(new.id.to_string()).bind(new.code.as_str()).bind("").bind(now_ms).bind(2_i64);
        }
        learners.execute(&mut *tx).await?;
        for facts in [1, 2] {
            let said: Vec<NewEvent> = part
                .iter()
                .map(|(new, _)| if facts == 1 { enrolled(new, now_ms) } else { described(new, now_ms) })
                .collect();
            insert_events(tx, &said, &vec![facts; said.len()], now_ms).await?;
        }
        insert_rows(tx, part, now_ms).await?;
        let names: Vec<(LearnerId, &str)> =
            part.iter().map(|(new, _)| (new.id, new.details.name.as_str())).collect();
        insert_words(tx, &names).await?;
    }
    Ok(())
}

async fn insert_rows(tx: &mut AnyConnection, part: &[(&NewPerson, PlacePath)], now_ms: i64) -> Result<()> {
    let mut query = with_rows(
        "INSERT INTO people (id, name, sort_key, fold, alike, birth_year, place, province, commune, path, \
         person_group, phone, needs, classes, ambassador, version, created_ms, changed_ms) VALUES",
        part.len(),
        18,
        "",
    );
    for (new, path) in part {
        let details = &new.details;
        query = query
            .bind(new.id.to_string())
            .bind(details.name.clone())
            .bind(name_sort_key(&details.name))
            .bind(folded(&details.name))
            .bind(alike_key(&details.name))
            .bind(details.birth_year.map(i64::from))
            .bind(details.place.as_ref().map(PlaceId::to_string))
            .bind(part_of(path, Level::Province))
            .bind(part_of(path, Level::Commune))
            .bind(path.to_string())
            .bind(details.group.map(|group| group.as_str()))
            .bind(details.phone.as_ref().map(|phone| phone.as_str().to_owned()))
            .bind(write_needs(&details.needs))
            .bind(class::write(&details.classes))
            .bind(new.ambassador.map(|staff| staff.to_string()))
            .bind(1_i64)
            .bind(now_ms)
            .bind(now_ms);
    }
    query.execute(&mut *tx).await?;
    let members = part.iter().flat_map(|(new, _)| new.details.classes.iter().map(|class| (*class, new.id)));
    class::add_members(tx, &members.collect::<Vec<_>>()).await
}

/// Adds the row of somebody who made a record on a phone and has not said a name yet.
pub(super) async fn insert_nameless(tx: &mut AnyConnection, id: LearnerId, now_ms: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO people (id, name, sort_key, fold, alike, path, needs, version, created_ms, changed_ms) \
         VALUES ($1, '', '', '', '', '', '', 1, $2, $2)",
    )
    .bind(id.to_string())
    .bind(now_ms)
    .execute(tx)
    .await?;
    Ok(())
}

/// Changes what is kept of a person: facts first, the columns after them. A fact of a phone whose clock runs ahead does not
/// outlive this one: it is dated after all there are.
pub(super) async fn change(
    tx: &mut AnyConnection,
    stored: &Person,
    details: &Details,
    path: &PlacePath,
    events: [EventId; 2],
    now_ms: i64,
) -> Result<()> {
    let newest_ms = facts_about(tx, stored.id).await?.iter().map(|event| event.at_ms).max();
    let at_ms = newest_ms.map_or(now_ms, |newest| now_ms.max(newest.saturating_add(1)));
    let name = EventKind::ProfileCorrected { name: details.name.clone() };
    let rest = |details: &Details| Details { name: String::new(), ..details.clone() };
    let mut kinds = Vec::new();
    if stored.details.name != details.name {
        kinds.push(name);
    }
    if rest(&stored.details) != rest(details) {
        kinds.push(description(details));
    }
    for (kind, event) in kinds.into_iter().zip(events) {
        let number = next_number(tx, stored.id, 1).await?;
        let fact = own_fact(event, stored.id, number, kind, at_ms);
        insert_events(tx, &[fact], &[number], now_ms).await?;
    }
    write_columns(tx, &stored.details, stored.id, details, path, now_ms).await
}

async fn write_columns(
    tx: &mut AnyConnection,
    before: &Details,
    id: LearnerId,
    details: &Details,
    path: &PlacePath,
    now_ms: i64,
) -> Result<()> {
    if before.name != details.name {
        delete_words(tx, id, &before.name).await?;
        write_name(tx, id, &details.name).await?;
    }
    sqlx::query(
        "UPDATE people SET birth_year = $1, place = $2, province = $3, commune = $4, path = $5, person_group = $6, \
         phone = $7, needs = $8, classes = $9, version = version + 1, changed_ms = $10 WHERE id = $11",
    )
    .bind(details.birth_year.map(i64::from))
    .bind(details.place.as_ref().map(PlaceId::to_string))
    .bind(part_of(path, Level::Province))
    .bind(part_of(path, Level::Commune))
    .bind(path.to_string())
    .bind(details.group.map(|group| group.as_str()))
    .bind(details.phone.as_ref().map(|phone| phone.as_str().to_owned()))
    .bind(write_needs(&details.needs))
    .bind(class::write(&details.classes))
    .bind(now_ms)
    .bind(id.to_string())
    .execute(&mut *tx)
    .await?;
    if before.classes != details.classes {
        class::remove_member(&mut *tx, id).await?;
        let members: Vec<_> = details.classes.iter().map(|class| (*class, id)).collect();
        class::add_members(tx, &members).await?;
    }
    Ok(())
}

/// Brings what is kept of a person to what her facts say: called under the learner's row lock, after facts were added. A
/// place or class that nobody knows here is as good as none.
pub(super) async fn follow_facts(tx: &mut AnyConnection, id: LearnerId, now_ms: i64) -> Result<()> {
    let Some(stored) = find(tx, &Scope::All, id).await? else { return Ok(()) };
    let mut details = Profile::from_events(&facts_about(tx, id).await?).details();
    let path = match &details.place {
        Some(id) => home(tx, id).await?,
        None => None,
    };
    if path.is_none() {
        details.place = None;
    }
    details.classes = class::known(tx, &details.classes).await?;
    let path = path.unwrap_or_else(nowhere);
    if details != stored.details {
        write_columns(tx, &stored.details, id, &details, &path, now_ms).await?;
        look_alike::look_again(tx, id, now_ms).await?;
    }
    Ok(())
}

/// Gives somebody whom a colleague enrolled into that colleague's care, and writes down who did it. Does nothing for other
/// facts; called after the columns follow the facts, so that the entry says where.
pub(super) async fn entrust(tx: &mut AnyConnection, event: &Event, now_ms: i64) -> Result<()> {
    let (EventKind::LearnerEnrolled { .. }, Some(actor)) = (&event.kind, event.actor) else { return Ok(()) };
    sqlx::query("UPDATE people SET ambassador = $1 WHERE id = $2 AND ambassador IS NULL")
        .bind(actor.to_string())
        .bind(event.learner.to_string())
        .execute(&mut *tx)
        .await?;
    log_fact(tx, event, actor, "person-added", now_ms).await
}

/// Writes down that a colleague said a fact about a person. A fact is stored once, and so is what it leaves in the log.
pub(super) async fn log_fact(
    tx: &mut AnyConnection,
    event: &Event,
    actor: StaffId,
    action: &'static str,
    now_ms: i64,
) -> Result<()> {
    let person = find(&mut *tx, &Scope::All, event.learner).await?;
    let entry = NewAudit {
        id: event.id.0,
        at_ms: now_ms,
        actor: Some(actor),
        action,
        person: Some(event.learner),
        staff: None,
        place: person.and_then(|person| person.path),
        detail: String::new(),
    };
    audit::add(tx, &entry).await
}

async fn facts_about(tx: &mut AnyConnection, id: LearnerId) -> Result<Vec<Event>> {
    let found = sqlx::query(
        "SELECT id, body FROM events WHERE learner = $1 \
         AND kind IN ('LearnerEnrolled', 'ProfileCorrected', 'PersonDescribed')",
    )
    .bind(id.to_string())
    .fetch_all(tx)
    .await?;
    found.iter().map(|row| Row { table: "events", row }.json("body")).collect()
}

async fn write_name(tx: &mut AnyConnection, id: LearnerId, name: &str) -> Result<()> {
    sqlx::query("UPDATE people SET name = $1, sort_key = $2, fold = $3, alike = $4 WHERE id = $5")
        .bind(name)
        .bind(name_sort_key(name))
        .bind(folded(name))
        .bind(alike_key(name))
        .bind(id.to_string())
        .execute(&mut *tx)
        .await?;
    insert_words(tx, &[(id, name)]).await
}

async fn insert_words(tx: &mut AnyConnection, names: &[(LearnerId, &str)]) -> Result<()> {
    let rows: Vec<(String, LearnerId, &str)> = names
        .iter()
        .flat_map(|(id, name)| words(name).into_iter().map(move |word| (word, *id, *name)))
        .collect();
    for part in rows.chunks(ROWS_MAX * 4) {
        let mut query =
            with_rows("INSERT INTO person_words (word, sort_key, person, fold) VALUES", part.len(), 4, "");
        for (word, person, name) in part {
            query = query
                .bind(word.clone())
                .bind(name_sort_key(name))
                .bind(person.to_string())
                .bind(folded(name));
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

/// Takes away the words of a name that a person bore until now.
pub(super) async fn delete_words(tx: &mut AnyConnection, id: LearnerId, name: &str) -> Result<()> {
    for word in words(name) {
        sqlx::query("DELETE FROM person_words WHERE word = $1 AND sort_key = $2 AND person = $3")
            .bind(word)
            .bind(name_sort_key(name))
            .bind(id.to_string())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

fn words(name: &str) -> BTreeSet<String> {
    fold(name).split_terminator(' ').map(str::to_owned).collect()
}

fn folded(name: &str) -> String {
    format!(" {}", fold(name))
}

fn part_of(path: &PlacePath, level: Level) -> Option<String> {
    let is = |id: &&str| id.parse::<PlaceId>().is_ok_and(|id| id.level() == Some(level));
    path.ids().find(is).map(str::to_owned)
}

fn enrolled(new: &NewPerson, now_ms: i64) -> NewEvent {
    let kind = EventKind::LearnerEnrolled { code: new.code.clone(), name: new.details.name.clone() };
    own_fact(new.events[0], new.id, 1, kind, now_ms)
}

fn described(new: &NewPerson, now_ms: i64) -> NewEvent {
    own_fact(new.events[1], new.id, 2, description(&new.details), now_ms)
}

fn description(details: &Details) -> EventKind {
    EventKind::PersonDescribed {
        birth_year: details.birth_year,
        place: details.place.clone(),
        group: details.group,
        phone: details.phone.clone(),
        needs: details.needs.clone(),
        classes: details.classes.clone(),
    }
}

/// Returns a fact that this server itself says.
pub(super) fn own_fact(
    id: EventId,
    learner: LearnerId,
    number: i64,
    kind: EventKind,
    now_ms: i64,
) -> NewEvent {
    let seq = u64::try_from(number).unwrap_or(1);
    let event = Event {
        id,
        v: EVENT_VERSION,
        learner,
        device: SERVER_DEVICE,
        seq,
        at_ms: now_ms,
        mono_ms: 0,
        actor: None,
        content: None,
        kind,
    };
    NewEvent { json: event.canonical_json(), event, verdict: None }
}

fn write_needs(needs: &[SupportNeed]) -> String {
    needs.iter().map(|need| need.as_str()).collect::<Vec<_>>().join(" ")
}
