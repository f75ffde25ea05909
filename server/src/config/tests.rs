use super::*;

fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn load(file: &str, pairs: &[(&str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bdhvs.toml");
    std::fs::write(&path, file).unwrap();
    let shown = path.display().to_string();
    Config::load(Some(&path), environment(pairs)).map_err(|error| error.to_string().replace(&shown, "FILE"))
}

#[test]
fn without_settings_a_village_server_starts() {
    let config = Config::load(None, environment(&[("PATH", "/bin"), ("HOME", "/root")])).unwrap();
    assert_eq!(config.database_url.to_string(), "sqlite://data/bdhvs.sqlite");
    assert_eq!(config.data_dir, Path::new("data"));
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.public_url, "http://localhost:3000");
    assert_eq!(config.content_dir, Path::new("content"));
    assert_eq!(config.issuer, "Bình dân học vụ số");
    assert_eq!(config.log_format, LogFormat::Text);
    assert!(!config.identity_numbers, "nobody asks for identity numbers unless told to");
}

#[test]
fn the_environment_overlays_the_file() {
    let file = "listen = \"0.0.0.0:80\"\ndata_dir = \"/srv/hoc\"\nlog_format = \"json\"\n";
    let pairs = [
        ("BDHVS_LISTEN", "[::]:8080"),
        ("BDHVS_PUBLIC_URL", "https://hoc.example.vn/"),
        ("BDHVS_CONFIG", "bdhvs.toml"),
        ("BDHVS_IDENTITY_NUMBERS", "on"),
        ("BDHVS_ADMIN_PASSWORD", "không hỏi ai"),
    ];
    let config = load(file, &pairs).unwrap();
    assert_eq!(config.listen.to_string(), "[::]:8080");
    assert_eq!(config.public_url, "https://hoc.example.vn");
    assert_eq!(config.database_url.to_string(), "sqlite:///srv/hoc/bdhvs.sqlite", "beside the other data");
    assert_eq!(config.log_format, LogFormat::Json);
    assert!(config.identity_numbers);
}

#[test]
fn what_is_not_understood_is_named_with_what_is_allowed() {
    let names = "database_url, data_dir, listen, public_url, content_dir, issuer, log_format, identity_numbers, oidc_issuer, \
                 oidc_client_id, oidc_client_secret";
    for (file, pair, said) in [
        ("lissten = \"x\"", ("A", "b"), format!("lissten in FILE: found an unknown name, allowed: {names}")),
        ("listen = 3000", ("A", "b"), "listen in FILE: found a value of type integer, allowed: a text in quotes".into()),
        (
            "",
            ("BDHVS_LISTEN", "3000"),
            "BDHVS_LISTEN: found \"3000\", allowed: an address with its port, such as 127.0.0.1:3000 or 0.0.0.0:80"
                .into(),
        ),
        (
            "",
            ("BDHVS_IDENTITY_NUMBERS", "yes"),
            "BDHVS_IDENTITY_NUMBERS: found \"yes\", allowed: on or off".into(),
        ),
        ("", ("BDHVS_LOG_FORMAT", "xml"), "BDHVS_LOG_FORMAT: found \"xml\", allowed: text or json".into()),
        ("issuer = \" \"", ("A", "b"), "issuer in FILE: found \" \", allowed: 1 to 50 characters".into()),
        (
            "",
            ("BDHVS_PUBLIC_URL", "https://hoc.example.vn/hoc"),
            "BDHVS_PUBLIC_URL: found \"https://hoc.example.vn/hoc\", allowed: http:// or https://, host and port, \
             without a path, such as https://hoc.example.vn"
                .into(),
        ),
        (
            "",
            ("BDHVS_DATABASE_URL", "mysql://hoc:bimat@db/hoc"),
            "BDHVS_DATABASE_URL: found \"mysql://hoc:***@db/hoc\", allowed: sqlite://FILE or \
             postgres://USER:PASSWORD@HOST/DATABASE"
                .into(),
        ),
    ] {
        assert_eq!(load(file, &[pair]).unwrap_err(), said);
    }
    let unknown = load("", &[("BDHVS_PORT", "80")]).unwrap_err();
    assert!(
        unknown.starts_with("BDHVS_PORT: found an unknown name, allowed: BDHVS_DATABASE_URL, "),
        "{unknown}"
    );
    assert!(load("listen = ", &[]).unwrap_err().starts_with("settings file FILE: found "));
    let absent = Config::load(Some(Path::new("/nowhere/x.toml")), []).unwrap_err().to_string();
    assert!(absent.starts_with("settings file /nowhere/x.toml: found No such file"), "{absent}");
}

#[test]
fn a_password_is_never_shown() {
    let config = load("", &[("BDHVS_DATABASE_URL", "postgres://hoc:bimat@db/hoc")]).unwrap();
    assert!(!format!("{config:?} {}", config.database_url).contains("bimat"));
}

#[test]
fn a_provider_is_set_whole_and_by_https_only() {
    let (id, secret) = (("BDHVS_OIDC_CLIENT_ID", "bdhvs"), ("BDHVS_OIDC_CLIENT_SECRET", "bimat"));
    let with = |issuer| load("", &[("BDHVS_OIDC_ISSUER", issuer), id, secret]);
    let config = with("https://sso.example.vn/realms/tinh/").unwrap();
    assert_eq!(config.oidc.as_ref().unwrap().issuer, "https://sso.example.vn/realms/tinh");
    assert!(!format!("{config:?}").contains("bimat"));
    assert!(with("http://localhost:4000").is_ok());
    for bad in ["http://sso.example.vn", "http://localhost.example.vn", "sso", "https://sso.example.vn/?x"] {
        assert!(with(bad).is_err(), "{bad}");
    }
    assert!(load("", &[id, secret]).unwrap_err().contains("all of them, or none"));
    assert_eq!(load("", &[]).unwrap().oidc, None);
}

#[test]
fn plain_http_elsewhere_is_noticed() {
    for (url, insecure) in [
        ("http://localhost:3000", false),
        ("http://127.0.0.1", false),
        ("http://[::1]:3000", false),
        ("https://hoc.example.vn", false),
        ("http://hoc.example.vn", true),
        ("http://192.168.1.5:3000", true),
        ("http://localhost.example.vn", true),
    ] {
        let config = load("", &[("BDHVS_PUBLIC_URL", url)]).unwrap();
        assert_eq!(config.is_insecure(), insecure, "{url}");
    }
}
