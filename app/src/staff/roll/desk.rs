//! The list behind the page: opened by a secret, read from this phone, sent and fetched when there is a network.

use std::collections::{BTreeMap, BTreeSet};

use domain::consent::{ConsentPurpose, Guardian, TEXT_VERSION};
use domain::dated_fact::Day;
use domain::ids::LearnerId;
use domain::place::day_number;
use domain::roll::{FetchRoll, Roll, RollLearner};
use domain::sync::{ApiError, PROTOCOL_VERSION};
use leptos::prelude::*;

use crate::api::error::Problem;
use crate::api::phones::{PhoneToTie, phone_key, tie_phone};
use crate::offline::enrolment::{Enrolment, Pending};
use crate::offline::environment::Environment;
use crate::offline::idb::IdbStore;
use crate::offline::keyring::{self, Unlocked};
use crate::offline::record::{Identity, LearningRecord};
use crate::offline::sealed::Sealed;
use crate::offline::store::{Store, StoreError, Table, Write};
use crate::offline::sync_client::{SyncError, Transport, send_witnessed, sync_everybody};
use crate::offline::witness::Witnessed;
use crate::phone::roll::{BrowserVault, drop_key, open_roll};
use crate::phone::{self, BrowserEnvironment, FetchTransport};

/// Where the list of the last time lies.
const LIST: &str = "roll";

/// What the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Looking what is here.
    Opening,
    /// Nothing was set up on this phone.
    Absent,
    /// There is a list; its secret opens it.
    Shut,
    /// The list is open.
    Open,
    /// The browser gives no storage, or another page holds it.
    Trouble,
}

/// How sending and fetching went the last time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sending {
    /// Not tried yet.
    Idle,
    /// Under way.
    Busy,
    /// Everything is sent and the list is new.
    Done,
    /// No network.
    Unreachable,
    /// The phone is tied to no account any more.
    NotTied,
    /// The server said no.
    Refused(ApiError),
}

type List = LearningRecord<Sealed<IdbStore, BrowserVault>>;

#[derive(Clone)]
struct Opened {
    inner: IdbStore,
    store: Sealed<IdbStore, BrowserVault>,
    list: List,
    identity: Identity,
}

/// The list, as every part of the page sees it.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    opened: StoredValue<Option<Opened>, LocalStorage>,
    /// What to show.
    pub(super) stage: RwSignal<Stage>,
    /// What the server told the last time.
    pub(super) roll: RwSignal<Option<Roll>>,
    /// Who was enrolled here and is not wholly on the server.
    pub(super) pending: RwSignal<Vec<Pending>>,
    /// What people agreed to before her and the server has not.
    pub(super) agreed: RwSignal<BTreeMap<LearnerId, Vec<ConsentPurpose>>>,
    /// How sending goes.
    pub(super) sending: RwSignal<Sending>,
}

impl Desk {
    /// Looks what is on this phone.
    pub(super) fn new() -> Self {
        let desk = Self {
            opened: StoredValue::new_local(None),
            stage: RwSignal::new(Stage::Opening),
            roll: RwSignal::new(None),
            pending: RwSignal::new(Vec::new()),
            agreed: RwSignal::new(BTreeMap::new()),
            sending: RwSignal::new(Sending::Idle),
        };
        phone::run(async move {
            let looked = async { keyring::kept(&open_roll().await?).await };
            desk.stage.set(match looked.await {
                Ok(Some(_)) => Stage::Shut,
                Ok(None) => Stage::Absent,
                Err(_) => Stage::Trouble,
            });
        });
        desk
    }

    /// Sets the list up under a secret: ties this phone to whoever is signed in. Nothing is kept before the server has the key.
    pub(super) async fn prepare(self, secret: String) -> Result<(), Problem> {
        let inner = open_roll().await.map_err(|error| stored(&error))?;
        keyring::clear(&inner).await.map_err(|error| stored(&error))?;
        let made = keyring::choose(&BrowserVault, &BrowserEnvironment, None, &secret).await;
        let (key, mut keyring) = made.ok_or_else(|| problem("no-cryptography"))?;
        let opened = open(inner).await.map_err(|error| stored(&error))?;
        let Identity { device, token, .. } = opened.identity.clone();
        tie_phone(PhoneToTie { device, token, key }).await?;
        keyring.device = Some(device);
        keyring::keep(&opened.inner, &keyring).await.map_err(|error| stored(&error))?;
        self.show(opened).await;
        Ok(())
    }

