"""The files that travel with the program: content and migrations, in a checkout and in an installed wheel."""

from pathlib import Path

_INSTALLED = Path(__file__).parent / "_shipped"
_CHECKOUT = Path(__file__).parent.parent


def shipped(name: str) -> Path:
    """Return the folder `name` ("content" or "alembic") that came with this copy of TipBot."""
    installed = _INSTALLED / name
    return installed if installed.is_dir() else _CHECKOUT / name
