"""Connections to addresses that somebody typed: only to the open internet, and to nothing of our own network.

The name is resolved once, every address it has is checked, and the connection goes to the address
that was checked: a name that answers differently a moment later gains nothing by it.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]

# Addresses that stand for others: a translator on our network would carry us to those.
TRANSLATED = [IPv6Network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


class NotAllowed(Exception):
    """Where this address leads nobody may send us."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name. Raises OSError."""
    return [found[4][0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Outside:
    """``allowed`` are networks of ours that may be reached nevertheless, and without encryption."""

    def __init__(self, allowed: Iterable[str] = (), resolve: Resolve = resolve):
        self.allowed = [ip_network(network) for network in allowed]
        self.resolve = resolve

    def connection(self, url: str, timeout: float) -> http.client.HTTPConnection:
        """An open connection for the address. Raises NotAllowed, OSError."""
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        address = self.checked(self.resolve(host, port), secure)
        sock = socket.create_connection((str(address), port), timeout)
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(host, port, timeout=timeout)
        try:
            if secure:
                sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        except BaseException:
            sock.close()
            raise
        connection.sock, connection.auto_open = sock, 0  # it must not look the name up again
        return connection

    def checked(self, addresses: list[str], secure: bool) -> Address:
        """The first address, if all of them may be reached. Raises NotAllowed."""
        found = [ip_address(address.partition("%")[0]) for address in addresses]
        if not found or not all(self.may_reach(address, secure) for address in found):
            raise NotAllowed
        return found[0]

    def may_reach(self, address: Address, secure: bool) -> bool:
        if any(address in network for network in self.allowed):
            return True
        return secure and is_outside(address)

    def objection(self, url: str) -> str | None:
        """What is wrong with an address as it is written, before anything is resolved."""
        try:
            parts = urlsplit(url)
            host, _port = parts.hostname or "", parts.port
        except ValueError:
            return "malformed"
        if parts.scheme != "https" and not self.allowed:
            return "not_https"
        try:
            address = ip_address(host)
        except ValueError:
            return None if host else "malformed"
        return None if self.may_reach(address, parts.scheme == "https") else "address_not_allowed"


def is_outside(address: Address) -> bool:
    """Whether an address belongs to the open internet, whatever it is dressed as."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_outside(address.ipv4_mapped)
        if any(address in network for network in TRANSLATED):
            return False
    return address.is_global and not address.is_multicast
