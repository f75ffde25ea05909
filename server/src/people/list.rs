//! Lists of people, and one person.

use std::collections::BTreeMap;

use domain::ids::LearnerId;
use domain::place::PlaceId;

use super::{Acting, PeopleError, PeopleRefusal};
use crate::store::{PeopleCursor, PeoplePage, PeopleQuery, Person};

/// A page of people, with the names of all places in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedPeople {
    /// The people.
    pub page: PeoplePage,
    /// Names of the units on their paths.
    pub names: BTreeMap<PlaceId, String>,
}

/// Returns a page of people.
///
/// # Errors
/// When the database fails.
pub async fn page(
    acting: Acting<'_>,
    query: &PeopleQuery,
    after: Option<&PeopleCursor>,
    limit: usize,
) -> Result<ListedPeople, PeopleError> {
    let page = acting.store.people(acting.scope, query, after, limit).await?;
    let paths: Vec<_> = page.people.iter().filter_map(|person| person.path.as_ref()).collect();
    let names = acting.store.place_names(&paths).await?;
    Ok(ListedPeople { page, names })
}

/// People offered for what was typed.
const OFFERED: usize = 8;

/// Returns people to choose one from, and writes down that they were looked for. Nobody before a word is typed: everybody
/// would be offered.
///
/// # Errors
/// When the database fails.
pub async fn offered(acting: Acting<'_>, typed: &str) -> Result<Vec<Person>, PeopleError> {
    if typed.trim().is_empty() {
        return Ok(Vec::new());
    }
    let query = PeopleQuery { typed: typed.to_owned(), ..PeopleQuery::default() };
    let page = acting.store.people(acting.scope, &query, None, OFFERED).await?;
    acting.store.add_audit(&acting.entry("person-looked-for")).await?;
    Ok(page.people)
}

/// Returns one person.
///
/// # Errors
/// [`PeopleRefusal::NotFound`].
pub async fn one(acting: Acting<'_>, id: LearnerId) -> Result<Person, PeopleError> {
    Ok(acting.store.person(acting.scope, id).await?.ok_or(PeopleRefusal::NotFound)?)
}
