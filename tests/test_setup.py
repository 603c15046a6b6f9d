"""What an operator reads when a machine is not ready: one clear line that says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from launch.settings import HOUSE, CannotStart, check_ports, prepare_data_folder, read_settings


@pytest.fixture
def bare_house(tmp_path: Path) -> Path:
    """A house in which nothing is installed yet."""
    (tmp_path / "launch").mkdir()
    shutil.copy(HOUSE / "launch" / "setup.sh", tmp_path / "launch" / "setup.sh")
    return tmp_path


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def set_up(house: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up where pyenv has no Python 3.10."""
    return subprocess.run(
        ["sh", "launch/setup.sh", "--quiet"],
        cwd=house,
        env=os.environ | {"PYENV_ROOT": str(house / "no-pyenv")} | env,
        capture_output=True,
        text=True,
    )


def test_no_python_310(bare_house: Path) -> None:
    program(bare_house / ".tools/uv/bin/uv", "exit 2")
    failed = set_up(bare_house)
    assert failed.returncode == 1
    assert "Python 3.10 was neither found nor could it be fetched" in failed.stderr
    assert "then run this again" in failed.stderr


def test_a_pyenv_python_is_found(bare_house: Path) -> None:
    program(bare_house / "no-pyenv/versions/3.10.9/bin/python3.10", "")
    program(bare_house / "no-pyenv/versions/3.10.13/bin/python3.10", "")
    program(bare_house / ".tools/uv/bin/uv", 'echo "$@"; [ "$1" != sync ]')
    assert "versions/3.10.13/bin/python3.10 .venv" in set_up(bare_house).stdout


def test_no_pip(bare_house: Path) -> None:
    program(bare_house / "bin/python3", "exit 1")
    failed = set_up(bare_house, PATH=f"{bare_house}/bin:/usr/bin:/bin")
    assert failed.returncode == 1
    assert "has no pip. Install it" in failed.stderr


def test_a_disk_too_small_to_set_up(bare_house: Path) -> None:
    program(bare_house / "bin/df", "printf 'h\\nd 1 1 500000 1 /\\n'")
    failed = set_up(bare_house, PATH=f"{bare_house}/bin:{os.environ['PATH']}")
    assert failed.returncode == 1
    assert "Not enough space: 488 MB are free" in failed.stderr


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = SimpleNamespace(f_bavail=1000, f_frsize=4096)
    monkeypatch.setattr(os, "statvfs", lambda path: full)
    with pytest.raises(CannotStart, match="The disk is almost full: 4 MB are free"):
        prepare_data_folder({"FOOTHOLD_DATA_DIR": str(tmp_path)})


def test_a_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match="cannot be written"):
        prepare_data_folder({"FOOTHOLD_DATA_DIR": str(tmp_path / "file" / "var")})


@pytest.mark.parametrize("value", ["", "eighty", "-1", "70000"])
def test_a_port_that_is_none(value: str) -> None:
    settings = read_settings() | {"FOOTHOLD_PORT": value}
    with pytest.raises(CannotStart, match="FOOTHOLD_PORT is"):
        check_ports(settings)


def test_the_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    first, second = ({"FOOTHOLD_DATA_DIR": str(tmp_path)} for _ in range(2))
    prepare_data_folder(first)
    prepare_data_folder(second)
    assert first["FOOTHOLD_ASSISTANT_SECRET"] == second["FOOTHOLD_ASSISTANT_SECRET"]
    assert len(first["FOOTHOLD_ASSISTANT_SECRET"]) >= 32
    assert (tmp_path / "assistant_secret").stat().st_mode & 0o077 == 0
