"""The one place where a message is received: redacted, kept, asked, and its reply kept.

A message is committed before the assistant is asked, so that nothing a person sent is lost, and
its id counts once: the same id again gets the reply that the first one got.
"""

import logging
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error as DatabaseFailure
from django.db import IntegrityError, transaction
from django.utils import timezone

from conversations import texts
from conversations.assistant_client import QUEUE, Answer, AssistantClient, NoAnswer, assistant
from conversations.models import Conversation, Flag, Message
from conversations.redaction import redact
from conversations.replies import Kind, Reply, own_reply
from conversations.retention import daily
from conversations.words import PIECE, cleaned, pieces

logger = logging.getLogger("foothold.conversations")

# How long a client that lost the answer to its very first message may send it again.
SECOND_START = timedelta(minutes=10)
# How long a person may write until they are told again that this is a program.
TELL_AGAIN = timedelta(hours=3)
# Seconds between two looks at a message that another thread is asking about.
LOOK_AGAIN = 0.1
# Seconds that keeping a reply may take beyond the asking itself.
MARGIN = 1.5


class UnknownChoice(Exception):
    """The payload was not offered in this conversation."""


@dataclass(frozen=True)
class Incoming:
    """A message as it came in: typed text, or the payload of a choice. Exactly one is set."""

    id: uuid.UUID
    text: str | None = None
    payload: str | None = None


@dataclass(frozen=True)
class Received:
    """What came of a message: the token of its conversation, and the replies."""

    token: str
    replies: list[Reply]


def receive(token: str | None, incoming: Incoming, channel: str = "web") -> Received:
    """Keep a message, ask the assistant, keep and return the replies.

    Without a token a conversation starts. Whatever the assistant does, there are replies.
    Raises Conversation.DoesNotExist and UnknownChoice, and then nothing was kept.
    """
    text = redact(cleaned(incoming.text)) if incoming.text is not None else ""
    message, ours = _commit(token, incoming, text, channel)
    conversation = message.conversation
    while not ours and not message.replies:
        time.sleep(LOOK_AGAIN)
        ours = _look_again(message)
    replies = _answer(message) if ours else message.replies
    daily.run_if_due()
    return Received(conversation.token, replies)


def transcript(token: str) -> Iterable[Message]:
    """Return the messages of a conversation in order; raises Conversation.DoesNotExist."""
    return Conversation.objects.get(token=token).messages.all()


def _commit(token: str | None, incoming: Incoming, text: str, channel: str) -> tuple[Message, bool]:
    """Return the kept message, and whether it is for this thread to ask about it."""
    try:
        return _commit_once(token, incoming, text, channel)
    except IntegrityError:
        # Two starts with the same id at the same moment: now the other one is there to be found.
        return _commit_once(token, incoming, text, channel)


@transaction.atomic
def _commit_once(
    token: str | None, incoming: Incoming, text: str, channel: str
) -> tuple[Message, bool]:
    conversation = (
        _started(incoming.id, text, channel)
        if token is None
        else Conversation.objects.select_for_update().get(token=token)
    )
    known = conversation.messages.filter(client_id=incoming.id).first()
    if known is not None:
        return known, _take_over(known)
    if incoming.payload is not None:
        text = _label(conversation, incoming.payload)
    conversation.last_at = timezone.now()
    conversation.save(update_fields=["last_at"])
    message = Message.objects.create(
        conversation=conversation,
        client_id=incoming.id,
        text=text,
        payload=incoming.payload or "",
        asking_until=_asking_until(),
    )
    return message, True


def _started(message_id: uuid.UUID, text: str, channel: str) -> Conversation:
    """Return the conversation that this first message starts, or started a moment ago."""
    earlier = Conversation.objects.select_for_update().filter(started_by=message_id).first()
    if earlier is not None:
        fresh = earlier.created_at > timezone.now() - SECOND_START
        if fresh and earlier.messages.filter(client_id=message_id, text=text).exists():
            return earlier
        earlier.started_by = None
        earlier.save(update_fields=["started_by"])
    return Conversation.objects.create(started_by=message_id, channel=channel)


def _label(conversation: Conversation, payload: str) -> str:
    """Return what the offered choice said; only choices that we offered may be sent back."""
    for replies in conversation.messages.order_by("-pk").values_list("replies", flat=True):
        for reply in replies:
            for choice in reply["choices"]:
                if choice["payload"] == payload:
                    return str(choice["label"])
    raise UnknownChoice


