//! Which classes a list means by their names: a person's own, those at the place, or new ones that are opened with the list.

use std::collections::{BTreeMap, BTreeSet};

use domain::class::class_key;
use domain::ids::ClassId;
use domain::person::CLASSES_MAX;
use domain::place::PlaceId;

use super::check::{CheckedRow, ProblemKind};
use crate::store::{Class, Person};

/// The classes that may stand in a list.
#[derive(Debug, Clone, Default)]
pub struct ClassBook {
    /// Open classes in scope, by the form in which names are compared.
    open: BTreeMap<String, Vec<Class>>,
    /// Every class in which somebody is whom the list may mean.
    own: BTreeMap<ClassId, Class>,
    /// The commune for which the list is made.
    commune: Option<PlaceId>,
    /// Whether whoever reads the list in may open classes.
    may_open: bool,
}

/// The classes of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowClasses {
    /// Those that are there, with those in which the person is already; rising, each once.
    pub known: Vec<ClassId>,
    /// Those to be opened: commune and name.
    pub new: Vec<(PlaceId, String)>,
}

impl ClassBook {
    /// Returns the classes to choose from.
    pub fn new(
        open: impl IntoIterator<Item = Class>,
        own: impl IntoIterator<Item = Class>,
        (commune, may_open): (Option<PlaceId>, bool),
    ) -> Self {
        let mut book = Self { commune, may_open, ..Self::default() };
        for class in open {
            book.open.entry(class_key(&class.name)).or_default().push(class);
        }
        book.own.extend(own.into_iter().map(|class| (class.id, class)));
        book
    }

    /// Returns the classes of a row, which takes nobody out of one.
    ///
    /// # Errors
    /// The first name that is wrong, and why.
    pub fn find(
        &self,
        row: &CheckedRow,
        owner: Option<&Person>,
    ) -> Result<RowClasses, (String, ProblemKind)> {
        let own = owner.map(|person| person.details.classes.as_slice()).unwrap_or_default();
        let mut known: BTreeSet<ClassId> = own.iter().copied().collect();
        let mut new: BTreeMap<String, (PlaceId, String)> = BTreeMap::new();
        for name in &row.classes {
            let key = class_key(name);
            let is_own = |id: &&ClassId| self.own.get(*id).is_some_and(|class| class_key(&class.name) == key);
            if own.iter().any(|id| is_own(&id)) {
                continue;
            }
            match self.of_name(&key, row).map_err(|kind| (name.clone(), kind))? {
                Some(class) => drop(known.insert(class)),
                None => {
                    let commune = self.home(row).filter(|_| self.may_open);
                    let commune = commune.ok_or_else(|| (name.clone(), ProblemKind::ClassUnknown))?;
                    new.insert(key, (commune, name.clone()));
                }
            }
        }
        if known.len() + new.len() > CLASSES_MAX {
            return Err((row.classes.join("; "), ProblemKind::ClassesTooMany));
        }
        Ok(RowClasses { known: known.into_iter().collect(), new: new.into_values().collect() })
    }

    /// Returns the open class of a name in the commune whose classes a row means.
    fn of_name(&self, key: &str, row: &CheckedRow) -> Result<Option<ClassId>, ProblemKind> {
        let Some(commune) = self.home(row) else { return Ok(None) };
        let named = self.open.get(key).map(Vec::as_slice).unwrap_or_default();
        let mut here = named.iter().filter(|class| class.path.ids().any(|id| id == commune.as_str()));
        match (here.next(), here.next()) {
            (Some(one), None) => Ok(Some(one.id)),
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(ProblemKind::ClassAmbiguous),
        }
    }

    /// Returns the commune whose classes a row means: the list's before the person's, for a school has pupils from next door,
    /// and a class next door may have the same name.
    fn home(&self, row: &CheckedRow) -> Option<PlaceId> {
        self.commune.clone().or_else(|| row.commune.clone())
    }
}
