"""Which addresses are of the public internet, and which are somebody's own."""

from ipaddress import ip_address

import pytest

from tipbot.feed.addresses import host_of, is_public

PRIVATE = """
    0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.127.255.254 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 192.0.0.8
    192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 203.0.113.5 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:93.184.215.14 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd12:3456::1 ff02::1
    64:ff9b::7f00:1 64:ff9b::a01:203 64:ff9b:1::1 2002:7f00:1:: 2002:5db8:d70e:: 2001:0:53aa:64c::1 2001:20::1
    2001:db8::1 3fff::1 5f00::1 100::1
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_addresses_that_are_not_for_everybody(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "100.63.0.1", "2606:2800:21f::1", "64:ff9b::5db8:d70e"])
def test_addresses_that_are(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://me:secret@clinic.example/a?token=secret", "clinic.example"),
        ("http://[", "the feed"),
        ("", "the feed"),
    ],
)
def test_a_host_is_all_that_is_shown(url: str, host: str) -> None:
    assert host_of(url) == host
