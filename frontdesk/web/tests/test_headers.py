"""What every response tells the browser to do, and above all not to do."""

from typing import Any

import pytest
from django.test import Client

from testkit.fake_assistant import FakeAssistant

pytestmark = pytest.mark.django_db

PATHS = ["/", "/chat", "/healthz", "/api/chat/messages", "/nothing", "/static/web/site.css"]


def got(path: str) -> Any:
    response = Client().get(path)
    response.getvalue()  # to the end of a file, which closes it
    return response


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_fetched_run_framed_or_told(assistant: FakeAssistant, path: str) -> None:
    headers = got(path).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    for feature in ("camera", "geolocation", "microphone", "browsing-topics"):
        assert f"{feature}=()" in headers["Permissions-Policy"]
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", PATHS[:-1])
def test_nothing_of_a_talk_is_stored_by_the_browser(assistant: FakeAssistant, path: str) -> None:
    assert Client().get(path).headers["Cache-Control"] == "no-store"


def test_the_style_sheet_may_be_kept_for_a_moment() -> None:
    response = got("/static/web/site.css")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "max-age=60, public"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_name_we_were_not_told_about_has_the_headers_too() -> None:
    response = Client().get("/chat", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert "Content-Security-Policy" in response.headers
