"""Which typed addresses a button can open."""

import pytest

from tipbot.domain.articles import web_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://clinic.example/a?b=c#d", "https://clinic.example/a?b=c#d"),
        (" HTTP://Clinic.example/A ", "http://clinic.example/A"),
        ("clinic.example/article", "https://clinic.example/article"),
        ("www.clinic.example:8080/a", "https://www.clinic.example:8080/a"),
        ("https://praxis-müller.example/ä", "https://xn--praxis-mller-klb.example/ä"),
        ("ftp://clinic.example/a", None),
        ("javascript:alert(1)", None),
        ("mailto:anna@clinic.example", None),
        ("tg://user?id=7", None),
        ("https://anna:secret@clinic.example/", None),
        ("no link", None),
        ("none", None),
        ("https://", None),
        ("https://clinic..example/", None),
        ("https://[::1/", None),
        ("https://clinic.example:99999/", None),
        ("https://clinic.example/" + "a" * 2000, None),
        ("", None),
    ],
)
def test_an_address_is_taken_as_people_type_it(typed: str, address: str | None) -> None:
    assert web_address(typed) == address
