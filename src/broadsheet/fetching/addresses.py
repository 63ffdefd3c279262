"""Which addresses may be asked: public ones of the web, checked after names are resolved.

Feeds and redirects name addresses that strangers chose. Were they followed blindly, a stranger could have this
machine ask its own services, its neighbours, or a cloud's metadata service. Python's `is_global` alone lets through
what leads back inside by another way (mapped, translated and tunnelled IPv4), hence the list.
"""

import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx2

from broadsheet.errors import PrivateAddress, Refused

Resolver = Callable[[str, int], Iterable[str]]
"""Host and port -> its IP addresses as text. Raises OSError."""

_HIDDEN = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # protocol assignments
            "192.88.99.0/24",  # 6to4 relays
            "168.63.129.16/32",  # a public address, and Azure's own services behind it
            "64:ff9b::/96",  # NAT64: the last 32 bits are any IPv4 address
            "64:ff9b:1::/48",
            "2002::/16",  # 6to4: IPv4 inside
            "2001::/32",  # Teredo: IPv4 inside
            "::/96",  # IPv4-compatible
            "::ffff:0:0/96",  # IPv4-mapped
            "::ffff:0:0:0/96",  # IPv4-translated
            "fec0::/10",  # site-local
            "3fff::/20",  # documentation
            "5f00::/16",  # segment routing
        ),
    )
)
_PORTS = frozenset({80, 443})
_FIRST_FREE_PORT = 1024  # below it, other services than the web's answer
_LONGEST = 4_000  # characters of an address


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the open internet, and leads nowhere else."""
    if not ip.is_global or ip.is_multicast:
        return False
    return not any(ip in network for network in _HIDDEN if network.version == ip.version)


def system_resolver(host: str, port: int) -> list[str]:
    """What this machine's resolver says, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked(host: str, port: int, *, resolver: Resolver, allow_private: bool) -> list[str]:
    """The addresses of a host, every one of which may be asked.

    Raises PrivateAddress if one of them may not: a name that leads to both sides is a trap. Raises OSError where the
    name leads nowhere.
    """
    found = list(resolver(host, port))
    if not found:
        raise OSError(f"{host} has no address")
    for text in found:
        if not allow_private and not is_public(ip_address(text)):
            raise PrivateAddress(
                f"{host} leads to {text}, an address inside a private network or this machine, and was not asked."
                " If it is meant, allow private addresses for this source."
            )
    return found


def parsed(address: str, *, allow_private: bool) -> httpx2.URL:
    """A web address that may be asked, as far as its text tells. Raises Refused with what is wrong with it."""
    if len(address) > _LONGEST:
        raise Refused(f"An address of {len(address):,} characters was not asked; the limit is {_LONGEST:,}.")
    try:
        url = httpx2.URL(address.strip())
    except (httpx2.InvalidURL, ValueError):
        raise Refused(f"{_start(address)} is no web address.") from None
    if url.scheme not in {"http", "https"} or not url.raw_host:
        raise Refused(f"{_start(address)} is no address of the web: it must begin with https:// or http://.")
    if url.userinfo:
        raise Refused(f"{shown(url)} was given with a name or password in it; addresses are shown, so leave it out.")
    if url.port is not None and not allow_private and url.port not in _PORTS and url.port < _FIRST_FREE_PORT:
        raise Refused(f"{shown(url)} was not asked: port {url.port} is not one of the web.")
    return url


def shown(url: httpx2.URL) -> str:
    """An address for a message: without its parameters, which may hold a key."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}{url.path}"


def _start(address: str) -> str:
    """The beginning of what should be an address, without what may be secret in it."""
    return f'"{address.partition("?")[0].rpartition("@")[2][:100]}"'
