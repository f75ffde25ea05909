use std::os::unix::fs::PermissionsExt;

use super::*;
use domain::certificate::{Verification, verify};
use domain::ids::CertificateId;
use uuid::Uuid;

fn claims() -> Claims {
    Claims {
        id: CertificateId(Uuid::from_u128(9)),
        key: KeyId("another".into()),
        name: "Hồ Thị Lan".into(),
        course: "k6".parse().unwrap(),
        course_title: "Chống lừa đảo".into(),
        lessons: 7,
        issued_day: 20_780,
        rule: "nen-tang-1".into(),
        issuer: "Bình dân học vụ số".into(),
    }
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_key_is_made_once_for_its_owner_only() {
    let data = tempfile::tempdir().unwrap();
    let first = Signer::open(data.path(), &Random::System).unwrap();
    let again = Signer::open(data.path(), &Random::System).unwrap();
    assert_eq!(first.key_id(), again.key_id());
    assert_eq!(mode(&data.path().join("keys")), 0o700);
    assert_eq!(mode(&data.path().join("keys/issuer.key")), 0o600);
    assert_eq!(fs::read_dir(data.path().join("keys")).unwrap().count(), 1, "no draft is left behind");
    let paper = again.sign(claims());
    let expected = Claims { key: first.key_id().clone(), ..claims() };
    assert_eq!(verify(&paper, first.known_keys()), Verification::Good(expected));
}

#[test]
fn a_key_that_others_can_open_stops_the_start() {
    let data = tempfile::tempdir().unwrap();
    Signer::open(data.path(), &Random::System).unwrap();
    for (path, too_wide, right) in [("keys/issuer.key", 0o640, 0o600), ("keys", 0o755, 0o700)] {
        let path = data.path().join(path);
        allow(&path, too_wide);
        let said = Signer::open(data.path(), &Random::System).unwrap_err().to_string();
        let advice = format!("(mode {too_wide:o}); allow only its owner: chmod {right:o} {}", path.display());
        assert!(said.ends_with(&advice), "{said}");
        allow(&path, right);
    }
    Signer::open(data.path(), &Random::System).unwrap();
}

#[test]
fn a_damaged_key_stops_the_start_and_is_left_alone() {
    let data = tempfile::tempdir().unwrap();
    Signer::open(data.path(), &Random::System).unwrap();
    let path = data.path().join("keys/issuer.key");
    let whole = fs::read_to_string(&path).unwrap();
    let flipped = if whole.contains("secret 0") { "secret 1" } else { "secret 0" };
    let damaged = format!("ed25519-{flipped}{}", &whole["ed25519-secret 0".len()..]);
    for text in ["", "secret", &whole[..40], &whole[..whole.len() - 2], &format!("{whole}more\n"), &damaged] {
        fs::write(&path, text).unwrap();
        let refused = Signer::open(data.path(), &Random::System);
        assert!(matches!(refused, Err(SigningError::Damaged { .. })), "{text:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        let said = refused.unwrap_err().to_string();
        assert!(!said.contains(&whole[15..40]), "no part of the secret is said: {said}");
    }
}

#[test]
fn retired_keys_stay_known() {
    let data = tempfile::tempdir().unwrap();
    let old = Signer::open(data.path(), &Random::System).unwrap();
    let paper = old.sign(claims());
    let folder = data.path().join("keys");
    fs::rename(folder.join("issuer.key"), data.path().join("old.key")).unwrap();
    fs::write(folder.join("2026.pub"), format!("{}\n", old.known_keys()[0].public)).unwrap();
    let new = Signer::open(data.path(), &Random::System).unwrap();
    assert_ne!(new.key_id(), old.key_id());
    assert_eq!(new.known_keys().len(), 2);
    assert_eq!(new.known_keys()[0].id, *new.key_id());
    assert!(matches!(verify(&paper, new.known_keys()), Verification::Good(_)));
    fs::write(folder.join("broken.pub"), "zz").unwrap();
    let broken = Signer::open(data.path(), &Random::System);
    assert!(matches!(broken, Err(SigningError::Damaged { path }) if path.ends_with("broken.pub")));
}

#[test]
fn servers_that_start_together_use_one_key() {
    let data = tempfile::tempdir().unwrap();
    let ids: Vec<KeyId> = std::thread::scope(|scope| {
        let start = || scope.spawn(|| Signer::open(data.path(), &Random::System).unwrap().key_id().clone());
        let starting: Vec<_> = (0..8).map(|_| start()).collect();
        starting.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}
