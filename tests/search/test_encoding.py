"""A second process makes the same vectors and documents as this one, and where it is missing this one makes them."""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from broadsheet.search import beside
from broadsheet.search import preparing as module
from broadsheet.search.beside import Beside
from broadsheet.search.counting import Counting, Counts, packed
from broadsheet.search.encoder import StaticEncoder, paper_vectors
from broadsheet.search.encoding import Encoding
from broadsheet.search.engine import Document
from broadsheet.search.following import document
from broadsheet.search.preparing import Prepared, Preparing, prepare
from tests.search.fake import shelf
from tests.search.test_hybrid import Thesaurus

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

TITLES, TEXTS = ["Counting Sheep", "Teapots", ""], ["A herd is counted. " * 50, "", "β-sheep\nin $C^{++}$"]


def test_the_other_process_makes_the_same_vectors() -> None:
    encoder = StaticEncoder.load()
    encoding = Encoding(encoder)
    try:
        first, second = encoding.vectors(TITLES, TEXTS), encoding.vectors([], [])
        assert np.array_equal(first.result(), paper_vectors(encoder, TITLES, TEXTS))
        assert second.result().shape == (0, encoder.dimensions)
    finally:
        encoding.close()


def test_another_encoder_is_used_here() -> None:
    encoder = Thesaurus()
    encoding = Encoding(encoder)
    try:
        assert np.array_equal(encoding.vectors(TITLES, TEXTS).result(), paper_vectors(encoder, TITLES, TEXTS))
    finally:
        encoding.close()


def test_a_process_that_breaks_off_is_done_without() -> None:
    encoder = StaticEncoder.load()
    encoding = Encoding(encoder)
    try:
        assert encoding.beside
        _kill(encoding.beside)
        assert np.array_equal(encoding.vectors(TITLES, TEXTS).result(), paper_vectors(encoder, TITLES, TEXTS))
    finally:
        encoding.close()


def test_the_other_process_prepares_the_same_documents_and_may_break_off_too() -> None:
    documents = [document(one) for one in shelf()]
    documents[0] = replace(documents[0], authors=("half a pair: \ud800", "a line\n's end"))
    preparing = Preparing(many=True)
    try:
        assert preparing.beside
        assert preparing.beside.process
        first, none = preparing.prepared(documents), preparing.prepared([])
        here = prepare(documents, Counting())
        assert _sorted(first.result().lines) == _sorted(here.lines)
        assert _same(first.result().counts, here.counts)
        assert none.result().lines == []
        assert _same(none.result().counts, prepare([], Counting()).counts)
        _kill(preparing.beside)
        after = preparing.prepared(documents).result()
        assert (_sorted(after.lines), _same(after.counts, here.counts)) == (_sorted(here.lines), True)
    finally:
        preparing.close()


def test_two_threads_that_prepare_count_with_tables_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    documents, tables = [document(one) for one in shelf()], list[Counting]()

    def seen(documents: Sequence[Document], counting: Counting) -> Prepared:
        tables.append(counting)
        return prepare(documents, counting)

    monkeypatch.setattr(module, "prepare", seen)
    monkeypatch.setattr(Beside, "ask", lambda _self, _message: None)
    preparing = Preparing(many=True)
    try:
        preparing.prepared(documents).result()  # in the thread that waits, for the other process answers nothing
        preparing.here(documents).result()
    finally:
        preparing.close()
    assert len(set(map(id, tables))) == 2


class _Narrow(io.BytesIO):
    """Takes a few bytes at a time, as a pipe may when a signal comes."""

    def write(self, content: "ReadableBuffer", /) -> int:
        return super().write(memoryview(content)[:5])


def test_a_message_is_sent_whole_however_little_is_taken_at_a_time() -> None:
    pipe = _Narrow()
    for message in (b"counting sheep", b"", b"x" * 100):
        beside._send(pipe, message)
    pipe.seek(0)
    assert [beside._receive(pipe) for _ in range(3)] == [b"counting sheep", b"", b"x" * 100]


def test_few_documents_are_prepared_here() -> None:
    preparing = Preparing(many=False)
    assert not preparing.beside
    assert len(preparing.prepared([document(one) for one in shelf()]).result().lines) == len(shelf())
    preparing.close()


def _same(one: Counts, other: Counts) -> bool:
    return packed(one) == packed(other)


def _kill(beside: Beside) -> None:
    assert beside.process
    beside.process.kill()
    beside.process.wait()


def _sorted(lines: Iterable[str]) -> list[dict[str, list[str | int]]]:
    """Documents with the values of a field in order: those of a set come in any."""
    return [{name: sorted(values) for name, values in json.loads(line).items()} for line in lines]
