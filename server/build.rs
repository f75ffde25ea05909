//! Puts what the phone downloads into the binary: every file of the site folder, as it is and compressed; and the lists of
//! administrative units, compressed (100 KB instead of 550).
//!
//! The site folder is `PHONE_BUNDLE_DIR`, or `target/site` beside the workspace; `./run` and `./test` fill it. Without the
//! phone's bundle in it the server still builds, for work on the server alone; its `serve` command then says so.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Highest brotli quality: paid once, at build time.
const BROTLI_QUALITY: u32 = 11;
const BROTLI_WINDOW: u32 = 22;

/// Scripts that begin with others from `app/glue`: what several need costs no request of its own.
const GLUED: [(&str, &[&str]); 2] =
    [("islands.js", &["phone.js"]), ("staff-start.js", &["phone.js", "vault.js"])];

fn main() {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("set by cargo"));
    println!("cargo::rerun-if-env-changed=PHONE_BUNDLE_DIR");
    let bundle =
        std::env::var("PHONE_BUNDLE_DIR").map_or_else(|_| root.join("../target/site"), PathBuf::from);
    let mut files = Vec::new();
    for folder in [root.join("../app/style"), root.join("../app/public"), bundle] {
        println!("cargo::rerun-if-changed={}", folder.display());
        files.extend(files_in(&folder));
    }
    files.sort();

    let mut snapshot = Sha256::new();
    // The worker and the words travel beside these files: another one is another set.
    let beside = [
        "app/worker/sw.js",
        "locales/vi/phone.ftl",
        "locales/en/phone.ftl",
        "locales/vi/staff.ftl",
        "locales/en/staff.ftl",
    ];
    for beside in beside {
        let path = root.join("..").join(beside);
        println!("cargo::rerun-if-changed={}", path.display());
        snapshot.update(fs::read(path).expect("part of the project"));
    }
    let glue = root.join("../app/glue");
    println!("cargo::rerun-if-changed={}", glue.display());
    let mut list = String::new();
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.file_name().and_then(|name| name.to_str()).expect("plain file names");
        let bytes = fs::read(file).expect("a listed file can be read");
        let is_code = name.ends_with(".js") || name.ends_with(".css");
        let before = GLUED.iter().filter(|(glued, _)| *glued == name).flat_map(|(_, before)| *before);
        let mut parts: Vec<Vec<u8>> =
            before.map(|part| fs::read(glue.join(part)).expect("part of the project")).collect();
        parts.push(bytes);
        let bytes = parts.concat();
        let bytes = if is_code { without_remarks(&bytes) } else { bytes };
        snapshot.update(name.as_bytes());
        snapshot.update(&bytes);
        let kept = |suffix: &str, bytes: &[u8]| {
            let path = out.join(format!("{name}{suffix}"));
            fs::write(&path, bytes).expect("OUT_DIR can be written");
            path
        };
        // What packs well is unpacked when somebody asks for it so: 2 MB less of binary.
        let packed = brotli(&bytes);
        let plain = if packed.len() < bytes.len() {
            "None".to_owned()
        } else {
            format!("Some(include_bytes!({:?}))", kept("", &bytes))
        };
        writeln!(
            list,
            "    Asset {{ name: {name:?}, content_type: {:?}, kept: {plain}, unpacked: OnceLock::new(), brotli: include_bytes!({:?}), gzip: include_bytes!({:?}) }},",
            content_type(file),
            kept(".br", &packed),
            kept(".gz", &gzip(&bytes)),
        )
        .expect("writing to a string");
    }
    let worker = fs::read(root.join("../app/worker/sw.js")).expect("part of the project");
    fs::write(out.join("sw.js"), without_remarks(&worker)).expect("OUT_DIR can be written");
    for list in ["before", "now", "successors"] {
        let path = root.join(format!("data/places/{list}.csv"));
        println!("cargo::rerun-if-changed={}", path.display());
        let bytes = fs::read(path).expect("part of the project");
        fs::write(out.join(format!("{list}.csv.br")), brotli(&bytes)).expect("OUT_DIR can be written");
    }
    let snapshot: String = snapshot.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let code = format!(
        "/// Name of this build's set of files.\npub const SNAPSHOT: &str = {snapshot:?};\n\n/// The files.\npub static ASSETS: [Asset; {}] = [\n{list}];\n",
        files.len()
    );
    fs::write(out.join("assets.rs"), code).expect("OUT_DIR can be written");
}

/// Returns a script or style without indents and remarks that fill their lines: a phone reads neither. Neither ours nor
/// the generated ones have a text over several lines in which either would matter.
fn without_remarks(file: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(file).expect("scripts and styles are UTF-8");
    let mut in_remark = false;
    let is_code = |line: &&str| {
        let begins = line.starts_with("/*");
        let is_remark = in_remark || begins;
        in_remark = is_remark && !line.ends_with("*/");
        !(is_remark || line.is_empty() || line.starts_with("//"))
    };
    text.lines().map(str::trim).filter(is_code).collect::<Vec<_>>().join("\n").into_bytes()
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_file()).collect()
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        other => panic!("no content type known for {other:?} ({})", file.display()),
    }
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 4096, BROTLI_QUALITY, BROTLI_WINDOW);
    writer.write_all(bytes).expect("writing to memory");
    drop(writer);
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).expect("writing to memory");
    writer.finish().expect("writing to memory")
}
