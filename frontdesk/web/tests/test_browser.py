"""The pages in a real browser: without scripts, on a small phone, in the dark, for everyone."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from testkit.browser import chromium
from testkit.fake_assistant import FakeAssistant, answers_by, crisis, reply
from testkit.live_server import LiveServer

PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 568}
DESKTOP = {"width": 1280, "height": 800}

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

CHOICES = [
    {"label": "What happens in detox, and how long does it take?", "payload": "/detox/what"},
    {"label": "Find detox near me", "payload": "/help/find_detox"},
]
SOURCES = [
    {"title": "Heroin", "publisher": "NIDA", "url": "https://nida.example/heroin"},
    {"title": "Opioids", "publisher": "CDC", "url": "https://cdc.example/opioids"},
]
ANSWER = (
    "Heroin is an opioid. It changes how the brain feels pain and pleasure.\n\n"
    "Treatment works. Call 1-800-662-4357, or look at https://findtreatment.gov."
)


def answer_for(words: str) -> dict[str, Any]:
    if "blue" in words:
        return crisis()
    if "detox" in words:
        return {**reply("Did you mean one of these?", "clarify"), "choices": CHOICES}
    return {**reply(ANSWER), "sources": SOURCES}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def site(live: LiveServer, live_assistant: FakeAssistant) -> str:
    live_assistant.behaviour = answers_by(answer_for)
    return live.url


@pytest.fixture
def contexts(browser: Browser, site: str) -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def new_page(
    browser: Browser, contexts: list[BrowserContext], size: dict[str, int], **options: Any
) -> Page:
    context = browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
    contexts.append(context)
    return context.new_page()


def say(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send").click()


def talk(page: Page, site: str) -> None:
    """Have a conversation with every kind of reply in it."""
    page.goto(f"{site}/chat")
    for words in ("what is heroin", "he is blue and wont wake up", "detox " + "verylongword" * 8):
        say(page, words)


# Without scripts


@pytest.fixture
def phone(browser: Browser, contexts: list[BrowserContext]) -> Page:
    """A small phone with scripts switched off."""
    return new_page(browser, contexts, PHONE, java_script_enabled=False, has_touch=True)


def test_a_conversation_without_scripts(
    phone: Page, site: str, live_assistant: FakeAssistant
) -> None:
    phone.goto(site)
    phone.get_by_role("link", name="Ask a question").click()
    expect(phone).to_have_title("Questions and answers")
    say(phone, "what is heroin")
    log = phone.get_by_role("log", name="Conversation")
    expect(log.get_by_role("listitem").filter(has_text="You said")).to_contain_text(
        "what is heroin"
    )
    expect(log.get_by_role("link", name="1-800-662-4357")).to_have_attribute(
        "href", "tel:+18006624357"
    )
    phone.get_by_text("Sources (2)").click()
    expect(phone.get_by_role("link", name="Heroin (opens in a new tab)")).to_be_visible()
    say(phone, "detox")
    phone.get_by_role("button", name="Find detox near me").click()
    assert live_assistant.questions[-1]["payload"] == "/help/find_detox"
    expect(log).to_contain_text("Find detox near me")
    phone.reload()  # sends the same again, which asks nothing
    assert len(live_assistant.questions) == 3
    assert "conversation" not in phone.url
    phone.get_by_text("Erase this conversation").click()
    phone.get_by_role("button", name="Yes, erase it now").click()
    expect(phone.get_by_role("status")).to_have_text(
        "This conversation is erased. Nothing of it is kept here."
    )
    expect(log).not_to_contain_text("what is heroin")


def test_the_newest_reply_is_in_view_and_has_the_focus(phone: Page, site: str) -> None:
    phone.goto(f"{site}/chat")
    for words in ("what is heroin", "and why", "he is blue and wont wake up"):
        say(phone, words)
    newest = phone.locator(".crisis")
    expect(newest).to_be_in_viewport(ratio=1)
    expect(newest).to_be_focused()
    bar = phone.locator(".top").bounding_box()
    place = newest.bounding_box()
    assert bar and place
    assert place["y"] >= bar["y"] + bar["height"]  # not behind the emergency bar


def test_the_emergency_lines_and_the_way_out_stay_in_view(phone: Page, site: str) -> None:
    talk(phone, site)
    for name in ("In danger? Call 911", "In crisis? Call or text 988", "Leave"):
        link = phone.get_by_role("banner").get_by_role("link", name=name)
        expect(link).to_be_in_viewport(ratio=1)


def test_nothing_is_stored_in_the_browser_and_no_one_else_is_asked(
    browser: Browser, contexts: list[BrowserContext], site: str
) -> None:
    page = new_page(browser, contexts, PHONE)
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    talk(page, site)
    assert not [url for url in asked if not url.startswith((site, "data:"))]
    assert complaints == []  # such as a style that the policy refused
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_the_keyboard_alone_is_enough(
    browser: Browser, contexts: list[BrowserContext], site: str
) -> None:
    page = new_page(browser, contexts, DESKTOP, java_script_enabled=False)
    page.goto(f"{site}/chat")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the message field")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.type("what is heroin")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Heroin is an opioid.")


# For everyone


@pytest.mark.parametrize("path", ["/", "/chat", "a conversation", "a refusal", "/nothing-here"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [SMALLEST, DESKTOP], ids=["smallest", "desktop"])
def test_axe_finds_nothing(
    browser: Browser,
    contexts: list[BrowserContext],
    site: str,
    path: str,
    scheme: str,
    size: dict[str, int],
) -> None:
    page = new_page(browser, contexts, size, color_scheme=scheme)
    if path == "a conversation":
        talk(page, site)
        page.get_by_text("Sources (2)").click()
        page.get_by_text("Erase this conversation").click()
    elif path == "a refusal":
        page.goto(f"{site}/chat")
        page.locator("input[name=id]").evaluate(
            "field => field.insertAdjacentHTML('afterend',"
            " '<input type=hidden name=conversation value=gone>')"
        )
        say(page, "are you there")
        expect(page.locator(".problem")).to_be_focused()
    else:
        page.goto(site + path)
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()


SPACED = """
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important;
      word-spacing: 0.16em !important; }
  p { margin-bottom: 2em !important; }