    /// Opens the list. What is sent and fetched then goes on beside.
    pub(super) async fn unlock(self, secret: String) -> Result<Unlocked, StoreError> {
        let inner = open_roll().await?;
        let unlocked = keyring::unlock(&inner, &BrowserVault, &BrowserEnvironment, &secret).await?;
        if unlocked == Unlocked::Open {
            self.show(open(inner).await?).await;
        }
        Ok(unlocked)
    }

    /// Sets another secret for the list, for whoever is signed in as its owner.
    pub(super) async fn renew(self, secret: String) -> Result<(), Problem> {
        let inner = open_roll().await.map_err(|error| stored(&error))?;
        let kept = keyring::kept(&inner).await.map_err(|error| stored(&error))?;
        let device = kept.and_then(|kept| kept.device).ok_or_else(|| problem("not-found"))?;
        let key = phone_key(device).await?;
        let made = keyring::choose(&BrowserVault, &BrowserEnvironment, Some(&key), &secret).await;
        let (_, mut keyring) = made.ok_or_else(|| problem("no-cryptography"))?;
        keyring.device = Some(device);
        keyring::keep(&inner, &keyring).await.map_err(|error| stored(&error))?;
        let opened = open(inner).await.map_err(|error| stored(&error))?;
        self.show(opened).await;
        Ok(())
    }

    /// Shuts the list: nothing of it stays on the screen or in memory.
    pub(super) fn shut(self) {
        if self.stage.get_untracked() != Stage::Open {
            return;
        }
        drop_key();
        self.opened.set_value(None);
        self.roll.set(None);
        self.pending.set(Vec::new());
        self.agreed.set(BTreeMap::new());
        self.stage.set(Stage::Shut);
    }

    /// Takes a list that speaks for nobody any more off this phone. Everything in it has been sent.
    pub(super) async fn take_off(self) -> Result<(), StoreError> {
        keyring::clear(&open_roll().await?).await?;
        self.shut();
        self.stage.set(Stage::Absent);
        Ok(())
    }

    async fn show(self, opened: Opened) {
        self.opened.set_value(Some(opened));
        self.read().await;
        self.stage.set(Stage::Open);
        self.send();
    }

    async fn read(self) {
        let Some(Opened { store, list, .. }) = self.opened.get_value() else { return };
        if let Ok(pending) = list.pending().await {
            self.pending.set(pending);
        }
        if let Ok(agreed) = list.agreed_here().await {
            self.agreed.set(agreed);
        }
        if let Ok(Some(text)) = store.get(Table::Meta, LIST).await
            && let Ok(roll) = crate::json::read(&text)
        {
            self.roll.set(Some(roll));
        }
    }

    /// Sends what waits and fetches the list, unless that is under way.
    pub(super) fn send(self) {
        if self.sending.get_untracked() == Sending::Busy {
            return;
        }
        let Some(opened) = self.opened.get_value() else { return };
        self.sending.set(Sending::Busy);
        phone::run(async move {
            let end_turn = phone::my_turn().await;
            let went = exchange(&opened).await;
            end_turn();
            let went = match went {
                Ok(roll) => {
                    self.roll.set(Some(roll));
                    Sending::Done
                }
                Err(SyncError::Refused(error)) if error.code == "phone-not-tied" => {
                    // Whoever it spoke for looks after nobody from here: what it was told is taken off.
                    let gone = Write::Delete(Table::Meta, LIST.to_owned());
                    let _ = opened.store.write(vec![gone]).await;
                    self.roll.set(None);
                    Sending::NotTied
                }
                Err(SyncError::Refused(error)) => Sending::Refused(error),
                Err(SyncError::Unreachable | SyncError::Store(_)) => Sending::Unreachable,
            };
            self.sending.set(went);
            self.read().await;
        });
    }

    /// Enrols somebody; returns whom.
    pub(super) async fn enrol(self, new: Enrolment) -> Result<LearnerId, Problem> {
        let opened = self.opened.get_value().ok_or_else(|| problem("list-shut"))?;
        let actor = self.roll.with_untracked(|roll| roll.as_ref().map(|roll| roll.staff));
        let actor = actor.ok_or_else(|| problem("list-shut"))?;
        let enrolled = opened.list.enrol_person(&BrowserEnvironment, &opened.identity, actor, new).await;
        let learner = enrolled.map_err(|error| stored(&error))?;
        self.read().await;
        self.send();
        Ok(learner)
    }

