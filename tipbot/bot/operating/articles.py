"""Conversations with operators about the clinic's articles: from its blog, or written by hand."""

from tipbot.bot.operating import feeding, writing
from tipbot.bot.operating.door import Area, Pressed, Spoken
from tipbot.bot.presses_of_articles import (
    AskForPart,
    CheckFeedNow,
    DraftArticle,
    DropArticle,
    FinishArticle,
    NewArticle,
    RestArticle,
    SetArticleAside,
    ShowClinicArticle,
    ShowFeed,
    SkipPart,
)
from tipbot.domain.articles import Step
from tipbot.domain.operators import Right
from tipbot.usecases.writing import AWAITED

AREA = Area(
    commands={"feed": Spoken(Right.SEE, feeding.feed), "article": Spoken(Right.SEND, writing.article)},
    presses={
        ShowFeed: Pressed(Right.SEE, feeding.show_feed),
        CheckFeedNow: Pressed(Right.SEND, feeding.check_now, answers_itself=True),
        ShowClinicArticle: Pressed(Right.SEE, feeding.show_article),
        DraftArticle: Pressed(Right.SEND, feeding.draft),
        SetArticleAside: Pressed(Right.SEND, feeding.set_aside, answers_itself=True),
        NewArticle: Pressed(Right.SEND, writing.new_article),
        AskForPart: Pressed(Right.SEND, writing.ask),
        SkipPart: Pressed(Right.SEND, writing.skip),
        FinishArticle: Pressed(Right.SEND, writing.finish),
        RestArticle: Pressed(Right.SEND, writing.rest),
        DropArticle: Pressed(Right.SEND, writing.drop),
    },
    awaited={
        AWAITED[Step.TITLE]: Spoken(Right.SEND, writing.take_title),
        AWAITED[Step.WORDS]: Spoken(Right.SEND, writing.take_words),
        AWAITED[Step.LINK]: Spoken(Right.SEND, writing.take_link),
        AWAITED[Step.PICTURE]: Spoken(Right.SEND, writing.take_picture),
    },
)
