"""The postings' files: a commit is whole, whatever stops the writer, and what is damaged is told."""

import json
import math
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from broadsheet.errors import Damaged
from broadsheet.search import generations
from broadsheet.search.postings import Asked, PostingsWriter, opened, writing
from tests.search.sheets import Sheet, assert_answers, files, generation, put, sheets, written
from tests.search.test_vectors import Faults, Killed

TOO_HIGH = 1 << 28  # for a paper's number
FIRST = sheets(range(1, 31))
CHANGED = sheets([3, 31, 32], 1)
AFTER = {number: one for number, one in (FIRST | CHANGED).items() if number != 1}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A generation with one commit of thirty papers."""
    path = generation(tmp_path / "index")
    written(path, FIRST)
    return path


@pytest.fixture(scope="module")
def faults() -> Faults:
    return Faults()


def change(writer: PostingsWriter) -> None:
    put(writer, list(CHANGED.items()))
    writer.remove([1])


def in_manifest(path: Path) -> list[str]:
    return sorted(generations.postings_files(path))


# --- commits are whole --------------------------------------------------------------------------------------


@pytest.mark.parametrize("spilt", [False, True])
@pytest.mark.parametrize("abandoned", [False, True])
def test_what_is_not_committed_is_not_there(
    path: Path, monkeypatch: pytest.MonkeyPatch, *, spilt: bool, abandoned: bool
) -> None:
    monkeypatch.setattr(writing, "MOST_WAITING", 1 if spilt else 10**6)
    writer = PostingsWriter(path)
    change(writer)
    assert len(files(path)) == 1 + spilt
    assert_answers(opened(path), FIRST)
    if abandoned:
        writer.abandon()
        assert files(path) == in_manifest(path)
    else:
        writer = PostingsWriter(path)
    writer.commit(2)
    assert files(path) == in_manifest(path), "what was left lying about is swept away"
    assert_answers(opened(path), FIRST)
    assert opened(path).sequence == 2
    change(writer)
    writer.commit(3)
    assert_answers(opened(path), AFTER)


@pytest.mark.parametrize("work", ["commit", "finish"])
def test_killed_at_any_step_the_last_commit_stands(
    tmp_path: Path, faults: Faults, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    steps = 0
    for step in range(100):
        path = generation(tmp_path / str(step))
        monkeypatch.setattr(writing, "SMALL", 0 if work == "finish" else 100)  # else a commit merges by itself
        written(path, FIRST)
        writer = PostingsWriter(path)
        change(writer)
        if work == "finish":
            writer.commit(2)
        with faults.at(step, path, Killed()), suppress(Killed):
            writer.finish() if work == "finish" else writer.commit(2)
            steps = step
        now = opened(path)
        assert now.sequence == 2 or work == "commit"
        assert_answers(now, AFTER if now.sequence == 2 else FIRST)
        again = PostingsWriter(path)
        change(again)  # applied again, nothing changes
        again.commit(2)
        again.finish()
        assert_answers(opened(path), AFTER)
        assert files(path) == in_manifest(path), "what was left lying about is swept away"
        if steps:
            break
    assert steps > 5


def test_numbers_beyond_the_bound_are_refused(path: Path) -> None:
    writer = PostingsWriter(path)
    with pytest.raises(ValueError, match="number"):
        put(writer, [(TOO_HIGH, Sheet(("ram",)))])
    writer.commit(2)
    assert_answers(opened(path), FIRST)


# --- readers --------------------------------------------------------------------------------------------------


def test_what_is_open_answers_on_after_its_files_were_merged_away(path: Path) -> None:
    old = opened(path)
    writer = PostingsWriter(path)
    change(writer)
    writer.commit(2)
    writer.finish()
    assert not {one.name for one in old.segments} & set(files(path))
    assert_answers(old, FIRST)
    assert_answers(opened(path, old), AFTER)


def test_a_segment_is_opened_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SMALL", 0)
    old = opened(path)
    writer = PostingsWriter(path)
    change(writer)
    writer.commit(2)
    new = opened(path, old)
    assert new.segments[0] is old.segments[0]
    assert_answers(new, AFTER)


def test_until_tantivy_has_a_commit_too_the_one_before_is_answered_from(path: Path) -> None:
    writer = PostingsWriter(path)
    at = writer.sequence
    change(writer)
    writer.commit(at + 5)
    for tantivy in (at, at + 4):
        assert (opened(path, at=tantivy).sequence, PostingsWriter(path, tantivy).sequence) == (at, at)
        assert_answers(opened(path, at=tantivy), FIRST)
    assert_answers(opened(path, at=at + 5), AFTER)
    again = PostingsWriter(path, at)
    put(again, [(40, CHANGED[31])])
    again.commit(at + 1)
    assert_answers(opened(path), FIRST | {40: CHANGED[31]})
    again.finish()
    assert files(path) == sorted(one.name for one in opened(path).segments)
    assert opened(path, at=at).sequence == at + 1, "there is nothing older any more"


def test_a_reader_that_comes_while_segments_are_merged_reads_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = generations.postings(path)
    writer = PostingsWriter(path)
    change(writer)
    writer.commit(2)
    writer.finish()
    now = generations.postings(path)
    told = iter([before])
    monkeypatch.setattr(generations, "postings", lambda _path, _at: next(told, now))
    assert now[1] != before[1]
    assert_answers(opened(path), AFTER)


def test_readers_see_whole_commits_only(path: Path) -> None:
    """At each commit all papers have another word."""
    done, wrong = threading.Event(), list[object]()

    def read() -> None:
        snapshot = None
        while not done.is_set():
            try:
                snapshot = opened(path, snapshot)
                found = Asked(snapshot).all_words([((f"turn{snapshot.sequence}",), ())])
                if sorted(found.tolist()) != list(range(1, 31)) and snapshot.sequence > 1:
                    wrong.append((snapshot.sequence, found))
            except BaseException as error:  # noqa: BLE001  a thread's error would be lost
                wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    writer = PostingsWriter(path)
    for turn in range(2, 40):
        put(writer, [(number, Sheet((f"turn{turn}",))) for number in range(1, 31)])
        writer.commit(turn)
        if turn % 7 == 0:
            writer.finish()
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert opened(path).sequence == 39


# --- files that are not what they should be ---------------------------------------------------------------------


def test_what_is_missing_is_told(path: Path) -> None:
    (path / "postings" / files(path)[0]).unlink()
    with pytest.raises(Damaged, match=r"^The search index lacks a part\.$"):
        opened(path)
    (path / "postings" / "manifest.json").unlink()
    for ask in (opened, PostingsWriter):
        with pytest.raises(Damaged, match=r"^The search index is damaged: .*\.$"):
            ask(path)


@pytest.mark.parametrize("kind", ["manifest.json", "p-*"])
@pytest.mark.parametrize("harm", ["empty", "halve", "cut", "lengthen", "garble"])
def test_what_is_damaged_is_told(path: Path, kind: str, harm: str) -> None:
    [file] = (path / "postings").glob(kind)
    content = file.read_bytes()
    file.unlink()  # an old view of it stays as it is
    file.write_bytes(
        {
            "empty": b"",
            "halve": content[: len(content) // 2],
            "cut": content[:-1],
            "lengthen": content + b"x",
            "garble": b"\xff" * len(content),
        }[harm]
    )
    with pytest.raises(Damaged, match=r"^(A|The) .*search index .*\.$"):
        opened(path)


@pytest.mark.parametrize(
    "said", ["[]", "7", "{}", '{"sequence": 1}', '{"sequence": [], "segments": []}', '{"sequence": 1, "segments": 5}']
)
def test_a_manifest_that_says_something_else_is_told(path: Path, said: str) -> None:
    (path / "postings" / "manifest.json").write_text(said)
    with pytest.raises(Damaged, match=r"^The search index is damaged: .*\.$"):
        opened(path)


def test_a_header_may_be_changed_anywhere(path: Path) -> None:
    """It may then say the same, and it is seen when all is read; but nothing else comes of it than Damaged."""
    [file] = (path / "postings").glob("p-*")
    content = file.read_bytes()
    length = int.from_bytes(content[:8], "little")
    told = 0
    for place in range(8 + length):
        for bit in (0x01, 0x10, 0x20):
            changed = bytearray(content)
            changed[place] ^= bit
            file.unlink()
            file.write_bytes(changed)
            try:
                opened(path)
            except Damaged:
                told += 1
    assert told > 2 * length


def parts_of(content: bytes) -> dict[str, tuple[int, int]]:
    """Where each array of a segment begins and ends; see `search.arrays`."""
    length = int.from_bytes(content[:8], "little")
    found, at = {}, 8 + length
    for name, (kind, shape) in json.loads(content[8 : 8 + length])["parts"].items():
        at = -(-at // 64) * 64
        found[name] = at, at + int(kind[-1]) * math.prod(shape)
        at = found[name][1]
    return found


@pytest.mark.parametrize(
    ("part", "last", "said"),
    [
        ("text_starts", (10**6).to_bytes(8, "little"), "its stems do not cover its rows"),
        ("title_starts", (10**6).to_bytes(8, "little"), "its stems do not cover its rows"),
        ("ends", (10**6).to_bytes(8, "little"), "its labels do not fit"),
        ("numbers", TOO_HIGH.to_bytes(4, "little"), "out of bounds"),
    ],
)
def test_parts_that_do_not_fit_together_are_told(path: Path, part: str, last: bytes, said: str) -> None:
    [file] = (path / "postings").glob("p-*")
    content = file.read_bytes()
    end = parts_of(content)[part][1]
    file.unlink()
    file.write_bytes(content[: end - len(last)] + last + content[end:])
    with pytest.raises(Damaged, match=said):
        opened(path)


def test_every_changed_byte_is_noticed_when_all_is_read(path: Path) -> None:
    (path / "meta.json").write_text("{}")  # tantivy's part, with no segments
    generations.seal(path)
    generations.check(path, thorough=True)
    [file] = (path / "postings").glob("p-*")
    content = file.read_bytes()
    for place in range(0, len(content), 5):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        file.write_bytes(changed)
        with pytest.raises(Damaged, match=file.name):
            generations.check(path, thorough=True)
    file.write_bytes(content[:-1])
    with pytest.raises(Damaged, match=file.name):
        generations.check(path)
    file.write_bytes(content)
    generations.check(path, thorough=True)


def test_a_later_commit_is_sealed_too(path: Path) -> None:
    (path / "meta.json").write_text("{}")
    generations.seal(path)
    writer = PostingsWriter(path)
    change(writer)
    writer.commit(2)
    generations.check(path, thorough=True)
    generations.seal(path)
    assert len(files(path)) == 2
    for file in (path / "postings").glob("p-*"):
        content = file.read_bytes()
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(Damaged, match=file.name):
            generations.check(path, thorough=True)
        file.write_bytes(content)
