"""What people and the assistant said to each other: kept, redacted, asked, expired."""
