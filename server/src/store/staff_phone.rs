//! Phones that colleagues tied to their accounts, to work in villages without a network.

use std::collections::BTreeSet;

use domain::ids::{DeviceId, LearnerId, StaffId};
use domain::place::PlaceId;
use domain::scope::Scope;

use super::filter::Filter;
use super::person::home;
use super::row::Row;
use super::{NewAudit, Result, Store, audit, device};

/// A phone to tie.
#[derive(Debug, Clone)]
pub struct NewStaffPhone {
    /// The phone.
    pub device: DeviceId,
    /// What proves it.
    pub token_hash: String,
    /// To whose account.
    pub staff: StaffId,
    /// The sealed key of the list on it.
    pub key_sealed: String,
}

/// What became of a phone to tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TieOutcome {
    /// Tied now, or again.
    Tied,
    /// The phone is known by another token.
    DeviceUnknown,
    /// It is tied to somebody else's account.
    Taken,
}

/// A tied phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffPhone {
    /// The phone.
    pub device: DeviceId,
    /// To whose account.
    pub staff: StaffId,
    /// The sealed key of the list on it.
    pub key_sealed: String,
    /// What kind of browser it is. May be empty.
    pub label: String,
    /// Since when, in milliseconds since 1970 UTC.
    pub tied_ms: i64,
    /// When it last asked for anything, give or take an hour.
    pub seen_ms: i64,
}

const COLUMNS: &str = "SELECT p.device, p.staff, p.key_sealed, p.tied_ms, d.label, d.last_seen_ms \
     FROM staff_phones p JOIN devices d ON d.id = p.device WHERE p.untied_ms IS NULL";

impl Store {
    /// Ties a phone to an account, registering it if it is new. Tied again by the same colleague it takes the new key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tie_phone(&self, new: &NewStaffPhone, now_ms: i64, entry: &NewAudit) -> Result<TieOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            if !device::register(&mut tx, new.device, &new.token_hash, now_ms).await? {
                return Ok(TieOutcome::DeviceUnknown);
            }
            let tied = sqlx::query(
                "INSERT INTO staff_phones (device, staff, key_sealed, tied_ms) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (device) DO UPDATE SET staff = excluded.staff, key_sealed = excluded.key_sealed, \
                 tied_ms = excluded.tied_ms, untied_ms = NULL \
                 WHERE staff_phones.staff = excluded.staff OR staff_phones.untied_ms IS NOT NULL",
            )
            .bind(new.device.to_string())
            .bind(new.staff.to_string())
            .bind(new.key_sealed.as_str())
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
            if tied.rows_affected() == 0 {
                return Ok(TieOutcome::Taken);
            }
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(TieOutcome::Tied)
        })
        .await
    }

    /// Returns to whom a phone is tied now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staff_phone(&self, device: DeviceId) -> Result<Option<StaffPhone>> {
        let mut filter = Filter::new(COLUMNS);
        filter.texts("AND p.device = ?", [device.to_string().as_str()]);
        filter.statement().fetch_optional(&self.reader).await?.as_ref().map(read).transpose()
    }

    /// Returns the phones of a colleague, the one seen last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn phones_of_staff(&self, staff: StaffId) -> Result<Vec<StaffPhone>> {
        let mut filter = Filter::new(COLUMNS);
        filter.texts("AND p.staff = ? ORDER BY d.last_seen_ms DESC, d.id", [staff.to_string().as_str()]);
        filter.statement().fetch_all(&self.reader).await?.iter().map(read).collect()
    }

    /// Unties a colleague's phone, perhaps a lost one. Returns false when it is not tied to her.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn untie_phone(
        &self,
        staff: StaffId,
        device: DeviceId,
        now_ms: i64,
        entry: &NewAudit,
    ) -> Result<bool> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let untied = sqlx::query(
                "UPDATE staff_phones SET untied_ms = $1 WHERE device = $2 AND staff = $3 AND untied_ms IS NULL",
            )
            .bind(now_ms)
            .bind(device.to_string())
            .bind(staff.to_string())
            .execute(&mut *tx)
            .await?;
            if untied.rows_affected() == 0 {
                return Ok(false);
            }
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Returns those of these places in which a scope lets people of every group be entered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn places_in_scope(
        &self,
        scope: &Scope,
        places: &BTreeSet<PlaceId>,
    ) -> Result<BTreeSet<PlaceId>> {
        let mut connection = self.reader.acquire().await?;
        let mut within = BTreeSet::new();
        for place in places {
            let path = home(&mut connection, place).await?;
            if path.is_some_and(|path| scope.admits(Some(&path), None)) {
                within.insert(place.clone());
            }
        }
        Ok(within)
    }

    /// Returns those of these learners who have no PIN yet, `learners` being few.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn without_pin(&self, learners: &[LearnerId]) -> Result<BTreeSet<LearnerId>> {
        if learners.is_empty() {
            return Ok(BTreeSet::new());
        }
        let ids: Vec<String> = learners.iter().map(LearnerId::to_string).collect();
        let mut filter = Filter::new("SELECT id FROM learners WHERE pin_hash = ''");
        filter.list("AND id IN", ids.iter().map(String::as_str));
        let found = filter.statement().fetch_all(&self.reader).await?;
        found.iter().map(|row| Row { table: "learners", row }.parsed("id")).collect()
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<StaffPhone> {
    let row = Row { table: "staff_phones", row };
    Ok(StaffPhone {
        device: row.parsed("device")?,
        staff: row.parsed("staff")?,
        key_sealed: row.text("key_sealed")?,
        label: row.text("label")?,
        tied_ms: row.number("tied_ms")?,
        seen_ms: row.number("last_seen_ms")?,
    })
}
