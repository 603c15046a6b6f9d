"""Settings of a start: from the environment, a `.env` file, or a safe default."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

from honcho.environ import parse

HOUSE = Path(__file__).resolve().parent.parent
FREE_MB_NEEDED = 200  # for the database, a new model and logs


class CannotStart(Exception):
    """Something a person has to put right; the text says what and how."""


def read_settings() -> dict[str, str]:
    """The environment that every process gets; the real one wins over `.env`."""
    env_file = HOUSE / ".env"
    values = parse(env_file.read_text(encoding="utf-8")) if env_file.exists() else {}
    values |= os.environ
    values.setdefault("FOOTHOLD_HOST", "127.0.0.1")
    values.setdefault("FOOTHOLD_PORT", "8000")
    values.setdefault("FOOTHOLD_ASSISTANT_PORT", "5005")
    values.setdefault("FOOTHOLD_ACTIONS_PORT", "5055")
    values.setdefault("FOOTHOLD_DATA_DIR", str(HOUSE / "var"))
    values["FOOTHOLD_ASSISTANT_URL"] = f"http://127.0.0.1:{values['FOOTHOLD_ASSISTANT_PORT']}"
    values["RASA_TELEMETRY_ENABLED"] = "false"
    values["SANIC_HOST"] = "127.0.0.1"  # the action server listens to everyone otherwise
    values["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
    values["PYTHONWARNINGS"] = "ignore"
    values["PYTHONUNBUFFERED"] = "1"
    return values


def prepare_data_folder(settings: dict[str, str]) -> None:
    """Make the data folder and the secret that the front desk and the assistant share."""
    folder = Path(settings["FOOTHOLD_DATA_DIR"])
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        room = os.statvfs(folder)
        free = room.f_bavail * room.f_frsize // 1_000_000
        if free < FREE_MB_NEEDED:
            raise CannotStart(
                f"The disk is almost full: {free} MB are free at {folder}, and at least "
                f"{FREE_MB_NEEDED} MB are needed. Free some space, then start again."
            )
        if not settings.get("FOOTHOLD_ASSISTANT_SECRET"):
            settings["FOOTHOLD_ASSISTANT_SECRET"] = _kept_secret(folder / "assistant_secret")
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be written ({error.strerror}). Make it writable, or "
            "set FOOTHOLD_DATA_DIR to another folder."
        ) from error


def _kept_secret(path: Path) -> str:
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()


def check_ports(settings: dict[str, str]) -> None:
    """Make sure that nothing else listens where we are going to."""
    for name in ("FOOTHOLD_PORT", "FOOTHOLD_ASSISTANT_PORT", "FOOTHOLD_ACTIONS_PORT"):
        value = settings[name]
        if not value.isdecimal() or not 0 < int(value) < 65536:
            raise CannotStart(f"{name} is {value!r}; set it to a port number, such as 8000.")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                host = settings["FOOTHOLD_HOST"] if name == "FOOTHOLD_PORT" else "127.0.0.1"
                probe.bind((host, int(value)))
            except OSError as error:
                raise CannotStart(
                    f"Port {value} is in use by another program ({error.strerror}). Stop that "
                    f"program (is Foothold already running?), or set {name} to a free port."
                ) from error
