"""Where a request comes from, as far as limits count it."""

from ipaddress import IPv6Address, ip_address

from flask import request

HOST_BITS = 64
"""A household or phone has a /64 of its own (RFC 6177), and may send from any address in it."""


def network_source() -> str:
    """The browser's IPv4 address, or the /64 network of its IPv6 address; empty if the server does not know."""
    return source_of(request.remote_addr or "")


def source_of(address: str) -> str:
    """The same of an address; text that is no address stays as it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> HOST_BITS << HOST_BITS)}/{128 - HOST_BITS}"
