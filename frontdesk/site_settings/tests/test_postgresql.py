"""The conversations work on PostgreSQL as they do on SQLite: the same tests, once more."""

import os
import subprocess
import sys

from testkit.databases import postgresql
from testkit.live_server import HERE


def test_the_conversations_pass_their_tests_on_postgresql() -> None:
    with postgresql() as url:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "conversations"],
            cwd=HERE,
            env={**os.environ, "FOOTHOLD_TEST_DATABASE_URL": url},
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert run.returncode == 0, run.stdout + run.stderr
