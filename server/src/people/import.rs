//! Reading a list of people in: shown first, written as it was shown, taken back if need be.

use std::collections::{BTreeMap, BTreeSet};

use domain::class::class_key;
use domain::ids::{ClassId, EventId};
use domain::person::alike_key;
use domain::place::PlaceId;

use super::change::new_person;
use super::{Acting, PeopleError, PeopleRefusal};
use crate::import::check::{CheckedRow, check};
use crate::import::classes::ClassBook;
use crate::import::columns::header;
use crate::import::places::{Gazetteer, RowPlace, settle_spellings};
use crate::import::plan::{Known, PlannedRow, RowPlan, plan};
use crate::import::read::read;
use crate::import::{ROWS_MAX, UnreadableFile};
use crate::ingest::sha256_hex;
use crate::store::{BatchOutcome, ChangedRow, ClassOutcome, HamletOutcome, NewBatch, Undone};

/// How often a list is compared again because another one was written meanwhile.
const TRIES_MAX: u32 = 3;

/// What reading a list in would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Every row that is about a person, with what it would do.
    pub rows: Vec<PlannedRow>,
    /// Headers of columns that are not read.
    pub unread: Vec<String>,
    /// Hamlets that would be added: commune and name.
    pub hamlets: Vec<(PlaceId, String)>,
    /// Classes that would be opened: commune and name.
    pub classes: Vec<(PlaceId, String)>,
    /// Names this comparison: [`apply`] writes what was shown under this name, and nothing else.
    pub fingerprint: String,
}

/// How many rows would do what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Add a person, look-alikes included.
    pub new: usize,
    /// Of these: look like somebody who is there.
    pub look_alike: usize,
    /// Change a person.
    pub changed: usize,
    /// Change nothing.
    pub same: usize,
    /// Are left out.
    pub problems: usize,
}

/// What reading a list in did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The number of the batch, by which it can be taken back; nothing when no row changed anything.
    pub batch: Option<i64>,
    /// How many rows did what.
    pub counts: Counts,
}

impl Preview {
    /// Returns how many rows would do what.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for row in &self.rows {
            match row.plan {
                RowPlan::New => counts.new += 1,
                RowPlan::LooksLike(_) => {
                    counts.new += 1;
                    counts.look_alike += 1;
                }
                RowPlan::Changed { .. } => counts.changed += 1,
                RowPlan::Same(_) => counts.same += 1,
                RowPlan::Problems(_) => counts.problems += 1,
            }
        }
        counts
    }
}

/// Compares a list with the people in scope and writes nothing. `commune` is where people live of whom a row says
/// nothing.
///
/// # Errors
/// [`PeopleRefusal::File`], [`PeopleRefusal::NoPlace`] when `commune` is not one in scope.
pub async fn preview(
    acting: Acting<'_>,
    file: &[u8],
    commune: Option<&PlaceId>,
) -> Result<Preview, PeopleError> {
    let gazetteer = gazetteer(acting, commune).await?;
    let rows = read(file).map_err(PeopleRefusal::File)?;
    let header = header(&rows).map_err(PeopleRefusal::File)?;
    let mut checked = check(&header, &rows, &gazetteer, acting.this_year());
    settle_spellings(checked.iter_mut().flatten().filter_map(|row| row.place.as_mut()));
    if checked.len() > ROWS_MAX {
        return Err(PeopleRefusal::File(UnreadableFile::TooManyRows).into());
    }
    if checked.is_empty() {
        return Err(PeopleRefusal::File(UnreadableFile::Empty).into());
    }
    let good = || checked.iter().flatten();
    let names: Vec<String> = good().map(|row: &CheckedRow| alike_key(&row.details.name)).collect();
    let codes: Vec<String> =
        good().filter_map(|row| row.code.as_ref()).map(|code| code.as_str().to_owned()).collect();
    let mut communes: Vec<String> =
        good().filter_map(|row| row.place.as_ref().map(|place| gazetteer.commune(place))).collect();
    communes.sort();
    communes.dedup();
    let nowhere = good().any(|row| row.place.is_none());
    let known = acting.store.people_alike(acting.scope, &codes, &names, (&communes, nowhere)).await?;
    let known = Known::new(known);
    let named: BTreeSet<String> = good().flat_map(|row| &row.classes).map(|name| class_key(name)).collect();
    let classes = ClassBook::new(
        acting.store.classes_named(acting.scope, &named).await?,
        acting.store.classes_of(&known.classes()).await?,
        (commune.cloned(), acting.scope.only_group().is_none()),
    );
    let rows = plan(checked, &known, &classes, acting.scope.only_group());
    let (hamlets, classes) = (hamlets(&rows), new_classes(&rows));
    let fingerprint = sha256_hex(&format!("{rows:?}"));
    Ok(Preview { rows, unread: header.unread, hamlets, classes, fingerprint })
}

