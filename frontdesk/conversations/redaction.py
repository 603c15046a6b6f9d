"""Masks what could tell who a person is, before a message is kept or passed on.

Masked: e-mail addresses, phone numbers, card and social security numbers, street addresses and
any other long number. Kept: ZIP codes, since they find help nearby, and the short numbers people
ask with: 911, 988, ages, amounts, dates, times. Names are not recognized. In doubt about a long
number it is masked, for no question needs one.
"""

import re
from collections.abc import Callable

import phonenumbers

EMAIL, PHONE, ADDRESS, CARD, SSN, NUMBER = (
    "[email]",
    "[phone]",
    "[address]",
    "[card]",
    "[ssn]",
    "[number]",
)

# Each pattern looks at a bounded stretch from each place where it can start, so that the time
# grows with the length of the text and no faster.

# A run of letters is tried once, from its beginning: (?<!...) and the possessive ++.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_EMAIL_IN_WORDS = re.compile(
    r"(?<![\w.+-])[\w.+-]++\s?(?:@|\(at\)|\[at\]|\sat\s)\s?"
    r"(?:gmail|yahoo|hotmail|outlook|icloud|aol|proton(?:mail)?|live|msn|comcast)"
    r"\s?(?:\.|\(dot\)|\[dot\]|\sdot\s)\s?(?:com|net|org|edu|me)\b",
    re.IGNORECASE,
)

_GAP = r"[\s.\-\u2010-\u2015\u2212/()]{0,3}"
_DASH = r"[-\u2010-\u2015\u2212]"

# With a dash where the person put dashes, so that "100 20 3000" is no social security number.
_SSN = re.compile(rf"(?<!\d)\d{{3}}(?:({_DASH}|\.)\d{{2}}\1|\s\d{{2}}\s)\d{{4}}(?!\d)")

# 911 and 988 are no area codes; "call 911 215..." must keep its 911.
_PHONE = re.compile(rf"(?<!\d)(?:\+?1{_GAP})?\(?(?!911|988)\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)")
_PHONE_ABROAD = re.compile(rf"\+\d(?:{_GAP}\d){{6,14}}(?!\d)")
# Without an area code. "300-1000 mg" is an amount and "$500-1000" a price.
_PHONE_LOCAL = re.compile(
    rf"(?<![\d$.,:/\-])[2-9]\d{{2}}(?:{_DASH}|\.)\d{{4}}(?![\d/:%]|{_DASH}\d|\.\d)"
    r"(?!\s*(?:m[gl]|mcg|milli|micro|g|grams?|units?|pills?|tabs?|tablets?|bags?|bucks|dollars"
    r"|calories|people|times|hours|years)\b)",
    re.IGNORECASE,
)

_CARD = re.compile(r"(?<!\d)\d{4}([ \-])\d{4}\1\d{4}\1\d{1,7}(?!\d)")
_DIGITS = re.compile(r"\d+")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

# Street addresses: a house number, up to four words, and a word for a street. Some of those
# words say other things too ("a 20 minute drive", "3 years on the street"), so words that no
# street is called by end the search.
_NO_STREET_NAME = (
    r"(?:a|an|and|any|are|as|at|away|bad|bag|bags|because|before|beer|beers|block|blocks|but|by"
    r"|car|clean|court|da|day|days|different|dollar|dollars|dose|doses|down|drink|drinks|each|for"
    r"|foot|friend|friends|from|g|good|gram|grams|had|have|he|her|him|his|hits?|home|hour|hours"
    r"|hrs?|i|if|in|is|it|kid|kids|last|left|line|lines|long|lot|mcg|me|mg|mile|miles|min|mins"
    r"|minute|minutes|ml|month|months|more|mos|my|no|not|now|of|off|on|one|or|our|out|over|people"
    r"|percent|person|pill|pills|point|points|safe|same|she|shot|shots|since|so|step|steps|tab"
    r"|tablet|tablets|tabs|than|that|the|their|them|then|there|they|this|time|times|to|under|unit"
    r"|units|up|was|we|week|weeks|when|while|with|women|men|year|years|yo|you|your|yrs?)\b"
)
_STREET_WORD = rf"(?!{_NO_STREET_NAME})[^\W\d_][\w'’]{{0,20}}\.?"
_NUMBERED_STREET = r"\d{1,3}(?:st|nd|rd|th)"
_STREET = (
    r"(?:street|str?|avenue|ave?|road|rd|boulevard|blvd|lane|ln|parkway|pkwy|highway|hwy|terrace"
    r"|ter|turnpike|crescent|alley|plaza)"
)
# These need a house number of two digits or more: "1 dark place", "2 dr visits".
_STREET_OR_NOT = r"(?:drive|dr|court|ct|place|pl|way|circle|cir|square|sq|trail|trl|loop|row|pike)"
_UNIT = (
    r"(?:,?\s{1,2}(?:apt|apartment|unit|suite|ste|room|rm|floor|fl)\b\.?\s{0,2}#?\w{1,6}"
    r"|,?\s{0,2}#\s?\w{1,6})?"
)
_SIDE = r"(?:\s(?:n|s|e|w|ne|nw|se|sw|north|south|east|west)\b\.?)?"


