# Shared by ./run and ./test: what a machine needs, made when it is missing. Sourced, not run.

TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
SITE_DIR="$TARGET_DIR/site"
TOOLS_DIR="$TARGET_DIR/tools"
export PHONE_BUNDLE_DIR="$SITE_DIR"

step() { printf '\n== %s (%s s so far)\n' "$*" "$SECONDS" >&2; }
fail() { printf '\nerror: %s\n' "$*" >&2; exit 1; }

setup_rust() {
  command -v cargo >/dev/null || fail "Rust is missing. Install it from https://rustup.rs, then run this again."
  command -v cc >/dev/null || fail "A C compiler is missing. On Debian or Ubuntu: apt-get install build-essential"
  if ! rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null | xargs -r test -d; then
    step "Adding Rust's wasm target"
    rustup target add wasm32-unknown-unknown
  fi
}

# The command line tool must be of the very version of the library in the lock file.
setup_wasm_bindgen() {
  local version
  version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
  WASM_BINDGEN="$TOOLS_DIR/bin/wasm-bindgen"
  if [ "$("$WASM_BINDGEN" --version 2>/dev/null)" != "wasm-bindgen $version" ]; then
    step "Installing wasm-bindgen $version (once, about a minute)"
    # Built without optimisation: its output is the same, and what it takes longer it never takes as long as its own build.
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 cargo install --quiet wasm-bindgen-cli --version "$version" --root "$TOOLS_DIR" --target-dir "$TOOLS_DIR/build"
    rm -rf "$TOOLS_DIR/build"
  fi
}

build_phone_bundles() {
  step "Building what phones download"
  build_bundle learner app
  build_bundle checker check
  build_bundle staff staff
}

# What a bundle is made from. Cargo builds the three one over the other, so it would build all of them at every start.
bundle_inputs() {
  { rustc --version; find app locales Cargo.toml Cargo.lock .cargo -type f -print0 | sort -z | xargs -0 sha256sum; } | sha256sum
}

# build_bundle FEATURE NAME: one set of islands as NAME.js and NAME_bg.wasm, unless it is there from the same sources
build_bundle() {
  local stamp="$TARGET_DIR/site-$2.stamp" inputs
  inputs=$(bundle_inputs)
  if [ -f "$SITE_DIR/$2_bg.wasm" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$inputs" ]; then return; fi
  cargo build --locked --quiet -p app --lib --profile wasm-release --target wasm32-unknown-unknown \
    --no-default-features --features "$1"
  mkdir -p "$SITE_DIR"
  "$WASM_BINDGEN" --target web --no-typescript --remove-name-section --remove-producers-section \
    --out-dir "$SITE_DIR" --out-name "$2" "$TARGET_DIR/wasm32-unknown-unknown/wasm-release/app.wasm"
  echo "$inputs" > "$stamp"
}