/// Writes a list as it was shown: rows with problems are left out, everything else is one batch.
///
/// # Errors
/// As [`preview`], and [`PeopleRefusal::LookAgain`] when the comparison comes out differently now.
pub async fn apply(
    acting: Acting<'_>,
    file: &[u8],
    commune: Option<&PlaceId>,
    fingerprint: &str,
) -> Result<Applied, PeopleError> {
    for _ in 0..TRIES_MAX {
        let last_known = acting.store.last_batch().await?;
        let preview = preview(acting, file, commune).await?;
        if preview.fingerprint != fingerprint {
            break;
        }
        let counts = preview.counts();
        if counts.new + counts.changed == 0 {
            return Ok(Applied { batch: None, counts });
        }
        let place = commune.map(PlaceId::to_string).unwrap_or_default();
        let batch = batch(acting, preview, (place, last_known)).await?;
        match acting.store.write_batch(acting.scope, &batch, acting.now_ms).await? {
            BatchOutcome::Written(number) => return Ok(Applied { batch: Some(number), counts }),
            BatchOutcome::ChangedMeanwhile => {}
            BatchOutcome::NoPlace => return Err(PeopleRefusal::NoPlace.into()),
        }
    }
    Err(PeopleRefusal::LookAgain.into())
}

/// Returns what is to be written; hamlets it needs are added.
async fn batch(
    acting: Acting<'_>,
    preview: Preview,
    (place, last_known): (String, i64),
) -> Result<NewBatch, PeopleError> {
    let hamlets = add_hamlets(acting, &preview.hamlets).await?;
    let classes = open_classes(acting, &preview.classes).await?;
    let ambassador = acting.scope.keeper();
    let entry = acting.entry("list-written");
    let mut batch = NewBatch { by: acting.staff, place, last_known, new: vec![], changed: vec![], entry };
    for planned in preview.rows {
        let Some(row) = planned.row else { continue };
        let place = match row.place {
            Some(RowPlace::Known(id)) => Some(id),
            Some(RowPlace::NewHamlet { commune, name }) => hamlets.get(&(commune, name)).cloned(),
            None => None,
        };
        let opened = planned.classes.new.iter().filter_map(|new| classes.get(new));
        let mut joined: Vec<ClassId> = planned.classes.known.iter().chain(opened).copied().collect();
        joined.sort();
        match planned.plan {
            RowPlan::New | RowPlan::LooksLike(_) => {
                let mut details = row.details;
                (details.place, details.classes) = (place, joined);
                batch.new.push((row.line, new_person(acting, details, ambassador)));
            }
            RowPlan::Changed { before, after } => {
                let mut details = *after;
                if let Some(hamlet) = place.filter(|place| hamlets.values().any(|added| added == place)) {
                    details.place = Some(hamlet);
                }
                details.classes = joined;
                batch.changed.push(ChangedRow {
                    line: row.line,
                    id: before.id,
                    version: before.version,
                    details,
                    events: acting.new_events(),
                });
            }
            RowPlan::Same(_) | RowPlan::Problems(_) => {}
        }
    }
    Ok(batch)
}

