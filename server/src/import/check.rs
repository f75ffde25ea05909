//! One row to one person, or what is wrong in which cell.

use domain::class::check_class_name;
use domain::code::LearnerCode;
use domain::event::{InvalidEvent, check_name};
use domain::person::{Details, Group, InvalidBirthYear, Phone, SupportNeed, read_birth_year};
use domain::place::PlaceId;
use domain::text::fold;

use super::columns::{Column, Header};
use super::encoding::{LegacyText, legacy};
use super::places::{Gazetteer, PlaceProblem, RowPlace};
use super::read::Row;

/// What is wrong in a cell. Each has words that say what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The name is missing.
    NameMissing,
    /// The name is longer than a certificate bears.
    NameTooLong,
    /// The name has characters that cannot be printed.
    NameUnreadable,
    /// The text was written with an old font's encoding.
    Legacy(LegacyText),
    /// The code has not twelve digits or is mistyped.
    CodeInvalid,
    /// Nobody in scope has this code.
    CodeUnknown,
    /// Neither a year nor a day.
    BirthUnreadable,
    /// A year in which nobody alive was born.
    BirthImpossible,
    /// No Vietnamese telephone number.
    PhoneInvalid,
    /// No group of this name.
    GroupUnknown,
    /// No need of this name.
    NeedUnknown,
    /// The name of a class that cannot be one.
    ClassName,
    /// No hamlet of this name, and none that can be added from here.
    HamletUnknown,
    /// Several classes have this name.
    ClassAmbiguous,
    /// No class of this name, and none that can be opened from here.
    ClassUnknown,
    /// More classes than anybody is in.
    ClassesTooMany,
    /// Whoever reads the list in looks after people of another group.
    OtherGroup,
    /// The place.
    Place(PlaceProblem),
    /// The same person stands in an earlier row.
    Repeated {
        /// That row's number.
        line: u32,
    },
}

impl ProblemKind {
    /// Returns the stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::NameMissing => "name-missing",
            Self::NameTooLong => "name-too-long",
            Self::NameUnreadable => "name-unreadable",
            Self::Legacy(LegacyText::Tcvn3) => "text-tcvn3",
            Self::Legacy(LegacyText::Vni) => "text-vni",
            Self::CodeInvalid => "code-invalid",
            Self::CodeUnknown => "code-unknown",
            Self::BirthUnreadable => "birth-unreadable",
            Self::BirthImpossible => "birth-impossible",
            Self::PhoneInvalid => "phone-invalid",
            Self::GroupUnknown => "group-unknown",
            Self::NeedUnknown => "need-unknown",
            Self::ClassName => "class-name",
            Self::HamletUnknown => "hamlet-unknown",
            Self::ClassAmbiguous => "class-ambiguous",
            Self::ClassUnknown => "class-unknown",
            Self::ClassesTooMany => "classes-too-many",
            Self::OtherGroup => "other-group",
            Self::Place(problem) => problem.code(),
            Self::Repeated { .. } => "row-repeated",
        }
    }
}

/// A row that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultyRow {
    /// The row's number.
    pub line: u32,
    /// The name as it stands in the file; empty where there is none.
    pub name: String,
    /// What is wrong, at least one.
    pub problems: Vec<Problem>,
}

/// What is wrong where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The row's number.
    pub line: u32,
    /// The column.
    pub column: Column,
    /// What stands there.
    pub value: String,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// A row that makes sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRow {
    /// The row's number.
    pub line: u32,
    /// The code, where the list has one.
    pub code: Option<LearnerCode>,
    /// What the row says. Its place is in `place`.
    pub details: Details,
    /// Where the person lives.
    pub place: Option<RowPlace>,
    /// The commune of that place.
    pub commune: Option<PlaceId>,
    /// The names of her classes, each checked.
    pub classes: Vec<String>,
}

/// Checks the rows below the header. Empty rows, and sums at the end, are left out.
pub fn check(
    header: &Header,
    rows: &[Row],
    gazetteer: &Gazetteer,
    this_year: u16,
) -> Vec<Result<CheckedRow, FaultyRow>> {
    let mut checked = Vec::new();
    for row in rows.iter().skip(header.rows) {
        let reading = Reading { header, row };
        if reading.is_person() {
            checked.push(reading.check(gazetteer, this_year));
        }
    }
    checked
}

struct Reading<'a> {
    header: &'a Header,
    row: &'a Row,
}

