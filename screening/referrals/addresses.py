"""Where messages may go: addresses read the same way by whoever checks them and whoever calls them."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_TARGET: Final = re.compile(r"[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e%]*\Z")
_HOST: Final = re.compile(r"[A-Za-z0-9._:-]{1,253}\Z")
# The whole of IPv4 stands inside this network as well.
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Place:
    """A machine to call, and what to ask it for."""

    secure: bool
    host: str
    port: int
    target: str

    def named(self, hosts: frozenset[str]) -> bool:
        """Whether an operator named this host, by itself or with the port."""
        return self.host in hosts or f"{self.host}:{self.port}" in hosts


def read_address(url: str) -> Place:
    """The place an address speaks of; raises `ValueError` for one with credentials or that is no address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.fragment:
        raise ValueError("not an address that can be called")
    host = parts.hostname or ""
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not _HOST.match(host) or not _TARGET.match(target) or "\\" in url:
        raise ValueError("not an address that can be called")
    secure = parts.scheme == "https"
    return Place(secure, host, parts.port if parts.port is not None else 443 if secure else 80, target)


def find_addresses(host: str, port: int) -> tuple[str, ...]:
    """The numbers a name stands for now; raises `OSError` if nobody knows it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def find_public(host: str, port: int) -> tuple[str, ...]:
    """The same, but raises `ValueError` if one of them is not an address of the public internet."""
    found = find_addresses(host, port)
    if not found or not all(is_public(address) for address in found):
        raise ValueError("an address inside a network")
    return found


def is_public(address: str) -> bool:
    """Whether a number is reached over the public internet, whatever it is written as."""
    return all(
        one.is_global and not one.is_multicast and not one.is_reserved
        for one in _meant(ipaddress.ip_address(address))
    )


def _meant(address: Address) -> Iterator[Address]:
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _TRANSLATED:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        for one in inner:
            if one is not None:
                yield one
