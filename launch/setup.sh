#!/bin/sh
# Gets uv into a private folder, finds Python 3.10 or lets uv bring it, and installs both locked
# environments: the assistant's (.venv, Python 3.10) and the front desk's (frontdesk/.venv).
# Does nothing that is already done. Usage: launch/setup.sh
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
stop() { say "$*" >&2; exit 1; }

UV=.tools/uv/bin/uv
NEEDED_KB=2500000

newest_of() { ls -d "$@" 2>/dev/null | sort -V | tail -n 1; }

if ! [ -x .venv/bin/python ]; then
    free=$(df -Pk . | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$NEEDED_KB" ] || stop "Not enough space: $((free / 1024)) MB are free here and \
setting up takes about $((NEEDED_KB / 1024)) MB. Free some space, then run this again."
fi

if ! [ -x "$UV" ]; then
    say "Getting uv, which installs the rest (once) ..."
    python=$(command -v python3 || command -v python) || stop "No Python found. Install python3 with \
pip (on Debian or Ubuntu: apt-get install python3-pip), then run this again."
    "$python" -m pip --version > /dev/null 2>&1 || stop "$python has no pip. Install it (on Debian or \
Ubuntu: apt-get install python3-pip), then run this again."
    "$python" -m pip install --quiet --disable-pip-version-check --target .tools/uv uv \
        2> .tools-error.log || { tail -n 3 .tools-error.log >&2; rm -f .tools-error.log
        stop "uv could not be installed. Is this machine connected?"; }
    rm -f .tools-error.log
fi

if ! [ -x .venv/bin/python ]; then
    # A pyenv Python counts too, also where pyenv has not switched to it.
    python310=$(newest_of "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python3.10)
    [ -n "$python310" ] || python310=3.10
    say "Making the assistant's Python 3.10 environment (once) ..."
    "$UV" venv --quiet --python "$python310" .venv || stop "Python 3.10 was neither found nor could \
it be fetched. Install Python 3.10 (for instance: pyenv install 3.10), then run this again."
fi

[ "${1:-}" = "--quiet" ] || say "Checking the assistant's packages ..."
"$UV" sync --quiet --locked || stop "The assistant's packages could not be installed (see above)."

if ! [ -x frontdesk/.venv/bin/python ]; then
    say "Making the front desk's environment (once) ..."
    python311=$(newest_of "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[1-9].*/bin/python)
    [ -n "$python311" ] || python311=">=3.11"
    "$UV" venv --quiet --python "$python311" frontdesk/.venv || stop "Python 3.11 or newer was \
neither found nor could it be fetched. Install it, then run this again."
fi
"$UV" sync --quiet --locked --project frontdesk \
    || stop "The front desk's packages could not be installed (see above)."
