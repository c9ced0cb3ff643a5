"""News and offers of the clinic: who said yes to them, who still welcomes them, and the one tap that ends them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tipbot.domain.delivery import Claim, DeliveryStatus, Matter, Settlement
from tipbot.domain.offers import MARKETING
from tipbot.domain.subscribers import ChatId, ChatKind
from tipbot.storage.books import Books
from tipbot.storage.consents import Consent
from tipbot.storage.database import Database
from tipbot.usecases.errors import NotSubscribed


class Offers:
    """Keeps the answer to one question, which is no until somebody says yes; doing it twice changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def wants_offers(self, chat_id: ChatId) -> bool:
        """Say whether this chat agreed to news and offers of the clinic."""
        async with self._database.reading() as books:
            answer = (await books.consents.of(chat_id)).get(MARKETING)
        return answer is not None and answer.granted

    async def agree(self, chat_id: ChatId, version: str, *, now: datetime) -> bool:
        """Write down a yes to the words of this version, and return whether it counts; raises NotSubscribed.

        In a group nobody can say yes for the others, so none is written down there.
        """
        async with self._database.writing() as books:
            subscriber = await books.subscribers.find(chat_id, for_change=True)
            if subscriber is None:
                raise NotSubscribed
            if subscriber.chat_kind is not ChatKind.PRIVATE:
                return False
            await books.consents.record(chat_id, Consent(MARKETING, version, granted=True, at=now))
            return True

    async def stop(self, chat_id: ChatId, *, now: datetime) -> None:
        """Take back the consent to offers, at once: what is still waiting goes without one."""
        async with self._database.writing() as books:
            await withdraw_offers(books, chat_id, now=now)


async def withdraw_offers(books: Books, chat_id: ChatId, *, now: datetime) -> None:
    """Take back the consent to offers within a transaction."""
    # The subscriber's row keeps planning away, which would add an offer that this does not see.
    await books.subscribers.find(chat_id, for_change=True)
    await books.consents.withdraw(chat_id, MARKETING, now=now)
    await books.outbox.drop_offers(chat_id, now=now)


async def without_unwelcome_offers(
    books: Books, claims: Sequence[Claim], *, owner: str, now: datetime
) -> list[Claim]:
    """Return the claims, without the offers that are not welcome any more.

    A tip goes without its offer; a broadcast that is nothing but an offer is taken back.
    """
    offered = {claim.chat_id for claim in claims if claim.has_offer}
    if not offered:
        return list(claims)
    welcoming = await books.consents.welcoming_offers(offered, now=now)
    kept = []
    for claim in claims:
        is_unwelcome = claim.has_offer and claim.chat_id not in welcoming
        if is_unwelcome and claim.kind is Matter.BROADCAST:
            taken_back = Settlement(DeliveryStatus.CANCELLED, reason="wants no offers")
            await books.outbox.settle(claim, taken_back, owner=owner, now=now)
            continue
        kept.append(replace(claim, has_offer=claim.has_offer and not is_unwelcome))
    return kept
