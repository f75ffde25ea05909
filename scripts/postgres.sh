# A PostgreSQL for the contract tests. Sourced by ./test.

setup_postgres() {
  if [ -n "${TEST_POSTGRES_URL:-}" ]; then return; fi
  local local_url="postgres://postgres@127.0.0.1:5432/postgres"
  if command -v psql >/dev/null && psql "$local_url" -wqc 'select 1' >/dev/null 2>&1; then
    export TEST_POSTGRES_URL="$local_url"
    return
  fi
  throw_away_postgres || fail "PostgreSQL is missing. On Debian or Ubuntu: apt-get install postgresql; or set TEST_POSTGRES_URL."
}

# A cluster of our own, on a port of its own, gone when the tests end.
throw_away_postgres() {
  local programs port=54329
  programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
  [ -n "$programs" ] || programs=$(dirname "$(command -v initdb 2>/dev/null)" 2>/dev/null) || return 1
  [ -x "$programs/initdb" ] || return 1
  step "Starting a throw-away PostgreSQL"
  POSTGRES_DIR=$(mktemp -d)
  local as=()
  # PostgreSQL refuses to run as root.
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$POSTGRES_DIR" || return 1
    as=(runuser -u postgres --)
  fi
  "${as[@]}" "$programs/initdb" -D "$POSTGRES_DIR/data" -U postgres -A trust --no-sync >/dev/null || return 1
  "${as[@]}" "$programs/pg_ctl" -D "$POSTGRES_DIR/data" -w -l "$POSTGRES_DIR/log" \
    -o "-p $port -k $POSTGRES_DIR -c listen_addresses=127.0.0.1" start >/dev/null || return 1
  trap '"${POSTGRES_STOP[@]}" >/dev/null 2>&1; rm -rf "$POSTGRES_DIR"' EXIT
  POSTGRES_STOP=("${as[@]}" "$programs/pg_ctl" -D "$POSTGRES_DIR/data" -m immediate stop)
  export TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"
}
