"""huggingface_hub, unmodified: what its own tests of papers state, over our papers, and what it shows more of here.

The same file runs with its older versions (`tests.compat.versions`), hence the skips of what they cannot do.
"""

import datetime as dt
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

UTC = dt.timezone.utc  # noqa: UP017  older versions run on older Pythons
needs_daily = pytest.mark.skipif(not hasattr(HfApi, "list_daily_papers"), reason="came with 1.0")
needs_markdown = pytest.mark.skipif(not hasattr(HfApi, "read_paper"), reason="came with 1.10")


@pytest.fixture
def hub(address: str) -> Any:
    return HfApi(endpoint=address)


def search(hub: Any, query: str, **more: Any) -> list[Any]:
    return list(hub.list_papers(query=query, **more))


def known(paper: Any, attribute: str, field: str) -> Any:
    """A fact that newer versions name in their own way; older ones keep it as it came."""
    return getattr(paper, attribute) if hasattr(paper, attribute) else getattr(paper, field)


def daily(hub: Any, **asked: Any) -> list[Any]:
    return list(hub.list_daily_papers(**asked))


# What their own tests state (tests/test_hf_api.py, TestPaperApi)


def test_a_search_finds_the_paper(hub: Any) -> None:
    found = search(hub, "herd models")
    assert "The Herd of Sheep Models" in [paper.title for paper in found]


@pytest.mark.skipif("limit" not in inspect.signature(HfApi.list_papers).parameters, reason="came with 1.3")
def test_a_search_is_as_long_as_asked(hub: Any) -> None:
    assert len(search(hub, "sheep", limit=2)) == 2


def test_a_paper_by_its_id(hub: Any) -> None:
    paper = hub.paper_info("2407.21783")
    assert paper.id == "2407.21783"
    assert paper.title == "The Herd of Sheep Models"
    assert paper.published_at == dt.datetime(2024, 7, 31, 17, 54, 27, tzinfo=UTC)
    assert [getattr(author, "name", author) for author in paper.authors] == ["Ada Lovelace", "Wislawa del Maestro"]


@pytest.mark.parametrize("key", ["1234.56789", "nothing", "hep-th/0000000"])
def test_a_paper_that_is_not_here_is_404(hub: Any, key: str) -> None:
    with pytest.raises(HfHubHTTPError) as raised:
        hub.paper_info(key)
    assert raised.value.response.status_code == 404
    assert "Paper not found" in str(raised.value)


@needs_daily
def test_linked_repositories_have_types(hub: Any) -> None:
    paper = hub.paper_info("2407.21783")
    if not hasattr(paper, "linked_models"):
        pytest.skip("came with 1.10")
    assert [type(one).__name__ for one in (*paper.linked_models, *paper.linked_datasets, *paper.linked_spaces)] == [
        "ModelInfo",
        "DatasetInfo",
        "SpaceInfo",
    ]
    assert (paper.linked_models[0].id, paper.num_total_models) == ("invented/herd-8b", 1)
    assert (paper.linked_datasets[0].id, paper.linked_spaces[0].id) == ("invented/fences", "invented/count")


@needs_daily
def test_daily_papers_by_date(hub: Any) -> None:
    found = daily(hub, date="2026-10-29")
    assert len(found) == 12
    assert {paper.submitted_at.date() for paper in found} == {dt.date(2026, 10, 29)}


@needs_daily
@pytest.mark.parametrize(
    "asked", [{"date": "2026-13-40"}, {"week": "2026-W99"}, {"month": "x"}, {"limit": 101}, {"sort": "upvotes"}]
)
def test_what_cannot_be_asked_is_a_bad_request(hub: Any, asked: "dict[str, Any]") -> None:
    with pytest.raises(BadRequestError, match="not"):
        daily(hub, **asked)


@needs_daily
def test_daily_papers_without_a_date_are_the_newest(hub: Any) -> None:
    found = daily(hub)
    assert len(found) == 50
    days = [paper.submitted_at for paper in found]
    assert days == sorted(days, reverse=True)
    assert days[0] == dt.datetime(2026, 11, 20, tzinfo=UTC)


