"""The real papers and judged queries that benchmarks read (BROADSHEET_DATA or --data); nothing of it is kept."""

import csv
import gzip
import io
import json
import os
import platform
import random
import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

FILES = ("papers_ml.jsonl.zst", "arxiv_to_2019.jsonl.zst")
DEFAULT = Path(os.environ.get("BROADSHEET_DATA", "../shared/data"))


@dataclass(slots=True)
class Text:
    """What the peers index of a paper."""

    id: str
    title: str
    abstract: str


def lines(path: Path) -> Iterator[str]:
    """The lines of a plain, .gz or .zst file."""
    if path.suffix == ".zst":
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
            yield from io.TextIOWrapper(stream, encoding="utf-8")
    else:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as text:
            yield from text


def raw_papers(data: Path, limit: int = 0) -> Iterator[str]:
    """The records of all distinct papers as JSON lines, `limit` of them at most if it is not 0."""
    seen: set[str] = set()
    for name in FILES:
        for line in lines(data / name):
            key = json.loads(line)["id"]
            if key not in seen:
                seen.add(key)
                yield line
            if len(seen) == limit:
                return


def scaled(data: Path, count: int) -> Iterator[str]:
    """As many papers as asked for: the real ones, then ones that do not exist, round after round of the real ones.

    Such a paper mixes a real one with one of its neighbours in the same category: half of either title, each sentence
    from either abstract, given names of one with family names of the other. So words keep their company and
    their frequency, a query finds new papers among them, and no two papers are alike. Its arXiv id is one of numbers
    that arXiv has not reached in that month.
    """
    made = 0
    for line in raw_papers(data, count):
        made += 1
        yield line
    chance = random.Random(0)
    real = made
    near: defaultdict[str, deque[dict[str, Any]]] = defaultdict(lambda: deque(maxlen=_NEIGHBOURS))
    while made < count:
        for line in raw_papers(data):
            record = json.loads(line)
            others = near[(record.get("categories") or [""])[0]]
            other = chance.choice(others or (record,))
            others.append(record)
            year, month = divmod((made - real) % (12 * _YEARS), 12)
            name = f"{15 + year}{month + 1:02}.{_FREE + (made - real) // (12 * _YEARS):05}"
            yield json.dumps(_mixed(record, other, name, chance)) + "\n"
            made += 1
            if made == count:
                return


_NEIGHBOURS = 64
_YEARS, _FREE = 11, 40_000  # months of 2015 to 2025; the highest number of a month so far is below 30,000
_SENTENCE = re.compile(r"(?<=[.!?]) ")


def _mixed(one: dict[str, Any], other: dict[str, Any], name: str, chance: random.Random) -> dict[str, Any]:
    titles = [record["title"].split() for record in (one, other)]
    first, second = (_SENTENCE.split(record.get("abstract") or "") for record in (one, other))
    sentences = [first[at] if chance.random() < 0.5 else second[at % len(second)] for at in range(len(first))]
    authors = other.get("authors") or ["Nemo"]
    return one | {
        "id": name,
        "doi": None,
        "title": " ".join(titles[0][: len(titles[0]) // 2] + titles[1][len(titles[1]) // 2 :]) or name,
        "abstract": " ".join(sentences),
        "authors": [
            f"{author.rpartition(' ')[0]} {authors[at % len(authors)].rpartition(' ')[2]}".strip()
            for at, author in enumerate(one.get("authors") or ())
        ]
        or None,
    }


def papers(data: Path, limit: int = 0) -> Iterator[Text]:
    """Title and abstract of the same papers, real and mixed."""
    for line in scaled(data, limit) if limit else raw_papers(data):
        record = json.loads(line)
        yield Text(record["id"], record["title"], record.get("abstract") or "")


def queries(data: Path, name: str) -> list[str]:
    """The texts of one set of judged queries."""
    records = map(json.loads, lines(data / "judgements_dev" / "queries.jsonl"))
    return [record["text"] for record in records if record["set"] == name]


def page_titles(data: Path) -> list[tuple[str, str]]:
    """Title and arXiv id (or "") of the papers of the five saved pages."""
    with (data / "pages_ids.tsv").open(encoding="utf-8", newline="") as file:
        return [
            (row[0], row[1] if len(row) > 1 else "") for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def machine() -> str:
    """The processor, its cores that we may use, and the Python that runs."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.partition(":")[2].strip() for line in info.read_text("utf-8").splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    return f"{model}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}"