/// Takes a batch back as far as nothing happened since, and says what stays.
///
/// # Errors
/// [`PeopleRefusal::NotFound`].
pub async fn undo(acting: Acting<'_>, batch: i64) -> Result<Undone, PeopleError> {
    let new_event = || EventId(acting.random.id(acting.now_ms));
    let entry = (&acting.entry("list-taken-back"), acting.now_ms);
    let undone = acting.store.undo_batch(acting.scope, batch, acting.staff, new_event, entry).await?;
    Ok(undone.ok_or(PeopleRefusal::NotFound)?)
}

async fn gazetteer(acting: Acting<'_>, commune: Option<&PlaceId>) -> Result<Gazetteer, PeopleError> {
    let within = acting.places();
    let mut places = acting.store.places_within(&within, acting.today()).await?;
    if let Some(commune) = commune
        && !places.iter().any(|place| place.id == *commune && place.valid_to.is_none())
    {
        return Err(PeopleRefusal::NoPlace.into());
    }
    for path in &within {
        places.extend(acting.store.places_above(path).await?);
    }
    let (before, successors) = acting.store.places_before(&within).await?;
    places.extend(before);
    places.sort_by(|a, b| a.id.cmp(&b.id));
    places.dedup_by(|a, b| a.id == b.id);
    Ok(Gazetteer::new(places, successors, commune.cloned()))
}

/// Returns the hamlets that rows name and communes do not have, each once.
fn hamlets(rows: &[PlannedRow]) -> Vec<(PlaceId, String)> {
    let mut named = Vec::new();
    for planned in rows {
        let is_left_out = matches!(planned.plan, RowPlan::Problems(_));
        if let Some(RowPlace::NewHamlet { commune, name }) =
            planned.row.as_ref().and_then(|row| row.place.as_ref()).filter(|_| !is_left_out)
        {
            named.push((commune.clone(), name.clone()));
        }
    }
    named.sort();
    named.dedup();
    named
}

/// Returns the classes that rows name and nobody has opened, each once.
fn new_classes(rows: &[PlannedRow]) -> Vec<(PlaceId, String)> {
    let kept = rows.iter().filter(|planned| !matches!(planned.plan, RowPlan::Problems(_)));
    let named: BTreeSet<&(PlaceId, String)> = kept.flat_map(|planned| &planned.classes.new).collect();
    named.into_iter().cloned().collect()
}

/// Opens classes that are not there by now. Two spellings of one name are one class.
async fn open_classes(
    acting: Acting<'_>,
    classes: &[(PlaceId, String)],
) -> Result<BTreeMap<(PlaceId, String), ClassId>, PeopleError> {
    let mut opened = BTreeMap::new();
    for (commune, name) in classes {
        let id = ClassId(acting.random.id(acting.now_ms));
        let entry = acting.entry("class-opened");
        match acting.store.open_class(acting.scope, (id, name), (commune, acting.staff), &entry).await? {
            ClassOutcome::Done(class) | ClassOutcome::Exists(class) => {
                opened.insert((commune.clone(), name.clone()), class.id);
            }
            ClassOutcome::NotFound => return Err(PeopleRefusal::NoPlace.into()),
        }
    }
    Ok(opened)
}

/// Adds hamlets that are not there by now.
async fn add_hamlets(
    acting: Acting<'_>,
    hamlets: &[(PlaceId, String)],
) -> Result<BTreeMap<(PlaceId, String), PlaceId>, PeopleError> {
    let mut added = BTreeMap::new();
    for (commune, name) in hamlets {
        let id = PlaceId::hamlet(acting.random.id(acting.now_ms));
        let entry = (&acting.entry("hamlet-added"), acting.today());
        match acting.store.add_hamlet(acting.scope, commune, (&id, name), entry).await? {
            HamletOutcome::Done(place) | HamletOutcome::Exists(place) => {
                added.insert((commune.clone(), name.clone()), place.id);
            }
            _ => return Err(PeopleRefusal::NoPlace.into()),
        }
    }
    Ok(added)
}
