"""A mail server for tests: takes letters over real sockets, plain or encrypted, and says no when it is told to."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from tests.conftest import NOW


@dataclass
class Taken:
    """What the server was told: all lines, and the letters."""

    port: int = 0
    lines: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    """One connection, as RFC 5321 has it."""

    def handle(self) -> None:
        server = cast("_Server", self.server)
        if server.at_once:
            self._encrypt()
        self._say("220 here")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            server.taken.lines.append(line)
            word = line.split()[0].upper()
            if word == "EHLO":
                self._say(
                    "250-here", *(["250-STARTTLS"] if server.trust and not server.at_once else []), "250 AUTH PLAIN"
                )
            elif word == "STARTTLS":
                self._say("220 go")
                self._encrypt()
            elif word == "DATA":
                self._say("354 go")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                server.taken.letters.append(letter)
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say(server.refusals.get(word, "235 fine" if word == "AUTH" else "250 fine"))

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _encrypt(self) -> None:
        trust = cast("_Server", self.server).trust
        assert trust is not None
        plain = self.rfile, self.wfile
        self.connection = trust.wrap_socket(self.connection, server_side=True)
        for part in plain:
            part.close()
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)

    def finish(self) -> None:
        for part in (self.rfile, self.wfile, self.connection):
            part.close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what some tests want."""

    def __init__(self, trust: ssl.SSLContext | None, refusals: dict[str, str], *, at_once: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.trust, self.refusals, self.at_once = trust, refusals, at_once
        self.taken = Taken(self.server_address[1])


@contextmanager
def taking(
    trust: ssl.SSLContext | None = None, *, at_once: bool = False, refusals: dict[str, str] | None = None
) -> Iterator[Taken]:
    """A server that takes letters while the block runs."""
    with _Server(trust, refusals or {}, at_once=at_once) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server.taken
        finally:
            server.shutdown()


def certified(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for 127.0.0.1: the server's side, and the side of who believes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "papers.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=3_650))
        .not_valid_after(NOW + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())
