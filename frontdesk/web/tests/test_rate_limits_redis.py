"""With REDIS_URL several processes count together, and a Redis that is gone stops nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.test import RequestFactory
from limits import parse
from pytest_django import Settings

from testkit.databases import redis
from testkit.live_server import free_port
from web import rate_limits


@contextmanager
def counting_in(settings: Settings, url: str) -> Iterator[None]:
    settings.FOOTHOLD = replace(settings.FOOTHOLD, redis_url=url)
    rate_limits.limiter.cache_clear()
    try:
        yield
    finally:
        rate_limits.limiter.cache_clear()


def test_processes_count_together(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "REQUESTS", parse("2/minute"))
    request = RequestFactory().get("/", REMOTE_ADDR="10.9.8.7")
    with redis() as url:
        for _ in range(2):
            with counting_in(settings, url):  # each time anew, as another process
                rate_limits.count_request(request)
        with counting_in(settings, url), pytest.raises(rate_limits.TooFast) as limit:
            rate_limits.count_request(request)
        assert 1 <= limit.value.seconds <= 60
        keys = rate_limits_keys(url)
    assert keys
    assert not [key for key in keys if b"10.9" in key]


def rate_limits_keys(url: str) -> list[bytes]:
    from redis import Redis

    with Redis.from_url(url) as client:
        return list(client.scan_iter())


def test_without_redis_people_are_answered(settings: Settings) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.9.8.7")
    with counting_in(settings, f"redis://127.0.0.1:{free_port()}/0"):
        rate_limits.count_request(request)
