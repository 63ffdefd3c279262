"""The invented papers that the clients find, and the server that has them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from broadsheet import api
from broadsheet import library as door
from broadsheet.app import Faces
from broadsheet.types import Author, Identifier, Version
from broadsheet.web import Site, create, refusing
from broadsheet.web.patience import patient
from tests.conftest import NOW
from tests.e2e.site import served
from tests.papers import record

FIRST, LAST = date(2026, 10, 1), date(2026, 11, 20)
A_DAY = 12  # papers
PEOPLE = ("Ada Lovelace", "Grace Hopper", "Emmy Noether", "Sofia Kovalevskaya", "Lise Meitner", "Mary Somerville")
SUBJECTS = ("Sheep", "Teapots", "Rivers", "Clocks", "Maps", "Bridges", "Kites", "Lanterns", "Ladders", "Orchards")
WAYS = ("Counting", "Folding", "Learning from", "Forgetting", "Pruning", "On the Geometry of", "Weighing")
CATEGORIES = ("cs.LG", "cs.CL", "math.CO", "stat.ML", "quant-ph", "q-fin.PM")


def editions() -> Iterator[object]:
    """A dozen papers for each weekday of seven weeks."""
    number, day = 100, FIRST
    while day <= LAST:
        for place in range(A_DAY if day.weekday() < 5 else 0):
            number += 1
            subject, way = SUBJECTS[number % len(SUBJECTS)], WAYS[number % len(WAYS)]
            yield record(
                f"{day:%y%m}.{number:05}",
                f"{way} {subject}: Part {number}",
                abstract=f"{subject} are hard to count. We look at few of them, {number} in all, and say why.",
                authors=tuple(Author(name) for name in PEOPLE[: 1 + number % len(PEOPLE)]),
                categories=(CATEGORIES[number % len(CATEGORIES)], "cs.AI"),
                published=day.isoformat(),
                submitted=f"{day}T{number % 24:02}:30:00Z",
                comment=f"{number} pages, {number % 7} figures",
                edition=day.isoformat(),
                position=place + 1,
                votes=max(0, 30 - 3 * place),
                comments=place % 3,
            )
        day += timedelta(days=1)


def famous() -> Iterator[object]:
    """The papers that tests ask for by name."""
    yield record(
        "2407.21783",
        "The Herd of Sheep Models",
        abstract="A herd of models that count sheep. Code: https://github.com/invented/herd; a page is at"
        " https://herd.example.org. Weights: https://huggingface.co/invented/herd-8b and"
        " https://huggingface.co/datasets/invented/fences, a demo at https://huggingface.co/spaces/invented/count.",
        summary="Big flocks, told in few words.",
        authors=(Author("Ada Lovelace"), Author("Wislawa del Maestro", "University of Meadows")),
        categories=("cs.CL", "cs.LG"),
        identifiers=(Identifier("arxiv", "2407.21783"), Identifier("doi", "10.1000/herd.8")),
        published="2024-07-31",
        updated="2024-08-15",
        submitted="2024-07-31T17:54:27Z",
        versions=(Version(1, "2024-07-31"), Version(2, "2024-08-15")),
        comment="92 pages of sheep",
        journal_ref="Journal of Invented Results 7 (2024)",
        keywords=("sheep", "herds"),
        stars=7,
        votes=12,
    )
    yield record(
        "hep-th/9901001",
        "Strings that Remember their Knots",
        abstract="An old-style identifier keeps its slash; $a<b$ & more.",
        authors=(Author("Lise Meitner"),),
        categories=("hep-th", "math-ph"),
        published="1999-01-04",
    )
    yield record("2407.00009", "Notes in the Margin", abstract="Known by its title.", authors=(), categories=())
    yield record(None, "A Paper that arXiv has Never Seen", abstract="Nor has anybody else.", published="2026-10")


@contextmanager
def serving(home: Path, quotas: api.Quotas | None = None) -> Iterator[str]:
    """The whole site over these papers, on a port of this machine; gives its address."""
    with door.open(home, clock=lambda: NOW, follow=False) as library:
        library.catalogue.put([*editions(), *famous()], at=NOW)  # type: ignore[list-item]
        library.follow()
        machines = api.create(library, patient=patient, quotas=quotas or api.Quotas(0, 0, 0))
        with served(Faces(create(library, Site()), machines, refusing(library, Site()))) as address:
            yield address
