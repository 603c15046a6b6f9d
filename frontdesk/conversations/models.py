"""What is kept: the conversation, each message with what was replied, and flags for staff."""

import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone


def new_token() -> str:
    """Return a token that gives its holder the right to one conversation (192 random bits)."""
    return secrets.token_urlsafe(24)


class Conversation(models.Model):
    """One person's talk with the assistant. Nothing here says who the person is.

    Whoever writes to a conversation or its messages locks its row first, so that erasing and
    replying cannot cross.
    """

    class Channel(models.TextChoices):
        """How the person reaches us."""

        WEB = "web"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token)
    channel = models.CharField(max_length=16, choices=Channel, default=Channel.WEB)
    # The id of the first message, while a client that lost our answer may send it again.
    started_by = models.UUIDField(null=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now, db_index=True)
    # When the person was last told that this is a program.
    told_at = models.DateTimeField(default=timezone.now)

    messages: "models.Manager[Message]"

    def __str__(self) -> str:
        return str(self.id)


class Message(models.Model):
    """What a person sent, redacted, and what they were told."""

    class State(models.TextChoices):
        """Where a message stands."""

        RECEIVED = "received"  # kept; the assistant is being asked
        ANSWERED = "answered"
        UNANSWERED = "unanswered"  # the assistant gave no answer; the person got the fixed reply

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    client_id = models.UUIDField()
    text = models.TextField()  # redacted; of a button, its label
    payload = models.TextField(blank=True)  # of a button, what it sends
    state = models.CharField(max_length=16, choices=State, default=State.RECEIVED)
    asking_until = models.DateTimeField()  # until then, whoever asks may still be at it
    replies = models.JSONField(default=list)  # list of replies.Reply; empty while RECEIVED
    understood = models.JSONField(default=dict)  # what the assistant made of it, for staff
    created_at = models.DateTimeField(default=timezone.now)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        """A message id counts once in its conversation; that is what makes a retry harmless."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "client_id"], name="one_message_per_id")
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.pk}"


class Flag(models.Model):
    """Something in a message that staff should see.

    reason is the topic of a crisis reply (crisis/overdose_now and the like), or "unanswered".
    """

    UNANSWERED = "unanswered"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="flags")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=130)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        """The same reason is raised once for a message."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "reason"], name="one_flag_per_reason")
        ]

    def __str__(self) -> str:
        return self.reason
