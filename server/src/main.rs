//! The command line, and the only place that picks concrete parts.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use clap::{Parser, Subcommand};
use domain::dated_fact::Day;
use server::clock::{Clock, Random};
use server::config::Config;
use server::lessons::LessonVersions;
use server::oidc::Provider;
use server::seal::Sealer;
use server::secret::Secrets;
use server::signing::Signer;
use server::state::AppState;
use server::store::Store;
use server::{assets, build_router, content, duties, logging, places, publish, staff};
use tokio::signal::unix::{SignalKind, signal};

/// How long requests under way may finish after the signal to stop.
const GRACE: Duration = Duration::from_secs(15);

/// Bình dân học vụ số: an offline-first learning platform.
#[derive(Parser)]
#[command(name = "bdhvs")]
struct Arguments {
    /// Settings file (TOML); the environment overlays it.
    #[arg(long, env = "BDHVS_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages and phones (the default).
    Serve,
    /// Store what is new in the content folder as published.
    ImportContent,
    /// Check the content folder, change nothing.
    CheckContent,
    /// Add an administrator; the password is asked, or taken from BDHVS_ADMIN_PASSWORD.
    CreateAdmin {
        /// How the administrator signs in.
        #[arg(long)]
        name: String,
    },
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("bdhvs: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Says something to the person at the command line; standard output stays free for data.
fn say(text: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}

async fn run(arguments: Arguments) -> Outcome<()> {
    let environment = std::env::vars_os().filter_map(|(name, value)| {
        name.to_str().map(|name| (name.to_owned(), value.to_string_lossy().into_owned()))
    });
    let config = Config::load(arguments.config.as_deref(), environment)?;
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(config).await,
        Command::ImportContent => import_content(&config).await,
        Command::CheckContent => check_content(&config),
        Command::CreateAdmin { name } => create_admin(&config, &name).await,
    }
}

async fn serve(config: Config) -> Outcome<()> {
    logging::start(config.log_format);
    if !assets::has_phone_bundle() {
        tracing::warn!(
            "built without the phone's bundle: lessons can be read, nothing else works; build with ./run"
        );
    }
    if config.is_insecure() {
        tracing::warn!(
            public_url = config.public_url,
            "the public address is plain http: phones will have no offline pages, no signatures and no lasting \
             storage; use https"
        );
    }
    let (clock, random) = (Clock::System, Random::System);
    let signer = Signer::open(&config.data_dir, &random)?;
    let seal = Sealer::open(&config.data_dir, &random)?;
    let library = load_content(&config)?;
    let store = Store::open(&config.database_url).await?;
    let changed = publish::import(&store, &library, clock.now_ms()).await?;
    if places::import(&store, clock.now_ms()).await? {
        tracing::info!("administrative units brought to the newest edition");
    }
    let named = store.name_earlier_people(clock.now_ms()).await?;
    if named > 0 {
        tracing::info!(named, "earlier records joined the list of people");
    }
    let again = store.apply_deletions().await?;
    if again > 0 {
        tracing::warn!(
            again,
            "records that had been deleted at their people's wish were here again, and are deleted"
        );
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let secrets = Secrets::new(random.clone(), cores)?;
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    tracing::info!(
        listen = %config.listen, public_url = config.public_url, database = %config.database_url,
        courses = library.courses.len(), newly_published = changed, "serving"
    );
    let state = AppState {
        store: store.clone(),
        signer: Arc::new(signer),
        clock,
        random,
        oidc: config.oidc.clone().map(Provider::new),
        config: Arc::new(config),
        library: Arc::new(library),
        lessons: LessonVersions::default(),
        seal: Arc::new(seal),
        secrets,
    };
    // Answers are small and wait for nothing: sent at once.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    // Tries to sign in are counted for the network they come from.
    let purging = tokio::spawn(duties::retention::keep_purging(state.clone()));
    let router = build_router(state).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop_signal()?);
    tokio::select! {
        done = async { serving.await } => done?,
        () = after_grace(stop_signal()?) => tracing::warn!("stopping with requests still under way"),
    }
    purging.abort();
    if tokio::time::timeout(GRACE, store.close()).await.is_err() {
        tracing::warn!("stopping while the database is still at work");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Ends at SIGTERM or SIGINT.
fn stop_signal() -> Outcome<impl Future<Output = ()> + Send + 'static> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

async fn after_grace(stop: impl Future<Output = ()>) {
    stop.await;
    tokio::time::sleep(GRACE).await;
}

/// Reads the content folder; warnings are said, errors stop.
fn load_content(config: &Config) -> Outcome<content::Library> {
    let today = Day::in_vietnam(Clock::System.now_ms());
    let (library, warnings) = content::load(&config.content_dir, &today)?;
    for warning in warnings {
        say(&warning.to_string());
    }
    Ok(library)
}

async fn import_content(config: &Config) -> Outcome<()> {
    let library = load_content(config)?;
    let store = Store::open(&config.database_url).await?;
    let changed = publish::import(&store, &library, Clock::System.now_ms()).await?;
    store.close().await;
    say(if changed { "published" } else { "nothing new to publish" });
    Ok(())
}

fn check_content(config: &Config) -> Outcome<()> {
    let library = load_content(config)?;
    let lessons: usize = library.courses.iter().map(|course| course.lessons.len()).sum();
    say(&format!("{} courses, {lessons} lessons: no problem found", library.courses.len()));
    Ok(())
}

async fn create_admin(config: &Config, name: &str) -> Outcome<()> {
    let password = match std::env::var("BDHVS_ADMIN_PASSWORD") {
        Ok(password) => password,
        Err(_) if std::io::stdin().is_terminal() => ask_password()?,
        Err(_) => return Err("no terminal to ask the password on: set BDHVS_ADMIN_PASSWORD".into()),
    };
    let store = Store::open(&config.database_url).await?;
    let done = staff::create_admin(&store, (&Clock::System, &Random::System), name, &password).await;
    store.close().await;
    done?;
    say("administrator added");
    Ok(())
}

fn ask_password() -> Outcome<String> {
    let password = rpassword::prompt_password("Password: ")?;
    if password == rpassword::prompt_password("Again: ")? {
        Ok(password)
    } else {
        Err("the two passwords differ".into())
    }
}
