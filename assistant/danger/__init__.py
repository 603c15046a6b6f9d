"""Sees danger in a message, whatever else it says. It only ever raises, never lowers."""