@needs_daily
@pytest.mark.parametrize("asked", [{"week": "2026-W44"}, {"month": "2026-10"}])
def test_daily_papers_by_week_and_month(hub: Any, asked: "dict[str, Any]") -> None:
    found = daily(hub, limit=100, **asked)
    first, last = (
        (dt.date(2026, 10, 26), dt.date(2026, 11, 1))
        if "week" in asked
        else (dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    )
    assert len(found) == (60 if "week" in asked else 100)
    assert all(first <= paper.submitted_at.date() <= last for paper in found)


@needs_daily
def test_daily_papers_by_submitter(hub: Any) -> None:
    found = daily(hub, submitter="broadsheet", limit=3)
    assert {paper.submitted_by.fullname for paper in found} == {"Broadsheet"}
    assert daily(hub, submitter="somebody-else") == []


@needs_daily
def test_pages_end(hub: Any) -> None:
    assert daily(hub, p=100) == []
    assert len(daily(hub, limit=10)) == 10
    pages = [daily(hub, month="2026-10", limit=100, p=page) for page in range(4)]
    assert [len(page) for page in pages] == [100, 100, 64, 0]
    assert len({paper.id for page in pages for paper in page}) == 264


# Where we go further


@needs_daily
def test_votes_come_first_in_an_edition(hub: Any) -> None:
    votes = [paper.upvotes for paper in daily(hub, date="2026-11-20")]
    assert votes == sorted(votes, reverse=True)
    assert votes[-1] == 0, "no votes is 0, not None"


@needs_daily
@pytest.mark.parametrize(
    ("asked", "edition"), [("2026-11-21", "2026-11-20"), ("2027-05-01", "2026-11-20"), ("2026-11-08", "2026-11-06")]
)
def test_tomorrow_and_weekends_are_answered(hub: Any, asked: str, edition: str) -> None:
    assert {str(paper.submitted_at.date()) for paper in daily(hub, date=asked)} == {edition}


@needs_daily
def test_trending_keeps_to_the_days_that_are_asked_for(hub: Any) -> None:
    found = daily(hub, sort="trending", week="2026-W44", limit=10)
    assert {paper.upvotes for paper in found} == {30, 27}
    assert all(dt.date(2026, 10, 26) <= paper.submitted_at.date() <= dt.date(2026, 11, 1) for paper in found)
    week = daily(hub, sort="trending", limit=10)
    assert all(paper.submitted_at.date() >= dt.date(2026, 11, 14) for paper in week)


@needs_daily
def test_their_parser_sees_more_of_ours(hub: Any) -> None:
    paper = next(paper for paper in search(hub, "herd models") if paper.id == "2407.21783")
    assert (paper.upvotes, paper.comments) == (12, 0)
    assert paper.summary.startswith("A herd of models")
    assert paper.ai_summary == "Big flocks, told in few words."
    assert paper.ai_keywords == ["sheep", "herds"]
    assert known(paper, "github_repo", "githubRepo") == "https://github.com/invented/herd"
    assert known(paper, "project_page", "projectPage") == "https://herd.example.org"
    assert paper.discussion_id
    assert paper.submitted_by.fullname == "Broadsheet"


def test_old_ids_and_other_spellings(hub: Any) -> None:
    assert hub.paper_info("hep-th/9901001").title == "Strings that Remember their Knots"
    assert hub.paper_info("2407.21783v2").id == "2407.21783"


@needs_markdown
def test_a_paper_as_markdown(hub: Any) -> None:
    text = hub.read_paper("2407.21783")
    assert text.startswith("# The Herd of Sheep Models\n")
    assert "Ada Lovelace" in text
    assert "https://arxiv.org/abs/2407.21783" in text
    assert "not its full text" in text


def test_nobody_is_logged_in(hub: Any) -> None:
    with pytest.raises((HfHubHTTPError, OSError), match="Invalid"):
        hub.whoami(token="hf_invented")


# The command line


def hf(address: str, home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """`hf papers ...`, which must not reach for anything but our server."""
    nowhere = "http://127.0.0.1:9"
    environment = {
        **os.environ,
        "HF_ENDPOINT": address,
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HTTPS_PROXY": nowhere,
        "NO_PROXY": "127.0.0.1",
        "NO_COLOR": "1",
    }
    command = [str(Path(sys.executable).with_name("hf")), "papers", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@needs_markdown
def test_the_command_line(address: str, tmp_path: Path) -> None:
    listed = hf(address, tmp_path, "ls", "--date", "2026-11-20", "--limit", "5", "--format", "json")
    assert listed.returncode == 0, listed.stderr
    papers = json.loads(listed.stdout)
    assert [paper["upvotes"] for paper in papers] == [30, 27, 24, 21, 18]
    assert hf(address, tmp_path, "ls", "--date", "today", "--limit", "1").returncode == 0
    found = hf(address, tmp_path, "search", "herd models", "--limit", "3", "--format", "json")
    assert "2407.21783" in [paper["id"] for paper in json.loads(found.stdout)]
    told = hf(address, tmp_path, "info", "2407.21783")
    assert "The Herd of Sheep Models" in told.stdout
    read = hf(address, tmp_path, "read", "hep-th/9901001")
    assert read.stdout.startswith("# Strings that Remember their Knots")
    missing = hf(address, tmp_path, "info", "1234.56789")
    assert missing.returncode == 1
    assert "not found" in missing.stderr
