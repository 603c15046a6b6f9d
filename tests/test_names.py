"""Places and substances that spaCy finds in what people type."""

from __future__ import annotations

import pytest

from assistant.names import CountryReader, PlaceReader, SubstanceReader, language

NLP = language()
PLACES = PlaceReader()
SUBSTANCES = SubstanceReader()
COUNTRIES = CountryReader()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("19104", "19104"),
        ("im in 19104", "19104"),
        ("i need help, 19104-1234 pls", "19104-1234"),
        ("rehab in philly", "Philadelphia"),
        ("Philadelphia", "Philadelphia"),
        ("dayton ohio", "Dayton, OH"),
        ("Dayton, OH", "Dayton, OH"),
        ("we are near st louis", "Saint Louis"),
        ("St. Louis MO", "Saint Louis, MO"),
        ("Ft. Worth tx", "Fort Worth, TX"),
        ("anything in west virginia?", "West Virginia"),
        ("Yuma AZ", "Yuma, AZ"),
        ("glasgow, montana", "Glasgow, MT"),
        ("San Juan, PR", "San Juan, PR"),
        ("HELP, ME", None),
        ("yeah, OK", None),
        ("Narcan NY", None),
        ("im OK", None),
        ("no, texas", None),
        ("call 555-0199", None),
        ("i took 12345678 of them", None),
        ("i was reading about this", None),  # Reading, PA needs "in" or its state
        ("im so mobile these days", None),
        ("ok", None),
        ("hi", None),
        ("in or out", None),
        ("can you help me", None),
    ],
)
def test_place(text: str, place: str | None) -> None:
    found = PLACES.read(NLP.make_doc(text))
    assert (found[0] if found else None) == place


@pytest.mark.parametrize(
    ("text", "substances"),
    [
        ("why is herion so addictive", ["heroin"]),
        ("whats in fent", ["fentanyl"]),
        ("been on subs for a year", ["buprenorphine"]),
        ("shooting dope again", ["heroin"]),
        ("that movie was dope", []),
        ("how do i quit h", ["heroin"]),
        ("he uses blues", ["fentanyl"]),
        ("got the blues today", []),
        ("bars and percs", ["benzodiazepines", "prescription opioids"]),
        ("we went to two bars", []),
        ("ice cream", []),
        ("narcan", ["naloxone"]),
        ("coke with lunch", []),
        ("", []),
    ],
)
def test_substances(text: str, substances: list[str]) -> None:
    assert [span.label_ for span in SUBSTANCES.read(NLP.make_doc(text))] == substances


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("im in cork", "ireland"),
        ("uk. od. help", "uk"),
        ("edinburgh here, my mate is not waking up", "uk"),
        ("estamos en madrid", "other"),
        ("dublin ohio", None),
        ("perth amboy nj", None),
        ("my england jersey", None),
        ("im from england", "uk"),
        ("hi from toronto", "canada"),
        ("from dublin, need help", "ireland"),
        ("my wife is from mexico", None),
        ("he came back from iraq different", None),
        ("pills from canada", None),
        ("did two tours in afghanistan and cant sleep", None),
        ("i got family in canada", None),
        ("they say theyll hurt my sister in honduras", None),
        ("im with my sister in honduras", "other"),
        ("i wake up screaming from the same dream, afghanistan shit", None),
        ("", None),
    ],
)
def test_country(text: str, country: str | None) -> None:
    found = COUNTRIES.read(NLP.make_doc(text))
    assert (found.label_ if found is not None else None) == country
