# A browser for the browser tests. Sourced by ./test.

setup_node() {
  command -v node >/dev/null || fail "Node is missing (version 20 or newer): https://nodejs.org"
  [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20')" = true ] || fail "Node 20 or newer is needed; this is $(node --version)."
  if [ ! -d end2end/node_modules ] || [ end2end/package-lock.json -nt end2end/node_modules ]; then
    step "Installing the browser tests' packages"
    (cd end2end && npm ci --no-fund --no-audit --silent)
  fi
}

setup_browser() {
  local found
  found=${E2E_CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
  [ -n "$found" ] || fail "Chromium is missing. On Debian: apt-get install chromium chromium-driver; or set E2E_CHROMIUM."
  export E2E_CHROMIUM="$found"
  export CHROMEDRIVER=${CHROMEDRIVER:-$(command -v chromedriver || true)}
  [ -n "$CHROMEDRIVER" ] || fail "Chromium's driver is missing. On Debian: apt-get install chromium-driver; or set CHROMEDRIVER."
}
