"""The clinic's advice as messages: words, markup and buttons; everything from outside is escaped here."""

import html
from typing import NamedTuple, assert_never

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tipbot.bot.below import NOTHING_SPECIAL, Below, item_keyboard
from tipbot.bot.buttons import button, keyboard
from tipbot.bot.presses_of_rights import StopOffers
from tipbot.catalogue import Catalogue
from tipbot.domain.content import Article, Card, Item, Position, Section, Stretch, TherapistId, Tip, Urgent
from tipbot.domain.subscribers import Kind
from tipbot.texts import Texts


class Screen(NamedTuple):
    """One message: `text` is Telegram's HTML."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None


def escaped(text: str) -> str:
    """Return a text from outside so that it can stand in a message: Telegram knows only & < > as special."""
    return html.escape(text, quote=False)


def render_delivery(
    item: Item, texts: Texts, catalogue: Catalogue, kind: Kind, below: Below = NOTHING_SPECIAL
) -> Screen:
    """Return the message for an item, whether it is pushed or asked for."""
    return Screen(_item(item, texts, catalogue, texts.stretch_help), item_keyboard(item.id, kind, texts, below))


def render_post(item: Item, texts: Texts, catalogue: Catalogue, *, bot: str) -> Screen:
    """Return the message for an item in a channel: many read it, so no button is about one of them."""
    own = InlineKeyboardButton(texts.button_channel_reader, url=f"https://t.me/{bot}?start=channel")
    return Screen(_item(item, texts, catalogue, texts.shared_help), keyboard([own]))


def with_offer(screen: Screen, texts: Texts, catalogue: Catalogue, *, link: str) -> Screen:
    """Return the message with the clinic's offer below it, who it comes from, and the button that ends offers.

    Marketing has to name its sender and give an easy way out in each message (UK: PECR, regulations 22 and 23).
    """
    clinic = catalogue.clinic.name
    sender = texts.offer_sender.format(clinic=escaped(clinic))
    rows = [list(row) for row in screen.keyboard.inline_keyboard] if screen.keyboard else []
    book = InlineKeyboardButton(texts.button_book.format(clinic=clinic), url=link)
    offer = [[book], [button(texts.button_stop_offers, StopOffers())]]
    return Screen(f"{screen.text}\n\n{sender}", keyboard(*rows, *offer))


def render_urgent(urgent: Urgent) -> Screen:
    """Return the signs that need help now; nothing else is needed for it, and no button leads away from it."""
    parts = (
        f"<b>{escaped(urgent.title)}</b>",
        f"<b>{escaped(urgent.red_intro)}</b>\n{bullets(urgent.red_signs)}",
        escaped(urgent.red_action),
        # Folded, so that the first list and what to do about it stay on the screen of a phone.
        f"<b>{escaped(urgent.amber_intro)}</b>\n{_folded(bullets(urgent.amber_signs))}",
        escaped(urgent.amber_action),
        escaped(urgent.crisis),
        escaped(urgent.note),
    )
    return Screen("\n\n".join(parts))


def _folded(text: str) -> str:
    """Return a text of which Telegram shows three lines until it is tapped."""
    return f"<blockquote expandable>{text}</blockquote>"


def render_shared(item: Item, texts: Texts, catalogue: Catalogue) -> str:
    """Return an item as it is passed on into any chat: commands do not work there, so it names whom to call."""
    clinic = escaped(catalogue.clinic.name)
    return texts.shared.format(item=_item(item, texts, catalogue, texts.shared_help), clinic=clinic)


def render_page(article: Article, section: Section, authors: str, number: str, texts: Texts) -> str:
    """Return one page of an article; `authors` and `number` are words that are put below it."""
    text = "\n".join(_line(line) for line in section.text.split("\n"))
    title = escaped(article.title)
    return texts.article_page.format(
        heading=escaped(section.heading), text=text, title=title, authors=authors, page=number
    )


def _line(line: str) -> str:
    return f"• {escaped(line[2:])}" if line.startswith("- ") else escaped(line)


def _item(item: Item, texts: Texts, catalogue: Catalogue, stretch_help: str) -> str:
    match item:
        case Tip():
            idea = _idea(item.therapist, texts, catalogue)
            return texts.tip.format(title=escaped(item.title), body=escaped(item.body), idea=idea)
        case Card():
            return texts.card.format(
                title=escaped(item.title),
                fact=escaped(item.fact),
                so_what=escaped(item.so_what),
                source=escaped(item.source),
            )
        case Stretch():
            return _stretch(item, texts, catalogue, stretch_help)
        case _:
            assert_never(item)


def _stretch(stretch: Stretch, texts: Texts, catalogue: Catalogue, stretch_help: str) -> str:
    heading = texts.stretch_heading.format(
        name=escaped(stretch.name),
        position=_position(stretch.position, texts),
        minutes=texts.minutes.format(minutes=stretch.minutes),
    )
    return texts.stretch.format(
        heading=heading,
        why=escaped(stretch.why),
        setup=escaped(stretch.setup),
        steps="\n".join(f"{number}. {escaped(step)}" for number, step in enumerate(stretch.steps, start=1)),
        dose=escaped(stretch.dose),
        easier=escaped(stretch.easier),
        stop=escaped(stretch.stop),
        not_for=bullets(stretch.not_for),
        help=stretch_help,
        idea=_idea(stretch.therapist, texts, catalogue),
    )


def _idea(therapist: TherapistId, texts: Texts, catalogue: Catalogue) -> str:
    return texts.idea_from.format(therapist=escaped(catalogue.therapists[therapist].name))


def _position(position: Position, texts: Texts) -> str:
    match position:
        case Position.SITTING:
            return texts.position_sitting
        case Position.STANDING:
            return texts.position_standing
        case Position.LYING:
            return texts.position_lying
        case Position.KNEELING:
            return texts.position_kneeling
        case _:
            assert_never(position)


def bullets(lines: tuple[str, ...]) -> str:
    """Return lines as a list, one below the other."""
    return "\n".join(f"• {escaped(line)}" for line in lines)
