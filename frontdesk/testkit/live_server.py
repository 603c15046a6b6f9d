"""The front desk as it runs in service: its own process, gunicorn, a database in a file."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

HERE = Path(__file__).resolve().parents[1]
START_WITHIN = 30.0


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class LiveServer:
    """A front desk that can be started, killed and started again on the same data."""

    environment: dict[str, str]
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data_dir(self) -> Path:
        """Where it keeps its database and secrets."""
        return Path(self.environment["FOOTHOLD_DATA_DIR"])

    def start(self) -> None:
        """Start it and wait until it answers; raises RuntimeError with its log otherwise."""
        with self.log.open("ab") as log:
            # In its own process group, so that it can be killed with its worker.
            self.process = subprocess.Popen(
                [sys.executable, str(HERE / "manage.py"), "serve"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        give_up = time.monotonic() + START_WITHIN
        while time.monotonic() < give_up and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError(f"the front desk did not start:\n{self.log.read_text()}")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                os.killpg(self.process.pid, how)
            self.process.wait(30)
            self.process = None


def live_server(folder: Path, assistant_url: str, secret: str, **more: str) -> LiveServer:
    """Return a front desk that keeps its data in the folder; start it to use it."""
    port = free_port()
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # Set but empty, so that a developer's own .env stays out of it.
    unset = dict.fromkeys((name for name in os.environ if name.startswith("FOOTHOLD_")), "") | {
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    environment = {
        **plain,
        **unset,
        "FOOTHOLD_PORT": str(port),
        "FOOTHOLD_DATA_DIR": str(folder / "var"),
        "FOOTHOLD_ASSISTANT_URL": assistant_url,
        "FOOTHOLD_ASSISTANT_SECRET": secret,
        **more,
    }
    return LiveServer(environment, port, folder / "log.txt")
