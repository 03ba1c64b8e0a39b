#!/bin/sh
# Runs a TypeScript file of this workspace, and first fetches what is missing: a Node that is new enough, and the
# packages. Needs a POSIX shell, any Node with npm, and git's checkout; nothing else. Works offline once all is there.
#
#   sh tools/boot.sh apps/cli/src/main.ts ARGUMENT...
#
# Owns .tools/node-*, .cache/boot.lock, .cache/boot.stamp, .cache/compile and node_modules.
#   1. When nothing is missing no npm is started.
#   2. What is fetched is put in place by a rename or a stamp: a broken try is never taken for a whole one.
#   3. One boot at a time changes anything; others wait for it, with a deadline.
set -eu

NODE_VERSION=26.10.0
# The first version that runs our TypeScript as it is, `await using` included, without a warning.
NODE_MINIMUM_MAJOR=24
NODE_MINIMUM_MINOR=12
# A slow line fetches 100 MB of packages in less.
LOCK_WITHIN_S=600

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
lock=$root/.cache/boot.lock
stamp=$root/.cache/boot.stamp
has_lock=no

say() { printf 'floe: %s\n' "$*" >&2; }

fail() {
  say "$1"
  say "$2"
  exit 1
}

platform() {
  os=$(uname -s)
  cpu=$(uname -m)
  case $os in Linux) os=linux ;; Darwin) os=darwin ;; esac
  case $cpu in x86_64 | amd64) cpu=x64 ;; aarch64 | arm64) cpu=arm64 ;; esac
  case $os-$cpu in
    linux-x64 | linux-arm64 | darwin-x64 | darwin-arm64) printf '%s-%s\n' "$os" "$cpu" ;;
    *) return 1 ;;
  esac
}

