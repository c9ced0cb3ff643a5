"""What needs a person at the clinic to look: told once for each cause, not a flood."""

from dataclasses import dataclass

from tipbot.domain.content import ItemId


@dataclass(frozen=True, slots=True)
class ItemRefused:
    """Telegram will never take this item as it is written; `reason` is in Telegram's words."""

    item: ItemId
    reason: str

    @property
    def cause(self) -> str:
        """What makes two alarms the same."""
        return f"refused:{self.item}"


Alarm = ItemRefused
