"""Start-up of the conversations app."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Loads the fixed texts at start, so that a broken data file stops us before a person comes."""

    name = "conversations"

    def ready(self) -> None:
        """Raise ImproperlyConfigured when a data file is missing or wrong."""
        from conversations import texts

        texts.load()
