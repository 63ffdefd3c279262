"""The index follows the catalogue, and comes back from whatever happens to its files."""

import gc
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from broadsheet.errors import Busy
from broadsheet.search import Search, following
from broadsheet.types import Paper
from tests.conftest import ROOT
from tests.search.fake import FakeCatalogue, paper, shelf

OK = "9 papers, all files as they were written."


@pytest.fixture
def catalogue() -> FakeCatalogue:
    return FakeCatalogue(shelf())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def search(folder: Path, catalogue: FakeCatalogue) -> Search:
    search = Search.open(folder, catalogue)
    search.sync()
    return search


def many(count: int) -> list[Paper]:
    return [paper(f"2611.{n:05d}", f"Sheep {n} asleep") for n in range(1, count + 1)]


def state(search: Search) -> tuple[int, int, list[str]]:
    return search.indexed(), search.sequence(), [finding.level for finding in search.verify()]


def test_an_index_that_was_never_built_says_so(folder: Path, catalogue: FakeCatalogue) -> None:
    search = Search.open(folder, catalogue)
    assert state(search) == (0, 0, ["warning"])
    assert search.query("sheep").notes == ["The search index is being built; this may take a minute."]
    assert search.bytes() == 0


def test_follows_what_is_new_changed_and_gone(search: Search, catalogue: FakeCatalogue) -> None:
    assert state(search) == (9, 9, ["ok"])
    catalogue.put(paper("2611.00010", "Goats Graze"))
    catalogue.held[1].title = "Counting Goats"
    catalogue.put(catalogue.held[1])
    catalogue.remove(3)
    assert search.query("goats").total == 0
    assert [finding.message for finding in search.verify()] == ["It is 3 changes behind."]
    search.sync()
    assert set(search.query("goats").numbers) == {1, 10}
    assert search.query("survey").total == 0
    assert state(search) == (9, 12, ["ok"])
    search.sync()
    assert state(search) == (9, 12, ["ok"])


def test_garbage_is_looked_for_as_before_when_it_is_done(folder: Path, catalogue: FakeCatalogue) -> None:
    before, during = gc.get_threshold(), set[int]()
    Search.open(folder, catalogue).sync(lambda _done, _total: during.add(gc.get_threshold()[0]))
    assert during == {following.OBJECTS}
    assert gc.get_threshold() == before


def test_a_change_may_come_twice(search: Search, catalogue: FakeCatalogue) -> None:
    catalogue.put(*list(catalogue.held.values()))
    catalogue.put(*list(catalogue.held.values()))
    search.sync()
    assert state(search) == (9, 27, ["ok"])


def test_a_paper_that_goes_while_we_read_is_gone(search: Search, catalogue: FakeCatalogue) -> None:
    catalogue.put(catalogue.held[1])
    del catalogue.held[1]
    search.sync()
    assert state(search) == (8, 10, ["ok"])


def test_another_opening_sees_every_commit(search: Search, folder: Path, catalogue: FakeCatalogue) -> None:
    reader = Search.open(folder, catalogue)
    assert reader.query("goats").total == 0
    catalogue.put(paper("2611.00010", "Goats Graze"))
    search.sync()
    assert reader.query("goats").numbers == [10]
    catalogue.held[10].title = "Geese Graze"
    search.rebuild()
    assert reader.query("geese").numbers == [10]
    assert reader.query("goats").total == 0


def test_reading_goes_on_during_a_rebuild(search: Search, catalogue: FakeCatalogue) -> None:
    catalogue.held[1].title = "Counting Goats"
    seen = []
    search.rebuild(lambda done, total: seen.append((done, total, search.query("goats").total, search.indexed())))
    assert seen == [(9, 9, 0, 9)]
    assert search.query("goats").total == 1
    assert state(search) == (9, 9, ["ok"])


