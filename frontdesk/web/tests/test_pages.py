"""The pages, as a browser without scripts gets them."""

import re
import uuid
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client
from limits import parse

from conversations import service, texts
from conversations.models import Conversation, Flag, Message
from testkit.fake_assistant import FakeAssistant, answers, crisis, reply
from web import pages, rate_limits

pytestmark = pytest.mark.django_db

CHOICES = [{"label": "Yes, please", "payload": "/affirm"}, {"label": "No", "payload": "/deny"}]


@pytest.fixture
def browser(assistant: FakeAssistant) -> Client:
    return Client(raise_request_exception=False)


class Page:
    """A response, and what can be seen and sent on it."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.html = response.content.decode()
        self.seen = " ".join(unescape(re.sub(r"<[^>]+>", " ", self.html)).split())

    def hidden(self, name: str) -> str:
        found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', self.html)
        return found[1] if found else ""

    def form(self, **fields: str) -> dict[str, str]:
        """Return what the page's form sends, with these fields filled in."""
        own = {name: self.hidden(name) for name in ("conversation", "id")}
        return {**{name: value for name, value in own.items() if value}, **fields}


def opened(browser: Client) -> Page:
    return Page(browser.get("/chat"))


def send(browser: Client, page: Page, **fields: str) -> Page:
    return Page(browser.post("/chat", page.form(**fields)))


# Pages at rest


@pytest.mark.parametrize("path", ["/", "/chat", "/nothing-here"])
def test_every_page_shows_the_way_to_help_and_the_way_out(browser: Client, path: str) -> None:
    page = Page(browser.get(path))
    loaded = texts.load()
    for key in ("emergency", "lifeline"):
        number = loaded.helplines[key]["number"]
        assert f'href="tel:{number}"' in page.html
    assert f'href="{loaded.organisation["exit_url"]}" rel="nofollow noreferrer"' in page.html
    assert "<title>Questions and answers</title>" in page.html
    assert '<html lang="en-US">' in page.html
    assert "<script" not in page.html
    assert not page.response.cookies


@pytest.mark.parametrize("path", ["/", "/chat"])
def test_it_says_that_a_program_answers_and_no_clinician_has_signed(
    browser: Client, path: str
) -> None:
    seen = Page(browser.get(path)).seen.lower()
    assert "a computer program answers" in seen
    assert "not yet clinically reviewed" in seen


def test_the_first_page_leads_to_the_chat(browser: Client) -> None:
    assert '<a class="button" href="/chat">' in Page(browser.get("/")).html


def test_the_first_page_tells_how_to_reach_the_clinic_once_that_is_filled_in(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Reach" not in Page(browser.get("/")).seen
    clinic = {"name": "Riverside <Clinic>", "phone": "215-555-0199", "hours": "9 to 5"}
    loaded = texts.load()
    filled = replace(loaded, organisation={**loaded.organisation, **clinic})
    monkeypatch.setattr(texts, "load", lambda: filled)
    page = Page(browser.get("/"))
    assert "Reach Riverside &lt;Clinic&gt;" in page.html
    assert '<a href="tel:2155550199">215-555-0199</a>' in page.html
    assert "Hours 9 to 5" in page.seen


def test_opening_the_chat_welcomes_and_keeps_nothing(browser: Client) -> None:
    page = opened(browser)
    assert texts.load().fixed["welcome"] in page.seen.replace(" .", ".").replace(" ,", ",")
    assert page.hidden("conversation") == ""
    assert uuid.UUID(page.hidden("id")).version == 4
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "POST", 405),
        ("/chat", "PUT", 405),
        ("/chat/erase", "GET", 405),
        ("/chat", "HEAD", 200),
        ("/chat/", "GET", 404),
    ],
)
def test_other_methods_and_addresses(browser: Client, path: str, method: str, status: int) -> None:
    assert browser.generic(method, path).status_code == status


# Talking


