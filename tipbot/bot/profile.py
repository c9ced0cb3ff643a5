"""What Telegram shows about the bot itself: its command menus and what is said before the first message."""

from collections.abc import Mapping

from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from tipbot.domain.content import ENGLISH, Language
from tipbot.texts import Texts

Menu = tuple[BotCommand, ...]


async def publish_profile(bot: Bot, texts: Mapping[Language, Texts], *, has_checks: bool = True) -> None:
    """Tell Telegram the menus and descriptions in every language, where it does not know them yet.

    English is told without a language, so that it stands for all languages the bot does not speak.
    """
    for code, words in texts_by_code(texts).items():
        menu = private_menu(words, with_languages=len(texts) > 1, has_checks=has_checks)
        await publish_menu(bot, BotCommandScopeAllPrivateChats(), code, menu)
        await publish_menu(bot, BotCommandScopeAllGroupChats(), code, group_menu(words))
        if (await bot.get_my_description(code)).description != words.description:
            await bot.set_my_description(words.description, code)
        if (await bot.get_my_short_description(code)).short_description != words.short_description:
            await bot.set_my_short_description(words.short_description, code)


def texts_by_code(texts: Mapping[Language, Texts]) -> dict[str | None, Texts]:
    """Return the words for each code that Telegram takes: two letters and no region, None for all other languages.

    Of a language with regions its plain form speaks for all, or else the first of them.
    """
    words: dict[str | None, Texts] = {None: texts[ENGLISH]}
    for language in sorted(texts):
        if language[:2] != ENGLISH:
            words.setdefault(language[:2], texts[language])
    return words


def private_menu(texts: Texts, *, with_languages: bool = False, has_checks: bool = True) -> Menu:
    """Return the commands for people alone with the bot, the most used first."""
    checks = (BotCommand("selftest", texts.command_selftest),) if has_checks else ()
    languages = (BotCommand("language", texts.command_language),) if with_languages else ()
    return (
        BotCommand("tip", texts.command_tip),
        BotCommand("stretch", texts.command_stretch),
        *checks,
        BotCommand("favourites", texts.command_favourites),
        BotCommand("book", texts.command_book),
        BotCommand("settings", texts.command_settings),
        BotCommand("articles", texts.command_articles),
        BotCommand("therapists", texts.command_therapists),
        BotCommand("time", texts.command_time),
        BotCommand("timezone", texts.command_timezone),
        *languages,
        BotCommand("pause", texts.command_pause),
        BotCommand("resume", texts.command_resume),
        BotCommand("stop", texts.command_stop),
        BotCommand("urgent", texts.command_urgent),
        BotCommand("privacy", texts.command_privacy),
        BotCommand("mydata", texts.command_mydata),
        BotCommand("delete", texts.command_delete),
        BotCommand("help", texts.command_help),
    )


def group_menu(texts: Texts) -> Menu:
    """Return the commands for groups."""
    return (
        BotCommand("tip", texts.command_tip),
        BotCommand("stretch", texts.command_stretch),
        BotCommand("settings", texts.command_settings),
        BotCommand("help", texts.command_help),
        BotCommand("urgent", texts.command_urgent),
    )


async def publish_menu(
    bot: Bot,
    scope: BotCommandScope,
    code: str | None,
    menu: Menu,
) -> None:
    """Tell Telegram a menu, unless it knows it already."""
    if await bot.get_my_commands(scope, code) != menu:
        await bot.set_my_commands(menu, scope, code)
