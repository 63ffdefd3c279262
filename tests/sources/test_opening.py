"""Opening files: what they are is told by their content, and a broken one gives what it can."""

import gzip
import json
import os
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from broadsheet.errors import BadRecord, BadSource
from broadsheet.sources import Item, open_source
from broadsheet.types import Record
from tests.conftest import NOW
from tests.sources.kit import GOLDEN, put, read, records, refusals

GOOD = '{"id": "2401.00017", "title": "Birds"}\n'


def lines(count: int) -> str:
    return "".join(f'{{"id": "2401.{number:05d}", "title": "Paper {number}"}}\n' for number in range(1, count + 1))


def read_to_break(path: Path) -> tuple[list[Item], str]:
    """The items of a file that breaks off, and what is said about it."""
    items: list[Item] = []
    try:
        for item in open_source(path, now=NOW).items():
            items.append(item)  # noqa: PERF402 - `extend` would lose them with the error
    except BadSource as error:
        return items, str(error)
    pytest.fail("the file was read to its end")


@pytest.mark.parametrize(
    ("file", "kind", "name", "count"),
    [
        ("records.jsonl", "records", "records:records.jsonl", 4),
        ("snapshot.json", "arxiv-snapshot", "arxiv-snapshot", 2),
        ("daily_lines.jsonl", "daily-lines", "daily-lines", 4),
        ("daily_api.json", "daily-api", "daily-api", 3),
        ("paper_info.json", "daily-api", "daily-api", 1),
        ("library.bib", "bibtex", "bibtex:library.bib", 8),
        ("library.ris", "ris", "ris:library.ris", 8),
        ("library.csl.json", "csl", "csl:library.csl.json", 5),
        ("page.txt", "daily-page", "daily-page:page.txt", 6),
        ("page_bare.txt", "daily-page", "daily-page:page_bare.txt", 3),
    ],
)
def test_every_kind_is_told_by_its_content(file: str, kind: str, name: str, count: int, tmp_path: Path) -> None:
    source = open_source(GOLDEN / file, now=NOW)
    items = list(source.items())
    assert (source.kind, source.name) == (kind, name)
    assert [item.ordinal for item in items] == list(range(1, count + 1))
    assert items[-1].bytes_read == source.size == (GOLDEN / file).stat().st_size
    disguised = put(tmp_path, (GOLDEN / file).read_bytes(), "thesis.pdf")
    assert open_source(disguised, now=NOW).kind == kind


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
@pytest.mark.parametrize(
    "file", ["records.jsonl", "daily_api.json", "library.bib", "library.ris", "library.csl.json", "page.txt"]
)
def test_packed_files_give_the_same_records(pack: Callable[[bytes], bytes], file: str, tmp_path: Path) -> None:
    packed = put(tmp_path, pack((GOLDEN / file).read_bytes()), file)
    assert [(item.line, str(item.result)) for item in read(packed)] == [
        (item.line, str(item.result).replace(str(GOLDEN), str(tmp_path))) for item in read(GOLDEN / file)
    ]


def test_archives_of_several_parts_are_read_to_their_end(tmp_path: Path) -> None:
    parts = [lines(1).encode(), lines(2).encode()]
    padded = b"".join(map(gzip.compress, parts)) + bytes(512)
    assert len(read(put(tmp_path, padded, "a"))) == 3
    assert len(read(put(tmp_path, b"".join(map(zstandard.compress, parts)), "b"))) == 3
    skippable = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd" + zstandard.compress(parts[0])
    assert len(read(put(tmp_path, skippable, "c"))) == 1


def test_an_archive_with_a_long_window_is_read(tmp_path: Path) -> None:
    settings = zstandard.ZstdCompressionParameters.from_level(3, window_log=28, enable_ldm=True)
    packed = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    path = put(tmp_path, packed.compress(lines(5).encode()) + packed.flush())
    assert len(read(path)) == 5


def test_the_name_can_be_given(tmp_path: Path) -> None:
    path = put(tmp_path, GOOD)
    assert open_source(path, now=NOW, name="starter").name == "starter"
    assert records(path, name="starter")[0].source == "starter"


