"""The clinic's content files as one immutable, fully checked catalogue; nothing is stored or sent here."""

from tipbot.catalogue.loading import load_catalogue
from tipbot.catalogue.remarks import is_awaited, remarks
from tipbot.catalogue.shelves import Catalogue, Coverage, Shelf, Source
from tipbot.domain.faults import ContentFaults, Fault

__all__ = [
    "Catalogue",
    "ContentFaults",
    "Coverage",
    "Fault",
    "Shelf",
    "Source",
    "is_awaited",
    "load_catalogue",
    "remarks",
]
