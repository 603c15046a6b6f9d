"""What an operator can set, and what they are told when it is wrong."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from site_settings.environment import REPOSITORY, Environment, read
from site_settings.secrets_kept import kept_secret
from testkit.live_server import HERE, free_port


def given(tmp_path: Path, **values: str) -> Environment:
    return read({"FOOTHOLD_DATA_DIR": str(tmp_path / "var"), **values})


def test_everything_is_optional(tmp_path: Path) -> None:
    found = given(tmp_path)
    assert (found.host, found.port) == ("127.0.0.1", 8000)
    assert found.data_files == REPOSITORY / "data"
    assert found.public_host is None
    assert found.allowed_origins == frozenset()
    assert found.assistant_url == "http://127.0.0.1:5005"
    assert found.assistant_timeout == 5
    assert found.redis_url is None
    assert found.retention_days == 90
    assert found.database["ENGINE"] == "django.db.backends.sqlite3"
    assert found.database["NAME"] == str(tmp_path / "var" / "frontdesk.sqlite3")
    assert len({found.secret_key, found.assistant_secret}) == 2


def test_an_empty_value_means_the_default(tmp_path: Path) -> None:
    found = given(tmp_path, FOOTHOLD_PORT="", DATABASE_URL=" ", FOOTHOLD_SECRET_KEY="")
    assert found == given(tmp_path)


def test_everything_can_be_set(tmp_path: Path) -> None:
    found = given(
        tmp_path,
        FOOTHOLD_HOST="::1",
        FOOTHOLD_PORT="8123",
        FOOTHOLD_PUBLIC_URL="https://help.example.org/",
        FOOTHOLD_ALLOWED_ORIGINS="https://a.example, http://localhost:3000/",
        FOOTHOLD_ASSISTANT_URL="http://localhost:5006/",
        FOOTHOLD_ASSISTANT_TIMEOUT="2.5",
        FOOTHOLD_SECRET_KEY="a-key-that-is-long-enough",
        FOOTHOLD_ASSISTANT_SECRET="a-secret-long-enough",
        FOOTHOLD_RETENTION_DAYS="30",
        DATABASE_URL="postgres://name:p%40ss@db.example:5433/foothold",
        REDIS_URL="redis://127.0.0.1:6379/1",
    )
    assert (found.host, found.port, found.public_host) == ("::1", 8123, "help.example.org")
    assert found.allowed_origins == {"https://a.example", "http://localhost:3000"}
    assert (found.assistant_url, found.assistant_timeout) == ("http://localhost:5006", 2.5)
    assert (found.secret_key, found.assistant_secret) == (
        "a-key-that-is-long-enough",
        "a-secret-long-enough",
    )
    assert found.retention_days == 30
    database = {name: found.database[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert list(database.values()) == ["foothold", "name", "p@ss", "db.example", 5433]
    assert found.redis_url == "redis://127.0.0.1:6379/1"
    assert not (tmp_path / "var" / "secret_key").exists()


WRONG = [
    ("FOOTHOLD_PORT", "eight", "set FOOTHOLD_PORT to a whole number from 1 to 65535."),
    ("FOOTHOLD_PORT", "0", "set FOOTHOLD_PORT to a whole number from 1 to 65535."),
    ("FOOTHOLD_PORT", "8000.5", "set FOOTHOLD_PORT to a whole number"),
    ("FOOTHOLD_ASSISTANT_TIMEOUT", "nan", "set FOOTHOLD_ASSISTANT_TIMEOUT to a number from 0.1"),
    ("FOOTHOLD_RETENTION_DAYS", "-1", "set FOOTHOLD_RETENTION_DAYS to a whole number from 1"),
    ("FOOTHOLD_DATA_FILES", "/no/such/folder", "is not a folder"),
    ("FOOTHOLD_DATA_DIR", "/dev/null/var", "cannot be made"),
    ("FOOTHOLD_PUBLIC_URL", "help.example.org", "set FOOTHOLD_PUBLIC_URL to the address"),
    ("FOOTHOLD_PUBLIC_URL", "https://a.example:port", "set FOOTHOLD_PUBLIC_URL to the address"),
    ("FOOTHOLD_ALLOWED_ORIGINS", "*", "set FOOTHOLD_ALLOWED_ORIGINS to sites"),
    ("FOOTHOLD_ALLOWED_ORIGINS", "https://a.example/chat", "sites without a path"),
    ("FOOTHOLD_ASSISTANT_URL", "http://10.0.0.5:5005", "an address on this machine"),
    ("FOOTHOLD_ASSISTANT_URL", "https://assistant.example", "an address on this machine"),
    ("FOOTHOLD_ASSISTANT_URL", "5005", "an address on this machine"),
    ("FOOTHOLD_SECRET_KEY", "short", "FOOTHOLD_SECRET_KEY is too short"),
    ("FOOTHOLD_ASSISTANT_SECRET", "line\nbreak and much more", "has unusual characters"),
    ("DATABASE_URL", "mysql://root:hunter2@db/x", "set DATABASE_URL to something like"),
    ("DATABASE_URL", "hunter2", "set DATABASE_URL to something like"),
    ("REDIS_URL", "http://127.0.0.1:6379", "set REDIS_URL to something like"),
]


@pytest.mark.parametrize(("name", "value", "says"), WRONG)
def test_a_wrong_value_is_answered_with_what_to_do(
    tmp_path: Path, name: str, value: str, says: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        given(tmp_path, **{name: value})
    said = str(refused.value)
    assert says in said
    assert name in said
    assert "\n" not in said
    assert "hunter2" not in said


@pytest.mark.parametrize("command", ["manage.py migrate", "manage.py serve", "-m gunicorn"])
def test_a_wrong_value_ends_every_command_with_one_line(command: str) -> None:
    without_django = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    run = subprocess.run(
        [sys.executable, *command.split()],
        cwd=HERE,
        env={**without_django, "FOOTHOLD_PORT": "eight"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert run.stderr == "frontdesk: set FOOTHOLD_PORT to a whole number from 1 to 65535.\n"


def test_a_database_that_is_not_there_ends_the_start_with_one_line(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=HERE,
        env={
            "FOOTHOLD_DATA_DIR": str(tmp_path),
            "DATABASE_URL": f"postgres://name:hunter2@127.0.0.1:{free_port()}/foothold",
        },
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert run.stderr == (
        "frontdesk: the database cannot be used (OperationalError); check DATABASE_URL and "
        "FOOTHOLD_DATA_DIR.\n"
    )


# Secrets that are made


def test_a_secret_is_made_once_and_is_the_operators_alone(tmp_path: Path) -> None:
    first = given(tmp_path)
    assert given(tmp_path) == first
    for name in ("secret_key", "assistant_secret"):
        kept = tmp_path / "var" / name
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert len(kept.read_text().strip()) == 64
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_processes_that_start_at_once_agree_on_it(tmp_path: Path) -> None:
    for attempt in range(20):
        path = tmp_path / f"secret{attempt}"
        with ThreadPoolExecutor(8) as pool:
            secrets = set(pool.map(kept_secret, [path] * 8))
        assert len(secrets) == 1
    assert not list(tmp_path.glob(".*"))  # no drafts left


@pytest.mark.parametrize("content", ["", "short\n"])
def test_a_spoiled_secret_is_not_used(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret").write_text(content)
    with pytest.raises(ImproperlyConfigured, match="is too short; delete the file"):
        kept_secret(tmp_path / "secret")
