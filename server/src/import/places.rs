//! Where the people of a list live: names as lists spell them, today's units and those of before, to one unit of today.

use std::collections::BTreeMap;

use domain::place::{Level, PlaceId, check_hamlet_name, compare_key, hamlet_key, may_be_one_hamlet};
use domain::scope::PlacePath;

use super::columns::Column;
use crate::places::NOW_FROM;
use crate::store::Place;

/// Where a row's person lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowPlace {
    /// A commune or hamlet that is there.
    Known(PlaceId),
    /// A hamlet that the commune does not have yet; it is added with the list.
    NewHamlet {
        /// The commune.
        commune: PlaceId,
        /// The name, checked.
        name: String,
    },
}

/// What is wrong with a row's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceProblem {
    /// The list is for more than one commune and the row names none.
    Missing,
    /// No such commune here, today or before.
    Unknown,
    /// Several communes have this name: say the province.
    Ambiguous,
    /// A commune of before that was divided: say which of today's.
    Divided,
    /// The name of a hamlet that cannot be one.
    HamletUnreadable,
    /// Several hamlets have this name: say which kind.
    HamletAmbiguous,
}

impl PlaceProblem {
    /// Returns the stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "place-missing",
            Self::Unknown => "place-unknown",
            Self::Ambiguous => "place-ambiguous",
            Self::Divided => "place-divided",
            Self::HamletUnreadable => "hamlet-unreadable",
            Self::HamletAmbiguous => "hamlet-ambiguous",
        }
    }

    /// Returns the column to correct.
    pub fn column(self) -> Column {
        match self {
            Self::HamletUnreadable | Self::HamletAmbiguous => Column::Hamlet,
            _ => Column::Commune,
        }
    }
}

/// The units that may stand in a list: those of today within somebody's scope, and what became of those of before.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    /// Provinces, districts, communes of today and before, and hamlets, by id.
    by_id: BTreeMap<PlaceId, Place>,
    /// Communes by the form in which names are compared.
    communes: BTreeMap<String, Vec<PlaceId>>,
    /// Hamlets by commune.
    hamlets: BTreeMap<PlaceId, Vec<PlaceId>>,
    /// What each commune of before became.
    successors: BTreeMap<PlaceId, Vec<PlaceId>>,
    /// Where people live of whom a row says nothing.
    default: Option<PlaceId>,
}

impl Gazetteer {
    /// Returns the units to choose from. `places` are those within the scope and all above them; `successors` tells what
    /// the communes of before became; `default` is the commune for which the list is made.
    pub fn new(
        places: impl IntoIterator<Item = Place>,
        successors: BTreeMap<PlaceId, Vec<PlaceId>>,
        default: Option<PlaceId>,
    ) -> Self {
        let mut gazetteer = Self { successors, default, ..Self::default() };
        for place in places {
            match place.level {
                Level::Commune => {
                    let key = compare_key(&place.name);
                    gazetteer.communes.entry(key).or_default().push(place.id.clone());
                }
                Level::Hamlet => {
                    if let Some(commune) = place.path.ids().rev().nth(1).and_then(|id| id.parse().ok()) {
                        gazetteer.hamlets.entry(commune).or_default().push(place.id.clone());
                    }
                }
                _ => {}
            }
            gazetteer.by_id.insert(place.id.clone(), place);
        }
        gazetteer
    }

    /// Returns where a row's person lives, from the names in it and the commune's code; nothing when the row says nothing
    /// and need not.
    ///
    /// # Errors
    /// [`PlaceProblem`].
    pub fn find(
        &self,
        [province, district, commune, hamlet]: [&str; 4],
        code: &str,
    ) -> Result<Option<RowPlace>, PlaceProblem> {
        let found = if !code.is_empty() {
            Some(self.by_code(code)?)
        } else if commune.is_empty() {
            match &self.default {
                Some(default) => Some(default.clone()),
                None if [province, district, hamlet].iter().all(|name| name.is_empty()) => None,
                None => return Err(PlaceProblem::Missing),
            }
        } else {
            Some(self.by_names(province, district, commune)?)
        };
        let Some(commune) = found else { return Ok(None) };
        if hamlet.is_empty() {
            return Ok(Some(RowPlace::Known(commune)));
        }
        if let Some(known) = self.hamlet(&commune, hamlet)? {
            return Ok(Some(RowPlace::Known(known)));
        }
        let name = check_hamlet_name(hamlet).map_err(|_| PlaceProblem::HamletUnreadable)?;
        Ok(Some(RowPlace::NewHamlet { commune, name }))
    }

    /// Returns the hamlet of a commune that a row names, if the commune has it.
    fn hamlet(&self, commune: &PlaceId, name: &str) -> Result<Option<PlaceId>, PlaceProblem> {
        let there = self.hamlets.get(commune).into_iter().flatten().filter_map(|id| self.by_id.get(id));
        let fitting: Vec<&Place> = there.filter(|place| may_be_one_hamlet(&place.name, name)).collect();
        let mut exact = fitting.iter().filter(|place| hamlet_key(&place.name) == hamlet_key(name));
        match (exact.next(), fitting.as_slice()) {
            (Some(place), _) => Ok(Some(place.id.clone())),
            (None, []) => Ok(None),
            (None, [place]) => Ok(Some(place.id.clone())),
            (None, _) => Err(PlaceProblem::HamletAmbiguous),
        }
    }

