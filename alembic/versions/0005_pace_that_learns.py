"""The pace remembers what was too fast, so that it does not try the same again every few minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pace", sa.Column("met_rate", sa.Float(), nullable=True))
    op.add_column("pace", sa.Column("met_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("pace", "met_at")
    op.drop_column("pace", "met_rate")
