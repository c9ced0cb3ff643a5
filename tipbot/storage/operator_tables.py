"""The tables of what operators do: who they are, what they send to whom, and what they are told."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from tipbot.storage.columns import RowNumber, UtcDateTime, metadata

# `awaits` is what the bot asked this operator to type or send next, about which thing, and since when.
operators = Table(
    "operators",
    metadata,
    Column("operator", BigInteger, primary_key=True, autoincrement=False),
    Column("role", String(16), nullable=False),
    Column("invited_by", BigInteger),
    Column("since", UtcDateTime, nullable=False),
    Column("wants_summary", Boolean, nullable=False),
    Column("language", String(16)),
    Column("awaits", String(24)),
    Column("awaits_about", BigInteger),
    Column("awaits_since", UtcDateTime),
)

# Only a digest of the code in the link is kept: who reads the database cannot become an operator with it.
invitations = Table(
    "invitations",
    metadata,
    Column("code_digest", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("operator", BigInteger, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_by", BigInteger),
    Column("used_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
)

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("status", String(16), nullable=False),
    Column("action", String(16), nullable=False),
    # Of a correction or a withdrawal: the broadcast it changes.
    Column("about", BigInteger),
    Column("purpose", String(16), nullable=False),
    # Whether somebody said which of the two it is; until then it cannot go out.
    Column("is_decided", Boolean, nullable=False),
    Column("composition", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("at", UtcDateTime),
    # Wall time in each subscriber's own zone, as 2026-11-22T09:00.
    Column("local_at", String(16)),
    Column("article_id", BigInteger),
    # Grows with every change of a draft, so that a button below an older preview does not send something else.
    Column("revision", Integer, nullable=False),
    Column("operator", BigInteger, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("confirmed_by", BigInteger),
    Column("confirmed_at", UtcDateTime),
    Column("starts_at", UtcDateTime),
    Column("started_at", UtcDateTime),
    # The last moment at which somebody worked on sending it: an old one means that TipBot was down meanwhile.
    Column("seen_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    # Everybody up to this chat is written down as a recipient; `expanded_at` when there is nobody left.
    Column("expanded_to", BigInteger),
    Column("expanded_at", UtcDateTime),
    Column("paused_for", String(32)),
    Column("tally", Text),
    # What had happened when it was last set going: only later trouble stops it by itself.
    Column("baseline", Text),
    Column("progress_chat", BigInteger),
    Column("progress_message", BigInteger),
    # When the messages that show how it goes were last changed, whichever process did it.
    Column("progress_at", UtcDateTime),
    # How many who got it stopped or blocked within a day, counted once that day is over.
    Column("stops", Integer),
    # The revision of a draft that Telegram did not take when it was shown.
    Column("refused_revision", Integer),
    # A change to very many deliveries that is under way, and the chat up to which it has come.
    Column("sweep", String(40)),
    Column("swept_to", BigInteger),
    # A number that was a draft's must never be another one's: old buttons carry it.
    sqlite_autoincrement=True,
)
Index("ix_broadcasts_status", broadcasts.c.status)
_is_swept = broadcasts.c.sweep.is_not(None)
Index("ix_broadcasts_sweep", broadcasts.c.sweep, sqlite_where=_is_swept, postgresql_where=_is_swept)
Index("ix_broadcasts_article", broadcasts.c.article_id)

# In which message an operator watches a broadcast go out; `shown_at` is how new the state is that it shows for
# good, and `is_renewed` that it was deleted once and sent anew.
watchers = Table(
    "watchers",
    metadata,
    Column("broadcast_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
    Column("shown_at", UtcDateTime),
    Column("is_renewed", Boolean, nullable=False),
)

# The people of one zone go out together, from `due_at` on; `reached` is the last recipient handed to the outbox.
waves = Table(
    "waves",
    metadata,
    Column("broadcast_id", BigInteger, primary_key=True, autoincrement=False),
    Column("zone", String(64), primary_key=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("people", Integer, nullable=False),
    Column("released", Integer, nullable=False),
    Column("reached", BigInteger, nullable=False),
)

recipients = Table(
    "recipients",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("broadcast_id", BigInteger, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("target", BigInteger),
    Column("also", String(255)),
    # The chat first: whoever asks about one person finds them by this index too, and one index fewer is kept.
    UniqueConstraint("chat_id", "broadcast_id"),
)

# Where in `recipients` the people of one zone stand: between which numbers, one row for each step in which they
# were written down. An index by zone would take as long to write as the recipients themselves.
recipient_ranges = Table(
    "recipient_ranges",
    metadata,
    Column("broadcast_id", BigInteger, primary_key=True, autoincrement=False),
    Column("zone", String(64), primary_key=True),
    Column("last_id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_id", BigInteger, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("origin", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    Column("title", String(200), nullable=False),
    Column("summary", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("picture", Text),
    Column("published_at", UtcDateTime),
    Column("found_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    # Who writes it by hand, and the last message that was taken for it: Telegram may bring a message twice.
    Column("operator", BigInteger),
    Column("last_message", BigInteger, nullable=False),
    Column("told_at", UtcDateTime),
    Column("sent_at", UtcDateTime),
)
Index("ix_articles_sent", articles.c.sent_at)

# What makes two articles the same: a digest each of the feed's own id, of the link and of the words.
# `article_id` is empty for what stood in the feed already when it was first read from this address.
article_identities = Table(
    "article_identities",
    metadata,
    Column("identity", String(64), primary_key=True),
    Column("article_id", BigInteger),
    Column("seen_at", UtcDateTime, nullable=False),
)

feed_state = Table(
    "feed_state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("url_digest", String(64), nullable=False),
    Column("etag", Text),
    Column("modified", Text),
    Column("checked_at", UtcDateTime, nullable=False),
    # When it could last be read; empty when it never was from this address.
    Column("read_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
    Column("reason", Text),
)

# What operators were told and is not over yet, so that no process tells it again.
alarms_told = Table(
    "alarms_told",
    metadata,
    Column("cause", String(120), primary_key=True),
    Column("told_at", UtcDateTime, nullable=False),
)

# When something that happens now and then was last done by whichever process.
chores = Table(
    "chores",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("done_at", UtcDateTime, nullable=False),
)

# What happened how often on a day, and nothing that leads to a person.
tallies = Table(
    "tallies",
    metadata,
    Column("day", Date, primary_key=True),
    Column("subject", String(40), primary_key=True),
    Column("event", String(24), primary_key=True),
    Column("times", BigInteger, nullable=False),
)

retired_items = Table(
    "retired_items",
    metadata,
    Column("item", String(64), primary_key=True),
    Column("operator", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# Where this database is, and how long it has been served there: what stands beside it says whether it went back in
# time. `restored_at` is when that was noticed last, `lost_since` how old the record was then, and `passed_at` when
# all that may have been sent meanwhile had been dealt with.
witness = Table(
    "witness",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("place", String(80), nullable=False),
    Column("beats", BigInteger, nullable=False),
    Column("beaten_at", UtcDateTime, nullable=False),
    Column("restored_at", UtcDateTime),
    Column("lost_since", UtcDateTime),
    Column("passed_at", UtcDateTime),
)
