"""How long trending takes, first and again, beside the same sum as one SQL statement that keeps nothing.

    python benchmarks/trending.py --home COPY_OF_A_HOME
    python benchmarks/trending.py --papers 20000          # invented ones, in a folder that is thrown away

COPY_OF_A_HOME is a home folder that holds papers: invented counts are written into its catalogue, so give a copy. They
are those of a busy month: first looks of three sources at 4,000 papers each a day, weekly looks at the stars of every
twelfth paper, and votes, comments and reads of the newest papers. The newest day that papers have is taken for today.

The peer is what one would write without the room `ranking`: window functions over all counts, in the same SQLite file,
with SQLite's page cache at the size that Python's driver gives it. It knows all rules but the one of stars, which are
left out on both sides, and the run fails unless the best twenty papers have the same points by both. The other peer is
what a list "by votes" costs: no ages, no logarithms, the newest count of every paper that has one in the window.
"""

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from math import log2
from pathlib import Path
from statistics import median
from typing import TypeVar

import broadsheet
from broadsheet import ingest
from broadsheet.ranking import WEIGHTS
from broadsheet.types import Identifier, Signal, Window

T = TypeVar("T")
SOURCES = ("here", "hf-daily", "github", "openalex", "crossref", "semanticscholar")
SIGNALS = [row.signal for row in WEIGHTS if not row.spread]
BACK = {Window.DAY: 1, Window.WEEK: 7, Window.MONTH: 30}
AGAIN = 5
Row = tuple[int, str, int, str, int]