def _street_address(house: str, kind: str) -> str:
    number = rf"(?<![\d.,$/:\-])(?!911\b|988\b){house}[a-z]?(?:-\d{{1,4}}|\s1/2)?"
    name = rf"(?:\s{{1,2}}(?:{_NUMBERED_STREET}|{_STREET_WORD})){{1,4}}?"
    return rf"{number}{name}\s{{1,2}}{kind}\b\.?{_SIDE}{_UNIT}"


_ADDRESS = re.compile(
    "|".join(
        (
            _street_address(r"\d{1,6}", _STREET),
            _street_address(r"\d{2,6}", _STREET_OR_NOT),
            r"\bp\.?\s?o\.?\s?box\s{1,2}#?\d{1,8}",
        )
    ),
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """Return the text with everything identifying masked; never raises.

    Masking twice changes nothing more: redact(redact(text)) == redact(text).
    """
    # A mask can bring what stands beside it into a new light, rarely more than once.
    for _ in range(8):
        masked = _redact_once(text)
        if masked == text:
            break
        text = masked
    return text


def _redact_once(text: str) -> str:
    for step in _STEPS:
        text = step(text)
    return text


def _mask(pattern: re.Pattern[str], mask: str) -> Callable[[str], str]:
    return lambda text: pattern.sub(mask, text)


def _mask_cards(text: str) -> str:
    """Mask 13 to 19 digits, written in one or in groups, that pass the check digit of cards."""
    groups = list(_DIGITS.finditer(text))
    masked, done, first = [], 0, 0
    while first < len(groups):
        last = _card_end(text, groups, first)
        if last is None:
            first += 1
            continue
        masked += [text[done : groups[first].start()], CARD]
        done = groups[last].end()
        first = last + 1
    return "".join([*masked, text[done:]])


def _card_end(text: str, groups: list[re.Match[str]], first: int) -> int | None:
    digits = ""
    for index in range(first, min(first + 19, len(groups))):
        if index > first:
            between = text[groups[index - 1].end() : groups[index].start()]
            if len(between) > 3 or not re.fullmatch(r"[\s\-.\u2010-\u2015]+", between):
                return None
        digits += groups[index][0]
        if len(digits) > 19:
            return None
        if len(digits) >= 13 and _passes_check_digit(digits):
            return index
    return None


def _passes_check_digit(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _mask_phones_in_other_groups(text: str) -> str:
    """Mask numbers that are valid in the US however their digits are grouped."""
    masked, done = [], 0
    for match in phonenumbers.PhoneNumberMatcher(text, "US"):
        masked += [text[done : match.start], PHONE]
        done = match.end
    return "".join([*masked, text[done:]])


def _mask_long_numbers(text: str) -> str:
    def mask(match: re.Match[str]) -> str:
        digits = match[0]
        if len(digits) < 7 or _DATE.fullmatch(digits):
            return digits
        return {7: PHONE, 9: SSN, 10: PHONE, 11: PHONE}.get(len(digits), NUMBER)

    return _DIGITS.sub(mask, text)


_STEPS: tuple[Callable[[str], str], ...] = (
    _mask(_EMAIL, EMAIL),
    _mask(_EMAIL_IN_WORDS, EMAIL),
    _mask_cards,
    _mask(_CARD, CARD),
    _mask(_SSN, SSN),
    _mask(_PHONE_ABROAD, PHONE),
    _mask(_PHONE, PHONE),
    _mask(_PHONE_LOCAL, PHONE),
    _mask(_ADDRESS, ADDRESS),
    _mask_phones_in_other_groups,
    _mask_long_numbers,
)
