"""What is erased or too old is gone, and nothing else is."""

import uuid
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from conversations import retention
from conversations.models import Conversation, Flag, Message
from conversations.service import Incoming, receive
from testkit.fake_assistant import FakeAssistant, answers, crisis

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = 90  # the default of FOOTHOLD_RETENTION_DAYS


def conversation(days_old: float = 0, words: str = "hello") -> Conversation:
    one = Conversation.objects.create(last_at=timezone.now() - timedelta(days=days_old))
    message = Message.objects.create(
        conversation=one, client_id=uuid.uuid4(), text=words, asking_until=timezone.now()
    )
    Flag.objects.create(conversation=one, message=message, reason="crisis/suicide")
    return one


def kept() -> tuple[int, int, int]:
    return Conversation.objects.count(), Message.objects.count(), Flag.objects.count()


def database_bytes() -> bytes:
    """Everything SQLite has on disk, its journal included; nothing for another database."""
    if connection.vendor != "sqlite":
        return b""
    name = Path(str(connection.settings_dict["NAME"]))
    return b"".join(path.read_bytes() for path in name.parent.glob(f"{name.name}*"))


def test_erasing_takes_the_messages_and_flags_of_that_conversation_only() -> None:
    other, erased = conversation(), conversation()
    retention.erase(erased.token)
    assert kept() == (1, 1, 1)
    assert Conversation.objects.get() == other


def test_what_is_erased_is_not_left_on_the_disk() -> None:
    kept_one = conversation(words="these words stay on the disk")
    erased = conversation(words="these words must leave the disk")
    retention.erase(erased.token)
    assert b"must leave the disk" not in database_bytes()
    assert erased.token.encode() not in database_bytes()
    assert kept_one.messages.get().text == "these words stay on the disk"


def test_an_unknown_token_erases_nothing() -> None:
    conversation()
    with pytest.raises(Conversation.DoesNotExist):
        retention.erase("no-such-token")
    assert kept() == (1, 1, 1)


def test_what_is_older_than_we_keep_is_deleted() -> None:
    conversation(DAYS + 0.01)
    conversation(DAYS + 300, words="these words must leave the disk")
    young = conversation(DAYS - 0.01)
    assert retention.expire() == 2
    assert Conversation.objects.get() == young
    assert kept() == (1, 1, 1)
    assert b"must leave the disk" not in database_bytes()


def test_the_command_says_what_it_did() -> None:
    conversation(DAYS + 1)
    said = StringIO()
    call_command("expire", stdout=said)
    assert said.getvalue() == "Deleted 1 old conversations.\n"


def test_a_message_keeps_its_conversation_young(assistant: FakeAssistant) -> None:
    old = conversation(DAYS - 1)
    receive(old.token, Incoming(id=uuid.uuid4(), text="i am back"))
    old.refresh_from_db()
    assert old.last_at > timezone.now() - timedelta(minutes=1)


def test_old_conversations_leave_when_a_message_arrives(
    assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conversations.service.daily", retention.Daily())
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(3):
        conversation(DAYS + 1)
    left = []
    for _ in range(2):
        receive(None, Incoming(id=uuid.uuid4(), text="hello"))
        left.append(Conversation.objects.filter(last_at__lt=timezone.now() - timedelta(1)).count())
    assert left == [1, 0]  # a batch beside each message


def test_it_looks_only_once_a_day() -> None:
    daily = retention.Daily()
    daily.run_if_due()
    conversation(DAYS + 1)
    daily.run_if_due()
    assert kept() == (1, 1, 1)
    retention.Daily().run_if_due()
    assert kept() == (0, 0, 0)


def test_a_flag_from_a_crisis_is_erased_too(assistant: FakeAssistant) -> None:
    assistant.behaviour = answers(crisis())
    received = receive(None, Incoming(id=uuid.uuid4(), text="he wont wake up"))
    assert kept() == (1, 1, 1)
    retention.erase(received.token)
    assert kept() == (0, 0, 0)
