"""Whether a port can be listened on, asked before anything is started."""

import errno
import socket

import click


def require_free_port(host: str, port: int) -> None:
    """Raises ClickException with a sentence if nobody can listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise click.ClickException(f"{host!r} is no address of this machine.") from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise click.ClickException(_words(error, host, port)) from error


def _words(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Choose another one (--port, or PORT= for make)."
    if error.errno == errno.EACCES:
        return f"Port {port} may only be used by the administrator. Choose one above 1023 with --port."
    return f"Nobody can listen on {host}, port {port}: {error.strerror}."
