"""What can go wrong with the database, in words for whoever runs TipBot."""


class StorageUnavailable(Exception):  # noqa: N818 (a state of the world, not a mistake in the code)
    """The database cannot be reached or cannot be written to at the moment; trying again later may help."""


class StorageRefused(Exception):  # noqa: N818 (same)
    """The database cannot be used as it is: somebody has to change something first."""
