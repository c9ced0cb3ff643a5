"""Run migrations over the connection that TipBot hands in; there is no other way to start them."""

from typing import Literal

from alembic import context

from tipbot.storage.schema import UtcDateTime, metadata


def rendered(kind: str, value: object, _context: object) -> str | Literal[False]:
    """Write plain column types into migrations, so that they never depend on today's classes."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
    render_item=rendered,
)
context.run_migrations()
