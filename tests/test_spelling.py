"""Misspelt words are mended to words of this field, and what is written on purpose stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.spelling import Spelling

EXAMPLES = (
    ["what is suboxone and methadone", "how long does withdrawal last", "can i detox at home"] * 10
    + ["narcan naloxone overdose breathing heroin fentanyl friend"] * 10
    + ["i cant get help with heroin", "he is gone, i want to quit", "will he help", "dont go"] * 200
    + ["what is withdrawl", "herion"]
)
DICTIONARY = {
    "what", "how", "home", "sun", "zone", "norman", "feet", "homesick", "fans", "friend", "heron",
    "help", "want", "will", "with", "wit", "hell", "cant", "dont", "don", "heroin", "withdrawal",
}  # fmt: skip
SPELLING = Spelling.learn(EXAMPLES, DICTIONARY)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("subozone", "suboxone"),
        ("methdone", "methadone"),
        ("withdrawl", "withdrawal"),
        ("withdrawls how lnog", "withdrawals how long"),
        ("my freind herroin", "my friend heroin"),
        ("fentynal", "fentynal"),  # kept: a listed name of the drug
        ("wat r u", "what are you"),
        ("he isnt breahting", "he is not breathing"),
        ("narcan fent dopesick bupe xans", "narcan fent dopesick bupe xans"),
        ("kms unalive", "kms unalive"),
        ("homesick norman", "homesick norman"),  # words of their own
        ("i hate heron", "i hate heroin"),  # a word of its own, but hardly here
        ("hlp wth heroin", "help with heroin"),
        ("i wnt to quit", "i want to quit"),
        ("wll he help", "will he help"),  # by the words beside it
        ("get hel with heroin", "get help with heroin"),
        ("i caant quit", "i can not quit"),  # mended, then written out
        ("wihdrawal", "withdrawal"),
        ("witdhrawl", "withdrawal"),
        ("od", "od"),
        ("", ""),
    ],
)
def test_mends(typed: str, mended: str) -> None:
    assert SPELLING.mend(typed) == mended


@given(text=st.text(alphabet="abcdefghinorstuvwxyz 19!?'", max_size=60))
def test_mending_twice_changes_no_more_words(text: str) -> None:
    once = SPELLING.mend(text)
    assert len(SPELLING.mend(once).split()) >= len(text.split())


@given(word=st.sampled_from(sorted(SPELLING.keep)))
def test_what_is_never_mended_stays(word: str) -> None:
    assert SPELLING.mend(word) == SPELLING.short.get(word, word)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("👍", "yes"),
        ("👎", "no"),
        ("❤️", "thank you"),
        ("??", "what do you mean"),
        ("🙃", "🙃"),
        ("help 😭", "help 😭"),  # words speak for themselves
        ("", ""),
    ],
)
def test_a_message_of_signs_says_what_they_stand_for(typed: str, said: str) -> None:
    assert SPELLING.spoken(typed) == said