is_new_enough() {
  version=$(node --version 2>/dev/null) || return 1
  version=${version#v}
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  [ "$major" -gt "$NODE_MINIMUM_MAJOR" ] ||
    { [ "$major" -eq "$NODE_MINIMUM_MAJOR" ] && [ "$minor" -ge "$NODE_MINIMUM_MINOR" ]; }
}

require_npm() {
  command -v npm >/dev/null 2>&1 ||
    fail 'npm is not in PATH; Floe fetches its packages with it.' \
      'Install Node.js with npm (https://nodejs.org, or: apt-get install nodejs npm), then run this again.'
}

# --- one boot at a time ---------------------------------------------------------------------------------------------

release_lock() {
  if [ "$has_lock" = yes ]; then
    rm -rf -- "$lock"
    has_lock=no
  fi
}

# A lock whose owner has ended is moved away, which only one of several waiters can do.
break_stale_lock() {
  owner=$(cat "$lock/pid" 2>/dev/null) || owner=
  # No owner yet: it is being written just now, or its writer died between two steps; the wait gives it time.
  [ -n "$owner" ] || { [ "$waited_s" -ge 10 ] || return 0; }
  if [ -n "$owner" ] && { kill -0 "$owner" 2>/dev/null || [ -d "/proc/$owner" ]; }; then return 0; fi
  if mv -- "$lock" "$lock.stale.$$" 2>/dev/null; then
    moved=$(cat "$lock.stale.$$/pid" 2>/dev/null) || moved=
    # Between looking and moving another may have taken over: then it is not stale, and goes back.
    if [ "$moved" = "$owner" ] || ! mv -- "$lock.stale.$$" "$lock" 2>/dev/null; then
      rm -rf -- "$lock.stale.$$"
    fi
  fi
}

take_lock() {
  [ "$has_lock" = no ] || return 0
  mkdir -p -- "$root/.cache"
  waited_s=0
  until mkdir -- "$lock" 2>/dev/null; do
    break_stale_lock
    [ "$waited_s" -ne 2 ] || say 'waiting for another floe that is installing'
    [ "$waited_s" -lt "$LOCK_WITHIN_S" ] ||
      fail "another floe has been installing for $LOCK_WITHIN_S s (process $(cat "$lock/pid" 2>/dev/null))." \
        "When it hangs, end it, remove $lock and run this again."
    sleep 1
    waited_s=$((waited_s + 1))
  done
  has_lock=yes
  printf '%s\n' "$$" >"$lock/pid"
}

trap release_lock EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --- Node -----------------------------------------------------------------------------------------------------------

ensure_node() {
  name=$(platform) || name=unknown
  folder=$root/.tools/node-$NODE_VERSION
  bin=$folder/node_modules/node-$name/bin
  if [ ! -x "$bin/node" ]; then
    if is_new_enough; then return 0; fi
    [ "$name" != unknown ] ||
      fail "there is no ready-made Node $NODE_VERSION for $(uname -s) $(uname -m)." \
        "Install Node $NODE_MINIMUM_MAJOR.$NODE_MINIMUM_MINOR or newer, then run this again."
    take_lock
    [ -x "$bin/node" ] || fetch_node
  fi
  PATH=$bin:$PATH
  export PATH
}

fetch_node() {
  require_npm
  say "fetching Node $NODE_VERSION (once)"
  partial=$folder.partial
  rm -rf -- "$partial" "$folder"
  mkdir -p -- "$partial"
  npm install --prefix "$partial" --ignore-scripts --no-save --no-audit --no-fund --loglevel=error \
    "node-$name@$NODE_VERSION" >&2 ||
    fail "npm could not fetch node-$name@$NODE_VERSION; what it said stands above." \
      "Check the network and npm's registry and proxy settings (npm config list), or put Node $NODE_MINIMUM_MAJOR.$NODE_MINIMUM_MINOR or newer into PATH."
  "$partial/node_modules/node-$name/bin/node" --version >/dev/null 2>&1 ||
    fail "the Node that npm fetched (node-$name@$NODE_VERSION) does not run on this machine." \
      "Put Node $NODE_MINIMUM_MAJOR.$NODE_MINIMUM_MINOR or newer into PATH and run this again."
  mv -- "$partial" "$folder"
}

# --- packages -------------------------------------------------------------------------------------------------------

wanted_packages() { cat -- "$root/package.json" "$root/package-lock.json" | cksum; }

has_polars() {
  for folder in "$root"/node_modules/nodejs-polars-*; do
    [ ! -d "$folder" ] || return 0
  done
  return 1
}

# npm writes node_modules/.package-lock.json last. When it is newer than what is wanted, somebody ran npm by hand.
is_installed_by_hand() {
  done_file=$root/node_modules/.package-lock.json
  [ -f "$done_file" ] && has_polars &&
    [ -z "$(find "$root/package.json" "$root/package-lock.json" -newer "$done_file")" ]
}

is_installed() {
  [ -d "$root/node_modules" ] && [ -f "$stamp" ] && [ "$(cat -- "$stamp")" = "$wanted" ]
}

ensure_packages() {
  wanted=$(wanted_packages)
  if is_installed; then return 0; fi
  take_lock
  if is_installed; then return 0; fi
  is_installed_by_hand || install_packages
  printf '%s\n' "$wanted" >"$stamp.partial"
  mv -- "$stamp.partial" "$stamp"
}

install_packages() {
  require_npm
  say 'installing packages (once, ~30 s)'
  rm -f -- "$stamp"
  (cd -- "$root" && npm ci --no-audit --no-fund --loglevel=error >&2) ||
    fail 'npm could not install the packages; what it said stands above.' \
      'Check the network and npm settings (npm config list), then run this again; nothing else is needed.'
  has_polars ||
    fail 'npm left out the native part of nodejs-polars (a package nodejs-polars-<system>).' \
      'Its optional dependencies are switched off or this machine has no build of it: npm config get omit; then run this again.'
}

[ $# -ge 1 ] || fail 'tools/boot.sh needs the file to run.' 'As in: sh tools/boot.sh apps/cli/src/main.ts demo'
entry=$1
shift
ensure_node
ensure_packages
release_lock
# What was compiled and freed of its types once is kept: half of the time of a short command, and most of a first start.
: "${NODE_COMPILE_CACHE=$root/.cache/compile}"
export NODE_COMPILE_CACHE
# Arguments of Node itself, from whoever starts this.
# shellcheck disable=SC2086
exec node ${node_arguments-} "$root/$entry" "$@"
