"""What the conversations need to do their work, handed to them once at the start."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tipbot.bot.menus import OperatorMenus
from tipbot.charts import Picture, draw_apart
from tipbot.domain.check import SelfTests
from tipbot.domain.content import Language
from tipbot.texts import Texts, texts_for
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
class Desk:
    """The capabilities, the words and the clock; `now` gives UTC, `home_zone` is the clinic's IANA zone."""

    join: Join
    arrange: Arrange
    ask: Ask
    choose: Choose
    rate: Rate
    reach: Reach
    channels: Channels
    rights: Rights
    reconsent: Reconsent
    find: Find
    check_consent: CheckConsent
    check_counts: CountChecks
    statistics: TakeStatistics
    staffing: Staffing
    drafting: Drafting
    inviting: Inviting
    deeds: Deeds
    menus: OperatorMenus
    broadcasting: Broadcasting
    reload: Reload
    retire: Retire
    articles: Articles
    write_article: WriteArticle
    afterwards: Afterwards
    reports: Reports
    watching: Watching
    library: Library
    links: BookingLinks
    offers: Offers
    texts: Mapping[Language, Texts]
    now: Callable[[], datetime]
    home_zone: str
    selftests: SelfTests = SelfTests.INTERACTIVE
    draw: Callable[[Picture], Awaitable[bytes]] = draw_apart

    def texts_in(self, language_code: str | None) -> Texts:
        """Return the words for an IETF language tag, English where there are none."""
        return texts_for(self.texts, language_code)[1]

    def language_of(self, language_code: str | None) -> Language:
        """Return the language that TipBot speaks with somebody whose Telegram has this IETF tag."""
        return texts_for(self.texts, language_code)[0]
