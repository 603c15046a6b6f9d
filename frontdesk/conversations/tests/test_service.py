"""What happens to a message, from the moment it comes in until its reply is kept."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from conversations import retention, service, texts
from conversations.models import Conversation, Flag, Message
from conversations.service import Incoming, Received, UnknownChoice, receive
from conversations.words import PIECE
from testkit.fake_assistant import (
    SECRET,
    Behaviour,
    Exchange,
    FakeAssistant,
    Question,
    answers,
    answers_by,
    crisis,
    reply,
    waits,
)

# Real transactions, since the order of commits is what is tested here.
pytestmark = pytest.mark.django_db(transaction=True)


def text(words: str, message_id: uuid.UUID | None = None) -> Incoming:
    return Incoming(id=message_id or uuid.uuid4(), text=words)


def start(words: str = "hello") -> Received:
    return receive(None, text(words))


def texts_of(received: Received) -> list[str]:
    return [reply["text"] for reply in received.replies]


def in_parallel(count: int, token: str | None, incoming: Incoming) -> list[Received]:
    together = threading.Barrier(count)

    def one() -> Received:
        try:
            together.wait()
            return receive(token, incoming)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return [call.result() for call in [pool.submit(one) for _ in range(count)]]


# Asking


def test_a_message_is_asked_and_its_reply_kept(assistant: FakeAssistant) -> None:
    assistant.behaviour = answers(reply("It is an opioid."), understood={"confidence": 0.9})
    received = start("what is heroin")
    message = Message.objects.get()
    assert texts_of(received) == ["It is an opioid."]
    assert (message.text, message.state) == ("what is heroin", Message.State.ANSWERED)
    assert message.replies == received.replies
    assert message.understood == {"confidence": 0.9}
    assert not Flag.objects.exists()
    assert assistant.paths == ["/webhooks/frontdesk/messages"]
    assert assistant.authorizations == [f"Bearer {SECRET}"]
    assert assistant.questions == [
        {"conversation": str(message.conversation_id), "channel": "web", "text": "what is heroin"}
    ]


def test_the_assistant_never_learns_the_token(assistant: FakeAssistant) -> None:
    received = start()
    receive(received.token, text("and now"))
    assert received.token not in str(assistant.questions)
    assert len({question["conversation"] for question in assistant.questions}) == 1


def test_a_message_is_committed_before_it_is_asked(assistant: FakeAssistant) -> None:
    kept: list[tuple[str, str]] = []

    def look_into_the_database(exchange: Exchange, question: Question) -> None:
        try:  # in a thread, and so with a connection, of its own
            kept.extend(Message.objects.values_list("text", "state"))
        finally:
            connection.close()
        answers(reply())(exchange, question)

    assistant.behaviour = look_into_the_database
    start("what is detox")
    assert kept == [("what is detox", "received")]


def test_only_the_redacted_text_is_kept_and_asked(assistant: FakeAssistant) -> None:
    start("i am at 12 Oak Drive, 215-555-0199, near 19104")
    redacted = "i am at [address], [phone], near 19104"
    assert Message.objects.get().text == redacted
    assert assistant.questions[0]["text"] == redacted


@pytest.mark.parametrize("words", ["/restart", '/greet{"x": 1}', "/"])
def test_a_text_with_a_slash_is_asked_as_text(assistant: FakeAssistant, words: str) -> None:
    start(words)
    assert assistant.questions[0]["text"] == words
    assert "payload" not in assistant.questions[0]


@pytest.mark.parametrize("words", ["", "   \n\t", "\x00\x07", "\ud800"])
def test_a_message_without_words_is_answered_without_asking(
    assistant: FakeAssistant, words: str
) -> None:
    received = start(words)
    assert texts_of(received) == [texts.load().fixed["empty"]]
    assert received.replies[0]["kind"] == "fallback"
    assert assistant.questions == []


def test_an_unknown_token_is_refused_and_nothing_is_kept(assistant: FakeAssistant) -> None:
    with pytest.raises(Conversation.DoesNotExist):
        receive("no-such-token", text("hello"))
    assert not Message.objects.exists()


# Choices

CHOICES = [
    {"label": "How detox works", "payload": "/detox/what_is"},
    {"label": "Find detox near me", "payload": "/help/find_detox"},
]


def test_a_choice_is_asked_by_its_payload_and_shown_by_its_label(assistant: FakeAssistant) -> None:
    assistant.behaviour = answers({**reply("Did you mean", "clarify"), "choices": CHOICES})
    token = start("detox").token
    assistant.behaviour = answers(reply())
    receive(token, text("something else first"))
    receive(token, Incoming(id=uuid.uuid4(), payload="/help/find_detox"))
    assert assistant.questions[-1]["payload"] == "/help/find_detox"
    assert "text" not in assistant.questions[-1]
    last = Message.objects.latest("pk")
    assert (last.text, last.payload) == ("Find detox near me", "/help/find_detox")


@pytest.mark.parametrize("payload", ["/restart", "", "/help/find_detox ", "\x00", "\ud800"])
def test_a_choice_that_was_not_offered_is_refused(assistant: FakeAssistant, payload: str) -> None:
    assistant.behaviour = answers({**reply("Did you mean", "clarify"), "choices": CHOICES})
    token = start("detox").token
    with pytest.raises(UnknownChoice):
        receive(token, Incoming(id=uuid.uuid4(), payload=payload))
    assert Message.objects.count() == 1


def test_a_choice_of_another_conversation_is_refused(assistant: FakeAssistant) -> None:
    assistant.behaviour = answers({**reply("Did you mean", "clarify"), "choices": CHOICES})
    start("detox")
    other = start("hi")
    Message.objects.filter(conversation__token=other.token).update(replies=[reply()])
    with pytest.raises(UnknownChoice):
        receive(other.token, Incoming(id=uuid.uuid4(), payload="/help/find_detox"))


# Danger


def test_a_crisis_reply_is_flagged_for_staff(assistant: FakeAssistant) -> None:
    assistant.behaviour = answers(crisis("crisis/suicide"), reply(), crisis("crisis/suicide"))
    start("i dont want to live")
    flag = Flag.objects.get()
    assert flag.reason == "crisis/suicide"
    assert flag.message.text == "i dont want to live"


def test_a_danger_that_is_only_asked_about_is_flagged_too(assistant: FakeAssistant) -> None:
    assistant.behaviour = answers(reply("Are you thinking...", "clarify", "crisis/suicide"))
    start("im so done")
    assert Flag.objects.get().reason == "crisis/suicide"
    assistant.behaviour = answers(reply("Did you mean...", "clarify", "chat/out_of_scope"))
    start("how long")
    assert Flag.objects.count() == 1


def test_after_three_hours_it_says_again_that_it_is_a_program(assistant: FakeAssistant) -> None:
    assistant.behaviour = answers(crisis())
    token = start().token
    assert len(receive(token, text("still here")).replies) == 1
    for _ in range(2):
        told_at = timezone.now() - service.TELL_AGAIN
        Conversation.objects.filter(token=token).update(told_at=told_at)
        received = receive(token, text("he is blue"))
        assert received.replies[0]["kind"] == "crisis"
        assert texts_of(received)[-1] == texts.load().fixed["reminder"]
        assert len(receive(token, text("and now")).replies) == 1


def test_a_reply_that_cannot_be_kept_with_its_flag_is_still_delivered(
    assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **values: object) -> None:
        raise DatabaseError("disk full")

    assistant.behaviour = answers(crisis())
    monkeypatch.setattr(Flag.objects, "create", full)
    received = start("he is blue")
    assert received.replies[0]["kind"] == "crisis"
    message = Message.objects.get()
    assert (message.state, message.replies) == (Message.State.RECEIVED, [])  # not half kept


# Long messages


def story(length: int, within: str = "") -> str:
    """A text of that many characters, with some words at two thirds of it."""
    sentence = "we met in the spring and it went on like that for a while. "
    padding = sentence * (length // len(sentence) + 1)
    place = length * 2 // 3
    return (padding[:place] + within + padding[place:])[:length].rstrip() + "."


def danger_screen(words: str) -> dict[str, object]:
    return crisis("crisis/suicide") if "kill myself" in words else reply()


@pytest.mark.parametrize("length", [1_200, 3_000, 9_000, 16_000])
def test_danger_is_found_anywhere_in_a_long_message(assistant: FakeAssistant, length: int) -> None:
    assistant.behaviour = answers_by(danger_screen)
    received = start(story(length, within=" i want to kill myself "))
    assert [reply["topic"] for reply in received.replies] == ["crisis/suicide"]
    assert Flag.objects.get().reason == "crisis/suicide"


def test_a_long_message_without_danger_is_kept_whole_and_answered_kindly(
    assistant: FakeAssistant,
) -> None:
    words = story(2_500)
    received = start(words)
    assert texts_of(received) == [texts.load().fixed["too_long"]]
    assert (received.replies[0]["kind"], received.replies[0]["topic"]) == (
        "fallback",
        "chat/out_of_scope",
    )
    message = Message.objects.get()
    assert message.text == words
    assert all(len(question["text"]) <= PIECE for question in assistant.questions)
    asked_about = {question["conversation"] for question in assistant.questions}
    assert len(asked_about) == len(assistant.questions) == 3
    assert str(message.conversation_id) not in asked_about


def test_a_long_message_that_could_not_be_read_to_its_end_is_for_staff(
    assistant: FakeAssistant,
) -> None:
    assistant.behaviour = waits(0.25)
    began = time.monotonic()
    received = start(story(9_000))
    assert time.monotonic() - began < 1.5
    assert received.replies[0]["kind"] == "unavailable"
    assert Flag.objects.get().reason == Flag.UNANSWERED


def test_a_message_of_exactly_the_length_is_asked_as_usual(assistant: FakeAssistant) -> None:
    start("x" * PIECE)
    assert [question["text"] for question in assistant.questions] == ["x" * PIECE]


# The same message again


def test_the_same_id_again_gets_the_same_reply_and_asks_nothing(assistant: FakeAssistant) -> None:
    token = start().token
    message_id = uuid.uuid4()
    first = receive(token, text("what is detox", message_id))
    assistant.behaviour = answers(reply("something else"))
    assert receive(token, text("what is detox", message_id)) == first
    assert len(assistant.questions) == 2
    assert Message.objects.count() == 2


def test_the_same_id_counts_in_its_conversation_only(assistant: FakeAssistant) -> None:
    message_id = uuid.uuid4()
    first, second = start("one").token, start("two").token
    receive(first, text("what is detox", message_id))
    receive(second, text("what is detox", message_id))
    assert len(assistant.questions) == 4


def test_a_client_that_lost_the_first_answer_finds_its_conversation(
    assistant: FakeAssistant,
) -> None:
    first = text("call me at 215-555-0199")
    assert receive(None, first) == receive(None, first)
    assert (Conversation.objects.count(), len(assistant.questions)) == (1, 1)


def test_another_text_with_that_id_is_another_conversation(assistant: FakeAssistant) -> None:
    message_id = uuid.uuid4()
    first = receive(None, text("one", message_id))
    assert receive(None, text("two", message_id)).token != first.token


def test_after_ten_minutes_it_is_another_conversation(assistant: FakeAssistant) -> None:
    first = text("hello")
    token = receive(None, first).token
    Conversation.objects.update(created_at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert receive(None, first).token != token


@pytest.mark.parametrize("begun", [True, False], ids=["in a conversation", "as its start"])
def test_the_same_message_at_the_same_time_is_asked_once(
    assistant: FakeAssistant, begun: bool
) -> None:
    token = start().token if begun else None
    assistant.questions.clear()
    assistant.behaviour = waits(0.3)
    received = in_parallel(8, token, text("what is detox"))
    assert len(assistant.questions) == 1
    assert len({(one.token, *texts_of(one)) for one in received}) == 1
    assert Conversation.objects.count() == 1


def interrupted(token: str, message_id: uuid.UUID, seconds_left: float) -> None:
    """Leave a message as a process leaves it that dies while it asks."""
    Message.objects.create(
        conversation=Conversation.objects.get(token=token),
        client_id=message_id,
        text="what is detox",
        asking_until=timezone.now() + timedelta(seconds=seconds_left),
    )


@pytest.mark.parametrize("seconds_left", [-1.0, 0.5])
def test_a_message_whose_asker_died_is_asked_again(
    assistant: FakeAssistant, seconds_left: float
) -> None:
    token, message_id = start().token, uuid.uuid4()
    interrupted(token, message_id, seconds_left)
    assistant.behaviour = answers(reply("Detox is the first days."))
    received = receive(token, text("what is detox", message_id))
    assert texts_of(received) == ["Detox is the first days."]
    assert Message.objects.get(client_id=message_id).state == Message.State.ANSWERED


def test_of_several_that_wait_for_a_dead_asker_one_asks(assistant: FakeAssistant) -> None:
    token, message_id = start().token, uuid.uuid4()
    interrupted(token, message_id, 0.4)
    assistant.questions.clear()
    assistant.behaviour = waits(0.2)
    received = in_parallel(4, token, text("what is detox", message_id))
    assert len(assistant.questions) == 1
    assert len({tuple(texts_of(one)) for one in received}) == 1


# Erasing meanwhile


def erases(token_of: list[str]) -> Behaviour:
    def behave(exchange: Exchange, question: Question) -> None:
        try:
            retention.erase(token_of[0])
        finally:
            connection.close()
        answers(crisis())(exchange, question)

    return behave


def test_a_conversation_erased_while_asking_is_answered_and_not_kept(
    assistant: FakeAssistant,
) -> None:
    token = start().token
    assistant.behaviour = erases([token])
    received = receive(token, text("he is not breathing"))
    assert received.replies[0]["kind"] == "crisis"
    counts = [model.objects.count() for model in (Conversation, Message, Flag)]
    assert counts == [0, 0, 0]


def test_the_transcript_has_every_message_in_order(assistant: FakeAssistant) -> None:
    token = start("one").token
    for words in ("two", "three"):
        receive(token, text(words))
    start("someone else")
    assert [message.text for message in service.transcript(token)] == ["one", "two", "three"]
