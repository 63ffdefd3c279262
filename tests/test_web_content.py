"""The element of a paper's page that programs read, as they read it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest

from broadsheet.library import Library
from broadsheet.web import Site, create
from tests.clients import TestClient
from tests.conftest import NOW
from tests.crowd import joins
from tests.mcp.agents import library_at
from tests.papers import record
from tests.visitors import asking

HOSTILE = '</div><script>alert(1)</script>" onload="x" \ud83d & <b>'


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_at(tmp_path) as opened:
        yield opened


def props(library: Library, key: str) -> dict[str, Any]:
    client = TestClient(asking(create(library, Site()), joins(library, f"reader{key[-1]}")))
    page = html5lib.parse(client.get(f"/papers/{key}").text, namespaceHTMLElements=False)
    (element,) = page.findall('.//div[@data-target="PaperContent"]')
    found: dict[str, Any] = json.loads(element.get("data-props"))
    return found


def test_the_paper_and_what_was_said_of_it(library: Library) -> None:
    ada = joins(library, "ada")
    library.vote(ada, "2611.00001")
    first = library.comment(ada, "2611.00001", "A *word*.")
    library.comment(ada, "2611.00001", "An answer.", parent=first.number)
    found = props(library, "2611.00001")
    assert found["paper"]["title"] == "Counting Sheep with Sparse Attention"
    assert found["paper"]["authors"][0] == {"name": "Ada Lovelace", "hidden": False}
    assert (found["paper"]["publishedAt"], found["paper"]["upvotes"]) == ("2026-11-18T00:00:00.000Z", 1)
    assert [one["data"]["latest"]["raw"] for one in found["comments"]] == ["A *word*.", "An answer."]
    assert found["comments"][0]["author"]["name"] == "ada"
    assert props(library, "2611.00002")["comments"] == []


def test_programs_find_the_abstract_by_the_classes_it_has_at_hugging_face(library: Library) -> None:
    client = TestClient(asking(create(library, Site()), joins(library, "reader")))
    page = html5lib.parse(client.get("/papers/2611.00001").text, namespaceHTMLElements=False)
    (element,) = page.findall('.//div[@class="pb-8 pr-4 md:pr-16"]')
    text = "".join(element.itertext()).strip()
    assert text.startswith("Abstract\nA herd is counted")


def test_others_words_stay_within_the_element(library: Library) -> None:
    library.catalogue.put([record("2611.00009", f"Sheep {HOSTILE}", abstract=HOSTILE * 500)], at=NOW)
    library.comment(joins(library, "ada"), "2611.00009", f"I say {HOSTILE.replace(chr(0xD83D), '')}" + "x" * 9_000)
    found = props(library, "2611.00009")
    assert found["paper"]["title"].startswith("Sheep </div><script>alert(1)</script>")
    assert len(json.dumps(found)) < 6_000
