#!/bin/sh
# Set up what `make run` ("run") or `make test` ("test") needs on a fresh Debian or Ubuntu machine:
# Python, .venv with the locked packages, and for tests a browser and a database server. "bench" makes
# .venv-bench, in which other people's readers and damages live: they are measured against, never imported.
# A repeat with nothing changed ends at once. PYTHON names another interpreter.
set -eu
cd "$(dirname "$0")/.."

purpose=${1:-run}
case $purpose in
    run) lock=requirements.lock ;;
    test) lock=requirements-dev.lock ;;
    bench) lock=requirements-bench.lock ;;
    *) echo "usage: deploy/set-up.sh run|test|bench" >&2; exit 2 ;;
esac
venv=.venv
[ "$purpose" != bench ] || venv=.venv-bench

say() { echo "set-up: $*" >&2; }
fail() { say "$@"; exit 1; }

# Run a command as the administrator; fails without asking when there is no way to become one.
as_admin() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

# Install Debian packages; the output is shown only when it goes wrong.
install_debian() {
    command -v apt-get >/dev/null 2>&1 || return 1
    as_admin true || return 1
    say "installing Debian packages: $*"
    log=$(mktemp)
    if as_admin apt-get update >"$log" 2>&1 && as_admin env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    tail -n 15 "$log" >&2
    rm -f "$log"
    return 1
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

can_make_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

make_venv() {
    if ! python=$(find_python); then
        install_debian python3 python3-venv || true
        python=$(find_python) || fail "Python 3.11 or newer is needed and was not found." \
            "Install it (Debian 12, Ubuntu 24.04 and newer have it: apt install python3 python3-venv)" \
            "or name it: PYTHON=/path/to/python3 make $purpose"
    fi
    if ! can_make_venv "$python"; then
        version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        install_debian "$version" || install_debian python3-venv || true
        can_make_venv "$python" || fail "$python cannot make virtual environments." \
            "Install its venv package as administrator: apt install $version"
    fi
    say "making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
}

# The environment is good for this folder, this lock and this pyproject.toml only.
state() { { pwd; cat "$1" pyproject.toml; } | sha256sum | cut -d' ' -f1; }
stamp_of() { echo "$venv/installed-for-$1"; }
is_current() { [ -x "$venv/bin/python" ] && [ "$(cat "$(stamp_of "$purpose")" 2>/dev/null)" = "$(state "$lock")" ]; }

install_python_packages() {
    is_current && return 0
    home=$("$venv/bin/python" -c 'import sys, pip; print(sys.prefix)' 2>/dev/null || true)
    [ "$home" = "$(pwd -P)/$venv" ] || [ "$home" = "$(pwd)/$venv" ] || make_venv
    say "installing the packages of $lock (once; a minute or two on a slow line)"
    export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
    "$venv/bin/python" -m pip install --quiet --require-hashes -r "$lock" || fail "the packages could not be" \
        "installed. Check the connection to your Python package index (pip config list) and repeat."
    [ "$purpose" = bench ] || "$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation -e .
    state "$lock" >"$(stamp_of "$purpose")"
    # What tests need includes what the service needs.
    [ "$purpose" != test ] || state requirements.lock >"$(stamp_of run)"
}

has_postgresql() { ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null 2>&1; }

install_test_programs() {
    lacking=
    [ -x /usr/bin/chromium ] || lacking="chromium"
    has_postgresql || lacking="$lacking postgresql"
    [ -n "$lacking" ] || return 0
    # shellcheck disable=SC2086 # a list of package names
    install_debian $lacking || say "could not install:" $lacking "- the tests that need them are skipped" \
        "(they fail where CI is set). As administrator: apt install" $lacking
}

# Two makes at once take turns: the second finds the work done.
if command -v flock >/dev/null 2>&1; then
    exec 9<.
    flock 9
fi

install_python_packages
[ "$purpose" != test ] || install_test_programs
