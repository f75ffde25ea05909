//! Enrolling people on an ambassador's phone, with or without a network; handing the phone to one of them.

use domain::code::LearnerCode;
use domain::consent::{ConsentManner, ConsentMethod, ConsentPurpose, Guardian};
use domain::event::EventKind;
use domain::ids::{LearnerId, StaffId};
use domain::person::Details;
use domain::profile::Profile;
use domain::sync::Code;

use super::environment::Environment;
use super::record::{
    ID_LENGTH, IDENTITY, Identity, LearnerState, LearningRecord, NewFact, Receipt, StoredFact, ToRegister,
    fact_key, json, put,
};
use super::rows::count_unsaved;
use super::store::{Store, StoreError, Table, Write};

/// Somebody to enrol.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// What is kept of her. The name has been checked.
    pub details: Details,
    /// The PIN she is handed.
    pub pin: String,
    /// What she agreed to after the text was read aloud.
    pub purposes: Vec<ConsentPurpose>,
    /// Which wording was read aloud.
    pub text_version: u16,
    /// Who agreed in the place of a child.
    pub guardian: Option<Guardian>,
}

/// Somebody enrolled on this phone whom the server does not know wholly.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// Who.
    pub learner: LearnerId,
    /// What is kept of her.
    pub details: Details,
    /// Her code.
    pub code: Option<LearnerCode>,
    /// Her PIN, until the server has it.
    pub pin: Option<String>,
    /// Facts without an answer.
    pub waiting: usize,
    /// Why the server refused a fact.
    pub refused: Option<Code>,
    /// The facts.
    facts: Vec<StoredFact>,
}

impl<S: Store> LearningRecord<S> {
    /// Enrols somebody, in one transaction: her agreement, name, code and details as facts, and the PIN for the server.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was written then, and nobody is enrolled.
    pub async fn enrol_person(
        &self,
        env: &impl Environment,
        identity: &Identity,
        actor: StaffId,
        new: Enrolment,
    ) -> Result<LearnerId, StoreError> {
        let learner = LearnerId(env.new_id());
        let code = LearnerCode::from_random(env.random_u64());
        let manner = ConsentManner { method: ConsentMethod::ReadAloud, guardian: new.guardian };
        let agreed = |purpose| EventKind::ConsentGiven {
            purpose,
            text_version: new.text_version,
            manner: Some(manner.clone()),
        };
        // Classes are told by desks: this phone knows none.
        let Details { name, birth_year, place, group, phone, needs, classes: _ } = new.details;
        let mut kinds: Vec<EventKind> = new.purposes.iter().copied().map(agreed).collect();
        kinds.push(EventKind::LearnerEnrolled { code: code.clone(), name });
        kinds.push(EventKind::PersonDescribed { birth_year, place, group, phone, needs, classes: vec![] });
        let facts = kinds
            .into_iter()
            .map(|kind| NewFact { kind, content: None, right: None, after_ms: None })
            .collect();
        let to_register = Some(ToRegister { code, pin: new.pin });
        let state = LearnerState { to_register, ..LearnerState::default() };
        let also = vec![put(Table::Learners, &learner.to_string(), &state)];
        let identity = Identity { learner, ..identity.clone() };
        self.append_all(env, &identity, Some(actor), facts, also).await?;
        Ok(learner)
    }

    /// Returns those enrolled here whom the server does not know wholly, the newest last.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn pending(&self) -> Result<Vec<Pending>, StoreError> {
        let mut found = Vec::new();
        for (key, _) in self.store.scan(Table::Learners, "").await? {
            let Some(learner) = key.get(..ID_LENGTH).and_then(|id| id.parse().ok()) else { continue };
            let contents = self.contents(learner).await?;
            let profile = Profile::from_events(contents.facts.iter().map(|fact| &fact.event));
            let refusal = |fact: &StoredFact| match fact.receipt {
                Receipt::Refused(code) => Some(code),
                _ => None,
            };
            let waits = |fact: &&StoredFact| fact.receipt == Receipt::Waiting;
            found.push(Pending {
                learner,
                details: profile.details(),
                code: profile.code().cloned(),
                pin: contents.state.to_register.map(|wanted| wanted.pin),
                waiting: contents.facts.iter().filter(waits).count(),
                refused: contents.facts.iter().find_map(refusal),
                facts: contents.facts,
            });
        }
        found.sort_by_key(|pending| pending.facts.iter().map(|fact| fact.event.seq).max());
        Ok(found)
    }

    /// Takes those off this phone of whom the server has everything: the list that it sends holds them from then on. Returns
    /// how many.
    ///
    /// # Errors
    /// [`StoreError`]; those stay who were not taken off yet.
    pub async fn forget_sent(&self) -> Result<usize, StoreError> {
        let mut forgotten = 0;
        for pending in self.pending().await? {
            let rows = self.rows_of(pending.learner).await?;
            if pending.pin.is_some() || count_unsaved(&rows, &[]) > 0 {
                continue;
            }
            let gone = rows.into_iter().map(|(table, key, _)| Write::Delete(table, key)).collect();
            self.store.write(gone).await?;
            forgotten += 1;
        }
        Ok(forgotten)
    }

    /// Takes somebody in who was enrolled in another store of this phone, and hands the phone to her. Her facts come along so
    /// that her name and agreement are known here; they are sent from where they were recorded, and what she is to learn here
    /// is sent by herself, with the code and PIN of her paper. Returns nothing where she is here already, or her PIN is not
    /// known any more: then she opens her record herself.
    ///
    /// # Errors
    /// [`StoreError`]; the phone then stays with the learner before.
    pub async fn receive(
        &self,
        identity: &Identity,
        enrolled: &Pending,
    ) -> Result<Option<Identity>, StoreError> {
        let key = enrolled.learner.to_string();
        let (Some(code), Some(pin)) = (&enrolled.code, &enrolled.pin) else { return Ok(None) };
        if self.store.get(Table::Learners, &key).await?.is_some() {
            return Ok(None);
        }
        let identity = Identity { learner: enrolled.learner, ..identity.clone() };
        let to_register = Some(ToRegister { code: code.clone(), pin: pin.clone() });
        let state = LearnerState { to_register, ..LearnerState::default() };
        // A learner's page does not know what is kept of a person beside the name.
        let is_hers = |fact: &&StoredFact| !matches!(fact.event.kind, EventKind::PersonDescribed { .. });
        let facts = enrolled.facts.iter().filter(is_hers);
        let mut writes: Vec<Write> =
            facts.map(|fact| put(Table::Facts, &fact_key(&fact.event), fact)).collect();
        writes.push(Write::New(Table::Learners, key, json(&state)));
        writes.push(put(Table::Meta, IDENTITY, &identity));
        self.store.write(writes).await?;
        Ok(Some(identity))
    }
}

#[cfg(test)]
#[path = "enrolment/tests.rs"]
mod tests;
