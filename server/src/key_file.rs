//! Files with keys in `DATA/keys`: made once, whole or not at all, readable by their owner only.
//!
//! What stands in them is the business of [`crate::signing`] and [`crate::seal`].

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

use crate::clock::Random;

/// Why a key cannot be used. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The disk refused.
    #[error("{}: {error}", path.display())]
    Disk {
        /// Which file.
        path: PathBuf,
        /// What the disk said.
        error: std::io::Error,
    },
    /// Others on this machine can read or change it.
    #[error("{}: others can open it (mode {mode:o}); allow only its owner: chmod {allowed:o} {}", path.display(), path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// The mode found.
        mode: u32,
        /// The mode wanted.
        allowed: u32,
    },
    /// Not what was written.
    #[error("{}: damaged; restore it from a backup, or move it away to begin with a new key", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
    },
}

/// Returns the place and the text of a key file of this data folder, making it at the first start.
///
/// # Errors
/// [`KeyFileError`]: then nothing must be served.
pub(crate) fn read_or_make(
    data_dir: &Path,
    name: &str,
    random: &Random,
    new: impl FnOnce() -> String,
) -> Result<(PathBuf, String), KeyFileError> {
    let folder = data_dir.join("keys");
    DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(disk(&folder))?;
    refuse_others(&folder, 0o700)?;
    let path = folder.join(name);
    if !path.try_exists().map_err(disk(&path))? {
        let draft = folder.join(format!("{name}.{}", HEXLOWER.encode(&random.bytes::<8>())));
        create(&folder, &draft, &path, &new())?;
    }
    refuse_others(&path, 0o600)?;
    let text = fs::read_to_string(&path).map_err(disk(&path))?;
    Ok((path, text))
}

pub(crate) fn disk(path: &Path) -> impl FnOnce(std::io::Error) -> KeyFileError {
    let path = path.to_owned();
    move |error| KeyFileError::Disk { path, error }
}

fn refuse_others(path: &Path, allowed: u32) -> Result<(), KeyFileError> {
    let mode = fs::metadata(path).map_err(disk(path))?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyFileError::Open { path: path.to_owned(), mode, allowed }) }
}

/// Writes the key whole or not at all: beside its place first, then linked there unless another server was faster.
fn create(folder: &Path, draft: &Path, path: &Path, text: &str) -> Result<(), KeyFileError> {
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft).map_err(disk(draft))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(disk(draft))?;
    let linked = fs::hard_link(draft, path);
    let _ = fs::remove_file(draft);
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(disk(path)(error)),
        _ => {}
    }
    // The new name itself must survive a power cut too.
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk(folder))
}