    /// Returns the id of the commune in which a place lies, as text.
    pub fn commune(&self, place: &RowPlace) -> String {
        let id = match place {
            RowPlace::NewHamlet { commune, .. } => return commune.to_string(),
            RowPlace::Known(id) => id,
        };
        let above = self.by_id.get(id).filter(|place| place.level == Level::Hamlet);
        let commune = above.and_then(|place| place.path.ids().rev().nth(1).map(str::to_owned));
        commune.unwrap_or_else(|| id.to_string())
    }

    fn by_code(&self, code: &str) -> Result<PlaceId, PlaceProblem> {
        // A spreadsheet takes leading zeros for superfluous.
        let id = PlaceId::official(&format!("{code:0>5}"), NOW_FROM);
        if self.is_open(&id) { Ok(id) } else { Err(PlaceProblem::Unknown) }
    }

    fn by_names(&self, province: &str, district: &str, commune: &str) -> Result<PlaceId, PlaceProblem> {
        let named: Vec<&Place> = self
            .communes
            .get(&compare_key(commune))
            .into_iter()
            .flatten()
            .filter_map(|id| self.by_id.get(id))
            .filter(|place| self.lies_in(&place.path, [province, district]))
            .collect();
        let today: Vec<&Place> = named.iter().copied().filter(|place| place.valid_to.is_none()).collect();
        // A district shows that the list was written before they were given up.
        if let ([one], true) = (today.as_slice(), district.is_empty()) {
            return Ok(one.id.clone());
        }
        if today.len() > 1 {
            // "Phường 1" and "Xã 1": the whole name may tell which.
            let whole = domain::text::fold(commune);
            let mut exact = today.iter().filter(|place| domain::text::fold(&place.name) == whole);
            return match (exact.next(), exact.next()) {
                (Some(one), None) => Ok(one.id.clone()),
                _ => Err(PlaceProblem::Ambiguous),
            };
        }
        let before: Vec<&Place> = named.iter().copied().filter(|place| place.valid_to.is_some()).collect();
        if let ([one], []) = (today.as_slice(), before.as_slice()) {
            return Ok(one.id.clone());
        }
        let mut became: Vec<&PlaceId> = Vec::new();
        for place in &before {
            let ids = self.successors.get(&place.id).map_or(&[][..], Vec::as_slice);
            if before.len() == 1 && ids.len() > 1 {
                return Err(PlaceProblem::Divided);
            }
            became.extend(ids);
        }
        became.sort();
        became.dedup();
        match became.as_slice() {
            [one] if self.is_open(one) => Ok((*one).clone()),
            [] | [_] => Err(PlaceProblem::Unknown),
            _ => Err(PlaceProblem::Ambiguous),
        }
    }

    /// Returns whether this is a commune of today within the scope.
    fn is_open(&self, id: &PlaceId) -> bool {
        self.by_id.get(id).is_some_and(|place| place.level == Level::Commune && place.valid_to.is_none())
    }

    fn lies_in(&self, path: &PlacePath, names: [&str; 2]) -> bool {
        let wanted =
            names.into_iter().zip([Level::Province, Level::District]).filter(|(name, _)| !name.is_empty());
        let above = |level| {
            let ids = path.ids().filter_map(|id| id.parse::<PlaceId>().ok());
            ids.filter(|id| id.level() == Some(level)).find_map(|id| self.by_id.get(&id))
        };
        wanted.into_iter().all(|(name, level)| {
            // Units of today have no district: naming one is no reason against them.
            above(level).is_none_or(|unit| compare_key(&unit.name) == compare_key(name))
        })
    }
}

/// Gives hamlets that are still to be added one name each, however the rows of a list spell them: a name with its kind is
/// the better one.
pub fn settle_spellings<'r>(places: impl IntoIterator<Item = &'r mut RowPlace>) {
    let mut named: Vec<(&PlaceId, &mut String)> = places
        .into_iter()
        .filter_map(|place| match place {
            RowPlace::NewHamlet { commune, name } => Some((&*commune, name)),
            RowPlace::Known(_) => None,
        })
        .collect();
    // Those that say a kind come first, so that the others find theirs; the order of rows decides among spellings.
    named.sort_by_key(|(_, name)| hamlet_key(name).0.is_none());
    let mut settled: BTreeMap<PlaceId, Vec<String>> = BTreeMap::new();
    for (commune, name) in named {
        let known = settled.entry(commune.clone()).or_default();
        let exact = known.iter().find(|known| hamlet_key(known) == hamlet_key(name));
        let mut fitting = known.iter().filter(|known| may_be_one_hamlet(known, name));
        // A name without a kind that fits two kinds stays what it is.
        let only = fitting.next().filter(|_| fitting.next().is_none());
        match exact.or(only) {
            Some(one) => name.clone_from(one),
            None => known.push(name.clone()),
        }
    }
}
