"""The automatic editor: what it reads, what it makes of the unknown, and that its file fits this release."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Damaged
from broadsheet.ranking.editor import Editor, arrange
from broadsheet.ranking.editor.model import SHIPPED
from broadsheet.search.encoder import StaticEncoder
from broadsheet.types import Author, Paper

PLAIN = Paper(
    id="2611.00001",
    title="Counting Sheep with Language Models",
    abstract="We count sheep. A language model reads a herd from left to right and adds one for each member it sees. "
    "On three invented meadows it errs by less than a lamb, and the cost grows with the logarithm of the herd.",
    authors=(Author("Ada Lovelace"), Author("Grace Hopper"), Author("Emmy Noether")),
    categories=("cs.CL", "cs.LG"),
)


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder.load()


@pytest.fixture(scope="module")
def editor(encoder: StaticEncoder) -> Editor:
    return Editor.load(encoder=encoder)


def particle_papers() -> list[Paper]:
    """A day of an instance in another field: invented particles, forty of them."""
    particles = ("axions", "leptoquarks", "dark photons", "sterile neutrinos", "heavy Higgs bosons")
    places = ("at a muon collider", "in kaon decays", "from supernovae", "with a beam dump")
    kinds = (
        ("Constraints on {} {}", "We derive limits on the coupling from data and find them stronger than before."),
        ("A lattice study of {} {}", "Matrix elements are computed on three lattices and continued to zero spacing."),
    )
    return [
        replace(
            PLAIN,
            id=f"2611.{number:05}",
            title=title.format(particle, place),
            abstract=f"{abstract} This is done for {particle} {place}.",
            categories=("hep-ph",),
        )
        for number, (particle, place, (title, abstract)) in enumerate(
            (particle, place, kind) for particle in particles for place in places for kind in kinds
        )
    ]


def score(editor: Editor, paper: Paper, **record: float) -> float:
    return float(editor.appraise([paper], record={name.replace("_", " "): n for name, n in record.items()}).scores[0])


def test_the_shipped_file_is_of_the_shipped_encoder_and_small(editor: Editor) -> None:
    """Fails when the encoder was trained again and the editor was not: run training/editor.py."""
    assert Editor.load().name == editor.name
    assert editor.name.startswith("editor-1-")
    assert SHIPPED.stat().st_size < 200_000


def test_a_row_for_each_paper_and_the_same_alone_or_in_a_day(editor: Editor, encoder: StaticEncoder) -> None:
    papers = [PLAIN, replace(PLAIN, title="Shearing as a Service"), *particle_papers()]
    found = editor.appraise(papers)
    assert found.scores.shape == (len(papers),)
    assert found.vectors.shape == (len(papers), encoder.dimensions)
    assert len(found.reasons) == len(papers)
    assert np.all((found.scores > 0) & (found.scores < 1))
    for row, paper in enumerate(papers):
        np.testing.assert_allclose(editor.appraise([paper]).scores[0], found.scores[row], rtol=1e-5)
    again = editor.appraise(papers)
    assert np.array_equal(again.scores, found.scores)


def test_no_papers_no_rows(editor: Editor, encoder: StaticEncoder) -> None:
    found = editor.appraise([])
    assert found.scores.shape == (0,)
    assert found.vectors.shape == (0, encoder.dimensions)
    assert arrange(found.scores, found.vectors) == []


def test_code_that_is_released_speaks_for_a_paper_wherever_it_is_said(editor: Editor) -> None:
    address = "https://github.com/invented/sheep"
    ways = [
        replace(PLAIN, abstract=f"{PLAIN.abstract} Code: {address}."),
        replace(PLAIN, comment=f"12 pages. {address}"),
        replace(PLAIN, links=(address,)),
    ]
    for paper in ways:
        assert score(editor, paper) > score(editor, PLAIN)
        assert "code released" in editor.appraise([paper]).reasons[0]
    assert "code released" not in editor.appraise([PLAIN]).reasons[0]
    elsewhere = replace(PLAIN, links=("https://arxiv.org/abs/2611.00001", "https://example.org/sheep"))
    assert score(editor, elsewhere) == score(editor, PLAIN)


def test_authors_whom_readers_chose_before_speak_for_a_paper(editor: Editor) -> None:
    assert score(editor, PLAIN, emmy_noether=6) > score(editor, PLAIN, emmy_noether=1) > score(editor, PLAIN)
    assert score(editor, PLAIN, somebody_else=9) == score(editor, PLAIN)
    assert "listed before" in editor.appraise([PLAIN], record={"emmy noether": 20.0}).reasons[0]
    assert "listed before" not in editor.appraise([PLAIN]).reasons[0]
    spelt = replace(PLAIN, authors=(Author("LOVELACE, Ada"), Author("Hopper, Grace M."), Author("Noether, Emmy")))
    assert score(editor, spelt, emmy_noether=6) == score(editor, PLAIN, emmy_noether=6)


def test_unknown_fields_are_neither_best_nor_worst(editor: Editor) -> None:
    """A source that keeps no authors or categories must not move its papers to an end of the page."""
    few, many = replace(PLAIN, authors=PLAIN.authors[:1]), replace(PLAIN, authors=PLAIN.authors * 10, author_count=30)
    assert score(editor, few) < score(editor, replace(PLAIN, authors=())) < score(editor, many, emmy_noether=20)
    liked = score(editor, replace(PLAIN, categories=("cs.CL",)))
    shunned = score(editor, replace(PLAIN, categories=("math.OC",)))
    assert shunned < score(editor, replace(PLAIN, categories=())) < liked


def test_another_field_gets_an_order_and_not_chance(editor: Editor) -> None:
    """No two papers tie, scores differ by more than rounding, and cues count as they do at home."""
    papers = particle_papers()
    found = editor.appraise(papers)
    odds = np.log(found.scores / (1 - found.scores))
    assert len(set(found.scores.tolist())) == len(papers)
    assert odds.std() > 0.2
    first = int(np.argmin(found.scores))
    papers[first] = replace(papers[first], comment="Code: https://github.com/invented/limits")
    changed = editor.appraise(papers, record={"emmy noether": 5.0})
    assert changed.scores[first] > found.scores[first]
    assert len({papers[row].title.split(" ")[0] for row in arrange(found.scores, found.vectors)[:10]}) == 2


texts = st.text(max_size=80)


@given(
    st.builds(
        Paper,
        id=texts,
        title=texts,
        abstract=st.none() | texts,
        authors=st.lists(st.builds(Author, texts), max_size=4).map(tuple),
        author_count=st.none() | st.integers(0, 5_000),
        categories=st.lists(texts, max_size=4).map(tuple),
        comment=st.none() | texts,
        links=st.lists(texts, max_size=2).map(tuple),
    )
)
def test_whatever_a_paper_says_its_score_is_a_number(editor: Editor, paper: Paper) -> None:
    found = editor.appraise([paper], record={"": 3.0})
    assert 0 < found.scores[0] < 1
    assert np.all(np.isfinite(found.vectors))


def test_a_collaboration_of_thousands_is_read(editor: Editor) -> None:
    crowd = replace(PLAIN, authors=tuple(Author(f"Member {number}") for number in range(3_000)))
    assert 0 < score(editor, crowd) < 1


def test_without_names_the_editor_knows_nobody(editor: Editor, encoder: StaticEncoder) -> None:
    nameless = Editor.load(encoder=encoder, names=False)
    assert nameless.name == editor.name
    alone = nameless.appraise([PLAIN]).scores[0]
    assert nameless.appraise([PLAIN], record={"emmy noether": 5.0}).scores[0] > alone


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a file of numpy's", b"\x93NUMPY"])
def test_a_file_that_is_something_else_is_damaged(encoder: StaticEncoder, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "editor.npz"
    path.write_bytes(content)
    with pytest.raises(Damaged, match="install Broadsheet again"):
        Editor.load(path, encoder=encoder)


def test_a_file_that_is_not_there_or_cut_short_is_damaged(encoder: StaticEncoder, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="cannot be read"):
        Editor.load(tmp_path / "none.npz", encoder=encoder)
    (tmp_path / "short.npz").write_bytes(SHIPPED.read_bytes()[:20_000])
    with pytest.raises(Damaged, match="cannot be read"):
        Editor.load(tmp_path / "short.npz", encoder=encoder)


def altered(path: Path, old: str, new: str) -> Path:
    """The shipped file with something else on its card."""
    with np.load(SHIPPED) as file:
        arrays = {key: file[key] for key in file.files}
    card = str(arrays["card"])
    assert old in card
    np.savez(path, **{**arrays, "card": np.array(card.replace(old, new))})
    return path


def test_a_model_of_another_encoder_is_refused_and_says_what_to_do(encoder: StaticEncoder, tmp_path: Path) -> None:
    path = altered(tmp_path / "editor.npz", encoder.fingerprint, "static:another")
    with pytest.raises(Damaged, match=r"encoder static:another.*training/editor\.py"):
        Editor.load(path, encoder=encoder)


def test_a_model_of_other_features_is_refused(encoder: StaticEncoder, tmp_path: Path) -> None:
    path = altered(tmp_path / "editor.npz", "team: one author", "team: no author")
    with pytest.raises(Damaged, match="other features"):
        Editor.load(path, encoder=encoder)