def test_a_file_name_that_is_no_text_can_still_be_stored(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jsonl"))
    path.write_text(GOOD)
    source = open_source(path, now=NOW)
    assert source.name.encode() == b"records:caf?.jsonl"
    assert source.path.encode().endswith(b"caf?.jsonl")


def test_the_fingerprint_is_that_of_the_content(tmp_path: Path) -> None:
    first = open_source(put(tmp_path, lines(5000), "first"), now=NOW)
    same = open_source(put(tmp_path, lines(5000), "same"), now=NOW)
    longer = open_source(put(tmp_path, lines(5001), "longer"), now=NOW)
    other_end = open_source(put(tmp_path, lines(5000)[:-20] + "x" * 19 + "\n", "other"), now=NOW)
    assert first.fingerprint == same.fingerprint
    assert len({first.fingerprint, longer.fingerprint, other_end.fingerprint}) == 3


def test_reading_twice_gives_the_same_ordinals(tmp_path: Path) -> None:
    source = open_source(put(tmp_path, GOOD + "broken\n" + GOOD), now=NOW)
    first, second = ([(item.ordinal, item.line, str(item.result)) for item in source.items()] for _ in range(2))
    assert first == second
    assert [(ordinal, line) for ordinal, line, _ in first] == [(1, 1), (2, 2), (3, 3)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "white space"),
        (b"\xef\xbb\xbf", "white space"),
        (b"<!doctype html><html><head><style>\n@media (print) { a, b = 1 }</style>", "web page"),
        (b"<?xml version='1.0'?><feed/>", "XML"),
        (b"PK\x03\x04rest", "ZIP archive: unpack it first"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PAR1" + bytes(50), "Parquet"),
        ("﻿{}".encode("utf-16"), "UTF-16"),
        (GOOD.encode("utf-16-le"), "UTF-16"),
        (bytes(range(256)), "no text"),
        (b"title,authors\nBirds,Nora\n", "unknown kind"),
        (b'{"name": "x"}\n{"name": "y"}\n', "no record of a paper"),
        (b'"just text"', "unknown kind"),
        (b"[1, 2, 3]", "no record of a paper"),
        (b"@app.route('/')\ndef index():\n    pass\n", "unknown kind"),
        (b"\x1f\x8b", "truncated"),
        (b"\x28\xb5\x2f\xfd", "truncated"),
        (b"\x1f\x8b" + b"x" * 50, "breaks off"),
        (gzip.compress(b"", mtime=0), "white space"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(content: bytes, says: str, tmp_path: Path) -> None:
    path = put(tmp_path, content)
    with pytest.raises(BadSource, match=says) as caught:
        open_source(path, now=NOW)
    assert str(caught.value).startswith(f"{path}: ")


def test_an_unknown_file_is_told_which_kinds_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"JSON Lines.*snapshot.*BibTeX.*Daily Papers page"):
        open_source(put(tmp_path, "Dear sir,\n"), now=NOW)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="folder"):
        open_source(tmp_path, now=NOW)
    with pytest.raises(BadSource, match="No such file"):
        open_source(tmp_path / "missing", now=NOW)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadSource, match="no ordinary file"):
        open_source(tmp_path / "pipe", now=NOW)


