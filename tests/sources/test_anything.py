"""Whatever bytes a file holds: records, refusals, or BadSource. Never another error, never half a record."""

import gzip
import json
from dataclasses import asdict
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from broadsheet import ids
from broadsheet.errors import BadRecord, BadSource
from broadsheet.sources import Item
from broadsheet.types import Record
from tests.sources.kit import GOLDEN, put, read

ANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
SAMPLES = [path.read_bytes() for path in sorted(GOLDEN.iterdir())]

halves = st.text(st.sampled_from("\ud83d\udc00\u202e\x00aé "), max_size=6)  # of pairs that JSON can write apart
scalars = st.none() | halves | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
keys = st.sampled_from(
    """id title abstract authors categories published updated announced doi comment comments identifiers versions links
    keywords votes edition position feed date rank upvotes github paper publishedAt submittedOnDailyAt submittedBy
    summary ai_summary ai_keywords numComments authors_parsed update_date license journal-ref truncated withdrawn source
    source_key author_count author issued note number DOI URL container-title""".split()  # noqa: SIM905 - one word a field
)
likely = st.sampled_from(
    [
        *("2401.00017", "10.1000/x", "2024-05-06", "2024-05-06T00:00:00.000Z", "A Title", "bs:x"),
        *(["A. Name"], {"name": "A"}, [{"family": "A", "given": 1}], {"date-parts": [[2024, "5"]]}),
    ]
)
objects = st.dictionaries(keys, values | likely | halves, max_size=12)


def check(items: list[Item]) -> None:
    """What holds of every item, whatever the file was."""
    assert [item.ordinal for item in items] == list(range(1, len(items) + 1))
    for item in items:
        if isinstance(item.result, BadRecord):
            assert item.result.reason.encode()
            assert item.result.line == item.line
            continue
        record = item.result
        assert record.title == " ".join(record.title.split()) != ""
        assert record.source
        assert json.dumps(asdict(record), ensure_ascii=False).encode()
        assert "\x00" not in record.title + (record.abstract or "")
        assert all(
            day is None or ids.iso_date(day) == day for day in (record.published, record.updated, record.edition)
        )
        assert len({scheme for scheme, _ in record.identifiers if scheme == "arxiv"}) <= 1


def read_anything(path: Path) -> None:
    try:
        items = read(path)
    except BadSource:
        return
    check(items)


@ANY
@given(st.binary(max_size=300))
@example(b"[")
@example(b"{")
@example(b"@")
@example(b"[{}]]]")
@example(b'{"title":"\\')
@example(b"\x1f\x8b\x08")
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    read_anything(put(tmp_path, data))


@ANY
@given(
    st.text(max_size=300),
    st.sampled_from(["Daily Papers\n\nDec 8\n\n", "@misc{a, ", '[{"title": "x"},', "{}\n", "TY  - JOUR\nTI  - x\n"]),
)
def test_any_text_after_a_known_beginning(tmp_path: Path, text: str, start: str) -> None:
    read_anything(put(tmp_path, (start + text).encode(errors="replace")))


@ANY
@given(st.data(), st.sampled_from(SAMPLES))
def test_samples_with_damage(tmp_path: Path, data: st.DataObject, sample: bytes) -> None:
    at = data.draw(st.integers(0, len(sample) - 1))
    width = data.draw(st.integers(0, 40))
    damage = data.draw(st.binary(max_size=8))
    read_anything(put(tmp_path, sample[:at] + damage + sample[at + width :]))


@ANY
@given(st.data(), st.sampled_from([gzip.compress, zstandard.compress]))
def test_archives_with_damage(tmp_path: Path, data: st.DataObject, pack: object) -> None:
    assert callable(pack)
    packed = bytearray(pack(b'{"title": "Birds", "abstract": "Many of them."}\n' * 20))
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= data.draw(st.integers(1, 255))
    read_anything(put(tmp_path, bytes(packed[: data.draw(st.integers(at, len(packed)))])))


@ANY
@given(st.lists(objects, min_size=1, max_size=3))
@pytest.mark.parametrize(
    "first",
    [
        {"title": "T"},
        {"type": "book", "title": "T", "issued": {}},
        {"id": "2401.00017", "authors_parsed": []},
        {"feed": "f", "date": "2024-01-01", "id": "2401.00017"},
        {"paper": {}},
    ],
    ids=["records", "csl", "arxiv-snapshot", "daily-lines", "daily-api"],
)
def test_any_object_is_a_record_or_refused(
    tmp_path: Path, first: dict[str, object], found: list[dict[str, object]]
) -> None:
    """Every object of every format gives exactly one item, and the one after it too."""
    lines = [first, *found, {**first, "title": "Last"}]
    items = read(put(tmp_path, "\n".join(json.dumps(value) for value in lines)))
    check(items)
    assert len(items) == len(lines)
    assert all(isinstance(item.result, Record | BadRecord) for item in items)


@ANY
@given(st.lists(objects, min_size=1, max_size=4), st.sampled_from([None, 1, 3]))
def test_an_array_gives_what_lines_give(tmp_path: Path, found: list[dict[str, object]], indent: int | None) -> None:
    found = [{"title": "First"}, *found]
    lines = read(put(tmp_path, "\n".join(json.dumps(value) for value in found), "same"))
    array = read(put(tmp_path, json.dumps(found, indent=indent), "same"))
    assert [str(item.result).split(":")[2:] for item in array if isinstance(item.result, BadRecord)] == [
        str(item.result).split(":")[2:] for item in lines if isinstance(item.result, BadRecord)
    ]
    assert [item.result for item in array if isinstance(item.result, Record)] == [
        item.result for item in lines if isinstance(item.result, Record)
    ]
