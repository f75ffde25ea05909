//! Settings: defaults, then a file, then the environment. A name or a value that is not understood stops the start with
//! a sentence; a secret is never shown.
//!
//! To add a setting: a field, its line in [`KEYS`], its arm in [`Draft::set`], its line in `README.md`.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::http::Uri;
use domain::certificate::ISSUER_MAX_CHARS;

use crate::store::{DatabaseUrl, without_password};

/// Every setting's name in the file; in the environment in capitals after `BDHVS_`.
const KEYS: [&str; 11] = [
    "database_url",
    "data_dir",
    "listen",
    "public_url",
    "content_dir",
    "issuer",
    "log_format",
    "identity_numbers",
    "oidc_issuer",
    "oidc_client_id",
    "oidc_client_secret",
];

/// What the names of our environment variables begin with.
const PREFIX: &str = "BDHVS_";

/// Variables with this beginning that are no settings: the file's place, and the password for `create-admin`.
const OTHER_VARIABLES: [&str; 2] = ["BDHVS_CONFIG", "BDHVS_ADMIN_PASSWORD"];

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs, one JSON object a line.
    Json,
}

/// The settings of one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the database is; a file in `data_dir` unless set.
    pub database_url: DatabaseUrl,
    /// Where the server keeps its key.
    pub data_dir: PathBuf,
    /// Where it listens.
    pub listen: SocketAddr,
    /// How people reach it: scheme, host and port, without a slash at the end.
    pub public_url: String,
    /// Where the authors' files are.
    pub content_dir: PathBuf,
    /// Who issues certificates.
    pub issuer: String,
    /// How the log is written.
    pub log_format: LogFormat,
    /// Whether a digest and three digits of identity numbers may be kept: only where an authority asks for it.
    pub identity_numbers: bool,
    /// Who else may say who somebody of the staff is; nobody unless set.
    pub oidc: Option<OidcConfig>,
}

/// An OpenID provider that staff may sign in with, and what this server is to it.
#[derive(Clone, PartialEq, Eq)]
pub struct OidcConfig {
    /// The provider's own name for itself: the address before `/.well-known/openid-configuration`.
    pub issuer: String,
    /// This server's name there.
    pub client_id: String,
    /// This server's password there.
    pub client_secret: String,
}

impl fmt::Debug for OidcConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OidcConfig").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// A setting that stops the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// Which name, and where it stands.
    pub name: String,
    /// What was found, without passwords.
    pub found: String,
    /// What would be right.
    pub allowed: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: found {}, allowed: {}", self.name, self.found, self.allowed)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Returns the settings of a file, if any, overlaid by environment variables.
    ///
    /// # Errors
    /// [`ConfigError`] names the setting, what was found and what is allowed.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut draft = Draft::default();
        if let Some(path) = file {
            draft.read_file(path)?;
        }
        let ours: BTreeMap<String, String> =
            environment.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
        for (variable, value) in ours {
            if OTHER_VARIABLES.contains(&variable.as_str()) {
                continue;
            }
            let key = KEYS.iter().find(|key| format!("{PREFIX}{}", key.to_uppercase()) == variable);
            let key = key.ok_or_else(|| {
                unknown(&variable, KEYS.map(|key| format!("{PREFIX}{}", key.to_uppercase())))
            })?;
            draft.set(key, &variable, &value)?;
        }
        draft.finish()
    }

    /// Returns whether phones will find no service worker, no WebCrypto and no lasting storage at the public address:
    /// browsers give these only to https, or to the machine itself.
    pub fn is_insecure(&self) -> bool {
        let Some(host) = self.public_url.strip_prefix("http://") else { return false };
        let host = host.strip_prefix('[').map_or_else(
            || host.split(':').next().unwrap_or(host),
            |six| six.split(']').next().unwrap_or(six),
        );
        !matches!(host, "localhost" | "127.0.0.1" | "::1")
    }
}

struct Draft {
    database_url: Option<DatabaseUrl>,
    data_dir: PathBuf,
    listen: SocketAddr,
    public_url: String,
    content_dir: PathBuf,
    issuer: String,
    log_format: LogFormat,
    identity_numbers: bool,
    oidc_issuer: Option<String>,
    oidc_client_id: Option<String>,
    oidc_client_secret: Option<String>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            database_url: None,
            data_dir: "data".into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            public_url: "http://localhost:3000".into(),
            content_dir: "content".into(),
            issuer: "Bình dân học vụ số".into(),
            log_format: LogFormat::Text,
            identity_numbers: false,
            oidc_issuer: None,
            oidc_client_id: None,
            oidc_client_secret: None,
        }
    }
}

