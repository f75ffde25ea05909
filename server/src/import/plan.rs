//! What a list would change: every row compared with the people in scope, nothing written.

use std::collections::{BTreeMap, BTreeSet};

use domain::code::LearnerCode;
use domain::ids::{ClassId, LearnerId};
use domain::person::{Details, Group, alike_key};
use domain::place::Level;

use super::check::{CheckedRow, FaultyRow, Problem, ProblemKind};
use super::classes::{ClassBook, RowClasses};
use super::columns::Column;
use super::places::RowPlace;
use crate::store::Person;

/// What one row would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowPlan {
    /// Adds a person.
    New,
    /// Adds a person who looks like one of these. A person decides later whether they are one; nobody is merged by a list.
    LooksLike(Vec<LearnerId>),
    /// Changes nothing.
    Same(LearnerId),
    /// Changes what is kept of a person.
    Changed {
        /// The person as she is now.
        before: Box<Person>,
        /// What would be kept of her. A new hamlet and a new class are not in it yet.
        after: Box<Details>,
    },
    /// Is left out until its problems are solved.
    Problems(Vec<Problem>),
}

/// A row with what it would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRow {
    /// The row's number.
    pub line: u32,
    /// The name as it stands in the file; empty where there is none.
    pub name: String,
    /// The row, if it makes sense.
    pub row: Option<CheckedRow>,
    /// What it would do.
    pub plan: RowPlan,
    /// Her classes after it.
    pub classes: RowClasses,
}

/// The people in scope to whom rows may belong.
#[derive(Debug, Clone, Default)]
pub struct Known {
    by_id: BTreeMap<LearnerId, Person>,
    by_code: BTreeMap<LearnerCode, LearnerId>,
    by_name: BTreeMap<String, BTreeSet<LearnerId>>,
}

impl Known {
    /// Returns every class in which one of them is.
    pub fn classes(&self) -> BTreeSet<ClassId> {
        self.by_id.values().flat_map(|person| &person.details.classes).copied().collect()
    }

    /// Returns these people, ready to be looked up.
    pub fn new(people: impl IntoIterator<Item = Person>) -> Self {
        let mut known = Self::default();
        for person in people {
            known.by_code.insert(person.code.clone(), person.id);
            known.by_name.entry(alike_key(&person.details.name)).or_default().insert(person.id);
            known.by_id.insert(person.id, person);
        }
        known
    }
}

/// Returns what every row would do.
pub fn plan(
    rows: Vec<Result<CheckedRow, FaultyRow>>,
    known: &Known,
    classes: &ClassBook,
    only_group: Option<Group>,
) -> Vec<PlannedRow> {
    let mut planner = Planner { known, classes, only_group, taken: BTreeMap::new(), seen: BTreeMap::new() };
    rows.into_iter().map(|row| planner.plan(row)).collect()
}

struct Planner<'a> {
    known: &'a Known,
    classes: &'a ClassBook,
    /// The group of which everybody has to be, where whoever reads the list in looks after no other.
    only_group: Option<Group>,
    /// The row that belongs to a person.
    taken: BTreeMap<LearnerId, u32>,
    /// Rows of new people, by everything that tells them apart.
    seen: BTreeMap<(String, Option<u16>, String, Option<String>), u32>,
}

impl<'a> Planner<'a> {
    fn plan(&mut self, row: Result<CheckedRow, FaultyRow>) -> PlannedRow {
        match row {
            Ok(mut row) => {
                if let Some(only) = self.only_group {
                    row.details.group.get_or_insert(only);
                }
                let mut classes = RowClasses::default();
                let plan = self.plan_row(&row, &mut classes);
                PlannedRow { line: row.line, name: row.details.name.clone(), row: Some(row), plan, classes }
            }
            Err(FaultyRow { line, name, problems }) => PlannedRow {
                line,
                name,
                row: None,
                plan: RowPlan::Problems(problems),
                classes: RowClasses::default(),
            },
        }
    }

