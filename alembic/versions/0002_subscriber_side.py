"""What a subscriber can do beside reading: choices, favourites, pauses; and whose database this is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


MOMENTS = (
    "stretch_pause_until",
    "how_often_asked_at",
    "silence_asked_at",
    "slowed_at",
    "farewell_warned_at",
)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "feedback",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("votes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "item", "verdict", name=op.f("pk_feedback")),
    )
    op.create_table(
        "identity",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
    )
    op.create_table(
        "link_presses",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("presses", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "origin", "target", name=op.f("pk_link_presses")),
    )
    op.create_table(
        "exclusions",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["subscribers.chat_id"],
            name=op.f("fk_exclusions_chat_id"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("chat_id", "item", name=op.f("pk_exclusions")),
    )
    op.create_table(
        "favourites",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["subscribers.chat_id"],
            name=op.f("fk_favourites_chat_id"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("chat_id", "item", name=op.f("pk_favourites")),
    )
    op.add_column("outbox", sa.Column("has_offer", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("slots", sa.Column("since_offer", sa.SmallInteger(), server_default="0", nullable=False))
    for name in MOMENTS:
        op.add_column("subscribers", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("updates_in_hand", sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True))
    _index_due_slots(["next_at", "chat_id"])
    op.create_index("ix_subscribers_status_active", "subscribers", ["status", "last_active_at"])


def downgrade() -> None:
    # Columns are dropped one by one: rebuilding a table would drop it first, and on SQLite what hangs on it too.
    op.drop_index("ix_subscribers_status_active", "subscribers")
    _index_due_slots(["next_at"])
    op.drop_column("updates_in_hand", "finished_at")
    for name in MOMENTS:
        op.drop_column("subscribers", name)
    op.drop_column("slots", "since_offer")
    op.drop_column("outbox", "has_offer")
    for name in ("favourites", "exclusions", "link_presses", "identity", "feedback", "audit"):
        op.drop_table(name)


def _index_due_slots(columns: list[str]) -> None:
    is_due_some_time = sa.text("next_at IS NOT NULL")
    op.drop_index("ix_slots_due", "slots")
    op.create_index(
        "ix_slots_due", "slots", columns, sqlite_where=is_due_some_time, postgresql_where=is_due_some_time
    )
