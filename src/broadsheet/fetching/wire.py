"""One request over one connection, and no more bytes or time than asked for.

Answers are asked for plain or with gzip and unpacked here, piece by piece, because a gzip file can become a thousand
times as long.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import httpcore2
import httpx2

from broadsheet.fetching.addresses import Resolver
from broadsheet.fetching.network import CheckedNetwork, Network, OutOfPatience, Patience

_PIECE = 1 << 18  # bytes unpacked at a time
_SLOWEST = 10  # an answer may take so many times the time-out in all


class Broken(Exception):
    """The connection failed, or the answer broke off: the same request may succeed another time."""


class TooLong(Exception):
    """The answer is longer than was asked for."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it goes out."""

    method: str
    url: httpx2.URL
    headers: Mapping[str, str]
    content: bytes | None = None
    private: bool = False  # whether it may go to an address inside


@dataclass(frozen=True, slots=True)
class Received:
    """One answer as it came, without its body where the caller did not want that."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """Connections that are kept open between requests, to addresses that may be asked."""

    def __init__(
        self, *, timeout: float, resolver: Resolver, network: Network | None, clock: Callable[[], float]
    ) -> None:
        self._timeout = timeout
        self._patience = Patience(_SLOWEST * timeout, clock)
        # Two pools, so that a connection made where private addresses were allowed serves no other request.
        self._pools = {
            private: httpcore2.ConnectionPool(
                max_connections=8,
                keepalive_expiry=30.0,
                network_backend=CheckedNetwork(network, resolver, self._patience, allow_private=private),
            )
            for private in (False, True)
        }

    def close(self) -> None:
        """Closes all connections."""
        for pool in self._pools.values():
            pool.close()

    def exchange(self, sent: Sent, *, wanted: Callable[[int], bool], max_bytes: int) -> Received:
        """Asks once. The body is read, and may be `max_bytes` long, where `wanted` says so of the status.

        Raises Broken, TooLong, and PrivateAddress.
        """
        times = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout)
        self._patience.renew()
        url = httpcore2.URL(
            scheme=sent.url.raw_scheme, host=sent.url.raw_host, port=sent.url.port, target=sent.url.raw_path
        )
        headers = [(b"Host", sent.url.netloc)]
        headers += [(name.encode("ascii"), value.encode()) for name, value in sent.headers.items()]
        if sent.content is not None:
            headers.append((b"Content-Length", b"%d" % len(sent.content)))
        try:
            with self._pools[sent.private].stream(
                sent.method, url, headers=headers, content=sent.content, extensions={"timeout": times}
            ) as response:
                fields = _fields(response.headers)
                body = _body(response.iter_stream(), fields, max_bytes) if wanted(response.status) else b""
                return Received(response.status, fields, body)
        except OutOfPatience:
            raise Broken(f"had not answered in full after {_SLOWEST * self._timeout:g} s") from None
        except httpcore2.TimeoutException:
            raise Broken(f"did not answer within {self._timeout:g} s") from None
        except httpcore2.ConnectError as error:
            raise Broken(f"cannot be reached ({error})") from None
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.ConnectionNotAvailable):
            raise Broken("broke off the connection") from None


def _fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("ascii", "replace").lower(), value.decode("latin-1")
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


def _body(pieces: Iterator[bytes], headers: Mapping[str, str], max_bytes: int) -> bytes:
    """All of a body, unpacked. Raises TooLong as soon as that shows, and Broken where it is damaged."""
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > max_bytes:
        raise TooLong
    body = bytearray()
    for piece in _unpacked(pieces, headers.get("content-encoding", "").strip().lower(), max_bytes):
        body += piece
        if len(body) > max_bytes:
            raise TooLong
    return bytes(body)


def _unpacked(pieces: Iterator[bytes], coding: str, max_bytes: int) -> Iterator[bytes]:
    if coding in {"", "identity"}:
        yield from pieces
        return
    if coding not in {"gzip", "x-gzip"}:
        raise Broken(f'packed its answer in a way that was not asked for ("{coding[:20]}")')
    unpacker = _unpacker()
    packed = 0
    try:
        for piece in pieces:
            packed += len(piece)
            if packed > max_bytes:  # of nothing, say: empty blocks without end
                raise TooLong
            rest = piece
            while rest:
                yield unpacker.decompress(rest, _PIECE)
                rest = unpacker.unconsumed_tail
                if unpacker.eof and unpacker.unused_data:  # a gzip file may hold several, one after the other
                    rest, unpacker = unpacker.unused_data, _unpacker()
        yield unpacker.decompress(b"", _PIECE)  # what did not fit into the last piece
    except zlib.error:
        raise Broken("sent an answer that cannot be unpacked") from None
    if not unpacker.eof:
        raise Broken("broke off in the middle of its packed answer")


def _unpacker() -> "zlib._Decompress":
    return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
