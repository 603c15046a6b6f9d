"""Starts everything on one machine: `make run`."""