def test_a_file_that_vanishes_after_it_was_opened_is_said_so(tmp_path: Path) -> None:
    path = put(tmp_path, GOOD)
    source = open_source(path, now=NOW)
    path.unlink()
    with pytest.raises(BadSource, match="cannot be read"):
        list(source.items())


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
def test_a_truncated_archive_gives_all_before_the_break(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    random.seed(1)
    content = "".join(
        f'{{"id": "2401.{number:05d}", "title": "{random.getrandbits(900):x}"}}\n' for number in range(1, 20_000)
    )
    whole = pack(content.encode())
    path = put(tmp_path, whole[: len(whole) // 2])
    items, error = read_to_break(path)
    assert error.startswith(f"{path}: the file breaks off after line {len(items):,}: ")
    assert "truncated" in error
    titles = [item.result.title for item in items if isinstance(item.result, Record)]
    assert 8_000 < len(titles) < 12_000
    assert titles == [json.loads(line)["title"] for line in content.splitlines()[: len(titles)]]


def test_a_damaged_archive_gives_all_before_the_damage(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(lines(50_000).encode()))
    whole[-6] ^= 0xFF  # in the checksum
    items, error = read_to_break(put(tmp_path, bytes(whole)))
    assert "incorrect data check" in error
    assert 49_500 < len(items) < 50_000


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
def test_a_small_archive_of_much_text_does_not_fill_the_memory(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = put(tmp_path, pack(GOOD.encode() + b"x" * 2**27 + b"\n" + GOOD.encode()))
    tracemalloc.start()
    items = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [isinstance(item.result, Record) for item in items] == [True, False, True]
    assert peak < 80 * 2**20  # of the 128 that it unpacks to


def test_a_line_that_is_too_long_is_refused_and_the_rest_read(tmp_path: Path) -> None:
    path = put(tmp_path, GOOD + '{"title": "' + "x" * (9 * 2**20) + '"}\n' + GOOD)
    items = read(path)
    assert [item.line for item in items] == [1, 2, 3]
    assert isinstance(items[1].result, BadRecord)
    assert items[1].result.reason.startswith("longer than 8 MiB")
    assert isinstance(items[2].result, Record)


def test_bad_lines_come_out_with_their_line_and_reason(tmp_path: Path) -> None:
    bad = {
        2: ("no json at all", "not JSON"),
        3: ('{"title": "cut off', "not JSON"),
        4: ("[1, 2]", "[1, 2] is no record"),
        5: ("null", "None is no record"),
        6: ('{"title": "x", "votes": NaN}', "NaN is no JSON"),
        7: ('{"title": "x", "title": "y"}', 'the key "title" appears twice'),
        8: ('{"title": ' + "[" * 100_000 + "}", "nested too deeply"),
        9: ('{"title": "x", "votes": ' + "9" * 5000 + "}", "not usable JSON"),
        12: ('{"authors": ["Nora"]}', "the title is missing"),
    }
    content = [GOOD.strip()] + [bad[number][0] if number in bad else "" for number in range(2, 14)] + [GOOD.strip()]
    path = put(tmp_path, "\n".join(content))
    found = refusals(path)
    assert set(found) == set(bad)
    assert {number: reason for number, reason in found.items() if not reason.startswith(bad[number or 0][1])} == {}
    items = read(path)
    assert (items[-1].line, type(items[-1].result)) == (14, Record)
    assert isinstance(items[1].result, BadRecord)
    assert str(items[1].result).startswith(f"{path}:2: not JSON")


def test_bytes_that_are_no_text_cost_their_line_only(tmp_path: Path) -> None:
    path = put(tmp_path, GOOD.encode() + b'{"title": "caf\xe9"}\n' + GOOD.encode())
    assert refusals(path) == {2: "not UTF-8 text (byte 15 of the record)"}


def test_a_mark_of_byte_order_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    path = put(tmp_path, b"\xef\xbb\xbf" + (lines(3)).replace("\n", "\r\n").encode())
    assert [item.line for item in read(path)] == [1, 2, 3]
    assert [record.title for record in records(path)] == ["Paper 1", "Paper 2", "Paper 3"]


def test_a_broken_beginning_does_not_decide_the_kind(tmp_path: Path) -> None:
    path = put(tmp_path, '{"title": "cut\n{broken}\n' + GOOD + GOOD)
    assert list(refusals(path)) == [1, 2]
    assert open_source(path, now=NOW).kind == "records"
    huge_first = put(tmp_path, '{"abstract": "' + "x" * 2_000_000 + '", "title": "T"}\n' + GOOD, "huge")
    assert refusals(huge_first) == {1: "abstract of 2,000,000 characters; the limit is 50,000"}


@pytest.mark.parametrize("indent", [None, 2], ids=["one line", "many lines"])
@pytest.mark.parametrize("layout", ["array", "objects"])
def test_a_document_is_read_like_lines(indent: int | None, layout: str, tmp_path: Path) -> None:
    values = [
        {"title": 'Brackets ]}[{ and "quotes" \\', "abstract": "A\nB", "authors": ["x"]},
        {"title": "Second", "keywords": ["a", "b"]},
    ]
    text = json.dumps(values, indent=indent)
    if layout == "objects":
        text = "\n\n".join(json.dumps(value, indent=indent) for value in values)
    path = put(tmp_path, "\n" + text)
    assert [record.title for record in records(path)] == [value["title"] for value in values]
    starts = [number for number, line in enumerate(("\n" + text).split("\n"), start=1) if line.strip().startswith("{")]
    assert [item.line for item in read(path)] == (starts if len(starts) == 2 else [2, 2])


def test_a_document_goes_on_after_a_broken_record(tmp_path: Path) -> None:
    path = put(tmp_path, '[{"title": "One"},\n {"title": bad},\n 17,\n {"title": "Two"},\n]')
    assert refusals(path) == {2: "not JSON: Expecting value (column 11)", 3: "17 is no record"}
    assert [item.line for item in read(path)] == [1, 2, 3, 4]


def test_a_document_that_ends_too_early_gives_what_is_whole(tmp_path: Path) -> None:
    path = put(tmp_path, '[{"title": "One"},\n {"title": "Two"},\n {"title": "Thr')
    items, error = read_to_break(path)
    assert "breaks off in the record that starts in line 3" in error
    assert [item.line for item in items] == [1, 2]
    assert len(records(put(tmp_path, '[{"title": "One"},\n {"title": "Two"}]', "whole"))) == 2


def test_a_document_with_a_huge_record_goes_on(tmp_path: Path) -> None:
    path = put(tmp_path, '[{"title": "One"},\n{"title": "' + "x" * (9 * 2**20) + '"},\n{"title": "Two"}]')
    assert list(refusals(path)) == [2]
    assert len(read(path)) == 3


def test_the_answer_for_a_quiet_day_holds_nothing(tmp_path: Path) -> None:
    path = put(tmp_path, " [ ]\n")
    assert open_source(path, now=NOW).kind == "daily-api"
    assert read(path) == []


def test_progress_counts_the_bytes_on_disk(tmp_path: Path) -> None:
    random.seed(2)
    content = "".join(f'{{"title": "{random.getrandbits(2000):x}"}}\n' for _ in range(4000))
    path = put(tmp_path, zstandard.compress(content.encode()))
    source = open_source(path, now=NOW)
    seen = [item.bytes_read for item in source.items()]
    assert seen == sorted(seen)
    assert 0 < seen[0] < source.size == seen[-1]