def test_a_conversation(browser: Client, assistant: FakeAssistant) -> None:
    source = {"title": "Heroin", "publisher": "NIDA", "url": "https://nida.example/heroin"}
    assistant.behaviour = answers({**reply("It is an opioid."), "sources": [source]})
    first = send(browser, opened(browser), text="what is heroin")
    assert first.response.status_code == 200
    assert (
        "You said what is heroin Assistant said It is an opioid. Sources (1) Heroin" in first.seen
    )
    assert (
        '<a href="https://nida.example/heroin" target="_blank" rel="noreferrer noopener">Heroin'
    ) in first.html
    token = Conversation.objects.get().token
    assert first.hidden("conversation") == token
    assistant.behaviour = answers(reply("It changes the brain."))
    second = send(browser, first, text="why cant i stop")
    assert second.hidden("conversation") == token
    assert second.seen.index("what is heroin") < second.seen.index("why cant i stop")
    assert len({first.hidden("id"), second.hidden("id"), opened(browser).hidden("id")}) == 3


def test_the_token_stands_in_no_address(browser: Client) -> None:
    page = send(browser, opened(browser), text="hi")
    token = page.hidden("conversation")
    assert page.response.status_code == 200  # no redirect
    assert not re.findall(rf'(?:href|action)="[^"]*{token}', page.html)


def test_choices_are_buttons_of_the_last_reply(browser: Client, assistant: FakeAssistant) -> None:
    assistant.behaviour = answers({**reply("Did you mean", "clarify"), "choices": CHOICES})
    page = send(browser, opened(browser), text="detox")
    assert (
        '<button type="submit" form="composer" name="payload" value="/affirm">Yes, please</button>'
    ) in page.html
    assistant.behaviour = answers(reply())
    page = send(browser, page, payload="/affirm", text="half a thou")
    assert assistant.questions[-1]["payload"] == "/affirm"
    assert "You said Yes, please" in page.seen
    assert 'name="payload"' not in page.html
    assert "half a thou</textarea>" in page.html  # typed but not sent: still there


def test_the_newest_reply_is_where_the_page_opens(
    browser: Client, assistant: FakeAssistant
) -> None:
    page = send(browser, opened(browser), text="hi")
    assistant.behaviour = answers(crisis(), reply("And more."))
    page = send(browser, page, text="he is blue")
    assert page.html.count('id="latest"') == 1
    assert '<li class="said assistant crisis" id="latest" tabindex="-1">' in page.html
    assert 'action="/chat#latest"' in page.html


def test_loading_the_page_again_sends_nothing_twice(
    browser: Client, assistant: FakeAssistant
) -> None:
    form = opened(browser).form(text="what is heroin")
    first, again = Page(browser.post("/chat", form)), Page(browser.post("/chat", form))
    assert first.seen == again.seen
    assert first.hidden("conversation") == again.hidden("conversation")
    assert len(assistant.questions) == Message.objects.count() == 1


def test_other_words_from_an_older_page_are_another_message(
    browser: Client, assistant: FakeAssistant
) -> None:
    older = send(browser, opened(browser), text="hi")
    send(browser, older, text="what is heroin")
    send(browser, older, text="he is blue and wont wake up")
    assert [question["text"] for question in assistant.questions[1:]] == [
        "what is heroin",
        "he is blue and wont wake up",
    ]


def test_an_empty_message_is_answered_kindly(browser: Client, assistant: FakeAssistant) -> None:
    page = send(browser, opened(browser), text="  ")
    assert texts.load().fixed["empty"].split(".")[0] in page.seen
    assert assistant.questions == []


@pytest.mark.parametrize("field", ["", "no-uuid", "\x00"])
def test_a_page_without_a_usable_id_still_sends(browser: Client, field: str) -> None:
    response = browser.post("/chat", {"id": field, "text": "help"})
    assert response.status_code == 200
    assert Message.objects.get().text == "help"


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><h1>x",
    "{{ emergency }}{% now %}",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_person_writes_is_only_ever_text(browser: Client, words: str) -> None:
    page = send(browser, opened(browser), text=words)
    assert words in page.seen or re.sub(r"<[^>]+>", "", words) in page.seen
    for tag in ("<script", "<img", "<h1>x"):
        assert tag not in page.html


