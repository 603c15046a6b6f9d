"""Turns the numbers and links in a reply into links that a phone can call, text or open."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from conversations import texts

register = template.Library()

_URL = r"https?://[^\s<>\"'()]+[^\s<>\"'().,;:!?]"


@register.filter
def contact_links(text: str) -> SafeString:
    """Return a reply's text as safe HTML with its contacts as links.

    Only the numbers of our helplines and of the clinic become links; all else is escaped. Not
    for what a person wrote.
    """
    pattern, links = _contacts()
    parts, done = [], 0
    for match in pattern.finditer(text):
        parts += [(text[done : match.start()],), (_link(match[0], links),)]
        done = match.end()
    return format_html_join("", "{}", [*parts, (text[done:],)])


@register.filter
def tel(number: str) -> str:
    """Return the address that dials a number."""
    return f"tel:{_dialed(number)}"


@cache
def _contacts() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Return what to look for, and where each number leads."""
    loaded = texts.load()
    links: dict[str, str] = {}
    for line in loaded.helplines.values():
        links |= _numbers(line)
    if loaded.organisation.get("phone"):
        phone = str(loaded.organisation["phone"])
        links[phone] = tel(phone)
    longest_first = sorted(links, key=len, reverse=True)
    numbers = "|".join(re.escape(number) for number in longest_first)
    return re.compile(rf"{_URL}|(?<![\w.$-])(?:{numbers})(?![\w-])"), links


def _numbers(line: Mapping[str, Any]) -> dict[str, str]:
    """Return a line's numbers with their addresses; one that takes calls is for calling."""
    found = {str(line["text"]): f"sms:{_dialed(str(line['text']))}"} if "text" in line else {}
    for field in ("number", "tty"):
        if field in line:
            found[str(line[field])] = tel(str(line[field]))
    return found


def _dialed(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return f"+{digits}" if len(digits) == 11 else digits


def _link(contact: str, links: Mapping[str, str]) -> SafeString:
    if contact in links:
        return format_html('<a href="{}">{}</a>', links[contact], contact)
    return format_html(
        '<a href="{}" target="_blank" rel="noreferrer noopener">{}'
        '<span class="unseen"> (opens in a new tab)</span></a>',
        contact,
        contact,
    )
