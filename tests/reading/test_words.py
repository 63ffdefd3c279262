"""Sentences, short forms, names, keywords and gists, of invented texts."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.reading.acronyms import acronyms, method
from broadsheet.reading.gist import Embed, gist
from broadsheet.reading.keywords import keywords, many
from broadsheet.reading.sentences import language, sentences
from broadsheet.search.encoder import StaticEncoder

ABSTRACT = (
    "Counting sheep is an old problem in animal husbandry. Existing methods wake the sheep. In this paper, we propose"
    " Woolly Attention Network (WAN), a neural network that counts sleeping sheep with sparse attention over the"
    " pasture. WAN looks at few sheep and never wakes one. Experiments on PASTURE-10 show that WAN reduces the counting"
    " error by 40% compared to a shepherd. The code is available at https://example.org/wan."
)


@pytest.fixture(scope="module")
def embed() -> Embed:
    return StaticEncoder.load().encode


def rarity(words: Sequence[str]) -> list[float]:
    return [math.log(1 + 100 / (1 + len(word) % 7)) for word in words]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("We use e.g. dogs, i.e. two of them. They bark.", ["We use e.g. dogs, i.e. two of them.", "They bark."]),
        ("It is 3.5 times larger. See Fig. 2 for wool.", ["It is 3.5 times larger.", "See Fig. 2 for wool."]),
        ("Lovelace et al. count. So do we.", ["Lovelace et al. count.", "So do we."]),
        ("Code: https://example.org/a.b. It runs.", ["Code: https://example.org/a.b.", "It runs."]),
        ("Wool of Wolf et al. Dogs bark.", ["Wool of Wolf et al.", "Dogs bark."]),
        ("They were counted. again and again", ["They were counted. again and again"]),
        (" " * 300 + "One. Two.", ["One.", "Two."]),
        ("No end here", ["No end here"]),
        ("", []),
        ("數羊。數牛。", ["數羊。", "數牛。"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    found = sentences(text)
    assert [one.text for one in found] == parts
    assert all(text[one.start :].startswith(one.text) for one in found)


@given(st.text(max_size=400))
def test_sentences_lose_no_word(text: str) -> None:
    assert "".join("".join(one.text for one in sentences(text)).split()) == "".join(text.split())


_MARKS = [
    ". ", ".", "! ", "…", "。", "? ", '"', ") ", "e.g. ", "et al. ", "2. ", "A", "b", "longword", " ", "\n", " " * 250,
]  # fmt: skip


@example("Dogs et al.. iSheep are counted", 20)
@given(st.lists(st.sampled_from(_MARKS), max_size=30).map("".join), st.integers(0, 200))
def test_sentences_from_a_place_are_the_last_of_all(text: str, place: int) -> None:
    every, some = sentences(text), sentences(text, place)
    assert some == every[len(every) - len(some) :]
    assert all(one in some for one in every if one.start + len(one.text) > place)


def test_sentences_before_a_place_are_left_out() -> None:
    text = "Sheep are counted. Cf. Wolves et al. Dogs sleep... They bark. They run."
    assert [one.text for one in sentences(text, text.index("run"))] == ["They run."]


def test_languages() -> None:
    assert language(ABSTRACT) == "English"
    assert (
        language("Nous proposons un modèle qui permet de compter les moutons dans les prés avec une caméra.")
        == "French"
    )
    assert language("Wir zählen die Schafe auf der Wiese und wir stören sie dabei nicht mit einem Hund.") == "German"
    assert language("x = y") == ""


@pytest.mark.parametrize(
    ("title", "abstract", "pairs"),
    [
        ("", "We use large language models (LLMs).", {"LLMs": "large language models"}),
        ("", "We propose WINK (Weight Informed Neuron Kicking).", {"WINK": "Weight Informed Neuron Kicking"}),
        ("WINK: Weight Informed Neuron Kicking for Sheep", "", {"WINK": "Weight Informed Neuron Kicking"}),
        ("", "A feed-forward network (FFN) counts.", {"FFN": "feed-forward network"}),
        (
            "",
            "Variance Instability Reduction in Orchards (Viro) helps.",
            {"Viro": "Variance Instability Reduction in Orchards"},
        ),
        ("", "We count sheep (see Table 2) in (2019) and (Fig. A).", {}),
        ("", "Sheep (ZQX) are counted.", {}),
    ],
)
def test_short_forms(title: str, abstract: str, pairs: dict[str, str]) -> None:
    assert {one.short: one.long for one in acronyms(title, abstract)} == pairs


@pytest.mark.parametrize(
    ("title", "abstract", "name"),
    [
        ("AWK: Activation-aware Wool Knitting", "We knit.", "AWK"),
        ("Sleeping Sheep", ABSTRACT, "WAN"),
        ("Counting with FLOX: Fast Looks at Oxen", "We count oxen.", "FLOX"),
        (
            "A Survey of Teapots",
            "We review teapots, large language models (LLMs) and convolutional networks (CNNs).",
            "",
        ),
        ("Teapots: An Introduction", "There are many teapots, and we count them.", ""),
        ("", "", ""),
    ],
)
def test_the_methods_own_name(title: str, abstract: str, name: str) -> None:
    assert method(title, abstract) == name


def test_keywords_are_terms_without_doubles(embed: Embed) -> None:
    found = keywords("Counting Sleeping Sheep with Sparse Attention", ABSTRACT, embed, rarity)
    assert "sparse attention" in found
    assert 6 <= len(found) <= 8
    assert len({word.lower() for word in found}) == len(found)
    assert not {"existing methods", "paper", "propose", "code"} & set(found)


def test_keywords_of_many_are_those_of_each(embed: Embed) -> None:
    texts = [
        ("Sparse attention", ABSTRACT),
        ("Teapots", "Vision models see teapots. We count spouts of teapots."),
        ("", ""),
    ]
    assert many(texts, embed, rarity) == [keywords(*text, embed, rarity) for text in texts]
    assert many([], embed, rarity) == []


def test_the_gist_says_what_is_new_and_what_came_of_it(embed: Embed) -> None:
    found = gist("Counting Sleeping Sheep with Sparse Attention", ABSTRACT, embed)
    assert found.startswith("In this paper, we propose Woolly Attention Network")
    assert "available" not in found
    assert "old problem" not in found


@pytest.mark.parametrize("abstract", ["", "x", "$$$ 1 2 3", "91.2 88.1\n92.3 89.0", "a " * 3000])
def test_little_to_choose_from_is_no_error(embed: Embed, abstract: str) -> None:
    assert len(gist("A title", abstract, embed)) <= 700
    assert len(keywords("A title", abstract, embed, rarity)) <= 8


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_has_names_and_keywords_or_none(abstract: str, title: str) -> None:
    acronyms(title, abstract)
    method(title, abstract)
    keywords(title, abstract, lambda texts: np.ones((len(texts), 2), dtype=np.float32), rarity)
    gist(title, abstract, lambda texts: np.ones((len(texts), 2), dtype=np.float32))


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("a variant of Proximal Policy Optimization (PPO)", "Proximal Policy Optimization"),
        ("with a feed-forward network (FFN)", "feed-forward network"),
        ("of large language models (LLMs)", "large language models"),
    ],
)
def test_initials_come_before_letters_within_words(text: str, long: str) -> None:
    (found,) = acronyms("", text)
    assert found.long == long
