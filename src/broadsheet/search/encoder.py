"""From text to a vector of its meaning: the shipped static encoder, and a door for transformers.

A static embedding model is a table with one row per word or word piece. A text's vector is

    v(text) = normalise( scale * sum over its distinct tokens t of  s(count of t) * row[t] )

- `row` is an int8 table, `scale` one float per dimension.
- The length of a row is its token's weight: training learns it, starting from smooth inverse
  frequency (SIF: Arora, Liang and Ma 2017), so "the" has nearly no length and "qubit" much.
- A word that is no token of its own counts as its pieces, and as two of a few thousand further rows that its
  hash chooses (Svenstrup, Hansen and Winther 2017): so rare words that share pieces stay apart.
- `s` is a table of small integers for how much a repeated word counts: its growth slows, as in BM25.
- Rows were trained with InfoNCE (van den Oord, Li and Vinyals 2018) on titles and abstracts, and on a larger
  model's likeness of words and titles; `training/README.md` tells how, and what else was tried.

Every product and sum is an integer below 2^24, which float32 holds exactly. So a text has the same
vector, bit for bit, alone or in a batch, on any BLAS.

Splitting a text is done here rather than by `tokenizers`: WordPiece treats every word by itself, so
each word is split once and remembered. That is several times faster than splitting whole texts.
"""

import hashlib
import json
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from broadsheet.errors import BadSetting, Damaged

Vectors = npt.NDArray[np.float32]
Tokens = npt.NDArray[np.uint16]

SHIPPED = Path(__file__).parent / "model"
MODEL_FILES = ("tokenizer.json", "weights.npz")

# Two bounds on work and memory. A text longer than this is read up to here (an abstract has 170 tokens).
LONGEST_TEXT = 4_096
REMEMBERED_WORDS = 200_000

# Texts are pooled a few at a time, so that the rows of their tokens stay in the cache, and in products of
# 16 x 64 x 256: OpenBLAS does those in the calling thread. Its threads wait for each other by spinning,
# and on a machine with other work larger products took fifty times as long.
TEXTS_AT_ONCE = 16
BLOCK = 64

TITLE_SHARE = np.float32(0.3)

_SEPARATORS = re.compile(r"[\W_]+")
_ASCII_WORDS = str.maketrans(
    {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)},
)


