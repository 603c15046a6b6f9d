"""Measures Foothold beside Rasa's stock pipeline on the same data: `make bench`."""
