#!/bin/sh
# Installs the system packages the tests need (a browser, PostgreSQL, Redis) and runs every test of both
# environments. A missing package is a failure, never a skip. Usage: launch/test.sh
set -eu
cd "$(dirname "$0")/.."

missing=""
[ -x /usr/bin/chromium ] || missing="$missing chromium"
ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || missing="$missing postgresql"
command -v redis-server > /dev/null || missing="$missing redis-server"
if [ -n "$missing" ] && command -v apt-get > /dev/null; then
    sudo=""
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    printf 'Installing%s for the tests ...\n' "$missing"
    $sudo apt-get update -qq
    # shellcheck disable=SC2086  # one word a package
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -qq -y --no-install-recommends $missing \
        > /dev/null
fi

.venv/bin/python -m launch --train-only
.venv/bin/python -m pytest
cd frontdesk && exec .venv/bin/python -m pytest
