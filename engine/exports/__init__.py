"""Sessions as files: pure functions of a dossier, one module a format."""
