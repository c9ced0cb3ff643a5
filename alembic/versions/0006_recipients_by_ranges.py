"""Recipients are found by the numbers between which those of a zone stand, and no longer by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recipient_ranges",
        sa.Column("broadcast_id", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("broadcast_id", "zone", "last_id"),
    )
    op.execute(
        "INSERT INTO recipient_ranges (broadcast_id, zone, last_id, first_id)"
        " SELECT broadcast_id, zone, max(id), min(id) FROM recipients GROUP BY broadcast_id, zone"
    )
    op.drop_index("ix_recipients_wave", table_name="recipients")


def downgrade() -> None:
    op.create_index("ix_recipients_wave", "recipients", ["broadcast_id", "zone", "id"])
    op.drop_table("recipient_ranges")
