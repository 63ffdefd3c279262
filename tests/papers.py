"""Invented papers for tests: every title, name and abstract in here is ours."""

import json
from collections.abc import Iterable
from pathlib import Path

from broadsheet.types import Author, Identifier, Record


def record(arxiv: str | None, title: str, source: str = "records:invented.jsonl", **facts: object) -> Record:
    """A record with an arXiv id (or none) and what else a test needs to say."""
    identifiers = (Identifier("arxiv", arxiv),) if arxiv else ()
    usual: dict[str, object] = {
        "source": source,
        "source_key": arxiv or title,
        "title": title,
        "identifiers": identifiers,
        "authors": (Author("Ada Lovelace"), Author("Grace Hopper")),
        "categories": ("cs.LG",),
        "published": "2026-11-18",
    }
    return Record(**{**usual, **facts})  # type: ignore[arg-type]


LINES: tuple[dict[str, object], ...] = (
    {
        "id": "2611.00001",
        "title": "Counting Sheep with Sparse Attention",
        "abstract": "A herd is counted by looking at few of its members. The code is at github.com/invented/sheep.",
        "authors": ["Ada Lovelace", "Grace Hopper"],
        "categories": ["cs.LG", "cs.CL"],
        "published": "2026-11-18",
    },
    {
        "id": "2611.00002",
        "title": "Folding Maps along Rivers of Order $O(n \\log n)$",
        "abstract": "Maps fold badly. We bound the number of creases by $2^{k}$ where $k$ counts the rivers.",
        "authors": ["Sofia Kovalevskaya"],
        "categories": ["math.CO"],
        "published": "2026-11-18",
        "doi": "10.1000/FOLD.7",
    },
    {
        "id": "2611.00003",
        "title": "A Survey of Teapots",
        "abstract": "Vision models see teapots everywhere; we ask why, and count the spouts.",
        "authors": ["Emmy Noether", "Ada Lovelace"],
        "categories": ["cs.CV"],
        "published": "2026-11-19",
    },
    {
        "id": "hep-th/9901001",
        "title": "Strings that Remember their Knots",
        "abstract": "An old-style identifier keeps its slash.",
        "authors": ["Lise Meitner"],
        "categories": ["hep-th"],
        "published": "1999-01-04",
    },
    {
        "id": "10.1000/knot.1",
        "title": "On Knots and What Strings Keep of Them",
        "abstract": "The journal's version has another title and no arXiv identifier.",
        "authors": ["Lise Meitner"],
        "published": "1999-06",
    },
)


def write_lines(path: Path, lines: Iterable[object] = LINES) -> Path:
    """A JSON Lines file of papers."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path
