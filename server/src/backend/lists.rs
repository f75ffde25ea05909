//! Lists of people as files, as staff pages ask for them.

use app::api::lists::{
    BatchRow, BatchUndone, CellProblem, ListApplied, ListCounts, ListFile, ListFormat, ListPreview, ListRow,
    RowDoes,
};
use data_encoding::BASE64URL_NOPAD;
use domain::person::Details;
use domain::place::PlaceId;

use super::StaffBackend;
use crate::access::may;
use crate::failure::{Failure, Refusal};
use crate::import::check::{Problem, ProblemKind};
use crate::import::columns::Column;
use crate::import::places::RowPlace;
use crate::import::plan::{PlannedRow, RowPlan};
use crate::people::{self, Counts, ExportFormat};
use crate::staff::entry;
use crate::store::PeopleQuery;

/// Rows that add somebody and are shown: enough to see that the columns were understood.
const NEW_SHOWN: usize = 20;

/// Batches shown: nobody takes an older one back.
const BATCHES_MAX: usize = 50;

impl StaffBackend {
    pub(super) async fn shown_list(&self, file: ListFile) -> Result<ListPreview, Failure> {
        let permit = self.permit::<may::MovePeople>().await?;
        let (bytes, commune) = read(&file)?;
        let shown = people::preview(self.acting(&permit), &bytes, commune.as_ref()).await?;
        let mut looked = entry(&self.state, permit.who(), "list-shown", None);
        looked.detail = shown.rows.len().to_string();
        self.state.store.add_audit(&looked).await?;
        let counts = counts(shown.counts());
        let mut new = 0;
        let mut rows = Vec::new();
        for planned in shown.rows {
            new += usize::from(planned.plan == RowPlan::New);
            if planned.plan != RowPlan::New || new <= NEW_SHOWN {
                rows.extend(row(planned));
            }
        }
        let names = |named: Vec<(PlaceId, String)>| named.into_iter().map(|(_, name)| name).collect();
        Ok(ListPreview {
            counts,
            rows,
            unread: shown.unread,
            hamlets: names(shown.hamlets),
            classes: names(shown.classes),
            fingerprint: shown.fingerprint,
        })
    }

    pub(super) async fn written_list(
        &self,
        file: ListFile,
        fingerprint: String,
    ) -> Result<ListApplied, Failure> {
        let permit = self.permit::<may::MovePeople>().await?;
        let (bytes, commune) = read(&file)?;
        let applied = people::apply(self.acting(&permit), &bytes, commune.as_ref(), &fingerprint).await?;
        Ok(ListApplied { batch: applied.batch, counts: counts(applied.counts) })
    }

    pub(super) async fn own_batches(&self) -> Result<Vec<BatchRow>, Failure> {
        let permit = self.permit::<may::MovePeople>().await?;
        let found = self.state.store.batches(Some(permit.who()), BATCHES_MAX).await?;
        let mut rows = Vec::with_capacity(found.len());
        for batch in found {
            let place = match batch.place.parse::<PlaceId>() {
                Ok(id) => self.state.store.place(&id).await?.map(|place| place.name),
                Err(_) => None,
            };
            rows.push(BatchRow {
                number: batch.number,
                at_ms: batch.at_ms,
                place: place.unwrap_or_default(),
                rows: batch.rows,
                undone_ms: batch.undone.map(|(_, at_ms)| at_ms),
            });
        }
        Ok(rows)
    }

    pub(super) async fn taken_back(&self, number: i64) -> Result<BatchUndone, Failure> {
        let permit = self.permit::<may::MovePeople>().await?;
        let undone = people::undo(self.acting(&permit), number).await?;
        Ok(BatchUndone { removed: undone.removed, restored: undone.restored, left: undone.left.len() })
    }

    pub(super) async fn taken_out(&self, format: ListFormat) -> Result<String, Failure> {
        let permit = self.permit::<may::MovePeople>().await?;
        let (format, name) = match format {
            ListFormat::Csv => (ExportFormat::Csv, "csv"),
            ListFormat::Xlsx => (ExportFormat::Xlsx, "xlsx"),
        };
        let bytes = people::export(self.acting(&permit), &PeopleQuery::default(), format).await?;
        let mut looked = entry(&self.state, permit.who(), "people-exported", None);
        looked.detail = name.to_owned();
        self.state.store.add_audit(&looked).await?;
        Ok(BASE64URL_NOPAD.encode(&bytes))
    }
}

/// Returns a file's bytes and its commune.
fn read(file: &ListFile) -> Result<(Vec<u8>, Option<PlaceId>), Refusal> {
    let bytes = BASE64URL_NOPAD.decode(file.content.as_bytes()).map_err(|_| Refusal::Malformed)?;
    let id = |path: &domain::scope::PlacePath| path.ids().next_back().and_then(|id| id.parse().ok());
    match &file.commune {
        Some(path) => Ok((bytes, Some(id(path).ok_or(Refusal::Malformed)?))),
        None => Ok((bytes, None)),
    }
}

fn counts(counts: Counts) -> ListCounts {
    let Counts { new, look_alike, changed, same, problems } = counts;
    ListCounts { new, look_alike, changed, same, problems }
}

/// Returns a row to look at; nothing for one that changes nothing.
fn row(planned: PlannedRow) -> Option<ListRow> {
    let does = match planned.plan {
        RowPlan::New => RowDoes::New,
        RowPlan::LooksLike(_) => RowDoes::LooksLike,
        RowPlan::Changed { before, after } => {
            let place = planned.row.as_ref().and_then(|row| row.place.as_ref());
            let new_hamlet = matches!(place, Some(RowPlace::NewHamlet { .. }));
            let is_new = (new_hamlet, !planned.classes.new.is_empty());
            RowDoes::Changed(changed(&before.details, &after, is_new))
        }
        RowPlan::Same(_) => return None,
        RowPlan::Problems(problems) => RowDoes::Problems(problems.into_iter().map(cell).collect()),
    };
    Some(ListRow { line: planned.line, name: planned.name, does })
}

fn cell(problem: Problem) -> CellProblem {
    let line = match problem.kind {
        ProblemKind::Repeated { line } => Some(line),
        _ => None,
    };
    CellProblem {
        column: problem.column.code().to_owned(),
        value: problem.value,
        code: problem.kind.code().to_owned(),
        line,
    }
}

/// Returns the columns in which two differ. A hamlet or class that is still to be added is not in the details yet.
fn changed(before: &Details, after: &Details, (new_hamlet, new_class): (bool, bool)) -> Vec<String> {
    let differences = [
        (Column::Name, before.name != after.name),
        (Column::Birth, before.birth_year != after.birth_year),
        (Column::Commune, before.place != after.place),
        (Column::Hamlet, new_hamlet),
        (Column::Class, new_class || before.classes != after.classes),
        (Column::Group, before.group != after.group),
        (Column::Phone, before.phone != after.phone),
        (Column::Needs, before.needs != after.needs),
    ];
    let differing = differences.into_iter().filter(|(_, differs)| *differs);
    differing.map(|(column, _)| column.code().to_owned()).collect()
}
