"""A real PostgreSQL and a real Redis for the tests, each in a folder of its own and then gone."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from testkit.live_server import free_port


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL of Debian's packages; yield the DATABASE_URL of an empty database.

    Raises RuntimeError when it is not installed.
    """
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not installed:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
    programs = installed[-1].parent
    # It refuses to run as root; Debian's package brings a user for it.
    user = pwd.getpwnam("postgres") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    folder = Path(tempfile.mkdtemp(prefix="foothold-pg-"))
    os.chown(folder, user.pw_uid, user.pw_gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(programs / program), *arguments],
            check=True,
            cwd=folder,
            user=user.pw_uid,
            group=user.pw_gid,
            stdout=subprocess.DEVNULL,
        )

    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-U", "foothold", "-A", "trust", "-E", "UTF8", "--no-sync")
        # Only on a socket in the folder, and without care for power cuts.
        options = f"-c listen_addresses='' -k {folder} -F"
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgres://foothold@{quote(str(folder), safe='')}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@contextmanager
def redis() -> Iterator[str]:
    """Run a Redis of Debian's packages; yield its REDIS_URL. Raises RuntimeError without one."""
    program = shutil.which("redis-server")
    if program is None:
        raise RuntimeError("Redis is missing: apt-get install redis-server")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"]
    with tempfile.TemporaryDirectory(prefix="foothold-redis-") as folder:
        process = subprocess.Popen([program, *options], cwd=folder, stdout=subprocess.DEVNULL)
        try:
            time.sleep(0.3)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(10)
