"""Announcements, and the accounts that say how much of them is here."""

from datetime import timedelta

from broadsheet.catalogue import Catalogue
from broadsheet.types import Account, Announced, Announcement
from tests.conftest import NOW
from tests.papers import record

NEW, CROSS, REPLACE, REPLACE_CROSS = Announced
DAY = "2026-11-20"


def announcement(
    *entries: tuple[str, Announced], day: str = DAY, category: str = "cs.LG", source: str = "arxiv-listing",
    expected: int | None = None,
) -> Announcement:  # fmt: skip
    return Announcement(day, category, source, entries, expected)


def held(catalogue: Catalogue, *keys: str) -> None:
    catalogue.put([record(key, f"The Invented Paper {key}") for key in keys], at=NOW)


def test_an_account_counts_what_is_new_or_cross_listed(catalogue: Catalogue) -> None:
    held(catalogue, "2611.00001", "2611.00004")
    told = announcement(
        ("2611.00001", NEW), ("2611.00002", CROSS), ("2611.00003", REPLACE), ("2611.00004", REPLACE_CROSS), expected=3
    )
    catalogue.announce([told], at=NOW)
    assert catalogue.accounts(DAY, DAY) == [
        Account(DAY, "cs.LG", 2, 1, ("2611.00002",), expected=3, checked="2026-11-20T12:00:00Z")
    ]
    assert catalogue.missing(limit=9) == [(DAY, "2611.00002")]


def test_a_shortfall_is_closed_when_late_papers_come(catalogue: Catalogue) -> None:
    catalogue.announce([announcement(("2611.00001", NEW), ("math/9901001", NEW))], at=NOW)
    assert [one.held for one in catalogue.accounts(DAY, DAY)] == [0]
    held(catalogue, "2611.00001", "math/9901001")
    assert [(one.held, one.missing) for one in catalogue.accounts(DAY, DAY)] == [(2, ())]
    assert catalogue.missing(limit=9) == []


def test_the_last_word_of_a_source_replaces_what_it_said(catalogue: Catalogue) -> None:
    catalogue.announce([announcement(("2611.00001", NEW)), announcement(("2611.00002", NEW))], at=NOW)
    assert catalogue.accounts(DAY, DAY)[0].missing == ("2611.00002",)
    catalogue.announce([announcement(("2611.00003", NEW), ("2611.00003", CROSS))], at=NOW + timedelta(hours=1))
    (account,) = catalogue.accounts(DAY, DAY)
    assert (account.missing, account.checked) == (("2611.00003",), "2026-11-20T13:00:00Z")
    catalogue.announce([announcement()], at=NOW)
    assert catalogue.accounts(DAY, DAY)[0].announced == 0


def test_the_listing_is_believed_before_the_feed_whenever_it_came(catalogue: Catalogue) -> None:
    listing, feed = announcement(("2611.00001", NEW)), announcement(("2611.00009", NEW), source="arxiv-feed")
    catalogue.announce([feed], at=NOW)
    assert catalogue.accounts(DAY, DAY)[0].missing == ("2611.00009",)
    catalogue.announce([listing], at=NOW)
    catalogue.announce([feed], at=NOW + timedelta(hours=1))
    assert catalogue.accounts(DAY, DAY)[0].missing == ("2611.00001",)


def test_days_and_categories_are_chosen_and_in_order(catalogue: Catalogue) -> None:
    days = ("2026-11-18", "2026-11-19", DAY)
    catalogue.announce(
        [announcement(("2611.00001", NEW), day=day, category=name) for name in ("cs.LG", "cs.CL") for day in days],
        at=NOW,
    )
    found = catalogue.accounts("2026-11-19", DAY)
    assert [(one.day, one.category) for one in found] == [
        ("2026-11-19", "cs.CL"), ("2026-11-19", "cs.LG"), (DAY, "cs.CL"), (DAY, "cs.LG"),
    ]  # fmt: skip
    assert [one.category for one in catalogue.accounts(DAY, DAY, categories=("cs.CL", "math.CO"))] == ["cs.CL"]


def test_missing_papers_are_named_once_the_newest_first(catalogue: Catalogue) -> None:
    for day in ("2026-11-18", "2026-11-19"):
        catalogue.announce([announcement((f"2611.000{day[-2:]}", NEW), ("2611.00001", CROSS), day=day)], at=NOW)
    assert catalogue.missing(limit=9) == [
        ("2026-11-19", "2611.00001"), ("2026-11-19", "2611.00019"), ("2026-11-18", "2611.00018"),
    ]  # fmt: skip
    assert catalogue.missing(limit=1) == [("2026-11-19", "2611.00001")]
    assert len(catalogue.missing(limit=9, since="2026-11-19")) == 2
