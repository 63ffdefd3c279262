"""Results: every sentence in here is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.reading.results import MOST, claims, sought, sought_in
from broadsheet.types import Measure, Result


def one(sentence: str) -> Result:
    found = claims(f"We count sheep. {sentence}")
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("sentence", "value", "unit", "change", "measure"),
    [
        ("Our herd is 43.6% more effective than DPO.", 43.6, "%", "more", Measure.GAIN),
        ("We reach a 1.45x speed-up over GPTQ.", 1.45, "x", "more", Measure.SPEEDUP),
        ("It has 1.93% validation error on CIFAR-10.", 1.93, "%", "", Measure.ERROR),
        ("It needs up to 70.2% less activation memory.", 70.2, "%", "less", Measure.MEMORY),
        ("The shepherd cuts peak memory by 46%.", 46, "%", "less", Measure.MEMORY),
        ("We see a 36% reduction in floating-point operations.", 36, "%", "less", Measure.COMPUTE),
        ("Our dog is 3 times faster.", 3, "x", "more", Measure.SPEEDUP),
        ("Our dog reduces latency by a factor of 4.", 4, "x", "less", Measure.TIME),
        ("It achieves 99.17% accuracy.", 99.17, "%", "", Measure.ACCURACY),
        ("It achieves an F1 score of 0.91.", 0.91, "", "", Measure.SCORE),
        ("It outperforms all wolves by 12.7 points.", 12.7, "points", "more", Measure.GAIN),
        ("It improves counting accuracy by 5%.", 5, "%", "more", Measure.GAIN),
        ("It reduces the error rate by 12 percent.", 12, "%", "less", Measure.GAIN),
        ("It gains +1.2% mIoU on PASTURE.", 1.2, "%", "more", Measure.GAIN),
        ("Throughput increases by 80%.", 80, "%", "more", Measure.SPEEDUP),
        ("30% of the parameters are pruned.", 30, "%", "less", Measure.SIZE),
        ("It only requires 1.5% of the parameters.", 1.5, "%", "", Measure.SIZE),
        ("The student is 8 times smaller.", 8, "x", "less", Measure.SIZE),
    ],
)
def test_claims_are_read(sentence: str, value: float, unit: str, change: str, measure: Measure) -> None:
    found = one(sentence)
    assert (found.value, found.unit, found.change, found.measure) == (value, unit, change, measure)
    assert found.sentence == sentence


def test_what_it_is_of_on_and_against() -> None:
    found = one("On average, ours uses 40% less GPU memory on PASTURE-10 than the shepherd of old.")
    assert (found.what, found.on, found.against) == ("GPU memory", "PASTURE-10", "shepherd of old")


def test_ranges_bounds_and_what_was_before() -> None:
    assert one("It is 5-10 times faster.").high == 10
    assert one("It saves memory: by up to 30%, it reduces the memory by up to 30%.").bound == "up to"
    moved = one("It improves the accuracy from 71.2% to 84.5%.")
    assert (moved.before, moved.value, moved.change) == (71.2, 84.5, "")


def test_two_numbers_share_their_words() -> None:
    found = claims("We count. It outperforms the wolf and the fox by 9.8% and 7.7%, respectively.")
    assert [result.value for result in found] == [9.8, 7.7]
    assert {result.measure for result in found} == {Measure.GAIN}


@pytest.mark.parametrize(
    "sentence",
    [
        "We train on 80% of the flock and test on 20%.",
        "The top 5% of sheep are kept.",
        "We use ResNet-18, GPT-4, 4-bit wool and 7B parameters.",
        "At 50% sparsity the wool holds.",
        "We visited 12 farms in 3 days.",
        "The interval holds 95% confidence.",
        "Recent works have reached 99% accuracy.",
    ],
)
def test_other_numbers_are_no_claims(sentence: str) -> None:
    assert claims(f"We count sheep. {sentence}") == []


@pytest.mark.parametrize("digit", "0123456789٣９")
def test_any_digit_with_a_unit_may_be_a_claim(digit: str) -> None:
    assert [result.value for result in claims(f"We reach 9{digit}% accuracy.")] == [float(f"9{digit}")]
    assert claims(f"We count 9{digit} sheep. Then we count again.") == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("We reach 9.3% accuracy. We count on. We reach 8.1% error.", [9.3, 8.1]),
        ("We reach 1.3% accuracy. We count on. We reach 8.9% error.", [1.3, 8.9]),
        ("We reach 12% accuracy. It achieves an F1 score of 91 here.", [12]),
        ("We cut memory by a factor of 4. We reach 12% accuracy.", [4, 12]),
        ("We reach 12% accuracy. We cut memory by a factor of 4.", [12, 4]),
        ("It sometimes achieves an F1 score of 91. We reach 12% accuracy.", [91, 12]),
        ("We count. It achieves an F1 score of 91 here. We reach 12% accuracy.", [12]),
        ("We count. It achieves ٩٣% accuracy.", [93]),
        ("It sometimes achieves an F1 score of ninety. We count by a factor of four.", []),
        ("Experiments reach 93% accuracy. We count. We reach 12% error.", [93, 12]),
        ("Wolves reach 93% accuracy. In this work, dogs reach 12% error.", [12]),
        ("We count. Recent works have reached 93% accuracy. Recent works have, this one reaches 12% error.", [12]),
    ],
)
def test_sentences_with_claims_are_found_wherever_they_stand(text: str, values: list[float]) -> None:
    assert [result.value for result in claims(text)] == values
    assert {number for _, number in sought_in(text)} == {n for one in claims(text) for _, n in sought(one)}


@pytest.mark.parametrize(
    "words",
    [
        " up to ",
        " over, ",
        " (",
        " ((up to ",
        " ~~",
        " ∼∼",
        " an average of ",
        " OVER ",
        " over (about ",
        " just\n",
        " (\u2003",
    ],
)
def test_what_weighs_a_number_stands_between_it_and_its_words(words: str) -> None:
    found = one(f"It reduces latency by{words}12%.")
    assert (found.value, found.change, found.measure) == (12, "less", Measure.TIME)


@pytest.mark.parametrize("link", ["of", "is", "was", "at", "to", "reaches", "exceeds", "being", "values of", "=", ":"])
def test_a_bare_number_needs_a_link(link: str) -> None:
    assert one(f"It sometimes sees an accuracy {link} 91.").value == 91
    assert claims("It sometimes sees an accuracy thereof 91, an accuracy within 91.") == []


@pytest.mark.parametrize(
    "verb", ["speeds it up", "SPED UP", "accelerates", "lifts accuracy, cuts error and accelerates"]
)
def test_verbs_of_one_word_and_more_lead_to_a_number(verb: str) -> None:
    assert one(f"It {verb} 30%.").measure is Measure.SPEEDUP


@pytest.mark.parametrize(
    "sentence",
    [
        "It improves on 30% of memory.",
        "It reduces latency nearby 12%.",
        "It has an accuracy of GPT-91%, -91% or a-91%.",
    ],
)
def test_words_that_only_look_like_those_of_a_claim(sentence: str) -> None:
    assert claims(f"We count sheep. {sentence}") == []


@pytest.mark.parametrize(
    ("sentence", "value", "high", "bound"),
    [
        ("It gains + 5% accuracy.", 5, None, ""),
        ("It gains +5% accuracy.", 5, None, ""),
        ("It is between 3 and 5 times faster.", 3, 5, ""),
        ("It is 3 and 5 times faster.", 5, None, ""),
        ("It is over 5 times faster.", 5, None, "over"),
        ("It takes > 5 times less memory.", 5, None, "over"),
        ("It takes ~2 times less memory.", 2, None, "about"),
        ("It reduces latency by a factor of about 4.", 4, None, "about"),
        ("It cuts latency by up to a factor of 4.", 4, None, ""),
    ],
)
def test_signs_and_words_around_a_number(sentence: str, value: float, high: float | None, bound: str) -> None:
    found = one(sentence)
    assert (found.value, found.high, found.bound) == (value, high, bound)


def test_what_others_did_before_the_own_work_is_no_claim() -> None:
    assert claims("Dogs reach 99% accuracy. Wolves are 3x faster. We ask why.") == []


def test_a_table_written_as_text_is_cut_short() -> None:
    row = "It achieves " + ", ".join(f"{value / 10}% accuracy" for value in range(200, 400)) + "."
    assert len(claims(f"We count. {row}")) == MOST


def test_numbers_by_which_a_search_finds_results() -> None:
    assert dict(sought(one("Our dog is 30% faster."))) == {Measure.SPEEDUP: 1.3}
    assert dict(sought(one("It uses 4x less memory."))) == {Measure.MEMORY: 75.0, Measure.LESS: 75.0}
    assert dict(sought(one("It achieves 93% accuracy."))) == {Measure.ACCURACY: 93.0}


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for result in claims(f"We count. {text} by 5% and 7x (1.2%) accuracy"):
        assert result.value > 0
        assert list(sought(result))


@given(
    st.lists(
        st.sampled_from(
            [
                "by",
                "12%",
                "3x",
                "of",
                "accuracy",
                "error",
                "reduces",
                "improves",
                "(",
                ")",
                ",",
                "to",
                "from",
                "5",
                "faster",
                "on",
            ]
        )
    )
)
def test_any_order_of_such_words_is_read_without_an_error(words: list[str]) -> None:
    claims("We " + " ".join(words))
