"""Custom actions: the group `help`, which points to real places and people."""
