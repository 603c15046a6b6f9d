"""How many requests we take from one conversation and from one address in a minute.

Counted in memory, or in Redis when several processes share the work. An address is known here
by a keyed hash alone, and the count is gone after a minute.
"""

import hashlib
import hmac
import ipaddress
import logging
import math
import time
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

logger = logging.getLogger("foothold.limits")

# A clinic's whole network can share one address, so that limit is only against floods.
MESSAGES = parse("30/minute")
REQUESTS = parse("1200/minute")
STARTS = parse("600/minute")


class TooFast(Exception):
    """The limit is reached; seconds says how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


def count_request(request: HttpRequest) -> None:
    """Count a request of this address; raises TooFast."""
    _count(REQUESTS, "request", _network(request))


def count_message(request: HttpRequest, token: str | None) -> None:
    """Count a message in a conversation, or the start of one by this address; raises TooFast."""
    if token is None:
        _count(STARTS, "start", _network(request))
    else:
        _count(MESSAGES, "message", token)


def _count(limit: RateLimitItem, what: str, whose: str) -> None:
    key = hmac.new(settings.SECRET_KEY.encode(), f"{what} {whose}".encode(), hashlib.sha256)
    try:
        if limiter().hit(limit, key.hexdigest()):
            return
        until = limiter().get_window_stats(limit, key.hexdigest()).reset_time
    except StorageError:
        # Without Redis people are better answered uncounted than not at all.
        logger.warning("messages are not counted: Redis does not answer")
        return
    raise TooFast(max(1, math.ceil(until - time.time())))


def _network(request: HttpRequest) -> str:
    """Return the address of the peer; of IPv6 the /64, which one household has to itself."""
    peer = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else peer


@cache
def limiter() -> MovingWindowRateLimiter:
    """Return this process's counter."""
    if settings.FOOTHOLD.redis_url is None:
        return MovingWindowRateLimiter(storage_from_string("memory://"))
    return MovingWindowRateLimiter(
        storage_from_string(
            settings.FOOTHOLD.redis_url,
            wrap_exceptions=True,
            socket_timeout=0.5,
            socket_connect_timeout=0.5,
        )
    )
