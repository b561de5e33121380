"""Where this copy of Rostrum lies: in a checkout, or installed as a package or a bundle."""

from __future__ import annotations

from pathlib import Path

CHECKOUT = (Path(__file__).parents[1] / "pyproject.toml").is_file()
COMMAND = "python main.py" if CHECKOUT else "rostrum"
"""How Rostrum is started here, for messages that say what to type."""


def database_url() -> str:
    """Where everything is kept unless DATABASE_URL says otherwise: in a checkout, in the directory that Rostrum is
    started in; installed, in the user's own folder for data, since it may be started anywhere."""
    if CHECKOUT:
        return "sqlite:///data/local/rostrum.db"
    from platformdirs import user_data_path

    return f"sqlite:///{user_data_path('rostrum', appauthor=False) / 'rostrum.db'}"