def test_only_one_writes(search: Search, folder: Path, catalogue: FakeCatalogue) -> None:
    other = Search.open(folder, catalogue)
    catalogue.put(paper("2611.00010", "Goats Graze"))
    refused = []

    def meanwhile(_done: int, _total: int) -> None:
        for one in (search, other):
            with pytest.raises(Busy):
                one.sync()
            with pytest.raises(Busy):
                one.rebuild()
            refused.append(one)

    search.sync(meanwhile)
    assert len(refused) == 2
    other.sync()
    assert state(other) == (10, 10, ["ok"])


def test_an_interrupted_sync_goes_on_later(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "BATCH", 10)
    monkeypatch.setattr(following, "COMMIT_EVERY", -1.0)
    search = Search.open(folder, FakeCatalogue(many(100)))

    def stop(done: int, total: int) -> None:
        assert total == 100
        if done == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search.sync(stop)
    assert state(search)[:2] == (40, 40)
    assert search.query("sheep").total == 40
    rest = []
    search.sync(lambda done, total: rest.append((done, total)))
    assert rest[-1] == (60, 60)
    assert state(search) == (100, 100, ["ok"])


def test_an_interrupted_rebuild_goes_on_later(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "BATCH", 10)
    monkeypatch.setattr(following, "COMMIT_EVERY", -1.0)
    catalogue = FakeCatalogue(many(100))
    search = Search.open(folder, catalogue)
    search.sync()
    for number in catalogue.held:
        catalogue.held[number].title = f"Goat {number}"

    def stop(done: int, _total: int) -> None:
        if done == 40:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        search.rebuild(stop)
    assert search.query("sheep").total == 100
    first = []
    search.rebuild(lambda done, _total: first.append(done))
    assert first[-1] == 60
    assert search.query("goat").total == 100
    assert search.query("sheep").total == 0


def test_an_index_ahead_of_the_catalogue_is_of_another_one(search: Search, folder: Path) -> None:
    restored = Search.open(folder, FakeCatalogue([paper("2611.00001", "Goats Graze")]))
    assert restored.sequence() == 0
    restored.sync()
    assert state(restored) == (1, 1, ["ok"])
    assert restored.query("sheep").total == 0


def test_an_index_of_another_schema_is_built_anew(search: Search, folder: Path, catalogue: FakeCatalogue) -> None:
    manifest = next(folder.glob("*/MANIFEST.json"))
    manifest.write_text(manifest.read_text("utf-8").replace('"schema": ', '"schema": 9'), "utf-8")
    later = Search.open(folder, catalogue)
    assert state(later)[:2] == (0, 0)
    later.sync()
    assert state(later) == (9, 9, ["ok"])
    assert len(list(folder.glob("g*"))) == 1


@pytest.mark.parametrize("what", ["folder", "CURRENT", "generation"])
def test_it_may_be_deleted_at_any_moment(search: Search, folder: Path, catalogue: FakeCatalogue, what: str) -> None:
    targets = {"folder": folder, "CURRENT": folder / "CURRENT", "generation": next(folder.glob("g*"))}
    assert search.query("sheep").total == 2
    subprocess.run(["rm", "-r", targets[what]], check=True)
    assert search.query("sheep").total == 2, "what is open answers on"
    assert search.sequence() == 0
    search.sync()
    assert state(search) == (9, 9, ["ok"])
    assert state(Search.open(folder, catalogue)) == (9, 9, ["ok"])