"""


@pytest.mark.parametrize("spaced", [False, True], ids=["as it is", "with wider text"])
@pytest.mark.parametrize("path", ["/", "/chat", "a conversation"])
def test_no_sideways_scrolling_on_the_smallest_phone(
    browser: Browser, contexts: list[BrowserContext], site: str, path: str, spaced: bool
) -> None:
    page = new_page(browser, contexts, SMALLEST, bypass_csp=True)
    if path == "a conversation":
        talk(page, site)
    else:
        page.goto(site + path)
    if spaced:
        page.add_style_tag(content=SPACED)
    assert page.evaluate("document.documentElement.scrollWidth") == SMALLEST["width"]


def test_everything_to_tap_is_large_enough(
    browser: Browser, contexts: list[BrowserContext], site: str
) -> None:
    page = new_page(browser, contexts, PHONE)
    talk(page, site)
    page.get_by_text("Erase this conversation").click()
    for control in page.locator("button:visible, summary:visible, header a:visible").all():
        box = control.bounding_box()
        assert box
        assert box["height"] >= 44, control.inner_text()
        assert box["width"] >= 44, control.inner_text()


def test_focus_can_be_seen_in_the_systems_own_colors(
    browser: Browser, contexts: list[BrowserContext], site: str
) -> None:
    page = new_page(browser, contexts, PHONE, forced_colors="active", color_scheme="dark")
    talk(page, site)
    button = page.get_by_role("button", name="Find detox near me")
    button.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    style = button.evaluate(
        "b => { const s = getComputedStyle(b);"
        " return [s.outlineStyle, s.outlineWidth, s.borderTopStyle] }"
    )
    assert style == ["solid", "3px", "solid"]


def test_nothing_moves(browser: Browser, contexts: list[BrowserContext], site: str) -> None:
    page = new_page(browser, contexts, PHONE)
    talk(page, site)
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);"
        " return s.animationName != 'none' || parseFloat(s.transitionDuration) > 0"
        " || s.scrollBehavior == 'smooth' }).length"
    )
    assert moving == 0
