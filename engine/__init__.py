"""The voice engine: conversations, their providers and their wires. No user interface in here."""
