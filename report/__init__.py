"""Reports that people read: how well people are understood, and the content for review."""