    /// Notes down what somebody of the list agreed to.
    pub(super) async fn agree(
        self,
        learner: LearnerId,
        purposes: Vec<ConsentPurpose>,
        guardian: Option<Guardian>,
    ) -> Result<(), Problem> {
        let opened = self.opened.get_value().ok_or_else(|| problem("list-shut"))?;
        let known = self.roll.with_untracked(|roll| {
            let roll = roll.as_ref()?;
            let hers = roll.learners.iter().find(|one| one.id == learner)?;
            Some((roll.staff, hers.agreed_ms))
        });
        let (actor, after_ms) = known.ok_or_else(|| problem("list-shut"))?;
        let said = Witnessed { purposes, text_version: TEXT_VERSION, guardian, after_ms };
        let noted = opened.list.witness(&BrowserEnvironment, &opened.identity, actor, learner, said).await;
        noted.map_err(|error| stored(&error))?;
        self.read().await;
        self.send();
        Ok(())
    }

    /// Returns of how many people something waits to be sent.
    pub(super) fn waiting(self) -> usize {
        let mut waiting: BTreeSet<LearnerId> = self.agreed.with(|agreed| agreed.keys().copied().collect());
        self.pending.with(|pending| {
            waiting.extend(pending.iter().filter(|one| one.waiting > 0).map(|one| one.learner));
        });
        waiting.len()
    }

    /// Returns whether somebody agreed to the keeping of her record, as far as this phone knows.
    pub(super) fn has_agreed(self, learner: &RollLearner) -> bool {
        let here = |agreed: &BTreeMap<LearnerId, Vec<ConsentPurpose>>| {
            agreed.get(&learner.id).is_some_and(|here| here.contains(&ConsentPurpose::LearningRecord))
        };
        learner.agreed.contains(&ConsentPurpose::LearningRecord) || self.agreed.with(here)
    }

    /// Returns the year it is now, in Vietnam.
    pub(super) fn this_year() -> u16 {
        let day = day_number(&Day::in_vietnam(BrowserEnvironment.now_ms()));
        u16::try_from(day / 10_000).unwrap_or(u16::MAX)
    }
}

async fn open(inner: IdbStore) -> Result<Opened, StoreError> {
    let store = Sealed::new(inner.clone(), BrowserVault);
    let list = LearningRecord::new(store.clone());
    let identity = list.identity(&BrowserEnvironment).await?;
    Ok(Opened { inner, store, list, identity })
}

/// Sends everything that waits, fetches the list and keeps it.
async fn exchange(opened: &Opened) -> Result<Roll, SyncError> {
    let Opened { store, list, identity, .. } = opened;
    let sent = sync_everybody(list, &FetchTransport, &BrowserEnvironment, identity).await;
    let witnessed = match &sent {
        Err(SyncError::Unreachable | SyncError::Store(_)) => Ok(()),
        _ => send_witnessed(list, &FetchTransport, &BrowserEnvironment, identity).await,
    };
    list.forget_sent().await?;
    list.forget_witnessed().await?;
    let sent = sent.map(drop).and(witnessed);
    // One person's refusal keeps nobody from the newest list; without a network it would fare no better.
    if let Err(error @ (SyncError::Unreachable | SyncError::Store(_))) = sent {
        return Err(error);
    }
    let request = FetchRoll { protocol: PROTOCOL_VERSION, device: identity.device };
    let body = crate::json::write(&request);
    let (status, answer) = FetchTransport.post("/api/v1/roll", &identity.token, body).await?;
    if !(200..300).contains(&status) {
        let refusal = crate::json::read::<ApiError>(&answer).map_err(|_| SyncError::Unreachable)?;
        return Err(SyncError::Refused(refusal));
    }
    let roll: Roll = crate::json::read(&answer).map_err(|_| SyncError::Unreachable)?;
    store.write(vec![Write::Put(Table::Meta, LIST.to_owned(), answer)]).await?;
    sent.map(|()| roll)
}

fn problem(code: &str) -> Problem {
    Problem::new(code, domain::sync::NextStep::FixInput)
}

fn stored(error: &StoreError) -> Problem {
    problem(if *error == StoreError::Full { "phone-full" } else { "phone-storage" })
}
