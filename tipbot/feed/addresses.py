"""Which machines TipBot may talk to when somebody else says where: those of the public internet."""

import ipaddress
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
MayConnect = Callable[[Address], bool]

# RFC 6052: on networks without IPv4, every IPv4 host is reached under an address of this prefix.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Global unicast, the only part of IPv6 that is routed; and in it what older Pythons take for public: 6to4, which
# wraps any IPv4 address, ORCHIDv2, the segment routing of providers, and documentation (IANA's registries).
_ROUTED = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC = tuple(map(ipaddress.IPv6Network, ("2002::/16", "2001::/23", "2001:db8::/32", "3fff::/20")))
# IANA: relays of 6to4, protocol assignments, and what providers use behind their own NAT.
_NOT_PUBLIC_4 = tuple(map(ipaddress.IPv4Network, ("192.88.99.0/24", "192.0.0.0/24", "100.64.0.0/10")))


def is_public(address: Address) -> bool:
    """Return whether anybody on the internet may reach this address: no private, local, shared or wrapped one."""
    if isinstance(address, IPv4Address):
        unusual = address.is_multicast or address.is_reserved or any(address in net for net in _NOT_PUBLIC_4)
        return address.is_global and not unusual
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and address in _ROUTED and not any(address in net for net in _NOT_PUBLIC)


def anywhere(_address: Address) -> bool:
    """Return that every address may be reached: for a blog on the clinic's own network, and for tests."""
    return True


def host_of(url: str) -> str:
    """Return the host of an address for people to read; never anything that may be secret."""
    try:
        return urlsplit(url).hostname or "the feed"
    except ValueError:
        return "the feed"
