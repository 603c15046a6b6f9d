"""What is masked, what stays, and that masking is safe for any text."""

import string
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conversations.redaction import redact

MASKED = [
    # phone numbers, as people write them
    ("call me at 215-555-0199", "call me at [phone]"),
    ("(215) 555 0199 please", "[phone] please"),
    ("+1 215.555.0199", "[phone]"),
    ("1-215-555-0199", "[phone]"),
    ("2155550199", "[phone]"),
    ("my number is 2 1 5 4 2 2 3 3 4 4", "my number is [phone]"),
    ("215\u2013555\u20130199", "[phone]"),
    ("call 555-0199", "call [phone]"),
    ("call 5550199 after 6", "call [phone] after 6"),
    ("+44 20 7946 0958", "[phone]"),
    ("+52 55 1234 5678 mi mama", "[phone] mi mama"),
    ("call 911 2154223344", "call 911 [phone]"),
    ("PA 19104 215-422-3344", "PA 19104 [phone]"),
    # e-mail
    ("write jane.doe+x@mail.example.org thanks", "write [email] thanks"),
    ("jane at gmail dot com", "[email]"),
    ("jane@gmail .com", "[email]"),
    # street addresses; the city and the ZIP code stay, since they find help nearby
    ("i live at 1234 main st philly 19104", "i live at [address] philly 19104"),
    ("123 5th Ave, Apt 4B, New York", "[address], New York"),
    ("1600 pennsylvania ave nw", "[address]"),
    ("12 Oak Drive", "[address]"),
    ("my house is 12 1/2 elm street", "my house is [address]"),
    ("911 there is a man down at 1500 Market St", "911 there is a man down at [address]"),
    ("he is at 77 N. Broad Street #3", "he is at [address]"),
    ("write to PO Box 123", "write to [address]"),
    # cards, also with one digit mistyped
    ("4111 1111 1111 1111", "[card]"),
    ("4111111111111111", "[card]"),
    ("19104 4111-1111-1111-1111", "19104 [card]"),
    ("4111-1111-1111-1112", "[card]"),
    ("3782 822463 10005", "[card]"),
    # social security numbers
    ("ssn 123-45-6789", "ssn [ssn]"),
    ("123 45 6789", "[ssn]"),
    ("123456789", "[ssn]"),
    # any other long number
    ("medicaid 123456789012", "medicaid [number]"),
    ("\uff12\uff11\uff15\uff15\uff15\uff15\uff10\uff11\uff19\uff19", "[phone]"),
]

KEPT = [
    "i am in 19104",
    "19104-1234",
    "call 911",
    "988 please 911",
    "he is 27 and took 30 pills 2-3 minutes ago",
    "300-1000 mg a day, then $500-1000",
    "20-30 bags for 15 years",
    "on 2024-01-15 10:30",
    "12/25/2024 at 10:30-11:45",
    "20240115",
    "from 2019-2020",
    "8-2 mg suboxone, 0.5 mg xanax",
    "i took 10 20 30 40 50 mg",
    "2 4 8 16 32 64 128",
    "3 years on the street",
    "20 mg for 3 days on the street",
    "a 20 minute drive, a 45 mile drive",
    "2 dr appointments",
    "i did 5 bags on main street",
    "5 minutes ago on kensington ave",
    "7 years in st. louis",
    "the 12 step way, 90 in 90",
    "i was there 2 times at court",
    "there are 2 people down on broad street",
    "2 of us on n 5th street",
    "overdosing at 911 main street",
    "me @ home, u @ work",
    "text HOME to 741741",
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_what_could_identify_someone_is_masked(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize("text", KEPT)
def test_what_the_assistant_needs_stays(text: str) -> None:
    assert redact(text) == text


# Texts made of the very parts that the patterns look for, in any order.
_WORDS = "215 555 0199 911 19104 4111 main st street drive apt box at dot gmail com .org a@b.co the"
_PARTS = st.sampled_from(
    [
        *"0123456789 -./()+@#,:\n[]x\u2013\uff15\u0663\ud800\x00",
        *_WORDS.split(),
        "po box",
        "[phone]",
    ]
)
_TEXTS = st.one_of(st.text(), st.lists(_PARTS, max_size=40).map("".join))
_SPACED = st.lists(_PARTS, max_size=25).map(" ".join)


@given(st.one_of(_TEXTS, _SPACED))
@example("")
def test_any_text_can_be_masked_and_twice_is_as_once(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(st.text(alphabet=st.characters(exclude_categories=["Nd"], exclude_characters="@")))
def test_a_text_without_digits_and_at_signs_is_left_alone(text: str) -> None:
    assert redact(text) == text or " at " in text.replace("(", " ").replace("[", " ").lower()


_BEFORE = st.sampled_from(["", "call ", "it's ", "i am 27, ", "zip 19104. ", "911 ", "\n"])
_AFTER = st.sampled_from(["", " please", ".", ", 19104", " ok? ", "\nthanks", "!"])
_AREA = st.integers(201, 979).map(str).filter(lambda area: area not in ("911", "988"))
_LINE = st.text(string.digits, min_size=4, max_size=4)
_SHAPES = st.sampled_from(
    ["{}-{}-{}", "({}) {}-{}", "{}.{}.{}", "{} {} {}", "{}{}{}", "+1{}{}{}", "1 ({}) {} {}"]
)


@given(_BEFORE, _SHAPES, _AREA, st.integers(200, 999).map(str), _LINE, _AFTER)
def test_no_us_phone_number_gets_through(
    before: str, shape: str, area: str, exchange: str, line: str, after: str
) -> None:
    masked = redact(before + shape.format(area, exchange, line) + after)
    assert exchange + line not in "".join(filter(str.isdigit, masked)).replace("19104", " ")
    assert "[" in masked


@given(_BEFORE, st.integers(501, 99950), _AFTER)
def test_every_zip_code_stays(before: str, zip_code: int, after: str) -> None:
    text = f"{before}near {zip_code:05d}{after}"
    assert redact(text) == text


LONG = {
    "digits": "1" * 16_000,
    "spaced digits": "1 2 " * 4_000,
    "house numbers": "12 oak " * 2_300,
    "words after a number": "12 aa bb cc dd " * 1_000,
    "letters": "a" * 16_000,
    "at signs": "a@" * 8_000,
    "dots": "a." * 8_000,
    "an endless mailbox": "a.b-c+" * 2_600 + "@",
    "pluses": "+1 " * 5_300,
    "parentheses": "(215) " * 2_600,
    "phone numbers": "2154223344 " * 1_400,
    "nearly phone numbers": "215 422 33445 " * 1_100,
    "spaces": "1" + " " * 15_000 + "2",
    "other digits": "\u0663" * 16_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_the_longest_message_takes_a_moment_only(text: str) -> None:
    started = time.process_time()
    redact(text)
    assert time.process_time() - started < 1
