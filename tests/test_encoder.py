"""The shipped encoder and its training recipe's promises. Every text here is invented."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import BadSetting, Damaged
from broadsheet.search.encoder import (
    LONGEST_TEXT,
    SHIPPED,
    Encoder,
    StaticEncoder,
    TransformerEncoder,
    hashed,
    paper_vectors,
    words,
)

TEXTS = [
    "Pruning the attention heads of large language models without retraining",
    "Removing redundant heads from pretrained transformers",
    "Bounds on the mass of dark matter from dwarf galaxies",
    "Limits on dark matter annihilation in nearby satellite galaxies",
    "A mosquito borne virus and its spread in dense cities",
    "Modelling dengue epidemics in urban populations",
    "Sorting with few comparisons on a quantum computer",
    "Query lower bounds for quantum sorting algorithms",
]


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder.load()


def test_it_is_an_encoder(encoder: StaticEncoder) -> None:
    as_search_sees_it: Encoder = encoder
    assert as_search_sees_it.name
    assert as_search_sees_it.fingerprint.startswith("static:")
    assert as_search_sees_it.dimensions == encoder.encode(["a quantum walk"]).shape[1]


def test_every_text_finds_its_neighbour(encoder: StaticEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    near = vectors @ vectors.T
    np.fill_diagonal(near, -1)
    assert [int(best) for best in near.argmax(axis=1)] == [1, 0, 3, 2, 5, 4, 7, 6]


def test_meaning_without_a_common_word(encoder: StaticEncoder) -> None:
    query, near, far = encoder.encode(
        [
            "how disease spreads in a city",
            "epidemic models of urban transmission",
            "colouring the edges of sparse graphs",
        ]
    )
    assert query @ near > query @ far + 0.2


def test_common_words_weigh_little(encoder: StaticEncoder) -> None:
    plain, wordy = encoder.encode(["graph colouring", "we present a paper on the problem of graph colouring"])
    assert plain @ wordy > 0.8


@given(st.lists(st.text(max_size=200), max_size=40))
def test_vectors_have_unit_length_or_none(encoder: StaticEncoder, texts: list[str]) -> None:
    vectors = encoder.encode(texts)
    assert vectors.shape == (len(texts), encoder.dimensions)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))


@given(st.lists(st.sampled_from(TEXTS) | st.text(max_size=80), min_size=1, max_size=40))
def test_a_text_has_one_vector_alone_and_in_company(encoder: StaticEncoder, texts: list[str]) -> None:
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert together.tobytes() == alone.tobytes()


@pytest.mark.parametrize("text", ["", "   ", "?!", "\N{ZERO WIDTH SPACE}"])
def test_a_text_without_words_is_the_zero_vector(encoder: StaticEncoder, text: str) -> None:
    assert not encoder.encode([text]).any()


def test_no_texts_give_no_vectors(encoder: StaticEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_a_paper_lies_near_its_title(encoder: StaticEncoder) -> None:
    titles, abstracts = TEXTS[:4], [*TEXTS[4:7], ""]
    plain = encoder.encode([f"{title} {abstract}" for title, abstract in zip(titles, abstracts, strict=True)])
    papers = paper_vectors(encoder, titles, abstracts)
    wanted = encoder.encode(titles)
    assert np.allclose(np.linalg.norm(papers, axis=1), 1, atol=1e-5)
    assert np.all((papers * wanted).sum(axis=1)[:3] > (plain * wanted).sum(axis=1)[:3])
    assert np.allclose(papers[3], wanted[3], atol=1e-5)


def test_a_paper_without_words_is_the_zero_vector(encoder: StaticEncoder) -> None:
    assert not paper_vectors(encoder, ["?"], [""]).any()


def test_case_accents_and_punctuation_do_not_matter(encoder: StaticEncoder) -> None:
    plain, dressed = encoder.encode(["schrodinger equation", "SCHRÖDINGER, Equation!"])
    assert plain.tobytes() == dressed.tobytes()


def test_words_that_share_their_pieces_stay_apart(encoder: StaticEncoder) -> None:
    one, other, again = encoder.encode(["zilbraxumab", "zilbraxomib", "ZILBRAXUMAB"])
    assert one @ other < 0.9
    assert one.tobytes() == again.tobytes()


def test_a_word_of_another_alphabet_is_found_again(encoder: StaticEncoder) -> None:
    one, same, other = encoder.encode(["квантование", "Квантование", "оптимизация"])
    assert one.tobytes() == same.tobytes()
    assert one @ other < 0.9


@given(st.text(min_size=1), st.integers(0, 60_000), st.integers(1, 5_000))
def test_a_hashed_word_has_two_of_the_further_rows(word: str, first: int, buckets: int) -> None:
    rows = hashed(word, first, buckets)
    assert len(rows) == 2
    assert all(first <= row < first + buckets for row in rows)
    assert rows == hashed(word, first, buckets)
    assert hashed(word, first, 0) == []


def test_a_long_text_is_read_to_its_bound(encoder: StaticEncoder) -> None:
    start = "galaxy " * LONGEST_TEXT
    bounded, longer = encoder.encode([start, start + "protein " * 100_000])
    assert bounded.tobytes() == longer.tobytes()


def test_two_loads_agree(encoder: StaticEncoder) -> None:
    again = StaticEncoder.load()
    assert again.fingerprint == encoder.fingerprint
    assert again.encode(TEXTS).tobytes() == encoder.encode(TEXTS).tobytes()


def test_words_are_runs_of_letters_and_digits() -> None:
    assert words("Low-rank GPT_4, naïve $\\alpha$-decay") == ["low", "rank", "gpt", "4", "naive", "alpha", "decay"]


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=100))
def test_ascii_text_is_split_the_same_beside_other_text(text: str) -> None:
    assert words(text) == words(text + " \N{GREEK SMALL LETTER XI}")[:-1]


def test_the_model_files_are_small_and_are_the_recorded_ones() -> None:
    card = json.loads((SHIPPED / "model.json").read_text("utf-8"))
    files = [file for file in SHIPPED.iterdir() if file.is_file()]
    assert sum(file.stat().st_size for file in files) <= 12_000_000
    for name, digest in card["sha256"].items():
        assert hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest() == digest


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "model")
    weights = bytearray((folder / "weights.npz").read_bytes())
    weights[len(weights) // 2] ^= 1
    (folder / "weights.npz").write_bytes(weights)
    with pytest.raises(Damaged, match="install Broadsheet again"):
        StaticEncoder.load(folder)


def test_a_missing_model_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="cannot be read"):
        StaticEncoder.load(tmp_path)


def test_no_large_library_is_loaded() -> None:
    code = (
        "import sys; from broadsheet.search.encoder import StaticEncoder; StaticEncoder.load().encode(['a']);"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_transformer_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(BadSetting, match="transformers"):
        TransformerEncoder.load("any-model")


class Slope:
    """A stand-in for a sentence-transformers model: the direction tells a text's length."""

    def __init__(self, tilt: float) -> None:
        self.tilt = tilt

    def encode(self, texts: list[str], *, normalize_embeddings: bool = False) -> np.ndarray:
        angles = np.array([len(text) / 50 + self.tilt for text in texts])
        assert normalize_embeddings in (True, False)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_a_transformer_takes_the_same_place() -> None:
    encoder: Encoder = TransformerEncoder("slope", Slope(0.0))
    vectors = encoder.encode(["a title", "", "a longer title"])
    assert vectors.shape == (3, 2)
    assert vectors.dtype == np.float32
    assert not vectors[1].any()


def test_other_weights_are_another_transformer() -> None:
    one, same, other = (TransformerEncoder("slope", Slope(tilt)) for tilt in (0.0, 0.0, 0.5))
    assert one.fingerprint == same.fingerprint != other.fingerprint
