//! Taking a list of people out, in the columns in which it is read in.

use std::collections::BTreeSet;

use domain::ids::ClassId;

use super::{Acting, PeopleError};
use crate::import::write::{self, Names};
use crate::store::{PeopleCursor, PeopleQuery};

/// The two kinds of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// CSV.
    Csv,
    /// A spreadsheet.
    Xlsx,
}

/// People asked for at once.
const PAGE: usize = 1000;

/// Most people in one file: more rows than most spreadsheets open on an office machine.
pub const EXPORT_MAX: usize = 100_000;

/// Returns a file with the people of a list, at most [`EXPORT_MAX`].
///
/// # Errors
/// When the database fails or the spreadsheet cannot be put together.
pub async fn export(
    acting: Acting<'_>,
    query: &PeopleQuery,
    format: ExportFormat,
) -> Result<Vec<u8>, PeopleError> {
    let (mut people, mut after) = (Vec::new(), None::<PeopleCursor>);
    loop {
        let page = acting.store.people(acting.scope, query, after.as_ref(), PAGE).await?;
        people.extend(page.people);
        after = page.next;
        if after.is_none() || people.len() >= EXPORT_MAX {
            break;
        }
    }
    let paths: Vec<_> = people.iter().filter_map(|person| person.path.as_ref()).collect();
    let classes: BTreeSet<ClassId> =
        people.iter().flat_map(|person| &person.details.classes).copied().collect();
    let classes = acting.store.classes_of(&classes).await?;
    let names = Names {
        places: acting.store.place_names(&paths).await?,
        classes: classes.into_iter().map(|class| (class.id, class.name)).collect(),
    };
    Ok(match format {
        ExportFormat::Csv => write::csv(&people, &names),
        ExportFormat::Xlsx => write::xlsx(&people, &names)?,
    })
}
