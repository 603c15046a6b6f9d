"""Numbers and links in a reply can be tapped; nothing else in it becomes HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import texts
from web.templatetags.contact_links import contact_links, tel

NEW_TAB = '<span class="unseen"> (opens in a new tab)</span>'


def link(address: str, words: str) -> str:
    return f'<a href="{address}">{words}</a>'


def web(address: str) -> str:
    return f'<a href="{address}" target="_blank" rel="noreferrer noopener">{address}{NEW_TAB}</a>'


# The numbers here are those of data/helplines.yml, as the answers write them.
@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Call 911 now.", f"Call {link('tel:911', '911')} now."),
        ("Call or text 988", f"Call or text {link('tel:988', '988')}"),
        (
            "Call 1-800-662-4357, free.",
            f"Call {link('tel:+18006624357', '1-800-662-4357')}, free.",
        ),
        ("Text HOME to 741741.", f"Text HOME to {link('sms:741741', '741741')}."),
        ("(988)", f"({link('tel:988', '988')})"),
        (
            "See https://findtreatment.gov. Or call 988.",
            f"See {web('https://findtreatment.gov')}. Or call {link('tel:988', '988')}.",
        ),
        ("https://988lifeline.org/chat/", web("https://988lifeline.org/chat/")),
        ("(https://na.org)", f"({web('https://na.org')})"),
        # not ours, or not a number of its own
        ("Call 1-800-555-0199", "Call 1-800-555-0199"),
        ("about 9110 people, $988, 1988, 911-like, x911", None),
        ("0.988", None),
        ("<b>bold</b> & \"quoted\"", "&lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot;"),
        ("javascript:alert(1)", None),
        (
            'https://a.example/"onclick="x',
            f"{web('https://a.example/')[:-4]}</a>&quot;onclick=&quot;x",
        ),
    ],
)  # fmt: skip
def test_links(text: str, html: str | None) -> None:
    assert contact_links(text) == (text if html is None else html)


def test_every_number_that_we_list_can_be_tapped() -> None:
    for line in texts.load().helplines.values():
        for field in ("number", "text", "tty"):
            if field in line:
                assert f">{line[field]}</a>" in contact_links(f"Call {line[field]} now")


@given(st.text() | st.lists(st.sampled_from([*"<>&\"'", "988", " ", "https://a.b"])).map("".join))
def test_any_text_stays_text(text: str) -> None:
    html = contact_links(text)
    left = re.sub(r'<a href="(?:tel:\+?|sms:\+?|https?://)[^"<>]+"[^<>]*>|</a>', "", html)
    left = left.replace(NEW_TAB, "")
    assert "<" not in left
    assert ">" not in left


def test_dialing() -> None:
    assert (tel("911"), tel("1-800-662-4357"), tel("(215) 555-0199")) == (
        "tel:911",
        "tel:+18006624357",
        "tel:2155550199",
    )
