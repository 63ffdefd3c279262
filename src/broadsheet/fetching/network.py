"""Connections to the very address that was checked, and not for ever.

The resolver is asked once for a connection, all it says is checked, and the connection goes to that address, with
the host's name in the TLS handshake and the Host field: so a name cannot be public when it is checked and private
when it is connected to (DNS rebinding). A time-out for each step is not enough: a server that sends a byte now and
then would hold a worker for days. So each read also looks at how long the whole exchange has taken.
"""

import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2

from broadsheet.fetching.addresses import Resolver, checked

Network = httpcore2.NetworkBackend
"""What connects to an IP address and a port."""


class OutOfPatience(Exception):
    """The exchange takes longer than it may in all."""


class Patience:
    """How long an exchange may take in all; each thread has its own."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds, self._clock = seconds, clock
        self._own = threading.local()

    def renew(self) -> None:
        """An exchange begins."""
        self._own.until = self._clock() + self._seconds

    def check(self) -> None:
        """Raises OutOfPatience when its time is over."""
        if self._clock() > self._own.until:
            raise OutOfPatience


class CheckedNetwork(httpcore2.NetworkBackend):
    """A network (None: this system's) of which only checked addresses can be reached."""

    def __init__(self, network: Network | None, resolver: Resolver, patience: Patience, *, allow_private: bool) -> None:
        self._network = network or httpcore2.SyncBackend()
        self._resolver, self._patience, self._allow_private = resolver, patience, allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connects to the first address of the host that answers. Raises PrivateAddress if one may not be asked."""
        try:
            found = checked(host, port, resolver=self._resolver, allow_private=self._allow_private)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"its name leads nowhere: {_reason(error)}") from None
        failure: Exception = httpcore2.ConnectError("no address")
        for ip in found:
            self._patience.check()
            try:
                stream = self._network.connect_tcp(ip, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._patience)
        raise failure


class _Stream(httpcore2.NetworkStream):
    """A connection that is read only as long as there is patience."""

    def __init__(self, stream: httpcore2.NetworkStream, patience: Patience) -> None:
        self._stream, self._patience = stream, patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._patience.check()
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._patience.check()
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout), self._patience)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _reason(error: Exception) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
