//! Classes: opened at a place, joined and left one by one, helped all at once.

use domain::class::check_class_name;
use domain::ids::{ClassId, LearnerId};
use domain::person::Details;
use domain::place::PlaceId;

use super::change::new_pin;
use super::{Acting, PeopleError, PeopleRefusal, correct, one};
use crate::secret::Secrets;
use crate::store::{Class, ClassOutcome, ListedClass, PeopleQuery, Person};

/// Classes in one answer: those of a large commune's schools.
const LISTED_MAX: usize = 200;

/// Members shown of one class: no room holds more.
pub const MEMBERS_MAX: usize = 500;

/// PINs made by one call: hashing each takes a part of a second.
pub const PINS_AT_ONCE: usize = 50;

/// Returns classes in scope whose name contains what was typed, open ones first, and whether there are more than fit in one answer.
///
/// # Errors
/// When the database fails.
pub async fn list_classes(acting: Acting<'_>, typed: &str) -> Result<(Vec<ListedClass>, bool), PeopleError> {
    let mut found = acting.store.classes(acting.scope, typed, LISTED_MAX + 1).await?;
    let more = found.len() > LISTED_MAX;
    found.truncate(LISTED_MAX);
    Ok((found, more))
}

/// Returns one class.
///
/// # Errors
/// [`PeopleRefusal::NotFound`].
pub async fn one_class(acting: Acting<'_>, id: ClassId) -> Result<Class, PeopleError> {
    Ok(acting.store.class(acting.scope, id).await?.ok_or(PeopleRefusal::NotFound)?)
}

/// Returns the members of a class who are in scope, in the order of names, at most [`MEMBERS_MAX`].
///
/// # Errors
/// [`PeopleRefusal::NotFound`].
pub async fn members(acting: Acting<'_>, id: ClassId) -> Result<(Class, Vec<Person>), PeopleError> {
    let class = one_class(acting, id).await?;
    let query = PeopleQuery { class: Some(id), ..PeopleQuery::default() };
    let page = acting.store.people(acting.scope, &query, None, MEMBERS_MAX).await?;
    Ok((class, page.people))
}

/// Opens a class at a commune or hamlet.
///
/// # Errors
/// [`PeopleRefusal::ClassName`], [`PeopleRefusal::ClassExists`], [`PeopleRefusal::NoPlace`].
pub async fn open_class(acting: Acting<'_>, name: &str, place: &PlaceId) -> Result<Class, PeopleError> {
    let name = check_class_name(name).map_err(|_| PeopleRefusal::ClassName)?;
    let id = ClassId(acting.random.id(acting.now_ms));
    let entry = acting.entry("class-opened");
    let opened = acting.store.open_class(acting.scope, (id, &name), (place, acting.staff), &entry).await?;
    match opened {
        ClassOutcome::NotFound => Err(PeopleRefusal::NoPlace.into()),
        other => done(other),
    }
}

/// Gives a class another name.
///
/// # Errors
/// [`PeopleRefusal::ClassName`], [`PeopleRefusal::ClassExists`], [`PeopleRefusal::NotFound`].
pub async fn rename_class(acting: Acting<'_>, id: ClassId, name: &str) -> Result<Class, PeopleError> {
    let name = check_class_name(name).map_err(|_| PeopleRefusal::ClassName)?;
    done(acting.store.rename_class(acting.scope, id, &name, &acting.entry("class-renamed")).await?)
}

/// Closes a class, or opens it again. Its people stay in it.
///
/// # Errors
/// [`PeopleRefusal::NotFound`], [`PeopleRefusal::ClassExists`] when another one has its name meanwhile.
pub async fn close_class(acting: Acting<'_>, id: ClassId, closed: bool) -> Result<Class, PeopleError> {
    let entry = acting.entry(if closed { "class-closed" } else { "class-reopened" });
    let closed_ms = closed.then_some(acting.now_ms);
    done(acting.store.close_class(acting.scope, id, closed_ms, &entry).await?)
}

/// Puts somebody in scope into a class in scope.
///
/// # Errors
/// As [`correct`].
pub async fn join_class(acting: Acting<'_>, class: ClassId, id: LearnerId) -> Result<(), PeopleError> {
    change(acting, id, |details| details.classes.push(class)).await
}

/// Takes somebody in scope out of a class in scope.
///
/// # Errors
/// As [`correct`]; [`PeopleRefusal::NotFound`] also for somebody who is in it by a record joined with hers.
pub async fn leave_class(acting: Acting<'_>, class: ClassId, id: LearnerId) -> Result<(), PeopleError> {
    change(acting, id, |details| details.classes.retain(|one| *one != class)).await
}

async fn change(
    acting: Acting<'_>,
    id: LearnerId,
    change: impl FnOnce(&mut Details),
) -> Result<(), PeopleError> {
    let person = one(acting, id).await?;
    let mut details = person.details;
    change(&mut details);
    correct(acting, (id, person.version), details).await?;
    Ok(())
}

/// Gives a PIN to members who have none, at most [`PINS_AT_ONCE`] at a time, all or none; returns them in the order of names,
/// kept nowhere. Whoever was given one meanwhile keeps that: her card may be printed already.
///
/// # Errors
/// [`PeopleRefusal::NotFound`].
pub async fn give_pins(
    acting: Acting<'_>,
    secrets: &Secrets,
    class: ClassId,
) -> Result<Vec<(Person, String)>, PeopleError> {
    one_class(acting, class).await?;
    let (mut drafts, mut hashes) = (Vec::new(), Vec::new());
    // Hashed before anything is written: a server that is busy then has given nobody a PIN that no card bears.
    for person in acting.store.members_without_pin(acting.scope, class, PINS_AT_ONCE).await? {
        let pin = new_pin(acting);
        hashes.push((person.id, secrets.hash(&pin).await?, acting.entry("pin-given")));
        drafts.push((person, pin));
    }
    let given = acting.store.give_first_pins(acting.scope, &hashes).await?;
    drafts.retain(|(person, _)| given.contains(&person.id));
    drafts.sort_by(|(a, _), (b, _)| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
    Ok(drafts)
}

fn done(outcome: ClassOutcome) -> Result<Class, PeopleError> {
    match outcome {
        ClassOutcome::Done(class) => Ok(class),
        ClassOutcome::Exists(_) => Err(PeopleRefusal::ClassExists.into()),
        ClassOutcome::NotFound => Err(PeopleRefusal::NotFound.into()),
    }
}
