"""How gunicorn serves the front desk: one process, many threads, and a quiet log."""

import logging
import os
import socket
import struct
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings.settings")

try:
    from site_settings.settings import FOOTHOLD
except ImproperlyConfigured as problem:
    sys.exit(f"frontdesk: {problem}")

wsgi_app = "site_settings.wsgi"
chdir = str(HERE)
bind = (
    f"[{FOOTHOLD.host}]:{FOOTHOLD.port}"
    if ":" in FOOTHOLD.host
    else f"{FOOTHOLD.host}:{FOOTHOLD.port}"
)
# One process keeps the rate limits and the assistant's connections in one place. A thread waits
# most of its life, so there are more of them than asks under way at once (assistant_client.py).
workers = 1
worker_class = "gthread"
threads = 32
keepalive = 5
graceful_timeout = 15
umask = 0o077
accesslog = None
control_socket_disable = True


# Seconds without a byte after which a half-sent request is given up.
STALLED = 5


def when_ready(server: Any) -> None:
    """Keep phones that lost their network from holding threads.

    A connection comes to a thread with its first bytes, not before, and one that then falls
    silent is closed. Accepted sockets inherit these options from the listening one.
    """
    limit = struct.pack("ll", STALLED, 0)
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        if hasattr(socket, "TCP_DEFER_ACCEPT"):  # Linux
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, STALLED)


def post_worker_init(worker: Any) -> None:
    """Quiet gunicorn's log where requests are handled: it would name addresses and paths."""
    from site_settings.quiet_log import QuietFormatter

    log = logging.getLogger("gunicorn.error")
    log.setLevel(logging.WARNING)
    for handler in log.handlers:
        handler.setFormatter(QuietFormatter())
