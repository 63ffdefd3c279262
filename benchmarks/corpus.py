"""The real papers and judged queries that benchmarks read (BROADSHEET_DATA or --data); nothing of it is kept."""

import csv
import gzip
import io
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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


def papers(data: Path, limit: int = 0) -> Iterator[Text]:
    """Title and abstract of the same papers."""
    for line in raw_papers(data, limit):
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
