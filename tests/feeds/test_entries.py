"""What an entry says, and that it stays the same entry whatever becomes of its paper."""

import json
from typing import Any

from broadsheet.types import Identifier, Role
from tests.conftest import NOW
from tests.crowd import joins
from tests.feeds.conftest import ADDRESS, Place
from tests.papers import record


def items(place: Place, path: str) -> list[dict[str, Any]]:
    answer = place.reader().get(path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = json.loads(answer.content)["items"]
    return found


def entry(place: Place, path: str, key: str) -> dict[str, Any]:
    found = [item for item in items(place, path) if item["url"] == f"{ADDRESS}/papers/{key}"]
    assert len(found) == 1
    return found[0]


def put(place: Place, *records: Any) -> None:
    place.library.catalogue.put(list(records), at=NOW)
    place.library.follow()


def paper(version: int, title: str = "Gates", **facts: Any) -> Any:
    """The same paper as one source tells of it, version by version."""
    usual = {
        "announced": "2026-11-17",
        "published": "2026-11-17",
        "updated": f"2026-11-{16 + version}",
        "abstract": "On gates.",
        "categories": ("cs.LG",),
    }
    return record("2611.07000", title, "arxiv", **{**usual, **facts})


def test_an_entry_says_what_a_reader_needs(place: Place) -> None:
    one = entry(place, "/search.json?q=sparse+attention", "2611.00001")
    assert one["title"] == "Counting Sheep with Sparse Attention in O(n log n)"
    assert [author["name"] for author in one["authors"]] == ["Ada Lovelace", "Kurt Gödel"]
    assert one["tags"] == ["cs.LG", "cs.CL"]
    assert (one["date_published"], one["date_modified"]) == ("2026-11-18T00:00:00Z", "2026-11-18T00:00:00Z")
    assert one["external_url"] == "https://arxiv.org/abs/2611.00001"
    html = one["content_html"]
    assert html.startswith("<p><em>Found: has ")
    for said in ("A herd is counted by looking at few", "doi.org/10.1000/sheep.1", "arxiv.org/pdf/", "2 comments"):
        assert said in html
    assert one["summary"].startswith("A herd is counted")
    assert "<" not in one["summary"]


def test_mathematics_is_letters_that_every_reader_shows(place: Place) -> None:
    html = entry(place, "/search.json?q=sparse+attention", "2611.00001")["content_html"]
    assert "3/2" in html
    assert "math" not in html
    assert "$" not in html


def test_votes_and_why_it_is_there_are_said(place: Place) -> None:
    one = entry(place, "/index.json", "2611.00101")
    assert "1 vote · 40 votes elsewhere" in one["content_html"]
    submitted = items(place, "/people/eve.json")
    assert [item["url"] for item in submitted] == [f"{ADDRESS}/papers/hep-th/9901001"]
    assert "<em>Submitted by eve, 20 November 2026.</em>" in submitted[0]["content_html"]
    trending = items(place, "/trending.json")
    assert trending[0]["content_html"].startswith("<p><em>No. 1 with ")


def test_many_authors_are_counted(place: Place) -> None:
    one = entry(place, "/month.json?limit=200", "2611.00900")
    assert len(one["authors"]) == 30
    assert "and 670 more</p>" in one["content_html"]


def test_a_paper_without_anything_has_a_title_and_a_day(fresh: Place) -> None:
    put(fresh, record("2611.07001", "\u200b", "x", published=None, authors=()), record(None, "Undated", published=None))
    for number in ("arxiv", "undated"):
        found = items(fresh, f"/search.json?q={'2611.07001' if number == 'arxiv' else 'undated'}")
        assert len(found) == 1
        assert found[0]["title"].strip()
        assert found[0]["date_published"].startswith("2026-11-20"), "the day on which it came"


# The same entry


def test_a_revision_or_a_cross_list_changes_the_date_and_not_the_name(fresh: Place) -> None:
    put(fresh, paper(1))
    before = entry(fresh, "/month.json", "2611.07000")
    put(fresh, paper(3, title="Gates and Fences", categories=("cs.LG", "math.CO")))
    after = entry(fresh, "/month.json", "2611.07000")
    assert after["id"] == before["id"]
    assert (before["title"], after["title"]) == ("Gates", "Gates and Fences")
    assert before["date_published"] == after["date_published"]
    assert (before["date_modified"], after["date_modified"]) == ("2026-11-17T00:00:00Z", "2026-11-19T00:00:00Z")
    assert entry(fresh, "/categories/math.CO.json", "2611.07000")["id"] == before["id"]


def test_a_paper_that_gets_another_key_keeps_its_name(fresh: Place) -> None:
    doi = (Identifier("doi", "10.1000/gates.9"),)
    put(fresh, record(None, "Gates", "crossref", source_key="g", identifiers=doi, published="2026-11-17"))
    before = entry(fresh, "/search.json?q=gates", "doi:10.1000/gates.9")
    put(fresh, paper(1, identifiers=(Identifier("arxiv", "2611.07000"), *doi)))
    after = entry(fresh, "/month.json", "2611.07000")
    assert after["id"] == before["id"]


def test_what_is_joined_keeps_the_name_of_what_it_is_joined_to_and_comes_once(fresh: Place) -> None:
    put(fresh, paper(1), record(None, "Doors", "blog", source_key="d", published="2026-11-17"))
    doors = fresh.library.search("doors").hits[0].paper.id
    names = {key: entry(fresh, "/month.json", key)["id"] for key in ("2611.07000", doors)}
    assert len(set(names.values())) == 2
    merge = fresh.library.catalogue.merge("2611.07000", doors, reason="the same", at=NOW)
    fresh.library.follow()
    joined = items(fresh, "/month.json?limit=200")
    assert entry(fresh, "/month.json", "2611.07000")["id"] == names["2611.07000"]
    assert names[doors] not in {item["id"] for item in joined}
    fresh.library.catalogue.split(merge.number, at=NOW)
    fresh.library.follow()
    assert {item["id"] for item in items(fresh, "/month.json?limit=200")} >= set(names.values())


def test_no_paper_has_the_name_of_another_and_no_other_place_has_it(place: Place, fresh: Place) -> None:
    here = {item["url"]: item["id"] for item in items(place, "/month.json?limit=200")}
    there = {item["url"]: item["id"] for item in items(fresh, "/month.json?limit=200")}
    assert len(set(here.values())) == len(here)
    assert here.keys() & there.keys()
    assert not set(here.values()) & set(there.values())


# What happens to a paper, and what is said


def test_the_changes_of_a_paper_are_entries_and_the_paper_is_the_first(fresh: Place) -> None:
    put(fresh, paper(1))
    assert [item["title"] for item in items(fresh, "/papers/2611.07000.json")] == ["Gates"]
    put(fresh, paper(2, title="Gates and Fences"))
    put(fresh, paper(2, title="Gates and Fences", withdrawn=True, venue="Journal of Herds"))
    found = items(fresh, "/papers/2611.07000.json")
    assert [item["title"].partition(":")[0] for item in found] == [
        "Published",
        "Withdrawn",
        "Title changed",
        "Gates and Fences",
    ]
    assert "Now: Journal of Herds" in found[0]["content_html"]
    assert "Before: Gates" in found[2]["content_html"]
    assert "Withdrawn by its authors" in found[3]["content_html"]
    assert items(fresh, "/papers/2611.07000.json?limit=2") == found[:2]
    assert items(fresh, "/papers/2611.07000.json?limit=2&page=2") == found[2:]


def test_comments_are_the_newest_first_and_what_is_gone_is_gone(place: Place) -> None:
    found = items(place, "/papers/2611.00001/comments.json")
    assert [item["title"] for item in found] == ["eve", "bob"]
    assert "<p>They would not, @bob.</p>" in found[0]["content_html"]
    assert "Half as many gates would do: x &lt; 2." in found[1]["content_html"]
    everywhere = items(place, "/comments.json")
    assert everywhere[-1]["title"].startswith("bob on “Counting Sheep")
    assert "think again" not in json.dumps(everywhere)
    assert "Shall we meet" not in json.dumps(everywhere), "said in a group"
    assert items(place, "/papers/2611.00102/comments.json") == []


def test_what_a_moderator_hides_is_not_in_feeds(fresh: Place) -> None:

    number = fresh.library.latest_comments()[0].number
    fresh.library.hide_comment(joins(fresh.library, "mod", Role.MODERATOR), number, "Rude.")
    assert f"/comments/{number}" not in json.dumps(items(fresh, "/comments.json"))