class Encoder(Protocol):
    """What search needs of an encoder.

    `fingerprint` changes whenever a vector could: an index remembers it and is rebuilt when it differs.
    """

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, one row per text; a text without a known token gets the zero vector."""
        ...


def paper_vectors(encoder: Encoder, titles: Sequence[str], abstracts: Sequence[str]) -> Vectors:
    """What an index keeps of papers: the vector of title and abstract, moved towards that of the title.

    The share of the title was chosen on the judged queries (`training/README.md`): a title says what a
    paper is about, an abstract also what it is not about.
    """
    whole = [f"{title}\n{abstract}" for title, abstract in zip(titles, abstracts, strict=True)]
    vectors = encoder.encode(whole) + TITLE_SHARE * encoder.encode(titles)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(lengths == 0, 1, lengths)
    return vectors


def words(text: str) -> list[str]:
    """The words of a text in lower case, without accents: runs of letters and digits."""
    if text.isascii():
        return text.translate(_ASCII_WORDS).split()
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SEPARATORS.sub(" ", bare.lower()).split()


def hashed(word: str, first: int, buckets: int) -> list[int]:
    """The two further rows of a word that is no token: of `buckets` rows from `first` on. None if there are none."""
    if not buckets:
        return []
    return [first + zlib.crc32(word.encode()) % buckets, first + zlib.crc32(word[::-1].encode(), 7) % buckets]


class _Splitter(dict[str, bytes]):
    """Word -> its token numbers as packed uint16, splitting each word once. Knows whole words from the start."""

    def __init__(self, tokenizer: Tokenizer, buckets: int) -> None:
        vocabulary = tokenizer.get_vocab()
        super().__init__((token, _packed([number])) for token, number in vocabulary.items() if token.isalnum())
        self._tokenizer = tokenizer
        self._unknown = vocabulary["[UNK]"]
        self._first, self._buckets = len(vocabulary), buckets
        self._room = REMEMBERED_WORDS - len(self)

    def __missing__(self, word: str) -> bytes:
        found = self._tokenizer.encode(word, add_special_tokens=False).ids
        pieces = [number for number in found if number != self._unknown]
        numbers = _packed(pieces + hashed(word, self._first, self._buckets))
        if self._room > 0:
            self._room -= 1
            self[word] = numbers
        return numbers

    def split(self, text: str) -> Tokens:
        """The token numbers of a text, at most `LONGEST_TEXT`."""
        packed = b"".join(map(self.__getitem__, words(text)))
        return np.frombuffer(packed, dtype=np.uint16)[:LONGEST_TEXT]


def _packed(numbers: list[int]) -> bytes:
    return np.array(numbers, dtype=np.uint16).tobytes()


class StaticEncoder:
    """The encoder that ships with Broadsheet: `tokenizers` and numpy, thousands of abstracts a second."""

    def __init__(
        self, name: str, fingerprint: str, tokenizer: Tokenizer, weights: dict[str, npt.NDArray[np.generic]]
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._rows = weights["rows"].astype(np.int8, copy=False)
        self._splitter = _Splitter(tokenizer, len(self._rows) - tokenizer.get_vocab_size())
        self._scale = weights["scale"].astype(np.float32, copy=False)
        self._saturation = weights["saturation"].astype(np.float32)
        self.dimensions = int(self._rows.shape[1])
        if self._scale.shape != (self.dimensions,) or len(self._rows) < tokenizer.get_vocab_size():
            raise Damaged(f"The encoder {name!r} does not fit its vocabulary; install Broadsheet again.")

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        """The model in a folder (default: the shipped one). Raises Damaged when its files are not what they were."""
        folder = folder or SHIPPED
        try:
            card = json.loads((folder / "model.json").read_text("utf-8"))
            contents = {file: (folder / file).read_bytes() for file in MODEL_FILES}
        except (OSError, ValueError) as error:
            raise Damaged(f"The encoder in {folder} cannot be read ({error}); install Broadsheet again.") from error
        for file, content in contents.items():
            if hashlib.sha256(content).hexdigest() != card["sha256"][file]:
                raise Damaged(f"{folder / file} is not the file that was shipped; install Broadsheet again.")
        tokenizer = Tokenizer.from_str(contents["tokenizer.json"].decode("utf-8"))
        with np.load(folder / "weights.npz") as file:
            weights = {key: file[key] for key in ("rows", "scale", "saturation")}
        digest = hashlib.sha256(b"".join(contents.values())).hexdigest()
        return cls(card["name"], f"static:{digest[:16]}", tokenizer, weights)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode`. One thread; two threads may share an encoder."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            split = [self._splitter.split(text) for text in texts[start : start + TEXTS_AT_ONCE]]
            vectors[start : start + len(split)] = self._sums(split)
        vectors *= self._scale
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        lengths[lengths == 0] = 1
        vectors /= lengths[:, None]
        return vectors

    def _sums(self, texts: list[Tokens]) -> Vectors:
        """The weighted sums of the texts' rows: (texts x distinct tokens) times (distinct tokens x dimensions)."""
        if len(texts) == 1:  # a query: tables of all tokens would take several times as long as its few
            often = Counter(texts[0].tolist())
            own = self._saturation.take(list(often.values()), mode="clip")
            sum_of_rows: Vectors = np.einsum("i,ij->j", own, self._rows.take(list(often), axis=0).astype(np.float32))
            return sum_of_rows[None, :]
        tokens = np.concatenate(texts)
        used = np.zeros(len(self._rows), dtype=np.bool_)
        used[tokens] = True
        distinct = np.flatnonzero(used)
        column = np.empty(len(self._rows), dtype=np.intp)
        column[distinct] = np.arange(len(distinct))
        # Padded to whole blocks with tokens that no text has.
        width = -(-len(distinct) // BLOCK) * BLOCK
        cell = np.repeat(np.arange(len(texts)) * width, [len(text) for text in texts]) + column[tokens]
        counts = np.bincount(cell, minlength=len(texts) * width)
        shares = self._saturation.take(counts, mode="clip").reshape(len(texts), -1, BLOCK).transpose(1, 0, 2)
        rows = np.zeros((width, self.dimensions), dtype=np.float32)
        rows[: len(distinct)] = self._rows[distinct]
        sums: Vectors = np.matmul(shares, rows.reshape(-1, BLOCK, self.dimensions)).sum(axis=0)
        return sums


class TransformerEncoder:
    """Any sentence-transformers model in the place of the shipped one (extra `transformers`)."""

    def __init__(self, name: str, model: Any) -> None:
        self.name = name
        self._model = model
        self.dimensions = int(model.encode(["a"]).shape[1])
        probe = np.round(self.encode(["A probe of the weights: attention, qubits, proteins."]), 3)
        digest = hashlib.sha256((probe + 0.0).tobytes()).hexdigest()
        self.fingerprint = f"transformer:{name}:{digest[:16]}"

    @classmethod
    def load(cls, name: str) -> Self:
        """The model of this name or folder. Raises BadSetting when it, or the extra, is not there."""
        try:
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - PyTorch only where it is asked for
            from transformers.utils import logging as messages  # noqa: PLC0415
        except ImportError as error:
            raise BadSetting(
                f"The encoder {name!r} needs the extra `transformers`: pip install 'broadsheet[transformers]'."
            ) from error
        messages.disable_progress_bar()  # of the weights: it would stand among a command's own lines
        try:
            return cls(name, SentenceTransformer(name))
        except (OSError, ValueError) as error:
            raise BadSetting(f"The encoder {name!r} cannot be loaded: {error}") from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode`."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        filled = [number for number, text in enumerate(texts) if text.strip()]
        if filled:
            found = self._model.encode([texts[number] for number in filled], normalize_embeddings=True)
            vectors[filled] = np.asarray(found, dtype=np.float32)
        return vectors
