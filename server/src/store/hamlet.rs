//! Hamlets: thôn, bản, tổ dân phố below a commune. They have no official codes and no official list: whoever looks after the
//! commune adds, renames and closes them. Each change is written in one transaction with its entry in the log, which is told
//! where.

use domain::place::{Level, PlaceId, hamlet_key};
use domain::scope::{PlacePath, Scope};
use sqlx::AnyConnection;

use super::filter::{Filter, Value};
use super::place::{COLUMNS, Place, find, lock, read_all, valid_on, write_places};
use super::{NewAudit, Result, Store, audit};

/// What became of a hamlet to add or change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HamletOutcome {
    /// Done now.
    Done(Place),
    /// The commune has one of this name that is valid: this.
    Exists(Place),
    /// No such hamlet, or no such commune of today, within the scope.
    NotFound,
    /// The day lies before the hamlet's first or after today.
    WrongDay,
    /// People live there, a class is held there or somebody's role is given for it.
    InUse,
}

impl Store {
    /// Adds a hamlet below a commune in scope, valid since `day`. The name has been checked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_hamlet(
        &self,
        scope: &Scope,
        commune: &PlaceId,
        (id, name): (&PlaceId, &str),
        (entry, day): (&NewAudit, i64),
    ) -> Result<HamletOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            lock(&mut tx, commune).await?;
            let is_commune = |place: &Place| place.level == Level::Commune && place.valid_to.is_none();
            let found = find(&mut tx, commune).await?.filter(is_commune);
            let Some(commune) = found.filter(|place| scope.covers(&place.path)) else {
                return Ok(HamletOutcome::NotFound);
            };
            if let Some(same) = of_name(&mut tx, &commune.id, name, day).await? {
                return Ok(HamletOutcome::Exists(same));
            }
            let place = Place {
                id: id.clone(),
                code: None,
                level: Level::Hamlet,
                name: name.to_owned(),
                path: PlacePath(format!("{}{id}/", commune.path)),
                valid_from: day,
                valid_to: None,
            };
            write_places(&mut tx, std::slice::from_ref(&place)).await?;
            audit::add(&mut tx, &about(entry, &place)).await?;
            tx.commit().await?;
            Ok(HamletOutcome::Done(place))
        })
        .await
    }

    /// Gives a hamlet in scope another name. The name has been checked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rename_hamlet(
        &self,
        scope: &Scope,
        id: &PlaceId,
        name: &str,
        (entry, day): (&NewAudit, i64),
    ) -> Result<HamletOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some((commune, mut place)) = locked(&mut tx, scope, id).await? else {
                return Ok(HamletOutcome::NotFound);
            };
            let same = of_name(&mut tx, &commune, name, day).await?;
            if let Some(same) = same.filter(|same| same.id != place.id) {
                return Ok(HamletOutcome::Exists(same));
            }
            let entry = NewAudit { detail: format!("{} → {name}", place.name), ..about(entry, &place) };
            name.clone_into(&mut place.name);
            write_places(&mut tx, std::slice::from_ref(&place)).await?;
            // Roles show the name of their place.
            sqlx::query("UPDATE staff_grants SET place_name = $1 WHERE place = $2 AND class IS NULL")
                .bind(name)
                .bind(place.path.to_string())
                .execute(&mut *tx)
                .await?;
            audit::add(&mut tx, &entry).await?;
            tx.commit().await?;
            Ok(HamletOutcome::Done(place))
        })
        .await
    }

    /// Says until which day a hamlet in scope is valid, that day included; nothing opens it again. People stay where they are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close_hamlet(
        &self,
        scope: &Scope,
        id: &PlaceId,
        last_day: Option<i64>,
        (entry, today): (&NewAudit, i64),
    ) -> Result<HamletOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some((commune, mut place)) = locked(&mut tx, scope, id).await? else {
                return Ok(HamletOutcome::NotFound);
            };
            if last_day.is_some_and(|day| day < place.valid_from || day > today) {
                return Ok(HamletOutcome::WrongDay);
            }
            let same = of_name(&mut tx, &commune, &place.name, today).await?;
            if let Some(same) = same.filter(|same| last_day.is_none() && same.id != place.id) {
                return Ok(HamletOutcome::Exists(same));
            }
            place.valid_to = last_day;
            write_places(&mut tx, std::slice::from_ref(&place)).await?;
            audit::add(&mut tx, &about(entry, &place)).await?;
            tx.commit().await?;
            Ok(HamletOutcome::Done(place))
        })
        .await
    }

    /// Removes a hamlet in scope that was added by mistake. One in which people live, merged records included, is only closed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_hamlet(
        &self,
        scope: &Scope,
        id: &PlaceId,
        entry: &NewAudit,
    ) -> Result<HamletOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some((_, place)) = locked(&mut tx, scope, id).await? else {
                return Ok(HamletOutcome::NotFound);
            };
            for (text, value) in [
                ("SELECT id FROM people WHERE place = $1 LIMIT 1", place.id.to_string()),
                ("SELECT id FROM staff_grants WHERE place = $1 LIMIT 1", place.path.to_string()),
                ("SELECT id FROM classes WHERE place = $1 LIMIT 1", place.id.to_string()),
            ] {
                if sqlx::query(text).bind(value).fetch_optional(&mut *tx).await?.is_some() {
                    return Ok(HamletOutcome::InUse);
                }
            }
            sqlx::query("DELETE FROM places WHERE id = $1")
                .bind(place.id.to_string())
                .execute(&mut *tx)
                .await?;
            audit::add(&mut tx, &about(entry, &place)).await?;
            tx.commit().await?;
            Ok(HamletOutcome::Done(place))
        })
        .await
    }

    /// Returns the hamlets of a commune that were closed before a day, in Vietnamese order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn closed_hamlets(&self, commune: &PlaceId, day: i64) -> Result<Vec<Place>> {
        let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM places p WHERE"));
        filter.texts("p.parent = ?", [commune.as_str()]);
        filter.add("AND p.level = 4 AND p.valid_to < ? ORDER BY p.sort_key, p.id", [Value::Number(day)]);
        read_all(&filter.statement().fetch_all(&self.reader).await?)
    }
}

/// Returns a hamlet in scope and its commune, which is locked.
async fn locked(tx: &mut AnyConnection, scope: &Scope, id: &PlaceId) -> Result<Option<(PlaceId, Place)>> {
    let commune = |place: &Place| place.path.ids().rev().nth(1).and_then(|id| id.parse::<PlaceId>().ok());
    let found = find(tx, id).await?.filter(|place| place.level == Level::Hamlet);
    let Some(commune) = found.as_ref().and_then(commune) else { return Ok(None) };
    lock(tx, &commune).await?;
    // Read again: somebody else may have changed it before the lock was there.
    let found = find(tx, id).await?.filter(|place| scope.covers(&place.path));
    Ok(found.map(|place| (commune, place)))
}

/// Returns the hamlet of this kind and name that a commune has on a day.
async fn of_name(tx: &mut AnyConnection, commune: &PlaceId, name: &str, day: i64) -> Result<Option<Place>> {
    let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM places p WHERE"));
    filter.texts("p.parent = ?", [commune.as_str()]);
    valid_on(&mut filter, day);
    let there = read_all(&filter.statement().fetch_all(tx).await?)?;
    Ok(there.into_iter().find(|place| hamlet_key(&place.name) == hamlet_key(name)))
}

/// Returns an entry of the log with the hamlet it is about.
fn about(entry: &NewAudit, place: &Place) -> NewAudit {
    NewAudit { place: Some(place.path.clone()), detail: place.name.clone(), ..entry.clone() }
}