def timed(run: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds, and what came of it."""
    began = time.perf_counter()
    found = run()
    return 1_000 * (time.perf_counter() - began), found


def invented(count: int, today: date) -> Iterator[str]:
    """Lines of papers that do not exist, over two years."""
    for number in range(count):
        month, own = divmod(number, 10_000)
        record = {
            "id": f"{2401 + month:04}.{own:05}" if month < 12 else f"{2501 + month - 12:04}.{own:05}",
            "title": f"An Invented Paper about Bridges, Number {number}",
            "categories": [("cs.LG", "cs.CL", "math.CO")[number % 3]],
            "published": (today - timedelta(days=number % 730)).isoformat(),
        }
        yield json.dumps(record) + "\n"


def counts(days: dict[int, str], numbers: dict[str, int], today: date) -> Iterator[Row]:
    """A busy month of counts. Sources are given by number."""
    rng = random.Random(5)
    papers = sorted(days)
    rng.shuffle(papers)
    newest = [one for one in papers if days[one] >= (today - timedelta(days=37)).isoformat()]
    for back in range(30, -1, -1):
        day, begin = (today - timedelta(days=back)).isoformat(), 4_000 * (30 - back)
        for source in SOURCES[3:]:
            for one in papers[begin : begin + 4_000]:
                yield one, "citations", numbers[source], day, rng.randint(0, 300)
    for one in papers[::12]:
        stars = rng.randint(1, 3_000)
        for back in range(37 - rng.randint(0, 6), -1, -7):
            stars += rng.randint(0, 40)
            yield one, "stars", numbers["github"], (today - timedelta(days=back)).isoformat(), stars
    for one in newest[:6_000]:
        for kind, source, often in (("reads", "here", 0.5), ("votes", "here", 0.1), ("votes", "hf-daily", 0.1)):
            total = 0
            for back in range(30, -1, -1):
                day = (today - timedelta(days=back)).isoformat()
                if day >= days[one] and rng.random() < often:
                    total += rng.randint(1, 9)
                    yield one, kind, numbers[source], day, total


def fill(home: Path) -> tuple[date, int, int]:
    """Writes the counts, and says which day is today, how many papers there are and how many counts."""
    file = sqlite3.connect(home / "catalogue.db")
    days = dict(file.execute("SELECT number, day FROM paper WHERE NOT deleted AND day IS NOT NULL"))
    today = date.fromisoformat(max(days.values()))
    with file:
        file.execute("DELETE FROM signal")
        for name in SOURCES:
            number = "(SELECT coalesce(max(number), 0) + 1 FROM source)"
            file.execute(f"INSERT OR IGNORE INTO source (number, name, kind) VALUES ({number}, ?1, ?1)", (name,))
        numbers = {name: number for number, name in file.execute("SELECT number, name FROM source")}
        made = {row[:4]: row for row in counts(days, numbers, today)}
        file.executemany(
            "INSERT INTO signal (paper, kind, source, day, count) VALUES (?, ?, ?, ?, ?)", sorted(made.values())
        )
        file.execute("INSERT OR REPLACE INTO counting (day, writes) VALUES (?, 1)", (today.isoformat(),))
    papers: int = file.execute("SELECT count(*) FROM paper").fetchone()[0]
    file.close()
    return today, papers, len(made)


SUM = """
WITH looks AS (
  SELECT paper, kind, source, day, count,
         first_value(count) OVER (PARTITION BY paper, kind, source ORDER BY day DESC) AS now,
         max(count) OVER (PARTITION BY paper, kind, source ORDER BY day
                          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
  FROM signal WHERE day <= :today),
gains AS (
  SELECT looks.paper, weight.signal, weight.weight, looks.source,
         CASE WHEN before IS NULL AND source.kind <> 'here' THEN min(paper.day, looks.day) ELSE looks.day END AS at,
         min(count, now) - min(coalesce(before, 0), now) AS gained
  FROM looks JOIN source ON source.number = looks.source JOIN paper ON paper.number = looks.paper
  JOIN weight ON weight.kind = looks.kind AND weight.source = source.kind WHERE NOT paper.deleted),
fresh AS (
  SELECT paper, gains.signal, weight, source, sum(gained * share) AS fresh
  FROM gains JOIN age ON age.day = gains.at AND age.signal = gains.signal WHERE gained > 0 GROUP BY 1, 2, 3, 4),
best AS (SELECT paper, signal, weight, max(fresh) AS fresh FROM fresh GROUP BY 1, 2, 3)
SELECT paper, sum(weight * log2(1 + fresh)) AS points FROM best GROUP BY 1 ORDER BY 2 DESC LIMIT 20
"""
BY_VOTES = """
SELECT paper, max(count) FROM signal WHERE kind = 'votes' AND day BETWEEN :first AND :today
GROUP BY 1 ORDER BY 2 DESC LIMIT 20
"""


def peers(home: Path, today: date, window: Window) -> tuple[float, list[float], float]:
    """Milliseconds of the sum in SQL, its points, and the milliseconds of a list by votes. The better of two runs."""
    file = sqlite3.connect(home / "catalogue.db")
    file.create_function("log2", 1, log2, deterministic=True)
    file.execute("CREATE TEMP TABLE weight (signal, kind, source, weight)")
    file.execute("CREATE TEMP TABLE age (signal, day, share, PRIMARY KEY (day, signal))")
    for row in WEIGHTS:
        if row.signal in SIGNALS:
            for source in row.sources or [one for one in SOURCES if one != "here"]:
                file.execute("INSERT INTO weight VALUES (?, ?, ?, ?)", (row.signal, row.kind, source, row.weight))
            for age in range(BACK[window] + 1):
                day = (today - timedelta(days=age)).isoformat()
                file.execute("INSERT INTO age VALUES (?, ?, ?)", (row.signal, day, 2 ** (-age / row.half_life)))
    given = {"today": today.isoformat(), "first": (today - timedelta(days=BACK[window])).isoformat()}
    sums = [timed(lambda: file.execute(SUM, given).fetchall()) for _ in range(2)]
    votes = [timed(lambda: file.execute(BY_VOTES, given).fetchall()) for _ in range(2)]
    file.close()
    return min(one for one, _ in sums), [points for _, points in sums[0][1]], min(one for one, _ in votes)


def measure(home: Path, today: date, window: Window) -> dict[str, float]:
    """Milliseconds of a page of twenty, in a library that was just opened and then goes on."""
    now = datetime(today.year, today.month, today.day, 18, tzinfo=UTC)
    with broadsheet.open(home, follow=False, clock=lambda: now) as library:

        def page(**asked: object) -> float:
            return timed(lambda: library.trending(window=window, **{"signals": SIGNALS, **asked}))[0]  # type: ignore[arg-type]

        row = {"first": page(), "again": median(page() for _ in range(AGAIN))}
        found = library.trending(window=window, signals=SIGNALS).entries
        row["other signals"] = page(signals=["votes", "citations"])
        row["a category"] = page(categories=["cs.LG"])
        after = []
        for vote in range(AGAIN):
            voted = Signal(
                Identifier("key", found[7 + vote].paper.id), "votes", "here", today.isoformat(), 10_000 + vote
            )
            before = library.catalogue.signal_history(found[7 + vote].paper.id)
            library.catalogue.put_signals([voted])
            after.append(page())
            was = max((one.total for one in before if (one.kind, one.source) == ("votes", "here")), default=0)
            library.catalogue.put_signals([Signal(voted.subject, "votes", "here", voted.day, was)])
        row["after a vote"] = median(after)
    row["the sum in SQL"], points, row["by votes"] = peers(home, today, window)
    if any(abs(one.points - theirs) > 1e-6 for one, theirs in zip(found, points, strict=True)):
        raise SystemExit(f"not the same sum: {[one.points for one in found]} and {points}")
    return row


def main() -> None:
    """Fills, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="a copy of a home folder; counts are written into it")
    parser.add_argument("--papers", type=int, default=20_000, help="invented papers, without a home")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = args.home or Path(folder) / "home"
        with broadsheet.open(home, follow=False) as library:
            if args.home is None:
                lines = Path(folder) / "papers.jsonl"
                lines.write_text("".join(invented(args.papers, date(2025, 6, 30))), "utf-8")
                ingest.import_file(library.catalogue, lines, now=lambda: datetime.now(UTC))
        today, papers, made = fill(home)
        print(f"{papers:,} papers, {made:,} counts until {today}; milliseconds for a page of twenty")
        rows = {window: measure(home, today, window) for window in Window}
    names = list(rows[Window.DAY])
    print(f"{'':18}" + "".join(f"{window.value:>12}" for window in rows))
    for name in names:
        print(f"{name:18}" + "".join(f"{row[name]:>12,.1f}" for row in rows.values()))


if __name__ == "__main__":
    main()