def test_a_number_that_a_person_writes_is_no_link(browser: Client) -> None:
    page = send(browser, opened(browser), text="someone said call 988 or https://evil.example")
    assert "someone said call 988 or https://evil.example" in page.html


def test_a_long_message_is_answered_kindly(browser: Client) -> None:
    page = send(browser, opened(browser), text="my story " * 200)
    assert texts.load().fixed["too_long"].split(".")[0] in page.seen
    assert "maxlength" not in page.html


# When something is in the way


def test_a_conversation_that_is_gone_does_not_lose_the_words(browser: Client) -> None:
    page = send(browser, opened(browser), text="hi")
    Conversation.objects.all().delete()
    page = send(browser, page, text="are you there?")
    assert page.response.status_code == 404
    assert "Not sent. This conversation is no longer kept here." in page.seen
    assert "are you there?</textarea>" in page.html
    assert 'aria-describedby="latest hint" aria-invalid="true"' in page.html
    again = send(browser, page, text="are you there?")
    assert again.response.status_code == 200


def test_too_many_messages_are_told_to_wait_and_keep_their_words(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "MESSAGES", parse("1/minute"))
    page = send(browser, opened(browser), text="one")
    page = send(browser, page, text="two")
    refused = send(browser, page, text="three")
    assert refused.response.status_code == 429
    assert 1 <= int(refused.response.headers["Retry-After"]) <= 60
    assert texts.load().fixed["too_fast"].split(".")[0] in refused.seen
    assert "three</textarea>" in refused.html
    assert "You said two" in refused.seen  # the talk is still there


def test_a_button_that_was_not_offered(browser: Client) -> None:
    page = send(browser, opened(browser), text="hi")
    refused = send(browser, page, payload="/restart")
    assert refused.response.status_code == 400
    assert "That button is no longer there." in refused.seen


@pytest.mark.parametrize("length", [17_000, pages.LARGEST_FORM])
def test_a_book_is_not_read(browser: Client, length: int, assistant: FakeAssistant) -> None:
    page = send(browser, opened(browser), text="x" * length)
    assert page.response.status_code == 413
    assert texts.load().fixed["too_long"].split(".")[0] in page.seen
    assert assistant.questions == []


def test_without_the_assistant_the_page_says_where_to_turn(
    browser: Client, assistant: FakeAssistant
) -> None:
    assistant.behaviour = answers()
    page = send(browser, opened(browser), text="help me")
    assert page.response.status_code == 200
    assert "unavailable" in page.html
    assert Flag.objects.get().reason == Flag.UNANSWERED


def test_when_we_break_the_page_says_where_to_turn(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(service, "receive", broken)
    page = send(browser, opened(browser), text="help me")
    assert page.response.status_code == 500
    assert f'href="tel:{texts.load().helplines["emergency"]["number"]}"' in page.html


def test_a_name_we_were_not_told_about_is_explained(browser: Client) -> None:
    page = Page(browser.get("/chat", headers={"Host": "elsewhere.example"}))
    assert page.response.status_code == 400
    assert "FOOTHOLD_PUBLIC_URL" in page.seen


# Erasing


def test_erasing_from_the_page(browser: Client) -> None:
    page = send(browser, opened(browser), text="hi")
    for _ in range(2):  # also when the page is loaded again
        erased = Page(browser.post("/chat/erase", {"conversation": page.hidden("conversation")}))
        assert erased.response.status_code == 200
        assert "This conversation is erased." in erased.seen
        assert erased.hidden("conversation") == ""
        assert not Conversation.objects.exists()


@pytest.mark.parametrize("token", ["", "\x00", "x" * 9000])
def test_erasing_nothing_is_no_error(browser: Client, token: str) -> None:
    assert browser.post("/chat/erase", {"conversation": token}).status_code == 200
