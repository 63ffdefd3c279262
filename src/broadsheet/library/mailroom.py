"""Verbs of letters in files: where no mail server is set, they are there to be read.

A letter may be of a private group, or hold a link that signs somebody in. So who runs a place with others sees of these
files the letters to their own address alone; in a place for one person all are theirs.
"""

import re
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import SMTP
from pathlib import Path

from broadsheet.errors import NotFound
from broadsheet.library.opened import Opened
from broadsheet.permissions import require
from broadsheet.types import Access, Actor, LetterFile

FOLDER = "letters"  # in the home folder
LARGEST = 2_000_000  # bytes of a file that is read
_NAME = re.compile(r"[A-Za-z0-9]{1,40}-[A-Za-z0-9]{1,80}", re.ASCII)


class Mailroom(Opened):
    """Letters that were written to files."""

    def letter_files(self, actor: Actor, *, limit: int = 20, offset: int = 0) -> tuple[list[LetterFile], int]:
        """A stretch of the letters that `actor` may read, the newest first, without their words; and how many."""
        require(actor, "outbox")
        names = sorted(path.stem for path in (self.home / FOLDER).glob("*.eml") if _NAME.fullmatch(path.stem))[::-1]
        to = self._own_address(actor)
        if to is None:
            stretch = names[offset : offset + limit]
            return [one for name in stretch if (one := _read(self._file(name), words=False))], len(names)
        mine = [one for name in names if (one := _read(self._file(name), words=False)) and one.to == to]
        return mine[offset : offset + limit], len(mine)

    def letter_file(self, actor: Actor, name: str) -> LetterFile:
        """One of them, with its words. Raises NotFound."""
        require(actor, "outbox")
        found = _read(self._file(name), words=True) if _NAME.fullmatch(name) else None
        to = self._own_address(actor)
        if found is None or to not in (None, found.to):
            raise NotFound("There is no such letter here.")
        return found

    def _own_address(self, actor: Actor) -> str | None:
        """The address whose letters `actor` may read; None where all are theirs, "" where none is."""
        if self.rules.access is Access.SINGLE or not actor.person:
            return None
        return self.catalogue.mine(actor.person).email or ""

    def _file(self, name: str) -> Path:
        return self.home / FOLDER / f"{name}.eml"


def _read(path: Path, *, words: bool) -> LetterFile | None:
    """A file as its type; None where it is gone, or no letter."""
    try:
        with path.open("rb") as file:
            message = message_from_bytes(file.read(LARGEST), policy=SMTP)
    except OSError:
        return None
    headers = tuple((name, " ".join(str(value).split())) for name, value in message.items())
    named = {name.lower(): value for name, value in headers}
    found = LetterFile(path.stem, named.get("to", ""), named.get("subject", ""), named.get("date", ""))
    if words:
        found.headers, found.text, found.html = headers, _part(message, "plain"), _part(message, "html")
    return found


def _part(message: Message, kind: str) -> str:
    part = message.get_body((kind,)) if isinstance(message, EmailMessage) else None
    try:
        return str(part.get_content()) if part is not None else ""
    except (LookupError, ValueError):  # another charset than it says
        return ""