impl Reading<'_> {
    fn cell(&self, column: Column) -> &str {
        let at = self.header.columns.iter().position(|known| *known == Some(column));
        let cell = at.and_then(|at| self.row.cells.get(at)).map_or("", String::as_str);
        // The sign that keeps spreadsheets from reading a cell as a formula is not part of it.
        match cell.strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
            _ => cell,
        }
    }

    fn name(&self) -> String {
        let whole = self.cell(Column::Name);
        if whole.is_empty() {
            domain::text::tidy_spaces(
                &[self.cell(Column::FamilyName), self.cell(Column::GivenName)].join(" "),
            )
        } else {
            whole.to_owned()
        }
    }

    fn name_column(&self) -> Column {
        if self.header.columns.contains(&Some(Column::Name)) { Column::Name } else { Column::FamilyName }
    }

    /// A row with nothing but a number, and one that sums up, are no people.
    fn is_person(&self) -> bool {
        let known = self.header.columns.iter().zip(&self.row.cells);
        let is_filled = known.filter(|(column, cell)| column.is_some() && !cell.is_empty()).count() > 0;
        let first =
            self.row.cells.iter().find(|cell| !cell.is_empty()).map_or(String::new(), |cell| fold(cell));
        is_filled
            && !["tong cong", "tong so", "cong"]
                .iter()
                .any(|sum| first == *sum || first.starts_with(&format!("{sum} ")))
    }

    fn check(&self, gazetteer: &Gazetteer, this_year: u16) -> Result<CheckedRow, FaultyRow> {
        let mut problems = Vec::new();
        let name = self.name();
        self.check_name(&name, &mut problems);
        let code = self.read(Column::Code, &mut problems, |cell| {
            // A spreadsheet takes leading zeros for superfluous.
            let padded = format!("{cell:0>12}");
            padded.parse::<LearnerCode>().map_err(|_| ProblemKind::CodeInvalid)
        });
        let birth_year = self.read(Column::Birth, &mut problems, |cell| {
            read_birth_year(cell, this_year).map_err(|error| match error {
                InvalidBirthYear::Unreadable => ProblemKind::BirthUnreadable,
                InvalidBirthYear::Impossible => ProblemKind::BirthImpossible,
            })
        });
        let phone = self.read(Column::Phone, &mut problems, |cell| {
            cell.parse::<Phone>().map_err(|_| ProblemKind::PhoneInvalid)
        });
        let group = self
            .read(Column::Group, &mut problems, |cell| Group::read(cell).ok_or(ProblemKind::GroupUnknown));
        let needs = self.read(Column::Needs, &mut problems, read_needs).unwrap_or_default();
        let classes = self.read(Column::Class, &mut problems, read_classes).unwrap_or_default();
        let place = self.place(gazetteer, &mut problems);
        if !problems.is_empty() {
            return Err(FaultyRow { line: self.row.line, name, problems });
        }
        let details = Details { name, birth_year, place: None, group, phone, needs, classes: vec![] };
        let commune = place.as_ref().and_then(|place| gazetteer.commune(place).parse().ok());
        Ok(CheckedRow { line: self.row.line, code, details, place, commune, classes })
    }

    fn check_name(&self, name: &str, problems: &mut Vec<Problem>) {
        let kind = match (legacy(name), check_name(name)) {
            (Some(encoding), _) => ProblemKind::Legacy(encoding),
            (None, Ok(())) => return,
            (None, Err(InvalidEvent::TooLong)) => ProblemKind::NameTooLong,
            (None, Err(InvalidEvent::EmptyName)) => ProblemKind::NameMissing,
            (None, Err(_)) => ProblemKind::NameUnreadable,
        };
        problems.push(self.problem(self.name_column(), name, kind));
    }

    fn read<T>(
        &self,
        column: Column,
        problems: &mut Vec<Problem>,
        read: impl FnOnce(&str) -> Result<T, ProblemKind>,
    ) -> Option<T> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return None;
        }
        read(cell).map_err(|kind| problems.push(self.problem(column, cell, kind))).ok()
    }

    fn place(&self, gazetteer: &Gazetteer, problems: &mut Vec<Problem>) -> Option<RowPlace> {
        let columns = [Column::Province, Column::District, Column::Commune, Column::Hamlet];
        let old_text = columns.into_iter().find_map(|column| Some((column, legacy(self.cell(column))?)));
        if let Some((column, encoding)) = old_text {
            problems.push(self.problem(column, self.cell(column), ProblemKind::Legacy(encoding)));
            return None;
        }
        let [province, district, commune, hamlet] = columns.map(|column| self.cell(column));
        match gazetteer.find([province, district, commune, hamlet], self.cell(Column::CommuneCode)) {
            Ok(place) => place,
            Err(problem) => {
                let column = problem.column();
                problems.push(self.problem(column, self.cell(column), ProblemKind::Place(problem)));
                None
            }
        }
    }

    fn problem(&self, column: Column, value: &str, kind: ProblemKind) -> Problem {
        Problem { line: self.row.line, column, value: value.to_owned(), kind }
    }
}

fn read_classes(cell: &str) -> Result<Vec<String>, ProblemKind> {
    if legacy(cell).is_some() {
        return Err(ProblemKind::ClassName);
    }
    let parts = cell.split(';').filter(|part| !fold(part).is_empty());
    parts.map(|part| check_class_name(part).map_err(|_| ProblemKind::ClassName)).collect()
}

fn read_needs(cell: &str) -> Result<Vec<SupportNeed>, ProblemKind> {
    let parts = cell.split([',', ';', '/']).filter(|part| !fold(part).is_empty());
    let needs = parts.map(|part| SupportNeed::read(part).ok_or(ProblemKind::NeedUnknown));
    let mut needs = needs.collect::<Result<Vec<_>, _>>()?;
    needs.sort();
    needs.dedup();
    Ok(needs)
}
