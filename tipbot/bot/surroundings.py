"""What the bot needs from the rest of the house, and the desk of its conversations put together from it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tipbot.bot.desk import Desk
from tipbot.bot.handlers import OPERATOR_COMMANDS
from tipbot.bot.menus import OperatorMenus
from tipbot.domain.alarms import Alarm
from tipbot.domain.broadcasts import QuietHours
from tipbot.domain.check import SelfTests
from tipbot.domain.content import Language
from tipbot.storage.database import Database
from tipbot.texts import Texts
from tipbot.usecases.afterwards import Afterwards
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.articles import Articles
from tipbot.usecases.asking import Ask
from tipbot.usecases.booking import BookingLinks
from tipbot.usecases.broadcasting import Broadcasting
from tipbot.usecases.channels import Channels
from tipbot.usecases.checking import CheckConsent
from tipbot.usecases.choosing import Choose
from tipbot.usecases.consenting import Reconsent
from tipbot.usecases.deeds import Deeds
from tipbot.usecases.drafting import Drafting
from tipbot.usecases.finding import Find
from tipbot.usecases.inviting import Inviting
from tipbot.usecases.joining import Join
from tipbot.usecases.library import Library
from tipbot.usecases.marketing import signs_in_articles
from tipbot.usecases.offers import Offers
from tipbot.usecases.rating import Rate
from tipbot.usecases.reaching import Reach
from tipbot.usecases.reloading import Reload
from tipbot.usecases.reporting import Reports
from tipbot.usecases.retiring import Retire
from tipbot.usecases.rights import Rights
from tipbot.usecases.staffing import Staffing
from tipbot.usecases.statistics import TakeStatistics
from tipbot.usecases.tallying import CountChecks
from tipbot.usecases.watching import Watching
from tipbot.usecases.writing import WriteArticle


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the bot needs from the rest of the house."""

    token: str
    api_url: str
    home_zone: str
    database: Database
    library: Library
    links: BookingLinks
    reload: Reload
    retire: Retire
    check_counts: CountChecks
    texts: Mapping[Language, Texts]
    now: Callable[[], datetime]
    sent: Callable[[int | None], bool]
    slow_down: Callable[[timedelta], Awaitable[None]]
    alarm: Callable[[Alarm], None]
    broadcast_goes: Callable[[], object]
    connections: int
    is_paid: bool
    operators: frozenset[int]
    quiet: QuietHours
    bulk_rate: float
    selftests: SelfTests
    feed_url: str | None

    @property
    def has_checks(self) -> bool:
        """Whether there are self-checks at all."""
        return self.selftests is not SelfTests.OFF


def set_desk(around: Surroundings) -> Desk:
    """Return what the conversations need, put together."""
    database, library = around.database, around.library
    broadcasting = Broadcasting(database, quiet=around.quiet, ceiling=around.bulk_rate, goes=around.broadcast_goes)
    sign_of = signs_in_articles(around.links, around.texts)
    return Desk(
        join=Join(database),
        arrange=Arrange(database),
        ask=Ask(database, library),
        choose=Choose(database, library),
        rate=Rate(database),
        reach=Reach(database),
        channels=Channels(database),
        rights=Rights(database),
        reconsent=Reconsent(database, library),
        find=Find(library, around.texts),
        check_consent=CheckConsent(database),
        check_counts=around.check_counts,
        statistics=TakeStatistics(database),
        staffing=Staffing(database),
        drafting=Drafting(database),
        inviting=Inviting(database),
        deeds=Deeds(database),
        menus=OperatorMenus(around.texts, OPERATOR_COMMANDS, has_checks=around.has_checks),
        reload=around.reload,
        retire=around.retire,
        articles=Articles(database, around.texts, sign_of=sign_of, feed_url=around.feed_url),
        write_article=WriteArticle(database, around.texts, sign_of=sign_of),
        broadcasting=broadcasting,
        afterwards=Afterwards(database, goes=around.broadcast_goes),
        reports=Reports(database, counts_presses=around.links.public_url is not None),
        watching=Watching(database),
        library=library,
        links=around.links,
        offers=Offers(database),
        texts=around.texts,
        now=around.now,
        home_zone=around.home_zone,
        selftests=around.selftests,
    )