def test_damage_is_noticed_and_mended(folder: Path, catalogue: FakeCatalogue) -> None:
    """Files removed, cut, emptied and flipped: never an error, and a good index after the next sync.

    A flipped bit is found by `verify`, and may change answers until then: reading all files at each start costs too
    much.
    """
    dice = random.Random(20261120)
    right = None
    for round_ in range(15):
        search = Search.open(folder, catalogue)
        search.sync()
        right = right or search.query("sparse teapots").numbers
        assert search.query("sparse teapots").numbers == right, round_
        search.close()
        victim = dice.choice(sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "lock"))
        content = bytearray(victim.read_bytes())
        kind = dice.choice(["remove", "cut", "empty", "flip"])
        victim.unlink()  # a file cut under a process that has it mapped is a bus error, whoever maps it
        if kind != "remove":
            if kind == "flip" and content:
                content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
            victim.write_bytes({"cut": bytes(content[: len(content) // 2]), "empty": b""}.get(kind, bytes(content)))
        reader = Search.open(folder, catalogue)
        found = reader.query("sparse teapots")
        assert found.numbers in (right, []) or kind == "flip", (round_, kind, victim.name)
        findings = reader.verify()
        if findings[0].level == "error":
            reader.rebuild()
        reader.sync()
        assert reader.query("sparse teapots").numbers == right, (round_, kind, victim.name)
        assert state(reader) == (9, 9, ["ok"]), (round_, kind, victim.name)
        reader.close()


def test_verify_reads_every_byte(search: Search, folder: Path) -> None:
    segment = max(folder.glob("*/*.idx"), key=lambda path: path.stat().st_size)
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    (finding,) = search.verify()
    assert finding.level == "error"
    assert segment.name in finding.message
    assert finding.mend == "broadsheet index rebuild"


def test_many_threads_read_while_one_writes(search: Search, catalogue: FakeCatalogue) -> None:
    done = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        while not done.is_set():
            try:
                matches = search.query("herd OR sheep OR goats")
                if matches.total < 2 or "This query could not be answered." in matches.notes:
                    wrong.append(matches)
            except BaseException as error:  # noqa: BLE001  a thread's error would be lost
                wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(10, 22):
        catalogue.put(paper(f"2611.{n:05d}", f"Goats {n}"))
        search.sync() if n % 7 else search.rebuild()
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert search.query("goats").total == 12


KILLED = """
import sys, time
from pathlib import Path
from broadsheet.search import Search, following
from tests.search.test_following import many
from tests.search.fake import FakeCatalogue
following.BATCH, following.COMMIT_EVERY = 20, -1.0
search = Search.open(Path(sys.argv[1]), FakeCatalogue(many(400)))
getattr(search, sys.argv[2])(lambda done, total: print(done, flush=True))
print("done", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="a process is killed by its signal")
@pytest.mark.parametrize("verb", ["sync", "rebuild"])
def test_a_killed_writer_leaves_an_index_that_goes_on(folder: Path, verb: str) -> None:
    for lines in (1, 6):
        command = [sys.executable, "-c", KILLED, str(folder), verb]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for _ in range(lines):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        reader = Search.open(folder, FakeCatalogue(many(400)))
        assert reader.query("sheep").total == reader.indexed()
        assert [finding.level for finding in reader.verify()] != ["error"]
    getattr(reader, verb)()
    assert state(reader) == (400, 400, ["ok"])


LIMITED = """
import resource, sys
from pathlib import Path
from broadsheet.errors import BroadsheetError
from broadsheet.search import Search
from tests.search.test_following import wordy
search = Search.open(Path(sys.argv[1]), wordy(2000))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    search.sync()
except BroadsheetError as error:
    print("refused", search.query("sheep1x").total, search.indexed())
"""


def wordy(count: int) -> FakeCatalogue:
    return FakeCatalogue(
        paper(f"2611.{n:05d}", f"sheep{n}x", " ".join(f"w{n * k}x" for k in range(60))) for n in range(1, count)
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no process's files")
def test_a_writer_that_cannot_write_spares_what_is_there(folder: Path) -> None:
    before = Search.open(folder, wordy(50))
    before.sync()
    files = sorted(path.name for path in folder.rglob("*.*"))
    command = [sys.executable, "-c", LIMITED, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "refused 1 49\n"
    assert sorted(path.name for path in folder.rglob("*.*")) == files, "nothing half written lies about"
    later = Search.open(folder, wordy(2000))
    later.sync()
    assert state(later) == (1999, 1999, ["ok"])