def _asking_until() -> datetime:
    return timezone.now() + timedelta(seconds=assistant().timeout + QUEUE + MARGIN)


def _take_over(message: Message) -> bool:
    """Claim a message whose asker died on the way; the conversation must be locked."""
    if message.replies or message.asking_until > timezone.now():
        return False
    message.asking_until = _asking_until()
    message.save(update_fields=["asking_until"])
    return True


def _look_again(message: Message) -> bool:
    """Read a message that another thread is asking about; take over when its time is up."""
    message.refresh_from_db()
    if message.replies or message.asking_until > timezone.now():
        return False
    with transaction.atomic():
        Conversation.objects.select_for_update().get(pk=message.conversation_id)
        message.refresh_from_db()
        return _take_over(message)


def _answer(message: Message) -> list[Reply]:
    """Ask about a message and keep the reply; return the reply that the person gets."""
    try:
        answer = _reply_to(message)
    except NoAnswer as reason:
        logger.warning("the assistant gave no answer: %s", reason)
        answer = _own_answer("unavailable", "unavailable")
    try:
        return _keep(message, answer)
    except DatabaseFailure:
        # The person comes first. The message stays as received, and its id can be sent again.
        logger.exception("a reply could not be kept")
        return answer.replies


def _reply_to(message: Message) -> Answer:
    if not message.text:
        return _own_answer("fallback", "empty")
    client = assistant()
    question = {
        "conversation": str(message.conversation_id),
        "channel": message.conversation.channel,
    }
    if message.payload:
        return client.ask({**question, "payload": message.payload}, client.deadline())
    if len(message.text) > PIECE:
        return _screen_long_text(message.text, question, client)
    return client.ask({**question, "text": message.text}, client.deadline())


def _screen_long_text(text: str, question: dict[str, str], client: AssistantClient) -> Answer:
    """Look for danger in each piece of a text that is too long to be answered.

    Each piece is asked outside of the conversation, so that its course is not disturbed.
    """
    deadline = client.deadline()
    for piece in pieces(text):
        elsewhere = {"conversation": str(uuid.uuid4()), "text": piece}
        answer = client.ask({**question, **elsewhere}, deadline)
        if _topics(answer, "crisis"):
            return answer
    return _own_answer("fallback", "too_long")


def _own_answer(kind: Kind, text: str) -> Answer:
    return Answer([own_reply(kind, texts.load().fixed[text])], {})


def _topics(answer: Answer, kind: Kind) -> set[str]:
    return {reply["topic"] for reply in answer.replies if reply["kind"] == kind}


def _dangers(answer: Answer) -> set[str]:
    """The dangers that staff should see: those answered, and those gently asked about."""
    asked = {topic for topic in _topics(answer, "clarify") if topic.startswith("crisis/")}
    return _topics(answer, "crisis") | asked


@transaction.atomic
def _keep(message: Message, answer: Answer) -> list[Reply]:
    """Keep the reply and its flags, all or nothing; return the reply that counts."""
    try:
        conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
    except Conversation.DoesNotExist:  # erased while we asked: keep nothing, but do answer
        return answer.replies
    message.refresh_from_db()
    if message.replies:  # another thread took over and was faster
        return list(message.replies)
    unanswered = bool(_topics(answer, "unavailable"))
    message.state = Message.State.UNANSWERED if unanswered else Message.State.ANSWERED
    message.replies = [*answer.replies, *_reminder(conversation)]
    message.understood = answer.understood
    message.replied_at = timezone.now()
    message.save()
    reasons = _dangers(answer) | ({Flag.UNANSWERED} if unanswered else set())
    for reason in sorted(reasons):
        Flag.objects.create(conversation_id=message.conversation_id, message=message, reason=reason)
    return list(message.replies)


def _reminder(conversation: Conversation) -> list[Reply]:
    """Say again that this is a program, if it was not said for hours; note that it was."""
    now = timezone.now()
    if now - conversation.told_at < TELL_AGAIN:
        return []
    conversation.told_at = now
    conversation.save(update_fields=["told_at"])
    return [own_reply("smalltalk", texts.load().fixed["reminder"])]
