"""The tables of subscribers and deliveries, as the newest migration leaves them; a test holds the two together."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    false,
    literal_column,
)

from tipbot.storage.columns import RowNumber, UtcDateTime, metadata


def _chat() -> Column[int]:
    chat = ForeignKey("subscribers.chat_id", ondelete="CASCADE", onupdate="CASCADE")
    return Column("chat_id", BigInteger, chat, primary_key=True)


subscribers = Table(
    "subscribers",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_kind", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("last_active_at", UtcDateTime, nullable=False),
    Column("status_since", UtcDateTime, nullable=False),
    Column("paused_until", UtcDateTime),
    Column("source", String(64)),
    Column("wants_articles", Boolean, nullable=False),
    Column("stretch_pause_until", UtcDateTime),
    Column("how_often_asked_at", UtcDateTime),
    Column("silence_asked_at", UtcDateTime),
    Column("slowed_at", UtcDateTime),
    Column("farewell_warned_at", UtcDateTime),
)
# Looking for people who went silent reads this index in order, from those who were silent longest.
Index("ix_subscribers_status_active", subscribers.c.status, subscribers.c.last_active_at)

slots = Table(
    "slots",
    metadata,
    _chat(),
    Column("kind", String(16), primary_key=True),
    Column("wall_time", Time, nullable=False),
    Column("weekdays", SmallInteger, nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("next_at", UtcDateTime),
    Column("served_on", Date),
    Column("deck_cycle", Integer, nullable=False),
    Column("deck_key", BigInteger, nullable=False),
    Column("shown", String(64)),
    Column("shown_on", Date),
    Column("since_offer", SmallInteger, nullable=False, server_default="0"),
)
# Planning reads this index only, so its cost follows what is due and not how many subscribers there are.
Index(
    "ix_slots_due",
    slots.c.next_at,
    slots.c.chat_id,
    sqlite_where=slots.c.next_at.is_not(None),
    postgresql_where=slots.c.next_at.is_not(None),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("key", String(80), nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("item", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("not_after", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_by", String(40)),
    Column("lease_until", UtcDateTime),
    Column("message_id", BigInteger),
    Column("reason", Text),
    Column("settled_at", UtcDateTime),
    Column("has_offer", Boolean, nullable=False, server_default=false()),
    # Of a broadcast only: which one, the message to change or take back, and the further messages of an album.
    Column("broadcast_id", BigInteger),
    Column("target", BigInteger),
    Column("also", String(255)),
)
# Written as literals wherever they are asked for: a partial index is not used for a bound parameter.
is_queued = outbox.c.status == literal_column("'queued'")
is_sending = outbox.c.status == literal_column("'sending'")
is_held = outbox.c.status == literal_column("'held'")
Index("ix_outbox_queued", outbox.c.next_try_at, outbox.c.id, sqlite_where=is_queued, postgresql_where=is_queued)
# Whoever asks to see or to erase everything about a chat must not have to read the whole outbox.
Index("ix_outbox_chat", outbox.c.chat_id)
Index("ix_outbox_expiring", outbox.c.not_after, sqlite_where=is_queued, postgresql_where=is_queued)
Index("ix_outbox_leases", outbox.c.lease_until, sqlite_where=is_sending, postgresql_where=is_sending)
Index("ix_outbox_settled", outbox.c.settled_at)
_of_broadcast = outbox.c.broadcast_id.is_not(None)
Index(
    "ix_outbox_broadcast",
    outbox.c.broadcast_id,
    outbox.c.status,
    # In this order recipients are gone through: those of a correction, and those of a change to very many.
    outbox.c.chat_id,
    sqlite_where=_of_broadcast,
    postgresql_where=_of_broadcast,
)

totals = Table(
    "totals",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("status", String(16), primary_key=True),
    Column("deliveries", BigInteger, nullable=False),
)

pace = Table(
    "pace",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("rate", Float, nullable=False),
    Column("next_slot_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("stopped_until", UtcDateTime),
    Column("met_rate", Float),
    Column("met_at", UtcDateTime),
)

consents = Table(
    "consents",
    metadata,
    _chat(),
    Column("topic", String(16), primary_key=True),
    Column("version", String(16), nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # The newer version that was put to them; they keep to the one above until they answer.
    Column("asked_version", String(16)),
)

# Updates taken from Telegram and not yet finished: what is left here after a crash may have caused it.
updates_in_hand = Table(
    "updates_in_hand",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("attempts", Integer, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)

favourites = Table(
    "favourites",
    metadata,
    _chat(),
    Column("item", String(64), primary_key=True),
    Column("added_at", UtcDateTime, nullable=False),
)

# What somebody asked never to get again.
exclusions = Table(
    "exclusions",
    metadata,
    _chat(),
    Column("item", String(64), primary_key=True),
    Column("added_at", UtcDateTime, nullable=False),
)

# How items were liked, and how often links were followed: numbers a day, and nothing that leads to a person.
feedback = Table(
    "feedback",
    metadata,
    Column("day", Date, primary_key=True),
    Column("item", String(64), primary_key=True),
    Column("verdict", String(16), primary_key=True),
    Column("votes", BigInteger, nullable=False),
)

link_presses = Table(
    "link_presses",
    metadata,
    Column("day", Date, primary_key=True),
    Column("origin", String(16), primary_key=True),
    Column("target", String(64), primary_key=True),
    Column("presses", BigInteger, nullable=False),
)

# What operators did: who, when, what and to which thing; never the words of a message.
audit = Table(
    "audit",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("operator", BigInteger, nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
)

# Which bot this database belongs to: another one's token would take every subscriber for gone.
identity = Table(
    "identity",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("bot_id", BigInteger, nullable=False),
)
