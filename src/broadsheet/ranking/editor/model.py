"""The automatic editor: how likely people would be to put a paper on the front page, and why.

A small network over the shipped encoder's vector of a paper and the features of `features.py`, trained on which
papers people did put on a daily list (`training/EDITOR.md`: data, figures, limits). numpy alone runs it.

The editor reads with the shipped encoder, also where search uses another one: its weights belong to that table of
vectors and to no other.
"""

import hashlib
import io
import json
import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from broadsheet.errors import Damaged
from broadsheet.ranking.editor import features
from broadsheet.ranking.editor.authors import KnownNames
from broadsheet.ranking.editor.network import Network
from broadsheet.search.encoder import StaticEncoder, paper_vectors
from broadsheet.types import Paper

Numbers = npt.NDArray[np.float32]

SHIPPED = Path(__file__).with_name("editor.npz")
NOBODY: Mapping[str, float] = MappingProxyType({})
ODDS_AT_MOST = 15.0  # so that no probability is rounded to 0 or 1

# From how much on, in the logarithm of the odds, a part of a score is worth a word to the reader.
WORTH_A_WORD = 0.4
MOST_REASONS = 2


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What the editor thinks of papers, one row each in the order they were given.

    `scores` (n,) are probabilities, calibrated on weeks of machine learning; `vectors` (n, d) are of unit length, or
    zero for a text without a known word; `reasons` are short words for a reader, empty where nothing speaks for it.
    """

    scores: Numbers
    vectors: Numbers
    reasons: list[str]


class Editor:
    """Appraises the papers of a day. Safe to share among threads.

    `name` changes with the model file: kept beside a score, it tells which editor gave it.
    """

    def __init__(self, name: str, encoder: StaticEncoder, network: Network, names: KnownNames) -> None:
        self.name, self._encoder, self._network, self._names = name, encoder, network, names

    @classmethod
    def load(cls, path: Path | None = None, *, encoder: StaticEncoder | None = None, names: bool = True) -> Self:
        """The editor in a file (default: the shipped one), without the authors it knows unless `names`.

        `encoder` is the shipped encoder where the caller has it loaded already. Raises Damaged where the file cannot be
        read or was trained with another encoder or other features.
        """
        path, encoder = path or SHIPPED, encoder or StaticEncoder.load()
        try:
            content = path.read_bytes()
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                arrays = {key: file[key] for key in file.files}
            card: dict[str, Any] = json.loads(str(arrays["card"]))
            single = {
                key: arrays[key].astype(np.float32) for key in ("usual", "spread", "line", "hidden", "bias", "top")
            }
            network = Network(**single, intercept=float(arrays["intercept"]))
            known = KnownNames(arrays["hashes"], arrays["counts"], arrays["shares"], float(arrays["share"]))
            trained_with, trained_on = card["encoder"], tuple(card["features"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise Damaged(f"The editor in {path} cannot be read ({error}); install Broadsheet again.") from error
        if trained_with != encoder.fingerprint:
            raise Damaged(
                f"The editor in {path} was trained with the encoder {trained_with}, and this is {encoder.fingerprint}: "
                "install Broadsheet again, or run training/editor.py."
            )
        if trained_on != features.NAMES or len(network.line) != encoder.dimensions + len(features.NAMES):
            raise Damaged(f"The editor in {path} was trained on other features: run training/editor.py.")
        name = f"editor-1-{hashlib.sha256(content).hexdigest()[:8]}"
        return cls(name, encoder, network, known if names else KnownNames.none())

    def appraise(self, papers: Sequence[Paper], *, record: Mapping[str, float] = NOBODY) -> Appraisal:
        """How likely people would be to list each paper.

        `record` says how often people listed an author's papers before in this catalogue, by `ids.author_key`. What the
        editor itself put on a page must not be counted there, or it would follow its own choices.
        """
        titles, abstracts = [paper.title for paper in papers], [paper.abstract or "" for paper in papers]
        vectors = paper_vectors(self._encoder, titles, abstracts)
        table = features.table(papers, [self._names.standings(paper.authors, record) for paper in papers])
        odds, parts = self._network.odds(self._network.deviations(vectors, table))
        scores: Numbers = (1 / (1 + np.exp(-np.clip(odds, -ODDS_AT_MOST, ODDS_AT_MOST)))).astype(np.float32)
        return Appraisal(scores, vectors, _reasons(papers, table, parts))


def _reasons(papers: Sequence[Paper], table: Numbers, parts: Mapping[str, Numbers]) -> list[str]:
    """The largest parts of each score in words; that code is released is worth a word in any case."""
    released = table[:, features.NAMES.index(f"abstract: {features.CODE}")] == 1
    known = np.nan_to_num(table[:, features.NAMES.index("standing: best")]) > 0
    reasons = []
    for row, paper in enumerate(papers):
        where = f" in {paper.categories[0]}" if paper.categories else ""
        said = [
            (math.inf if released[row] else 0.0, "code released"),
            (float(parts["topic"][row]), f"near what readers chose{where}"),
            (float(parts["standing"][row]) if known[row] else 0.0, "authors of papers that were listed before"),
            (float(parts["presentation"][row]), "presented as papers are that readers chose"),
        ]
        worth = sorted((part for part in said if part[0] >= WORTH_A_WORD), key=lambda part: -part[0])
        reasons.append(", ".join(words for _, words in worth[:MOST_REASONS]))
    return reasons
