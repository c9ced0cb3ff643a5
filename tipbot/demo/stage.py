"""Ann, her chat with the bot and the clock, as the demo acts with them."""

from datetime import datetime

from tipbot.clock import Clock
from tipbot.demo.phone import Phone
from tipbot.domain.subscribers import ChatId, Subscription
from tipbot.sandbox import NoSuchButtonError, Sandbox
from tipbot.storage.database import Database
from tipbot.usecases.joining import Join

PATIENCE_SECONDS = 60
# Latitude and longitude of the middle of London.
HER_PLACE = (51.51, -0.13)
NOTHING_COMES = "Nothing comes by itself at the moment: try /resume or /settings."


class Stage:
    """Each act returns once the bot has done its part and all of it was shown."""

    def __init__(self, sandbox: Sandbox, clock: Clock, database: Database, phone: Phone) -> None:
        self.clock, self.phone = clock, phone
        self._sandbox = sandbox
        self._ann = sandbox.person("Ann")
        self._join = Join(database)
        self._began = phone.spoken(clock.now())

    async def opens(self) -> None:
        """Wait until the bot asks for messages."""
        await self._sandbox.until(lambda: self._sandbox.telegram.updates.polls > 0, PATIENCE_SECONDS)

    async def types(self, words: str) -> None:
        """Send a message."""
        await self._ann.sends(words)
        await self._settle()

    async def presses(self, label: str) -> None:
        """Press the newest button of that label, or say why that cannot be done."""
        try:
            if self._asks_for_place(label):
                await self._ann.shares_location(*HER_PLACE)
            else:
                await self._ann.presses(label)
        except NoSuchButtonError as reason:
            self.phone.tell(str(reason))
            return
        self.phone.note(f"Ann presses [ {label} ]")
        await self._settle()

    async def waits(self, *, until: datetime | None = None) -> None:
        """Move the clock on to a moment (UTC), or to what comes next, and let all that is due by then arrive.

        It stops at each moment in between, because what is hours late is not sent any more.
        """
        while coming := await self._coming():
            if until is not None and coming[0] > until:
                break
            await self._lets_arrive(coming[0], messages=coming.count(coming[0]))
            if until is None:
                return
        if until is None:
            self.phone.tell(NOTHING_COMES)
        else:
            self._move_on(until)

    def labels(self) -> list[str]:
        """Return the buttons below the text field, or if there are none, those of the newest message with some."""
        newest = next((message for message in reversed(self._ann.screen) if message.buttons), None)
        rows = self._ann.keyboard or (newest.labels if newest else [])
        return [label for row in rows for label in row]

    def summary(self) -> str:
        """Return what was seen so far."""
        span = f"{self._began} to {self.phone.spoken(self.clock.now())}"
        return f"That was the real TipBot, {span}, in {self._arrived()} messages."

    async def _settle(self) -> None:
        await self._sandbox.quiet(PATIENCE_SECONDS)
        await self.phone.caught_up()
        subscription = await self._subscription()
        if subscription is not None:
            self.phone.zone = subscription.subscriber.zone

    async def _lets_arrive(self, due: datetime, *, messages: int) -> None:
        expected = self._arrived() + messages
        self._move_on(due)
        await self._sandbox.until(lambda: self._arrived() >= expected, PATIENCE_SECONDS)
        await self._settle()

    async def _coming(self) -> list[datetime]:
        """Return when the bot will write by itself, each standing order's next moment (UTC), the earliest first."""
        subscription = await self._subscription()
        slots = subscription.slots.values() if subscription else ()
        return sorted(slot.next_at for slot in slots if slot.next_at is not None)

    def _asks_for_place(self, label: str) -> bool:
        rows = (self._ann.chat.reply_keyboard or {}).get("keyboard", ())
        return any(button["text"] == label and button.get("request_location") for row in rows for button in row)

    async def _subscription(self) -> Subscription | None:
        return await self._join.look_up(ChatId(self._ann.chat_id))

    def _arrived(self) -> int:
        return len(self._sandbox.sent_to(self._ann.chat_id))

    def _move_on(self, moment: datetime) -> None:
        if moment > self.clock.now():
            self.clock.move_to(moment)
            self.phone.note(f"… the clock is moved on to {self.phone.spoken(moment)} …")
