"""A paper that one source tells of takes a shorter way through `merge`; it comes out the same."""

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.catalogue.merge import Statement, merge
from broadsheet.types import Author, Identifier, Paper, Record, Version

days = st.one_of(st.none(), st.sampled_from(["2024", "2024-05", "2024-05-17", "2026-11-20"]))
words = st.one_of(st.none(), st.sampled_from(["", "Kites", "in Spring"]))
counts = st.one_of(st.none(), st.integers(0, 9))
names = st.lists(st.sampled_from(["Ada L.", "Emmy N."]), unique=True).map(lambda found: tuple(map(Author, found)))
records = st.builds(
    Record,
    st.sampled_from(["arxiv", "arxiv-raw", "hf-daily", "records:x", "starter", "openalex"]),
    st.just("2405.00001"),
    title=st.sampled_from(["Kites", "More Kites"]),
    abstract=words,
    summary=words,
    authors=names,
    author_count=counts,
    categories=st.sampled_from([(), ("cs.LG",), ("cs.LG", "stat.ML")]),
    published=days,
    updated=days,
    announced=days,
    identifiers=st.sampled_from([(), (Identifier("arxiv", "2405.00001"),)]),
    comment=words,
    journal_ref=words,
    licence=words,
    versions=st.sampled_from([(), (Version(1, "2024-05-17"),)]),
    withdrawn=st.booleans(),
    links=st.sampled_from([(), ("https://example.org",)]),
    keywords=st.sampled_from([(), ("kites",)]),
    votes=counts,
    comments=counts,
    citations=counts,
    stars=counts,
    venue=words,
    submitted=st.sampled_from([None, "2024-05-17T12:00:00Z"]),
)


@given(records, st.booleans())
def test_one_source_is_merged_as_several_are(record: Record, deleted: bool) -> None:
    gone = "2026-11-20T12:00:00Z" if deleted else None
    one = Statement(1, record, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", deleted_at=gone)
    # Beside one that says nothing and is believed least, the long way is taken; only its name is added.
    silent = Statement(2, Record("zzz-silent", "x", title=""), "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
    silent.deleted_at = gone or silent.deleted_at
    alone, beside = merge([one]), merge([one, silent])
    for field in fields(Paper):
        if field.name not in {"sources", "deleted"}:
            assert getattr(alone, field.name) == getattr(beside, field.name), field.name
    assert alone.sources == (record.source,)
