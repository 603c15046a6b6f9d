"""The web channel: the chat API, the full page that works without scripts, health."""
