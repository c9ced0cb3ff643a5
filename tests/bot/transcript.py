"""Plays the lines of a transcript against the bot and writes down what really happened, in the same form.

What people do: `user> text`, `press> Button` and the other acts below; `user@group>` does it in the group.
What comes of it: `bot>` a new message, `bot edits>` a changed one, `[Button]`, `toast>`, `below>` the keyboard
below the text field, `stored>` what is kept, `counted>` which votes there are, `offer>` what is offered inline,
`shared>` what a person passes on. Of the clinic, Olive owns the bot, Otto is an operator and Vera a viewer, these
two after `take on>`; `{code}` stands for the code of the last invitation, which is not written down. A test
compares the result with the file, line by line.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from tests.bot.conftest import OPERATOR, House
from tests.usecases.newsstand import Newsstand, entry
from tipbot.bot.article_news import ArticleNews
from tipbot.domain.feed import FeedFailure, FeedFault
from tipbot.domain.operators import Operator, Role
from tipbot.domain.subscribers import ChatId, Subscription
from tipbot.sandbox.events import Event
from tipbot.sandbox.formatting import Formatted, as_html
from tipbot.sandbox.groups import Group
from tipbot.sandbox.people import Person
from tipbot.sandbox.pictures import SMALL_PICTURE
from tipbot.sandbox.screen import Shown
from tipbot.usecases.feeding import CheckFeed
from tipbot.usecases.marketing import signs_in_articles

ACT = re.compile(r"(?P<act>[a-z ]+)(?P<place>@[a-z]+)?>(?: (?P<words>.*))?")
RESULTS = ("bot", "bot edits", "toast", "below", "stored", "counted", "offer", "shared")
SIGNS = {"photo": "\N{FRAME WITH PICTURE}", "voice": "\N{MICROPHONE}"}
STAFF = ("olive", "otto", "vera")
INDENT = "     "
CODE = re.compile("op-[A-Za-z0-9_-]{22}")


class Play:
    """One conversation: Anna alone with the bot, and, once it was founded, a group of hers with Ben in it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.anna = house.sandbox.person("Anna", language_code="en-GB")
        self.ben = house.sandbox.person("Ben", language_code="en")
        # Who works with the bot: an owner, an operator and a viewer; the last two once they are taken on.
        self.olive = house.sandbox.person("Olive", language_code="en-GB", chat_id=OPERATOR, started=True)
        self.otto = house.sandbox.person("Otto", language_code="en-GB", chat_id=OPERATOR + 1, started=True)
        self.vera = house.sandbox.person("Vera", language_code="en-GB", chat_id=OPERATOR + 2, started=True)
        self.code = ""
        self.blog = Newsstand()
        self.group: Group | None = None
        self.seen = 0
        self.pressed = 0
        self.below: list[list[str]] = []
        self.place = ""
        self.acts: dict[str, Callable[[str], Awaitable[Any]]] = {
            "clock": self._clock,
            "user": lambda words: self.anna.sends(words, to=self._here()),
            "ben": lambda words: self.ben.sends(words, to=self._here()),
            "press": lambda words: self.anna.presses(words, to=self._here()),
            "ben presses": lambda words: self.ben.presses(words, to=self._here()),
            "press twice": self._press_twice,
            "press deleted": self._press_deleted,
            "press data": lambda words: self.anna.presses_data(words, self._last()),
            "edit": self._edit,
            "sticker": lambda _: self.anna.sends_sticker(to=self._here()),
            "photo": lambda words: self.anna.sends_photo(caption=words),
            "location": self._location,
            "block": lambda _: self.anna.blocks(),
            "unblock": lambda _: self.anna.unblocks(),
            "found": self._found,
            "anonymous": self._anonymous,
            "migrate": lambda _: self._group().migrate(),
            "remove bot": lambda _: self._group().removes_bot(),
            "add bot": lambda _: self._group().adds_bot(),
            "look": self._nothing,
            "votes": self._nothing,
            "take on": self._take_on,
            **self._acts_of_operators(),
            "feed": self._feed,
            "feed fails": self._feed_fails,
            "inline": self.anna.asks_inline,
            "choose": lambda words: self.anna.chooses(words, to=self._here()),
        }

    def _acts_of_operators(self) -> dict[str, Callable[[str], Awaitable[Any]]]:
        acts: dict[str, Callable[[str], Awaitable[Any]]] = {}
        for name in STAFF:
            acts |= {
                name: partial(self._by, name, lambda one, words: one.sends(words)),
                f"{name} presses": partial(self._by, name, lambda one, words: one.presses(words)),
                f"{name} presses twice": partial(self._by, name, _press_twice),
                f"{name} photo": partial(self._by, name, lambda one, words: one.sends_photo(caption=words)),
                f"{name} voice": partial(self._by, name, lambda one, words: one.sends_media("voice", words)),
                f"{name} sticker": partial(self._by, name, lambda one, _: one.sends_sticker()),
                f"{name} album": partial(self._by, name, _send_album),
                f"{name} passes on": partial(self._by, name, self._pass_on),
            }
        return acts

    async def _by(self, name: str, act: Callable[[Person, str], Awaitable[Any]], words: str) -> None:
        await act(getattr(self, name), words)

    async def _pass_on(self, who: Person, _: str) -> None:
        """Pass on what Anna wrote last."""
        await who.forwards([message for message in self.anna.screen if not message.from_bot][-1])

    async def _take_on(self, _: str) -> None:
        async with self.house.database.writing() as books:
            await books.staff.save(Operator(self.otto.chat_id, Role.OPERATOR, self.house.clock()))
            await books.staff.save(Operator(self.vera.chat_id, Role.VIEWER, self.house.clock()))

    async def run(self, script: str) -> str:
        """Do every act of the script and return it with what really came of each."""
        lines: list[str] = []
        for line in script.splitlines():
            act = ACT.fullmatch(line)
            if line.startswith("#"):
                lines += ["", line] if lines else [line]
            if act is None or act["act"] in RESULTS:
                continue
            lines.append(line.rstrip())
            self.place = act["place"] or ""
            await self.acts[act["act"]]((act["words"] or "").replace("{code}", self.code))
            await self.house.answer()
            lines += self._happened()
            if act["act"] == "look":
                lines.append(f"stored{self.place}> {await self._stored()}")
            if act["act"] == "votes":
                lines.append(f"counted> {await self._counted()}")
        return "\n".join(lines).strip() + "\n"

    def _happened(self) -> list[str]:
        lines: list[str] = []
        events = [event for event in self.house.sandbox.telegram.events.since(self.seen) if _is_of_bot(event)]
        self._check_presses(events)
        for event in events:
            self.seen = event.number
            if event.kind in {"sent", "edited"}:
                lines += self._written(event.kind, event.details)
            elif event.kind == "offers":
                offers = event.details["offers"]
                lines += [f"offer> {offer['title']}: {offer['description']}" for offer in offers] or ["offer> -"]
            elif event.kind == "toast" and event.details["text"]:
                lines.append(f"toast> {event.details['text']}")
        if self.anna.keyboard != self.below:
            self.below = self.anna.keyboard
            lines.append("below> " + (" ".join(f"[{label}]" for row in self.below for label in row) or "gone"))
        return lines

    def _check_presses(self, events: list[Event]) -> None:
        """Every press is answered, once, and before anything else happens, or its button would keep spinning."""
        pressed = self.house.sandbox.telegram._last_query
        answers = [event for event in events if event.kind == "toast"]
        assert len(answers) == pressed - self.pressed
        assert not answers or events[0] is answers[0]
        self.pressed = pressed

    def _written(self, kind: str, message: dict[str, Any]) -> list[str]:
        staff = {getattr(self, name).chat_id: f"@{name}" for name in STAFF}
        number = message["chat"]["id"]
        place = "@group" if number < 0 else staff.get(number, "")
        title = f"{'shared' if 'via_bot' in message else 'bot'}{' edits' if kind == 'edited' else ''}{place}>"
        words, entities = ("text", "entities") if "text" in message else ("caption", "caption_entities")
        html = as_html(Formatted(message.get(words, ""), tuple(message.get(entities, ()))))
        if found := CODE.search(html):
            self.code = found[0]
        html = CODE.sub("{code}", html)
        lines = re.sub("</?b>", "**", re.sub("</?i>", "_", html)).split("\n")
        if "document" in message:
            lines.insert(0, f"\N{PAPERCLIP} {message['document']['file_name'].rpartition('.')[0]}")
        lines[:0] = [sign for kind, sign in SIGNS.items() if kind in message]
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [" ".join(f"[{button['text']}]" for button in row) for row in rows]
        first, *rest = [*lines, *buttons]
        return [f"{title} {first}", *(f"{INDENT}{line}".rstrip() for line in rest)]

    async def _stored(self) -> str:
        chat_id = ChatId(self._group().chat_id if self.place else self.anna.chat_id)
        subscription = await self.house.desk.join.look_up(chat_id)
        return "nothing" if subscription is None else _summary(subscription)

    async def _counted(self) -> str:
        async with self.house.database.reading() as books:
            votes = await books.feedback.votes()
        lines = [f"{item} {vote.opinion} {vote.day}: {number}" for (item, vote), number in votes.items()]
        return ", ".join(sorted(lines)) or "nothing"

    def _here(self) -> Group | None:
        return self._group() if self.place else None

    def _group(self) -> Group:
        assert self.group is not None, "found the group first: found> Its title"
        return self.group

    def _last(self) -> Shown:
        return [message for message in self.anna.sees(self._here()) if message.from_bot][-1]

    async def _nothing(self, _: str) -> None:
        return None

    async def _clock(self, words: str) -> None:
        self.house.clock.now = datetime.fromisoformat(words).replace(tzinfo=UTC)

    async def _press_twice(self, words: str) -> None:
        await self.anna.presses(words, to=self._here())
        await self.anna.presses(words, to=self._here())

    async def _press_deleted(self, words: str) -> None:
        message = self._last()
        data = message.button(words).data
        assert data is not None
        await self.anna.deletes(message)
        await self.anna.presses_data(data, message)

    async def _edit(self, words: str) -> None:
        own = [message for message in self.anna.screen if not message.from_bot]
        await self.anna.edits(own[-1], words)

    async def _location(self, words: str) -> None:
        latitude, longitude = words.split()
        await self.anna.shares_location(float(latitude), float(longitude))

    async def _feed(self, words: str) -> None:
        """Publish an article of this title on the clinic's blog, and let the blog be looked at."""
        self.blog.failure = None
        if words:
            self.blog.publishes(replace(entry(len(self.blog.entries) + 1), title=words, summary=f"{words}!"))
        await self._look_at_feed()

    async def _feed_fails(self, _: str) -> None:
        self.blog.failure = FeedFailure(FeedFault.STATUS, "192.0.2.7", "503")
        await self._look_at_feed()

    async def _look_at_feed(self) -> None:
        desk = self.house.desk
        sign_of = signs_in_articles(desk.links, desk.texts)
        check = CheckFeed(self.house.database, self.blog, desk.texts, sign_of=sign_of)
        await check.tick(now=self.house.clock())
        await check.tell(ArticleNews(self.house.bot, self.house.desk.texts).tell, now=self.house.clock())

    async def _found(self, words: str) -> None:
        self.group = self.house.sandbox.group(words, administrators=[self.anna], members=[self.ben])

    async def _anonymous(self, words: str) -> None:
        """Write as an administrator does who hides behind the group's own name."""
        chat = self._group().chat.as_json()
        sender = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        telegram = self.house.sandbox.telegram
        entities = [{"type": "bot_command", "offset": 0, "length": len(words.split(maxsplit=1)[0])}]
        message = {
            "message_id": 999_000,
            "date": telegram.seconds,
            "chat": chat,
            "from": sender,
            "sender_chat": chat,
        }
        telegram.updates.add("message", chat["id"], {**message, "text": words, "entities": entities})


async def _press_twice(who: Person, words: str) -> None:
    await who.presses(words)
    await who.presses(words)


async def _send_album(who: Person, words: str) -> None:
    number, _, caption = words.partition(" ")
    await who.sends_album([SMALL_PICTURE] * int(number), caption)


def _is_of_bot(event: Event) -> bool:
    if event.kind not in {"sent", "edited"}:
        return event.kind in {"toast", "offers"}
    return event.details["from"]["is_bot"] or "via_bot" in event.details


def _summary(subscription: Subscription) -> str:
    subscriber = subscription.subscriber
    slots = [
        f"{kind} {slot.wall_time:%H:%M} {'on' if slot.is_on else 'off'} days {slot.weekdays.mask}"
        for kind, slot in subscription.slots.items()
    ]
    until = f" until {subscriber.paused_until:%Y-%m-%d %H:%M}" if subscriber.paused_until else ""
    return f"{subscriber.status}{until}, {subscriber.zone}, from {subscriber.source}, {', '.join(sorted(slots))}"
