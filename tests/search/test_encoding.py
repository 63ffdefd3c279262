"""The second process makes the same vectors as this one, and where it is missing this one makes them."""

import numpy as np

from broadsheet.search.encoder import StaticEncoder, paper_vectors
from broadsheet.search.encoding import Encoding
from tests.search.test_hybrid import Thesaurus

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
        assert encoding.process
        encoding.process.kill()
        encoding.process.wait()
        assert np.array_equal(encoding.vectors(TITLES, TEXTS).result(), paper_vectors(encoder, TITLES, TEXTS))
    finally:
        encoding.close()