impl Draft {
    fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let place = path.display();
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError {
            name: format!("settings file {place}"),
            found: error.to_string(),
            allowed: "a readable file".into(),
        })?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| ConfigError {
            name: format!("settings file {place}"),
            found: error.message().to_owned(),
            allowed: "TOML, one `name = \"value\"` a line".into(),
        })?;
        for (name, value) in table {
            let shown = format!("{name} in {place}");
            if !KEYS.contains(&name.as_str()) {
                return Err(unknown(&shown, KEYS.map(str::to_owned)));
            }
            let value = value.as_str().ok_or_else(|| ConfigError {
                name: shown.clone(),
                found: format!("a value of type {}", value.type_str()),
                allowed: "a text in quotes".into(),
            })?;
            self.set(&name, &shown, value)?;
        }
        Ok(())
    }

    fn set(&mut self, key: &str, shown: &str, value: &str) -> Result<(), ConfigError> {
        let refuse = |allowed: &str| ConfigError {
            name: shown.to_owned(),
            found: format!("{:?}", without_password(value)),
            allowed: allowed.to_owned(),
        };
        match key {
            "database_url" => {
                let url = DatabaseUrl::parse(value).ok_or_else(|| refuse(DatabaseUrl::FORMS))?;
                self.database_url = Some(url);
            }
            "data_dir" => self.data_dir = folder(value).ok_or_else(|| refuse("a folder"))?,
            "content_dir" => self.content_dir = folder(value).ok_or_else(|| refuse("a folder"))?,
            "listen" => {
                let allowed = "an address with its port, such as 127.0.0.1:3000 or 0.0.0.0:80";
                self.listen = value.parse().map_err(|_| refuse(allowed))?;
            }
            "public_url" => {
                let allowed =
                    "http:// or https://, host and port, without a path, such as https://hoc.example.vn";
                self.public_url = public_url(value).ok_or_else(|| refuse(allowed))?;
            }
            "issuer" => {
                let fits = !value.trim().is_empty() && value.chars().count() <= ISSUER_MAX_CHARS;
                let allowed = format!("1 to {ISSUER_MAX_CHARS} characters");
                self.issuer = fits.then(|| value.trim().to_owned()).ok_or_else(|| refuse(&allowed))?;
            }
            "oidc_issuer" => {
                let allowed = "the provider's https:// address (http:// only on this machine)";
                self.oidc_issuer = Some(provider(value).ok_or_else(|| refuse(allowed))?);
            }
            "identity_numbers" => {
                self.identity_numbers = match value {
                    "on" => true,
                    "off" => false,
                    _ => return Err(refuse("on or off")),
                }
            }
            "oidc_client_id" => self.oidc_client_id = Some(value.to_owned()),
            // Never shown, so nothing about it is refused.
            "oidc_client_secret" => self.oidc_client_secret = Some(value.to_owned()),
            _ => {
                self.log_format = match value {
                    "text" => LogFormat::Text,
                    "json" => LogFormat::Json,
                    _ => return Err(refuse("text or json")),
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Config, ConfigError> {
        let in_folder = || {
            DatabaseUrl::in_folder(&self.data_dir).ok_or_else(|| ConfigError {
                name: "data_dir".into(),
                found: format!("{:?}", self.data_dir),
                allowed: "a folder in which a database can be kept, or set database_url".into(),
            })
        };
        let oidc = self.oidc()?;
        Ok(Config {
            database_url: self.database_url.clone().map_or_else(in_folder, Ok)?,
            data_dir: self.data_dir,
            listen: self.listen,
            public_url: self.public_url,
            content_dir: self.content_dir,
            issuer: self.issuer,
            log_format: self.log_format,
            identity_numbers: self.identity_numbers,
            oidc,
        })
    }

    fn oidc(&self) -> Result<Option<OidcConfig>, ConfigError> {
        match (&self.oidc_issuer, &self.oidc_client_id, &self.oidc_client_secret) {
            (None, None, None) => Ok(None),
            (Some(issuer), Some(id), Some(secret)) => Ok(Some(OidcConfig {
                issuer: issuer.clone(),
                client_id: id.clone(),
                client_secret: secret.clone(),
            })),
            _ => Err(ConfigError {
                name: "oidc_issuer, oidc_client_id, oidc_client_secret".into(),
                found: "some of the three".into(),
                allowed: "all of them, or none".into(),
            }),
        }
    }
}

fn unknown<const N: usize>(name: &str, names: [String; N]) -> ConfigError {
    ConfigError { name: name.to_owned(), found: "an unknown name".into(), allowed: names.join(", ") }
}

/// Without TLS anybody between could say who somebody is.
fn provider(value: &str) -> Option<String> {
    let value = value.strip_suffix('/').unwrap_or(value);
    let uri: Uri = value.parse().ok()?;
    let is_here = matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let fits = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => is_here,
        _ => false,
    };
    (fits && uri.query().is_none()).then(|| value.to_owned())
}

fn folder(value: &str) -> Option<PathBuf> {
    (!value.is_empty()).then(|| PathBuf::from(value))
}

fn public_url(value: &str) -> Option<String> {
    let value = value.strip_suffix('/').unwrap_or(value);
    let uri: Uri = value.parse().ok()?;
    let plain = matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
        && uri.path() == "/"
        && uri.query().is_none();
    plain.then(|| value.to_owned())
}

#[cfg(test)]
mod tests;