    fn plan_row(&mut self, row: &CheckedRow, classes: &mut RowClasses) -> RowPlan {
        if self.only_group.is_some() && row.details.group != self.only_group {
            let group = row.details.group.map(Group::vietnamese).unwrap_or_default();
            return problem(row, Column::Group, group, ProblemKind::OtherGroup);
        }
        if let (Some(_), Some(RowPlace::NewHamlet { name, .. })) = (self.only_group, &row.place) {
            return problem(row, Column::Hamlet, name, ProblemKind::HamletUnknown);
        }
        let owner = match &row.code {
            Some(code) => match self.known.by_code.get(code).and_then(|id| self.known.by_id.get(id)) {
                Some(person) => Some(person),
                None => return problem(row, Column::Code, code.as_str(), ProblemKind::CodeUnknown),
            },
            None => self.the_same(row),
        };
        match self.classes.find(row, owner) {
            Ok(found) => *classes = found,
            Err((name, kind)) => return problem(row, Column::Class, &name, kind),
        }
        if let Some(person) = owner {
            if let Some(line) = self.taken.insert(person.id, row.line) {
                return problem(row, Column::Name, &row.details.name, ProblemKind::Repeated { line });
            }
            let after = Details { classes: classes.known.clone(), ..with(person, row) };
            // Who asked that nothing be done with what is kept of her is left as she is.
            let is_same = person.restricted
                || after == person.details
                    && classes.new.is_empty()
                    && !matches!(row.place, Some(RowPlace::NewHamlet { .. }));
            return if is_same {
                RowPlan::Same(person.id)
            } else {
                RowPlan::Changed { before: Box::new(person.clone()), after: Box::new(after) }
            };
        }
        let key = (
            row.details.name.to_lowercase(),
            row.details.birth_year,
            format!("{:?}", row.place),
            row.details.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        );
        if let Some(line) = self.seen.insert(key, row.line) {
            return problem(row, Column::Name, &row.details.name, ProblemKind::Repeated { line });
        }
        let alike = self.alike(row);
        if alike.is_empty() { RowPlan::New } else { RowPlan::LooksLike(alike) }
    }

    /// Returns the person whom a row without a code means beyond doubt: the very same name, the same birth year or none in
    /// both, the same commune, telephone numbers that do not differ, and only one such.
    fn the_same(&self, row: &CheckedRow) -> Option<&'a Person> {
        let fits = |person: &&'a Person| {
            let phones = person.details.phone.as_ref().zip(row.details.phone.as_ref());
            person.details.name.to_lowercase() == row.details.name.to_lowercase()
                && person.details.birth_year == row.details.birth_year
                && phones.is_none_or(|(one, other)| one == other)
                && lives_at(person, row)
        };
        let mut fitting = self.named_alike(row).filter(fits);
        let one = fitting.next()?;
        fitting.next().is_none().then_some(one)
    }

    fn alike(&self, row: &CheckedRow) -> Vec<LearnerId> {
        let fits = |person: &&Person| {
            let same_place = lives_at(person, row) && row.place.is_some();
            let commune = |is: bool| is.then_some("here");
            let sides = ((&person.details, commune(same_place)), (&row.details, commune(same_place)));
            domain::person::likeness(sides.0, sides.1).is_some()
        };
        self.named_alike(row).filter(fits).map(|person| person.id).collect()
    }

    fn named_alike(&self, row: &CheckedRow) -> impl Iterator<Item = &'a Person> + use<'a> {
        let known = self.known;
        let ids = known.by_name.get(&alike_key(&row.details.name));
        ids.into_iter().flatten().filter_map(|id| known.by_id.get(id))
    }
}

/// Returns whether a person lives in the commune of a row. A row without a place fits people without one.
fn lives_at(person: &Person, row: &CheckedRow) -> bool {
    let commune = match &row.place {
        None => return person.path.is_none(),
        Some(RowPlace::NewHamlet { commune, .. }) => commune,
        Some(RowPlace::Known(id)) => id,
    };
    let Some(path) = &person.path else { return false };
    // A hamlet in the row is compared with the person's hamlet or with nothing finer than her commune.
    path.ids().any(|id| id == commune.as_str())
}

/// Returns what is kept of a person after a row: what the row says, else what is there. An empty cell takes nothing away,
/// and neither does a commune from somebody whose hamlet in it is known.
fn with(person: &Person, row: &CheckedRow) -> Details {
    let stored = &person.details;
    let place = match &row.place {
        Some(RowPlace::Known(id)) if !lives_at(person, row) => Some(id.clone()),
        Some(RowPlace::Known(id)) if id.level() == Some(Level::Hamlet) => Some(id.clone()),
        _ => stored.place.clone(),
    };
    Details {
        name: row.details.name.clone(),
        birth_year: row.details.birth_year.or(stored.birth_year),
        place,
        group: row.details.group.or(stored.group),
        phone: row.details.phone.clone().or_else(|| stored.phone.clone()),
        needs: if row.details.needs.is_empty() { stored.needs.clone() } else { row.details.needs.clone() },
        classes: stored.classes.clone(),
    }
}

fn problem(row: &CheckedRow, column: Column, value: &str, kind: ProblemKind) -> RowPlan {
    RowPlan::Problems(vec![Problem { line: row.line, column, value: value.to_owned(), kind }])
}
