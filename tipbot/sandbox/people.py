"""People to talk to the bot with: they type, press, block and leave as real ones do."""

from collections.abc import Iterable, Sequence
from typing import Any

from tipbot.sandbox.chats import IN_GROUP, Chat, User
from tipbot.sandbox.formatting import captioned, written
from tipbot.sandbox.groups import Group
from tipbot.sandbox.inline import Offer
from tipbot.sandbox.markup import Entity
from tipbot.sandbox.messages import Message, forwarded
from tipbot.sandbox.parameters import Upload
from tipbot.sandbox.pictures import SMALL_PICTURE
from tipbot.sandbox.screen import NoSuchButtonError, Shown, shown
from tipbot.sandbox.state import Telegram, Toast


class Person:
    """Somebody with a private chat with the bot; every act returns once its update is queued."""

    def __init__(self, telegram: Telegram, user: User, chat: Chat) -> None:
        self._telegram = telegram
        self.user = user
        self.chat = chat

    @property
    def chat_id(self) -> int:
        """The id of the person and of their private chat with the bot."""
        return self.chat.id

    @property
    def screen(self) -> list[Shown]:
        """The messages in the private chat, oldest first."""
        return self.sees(None)

    @property
    def last(self) -> Shown:
        """The newest message in the private chat; raises LookupError if there is none."""
        visible = self._telegram.messages.visible(self._place(None).id)
        if not visible:
            reason = f"{self.user.first_name} sees no message yet"
            raise LookupError(reason)
        return shown(visible[-1])

    @property
    def toasts(self) -> list[Toast]:
        """The answers to their presses, oldest first; an answer without words has an empty text."""
        return list(self._telegram.toasts.get(self.user.id, ()))

    @property
    def keyboard(self) -> list[list[str]]:
        """The labels of the keyboard below the text field, row by row."""
        rows = (self.chat.reply_keyboard or {}).get("keyboard", [])
        return [[button["text"] for button in row] for row in rows]

    @property
    def menu(self) -> list[dict[str, str]]:
        """The bot's commands as their command menu lists them."""
        language = self.user.language_code or ""
        return self._telegram.profile.menu(self.chat_id, self.user.id, language, administrator=False)

    def sees(self, group: Group | None) -> list[Shown]:
        """Return the messages in a group, or in the private chat, oldest first."""
        return [shown(message) for message in self._telegram.messages.visible(self._place(group).id)]

    async def sends(
        self,
        text: str,
        *,
        entities: Iterable[Entity] = (),
        to: Group | None = None,
        reply_to: Shown | None = None,
    ) -> Shown:
        """Type a message, perhaps with marks on its words; commands in it are recognised."""
        formatted = written(text, entities)
        content: dict[str, Any] = {"text": formatted.text}
        if formatted.entities:
            content["entities"] = list(formatted.entities)
        return self._post(content, to, reply_to)

    async def sends_photo(
        self,
        data: bytes = SMALL_PICTURE,
        caption: str = "",
        *,
        to: Group | None = None,
        reply_to: Shown | None = None,
    ) -> Shown:
        """Send a picture, a very small one unless `data` brings another."""
        file = self._telegram.files.store("photo", Upload("photo.png", "image/png", data))
        return self._post({"photo": file.as_json(), **captioned(caption)}, to, reply_to)

    async def sends_media(
        self, kind: str, caption: str = "", *, entities: Iterable[Entity] = (), **more: object
    ) -> Shown:
        """Send a photo, video, animation, document, audio or voice message; `more` is how Telegram shows it."""
        file = self._telegram.files.store(kind, Upload(f"{kind}.bin", "application/octet-stream", SMALL_PICTURE))
        content: dict[str, Any] = {kind: file.as_json(), **captioned(caption, entities), **more}
        if kind == "animation":
            content["document"] = content["animation"]
        return self._post(content, None, None)

    async def sends_album(self, pictures: Sequence[bytes], caption: str = "", *, to: Group | None = None) -> Shown:
        """Send two to ten pictures as one album and return the first, which carries the caption."""
        uploads = [Upload("photo.png", "image/png", data) for data in pictures]
        files = [self._telegram.files.store("photo", upload) for upload in uploads]
        album = f"{self.user.id}{self._telegram.messages.next_id()}"
        contents: list[dict[str, Any]] = [{"media_group_id": album, "photo": file.as_json()} for file in files]
        contents[0] |= captioned(caption)
        first, *_ = [self._post(content, to, None) for content in contents]
        return first

    async def forwards(self, message: Shown) -> Shown:
        """Pass a message of any chat on to the bot."""
        found = self._telegram.messages.find(message.chat_id, message.message_id)
        if found is None:
            raise LookupError("the message to pass on is gone")
        return self._post(forwarded(found), None, None)

    async def sends_document(self, name: str, data: bytes, caption: str = "", *, to: Group | None = None) -> Shown:
        """Send a file."""
        upload = Upload(name, "application/octet-stream", data)
        file = self._telegram.files.store("document", upload)
        return self._post({"document": file.as_json(), **captioned(caption)}, to, None)

    async def sends_sticker(self, *, to: Group | None = None) -> Shown:
        """Send a sticker."""
        file = self._telegram.files.store("sticker", Upload("sticker.webp", "image/webp", SMALL_PICTURE))
        return self._post({"sticker": file.as_json() | {"emoji": "👍"}}, to, None)

    async def shares_location(self, latitude: float, longitude: float) -> Shown:
        """Share a place with the bot."""
        return self._post({"location": {"latitude": latitude, "longitude": longitude}}, None, None)

    async def presses(self, label: str, *, to: Group | None = None) -> None:
        """Press the newest button of that label; raises NoSuchButtonError naming those there are."""
        place = self._place(to)
        self._refuse_if_absent(place)
        for message in reversed(self._telegram.messages.visible(place.id)):
            for button in (button for row in message.inline_keyboard for button in row):
                if button["text"] == label:
                    self._press(message, button)
                    return
        if any(label in row for row in self.keyboard):
            await self.presses_below(label)
            return
        reason = f"{self.user.first_name} sees no button {label!r}; there are: {self._labels(place)}"
        raise NoSuchButtonError(reason)

    async def presses_at(self, message_id: int, row: int, column: int, *, to: Group | None = None) -> None:
        """Press the button at this place below a message; raises NoSuchButtonError where there is none."""
        place = self._place(to)
        self._refuse_if_absent(place)
        message = self._telegram.messages.find(place.id, message_id)
        try:
            button = message.inline_keyboard[row][column] if message else None
        except IndexError:
            button = None
        if message is None or button is None:
            raise NoSuchButtonError("that button is not there any more")
        self._press(message, button)

    async def presses_below(self, label: str) -> None:
        """Press a button of the keyboard below the text field; raises NoSuchButtonError where there is none."""
        rows = (self.chat.reply_keyboard or {}).get("keyboard", [])
        button = next((button for row in rows for button in row if button["text"] == label), None)
        if button is None:
            raise NoSuchButtonError("that keyboard is gone")
        if button.get("request_location"):
            reason = f"button {label!r} shares a place: call shares_location instead"
            raise NoSuchButtonError(reason)
        if (self.chat.reply_keyboard or {}).get("one_time_keyboard"):
            self.chat.reply_keyboard = None
        await self.sends(label)

    async def presses_data(self, data: str, message: Shown) -> None:
        """Press a button that may be gone by now, as somebody does who looks at an old screen."""
        found = self._telegram.messages.find(message.chat_id, message.message_id)
        if found is None:
            kept = self._telegram.messages.sent(message.chat_id)
            found = next((sent for sent in kept if sent.message_id == message.message_id), None)
        if found is None:
            reason = f"message {message.message_id} was never sent by the bot"
            raise LookupError(reason)
        self._telegram.press(self.user, found, data)

    async def asks_inline(self, words: str) -> None:
        """Type the bot's name and these words in some chat; raises RuntimeError where it has no inline mode."""
        if not self._telegram.inline.enabled:
            reason = "the bot has no inline mode; BotFather turns it on with /setinline"
            raise RuntimeError(reason)
        query = self._telegram.inline.ask(self.user, words, now=self._telegram.now())
        self._telegram.updates.add("inline_query", self.user.id, query)

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What the bot offered for the last words typed after its name."""
        return self._telegram.inline.offers.get(self.user.id, ())

    async def chooses(self, title: str, *, to: Group | None = None) -> Shown:
        """Send the offer of that title to a group or the private chat; raises LookupError if there is none."""
        offer = next((offer for offer in self.offers if offer.title == title), None)
        if offer is None:
            reason = f"nothing called {title!r} is offered; there are {[offer.title for offer in self.offers]}"
            raise LookupError(reason)
        content: dict[str, Any] = {"text": offer.message.text, "via_bot": self._telegram.bot.as_json()}
        if offer.message.entities:
            content["entities"] = list(offer.message.entities)
        return self._post(content, to, None, offer.markup)

    async def edits(self, message: Shown, text: str) -> Shown:
        """Change the words of a message of their own."""
        found = self._telegram.messages.find(message.chat_id, message.message_id)
        if found is None or found.sender is not self.user:
            reason = f"message {message.message_id} is not one {self.user.first_name} can edit"
            raise LookupError(reason)
        formatted = written(text)
        name = "text" if "text" in found.content else "caption"
        entities = "entities" if name == "text" else "caption_entities"
        rest = {key: value for key, value in found.content.items() if key not in (name, entities)}
        changed = {name: formatted.text} | ({entities: list(formatted.entities)} if formatted.entities else {})
        self._telegram.change(found, rest | changed, found.markup)
        self._telegram.updates.add("edited_message", found.chat.id, found.as_json())
        return shown(found)

    async def deletes(self, message: Shown) -> None:
        """Delete a message; the bot is not told."""
        found = self._telegram.messages.find(message.chat_id, message.message_id)
        if found is not None:
            self._telegram.remove(found)

    async def blocks(self) -> None:
        """Block the bot."""
        self._telegram.change_standing(self.chat, self._telegram.bot, "kicked", self.user)

    async def unblocks(self) -> None:
        """Let the bot write again."""
        self._telegram.change_standing(self.chat, self._telegram.bot, "member", self.user)

    async def deactivates(self) -> None:
        """Delete their Telegram account; the bot is not told."""
        self.chat.deactivated = True

    def _post(
        self,
        content: dict[str, Any],
        to: Group | None,
        reply_to: Shown | None,
        markup: dict[str, Any] | None = None,
    ) -> Shown:
        place = self._place(to)
        self._refuse_if_absent(place)
        answered = None
        if reply_to is not None:
            answered = self._telegram.messages.find(place.id, reply_to.message_id)
        if place.private:
            place.started = True
        message = self._telegram.post(place, self.user, content, markup, answered)
        if place.private or self._bot_hears(message):
            self._telegram.updates.add("message", place.id, message.as_json())
        return shown(message)

    def _bot_hears(self, message: Message) -> bool:
        """Return whether privacy mode lets the bot have a group message: commands, replies, mentions."""
        standing = message.chat.bot_standing
        if standing == "administrator" or standing not in IN_GROUP:
            return standing == "administrator"
        name = f"@{self._telegram.bot.username}".lower()
        text = message.formatted.text.lower()
        first = text.split(maxsplit=1)[0] if text else ""
        command = first.startswith("/") and ("@" not in first or first.endswith(name))
        answers_bot = message.reply_to is not None and message.reply_to.sender is self._telegram.bot
        return command or answers_bot or "via_bot" in message.content or name in text.split()

    def _press(self, message: Message, button: dict[str, Any]) -> None:
        if "callback_data" not in button:
            reason = f"button {button['text']!r} does not tell the bot; it opens {button.get('url')}"
            raise NoSuchButtonError(reason)
        self._telegram.press(self.user, message, button["callback_data"])

    def _labels(self, place: Chat) -> list[str]:
        visible = self._telegram.messages.visible(place.id)
        under = [button["text"] for message in visible for row in message.inline_keyboard for button in row]
        return under + [label for row in self.keyboard for label in row]

    def _place(self, group: Group | None) -> Chat:
        return self.chat if group is None else group.chat

    def _refuse_if_absent(self, place: Chat) -> None:
        if self.chat.deactivated:
            reason = f"{self.user.first_name} has deleted their account"
            raise RuntimeError(reason)
        if place.private and place.bot_standing == "kicked":
            reason = f"{self.user.first_name} has blocked the bot; call unblocks() first"
            raise RuntimeError(reason)
        if not place.private and place.standing.get(self.user.id) not in IN_GROUP:
            reason = f"{self.user.first_name} is not in the group {place.name!r}"
            raise RuntimeError(reason)
