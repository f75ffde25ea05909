//! What every request may use. Cheap to clone.

use std::sync::Arc;

use crate::clock::{Clock, Random};
use crate::config::Config;
use crate::content::Library;
use crate::lessons::LessonVersions;
use crate::oidc::Provider;
use crate::seal::Sealer;
use crate::secret::Secrets;
use crate::signing::Signer;
use crate::store::Store;

/// What every request may use.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The database.
    pub store: Store,
    /// The issuer's key.
    pub signer: Arc<Signer>,
    /// Tells the time.
    pub clock: Clock,
    /// Makes ids.
    pub random: Random,
    /// The settings.
    pub config: Arc<Config>,
    /// What is published now.
    pub library: Arc<Library>,
    /// Lesson versions at hand.
    pub lessons: LessonVersions,
    /// Seals secrets of second factors.
    pub seal: Arc<Sealer>,
    /// Who else may say who somebody of the staff is.
    pub oidc: Option<Provider>,
    /// Checks PINs and passwords.
    pub secrets: Secrets,
}
