"""What is kept about one chat is found by an index, and a changed consent is put to people once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consents", sa.Column("asked_version", sa.String(length=16), nullable=True))
    op.create_index("ix_outbox_chat", "outbox", ["chat_id"])
    op.drop_index("ix_outbox_queued_chat", "outbox")


def downgrade() -> None:
    queued = sa.text("status = 'queued'")
    op.create_index("ix_outbox_queued_chat", "outbox", ["chat_id"], sqlite_where=queued, postgresql_where=queued)
    op.drop_index("ix_outbox_chat", "outbox")
    op.drop_column("consents", "asked_version")
