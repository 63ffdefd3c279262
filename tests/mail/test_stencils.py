"""Letters are rendered once for many readers: each gets what would have been rendered for them alone, links and all."""

from dataclasses import replace
from hashlib import blake2b

from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.mail import Links, Stencils, render
from broadsheet.types import Digest, Form, Rhythm, Wanted
from tests.mail.invented import LETTERS, PAPERS, PLACE, digest, subscription


def links(reader: int) -> Links:
    """A reader's own, as long as signed ones are."""
    unsubscribe, preferences = (blake2b(f"{kind} {reader}".encode()).hexdigest()[:60] for kind in ("one", "all"))
    base = PLACE.address
    return Links(f"{base}/unsubscribe/{unsubscribe}", f"{base}/preferences/{preferences}", f"{base}/date/2026-11-20")


def sent_to(found: Digest, reader: int) -> Digest:
    """The same papers for another reader."""
    one = replace(found.subscription, number=reader, subscriber=reader + 100)
    return replace(found, key=f"digest:{reader}:2026-11-20", subscription=one)


DIGESTS = st.one_of(
    st.sampled_from([one for one in LETTERS.values() if one.subscription.channel is None]),
    st.builds(
        lambda names, wanted, form, rhythm, more: digest(
            *names, one=subscription(wanted, rhythm, form, value="1", title="sheep"), more=more
        ),
        st.lists(st.sampled_from([*PAPERS]), unique=True, max_size=3),
        st.sampled_from(Wanted),
        st.sampled_from(Form),
        st.sampled_from(Rhythm),
        st.integers(0, 2),
    ),
)


@settings(max_examples=30)
@given(st.lists(st.tuples(DIGESTS, st.integers(1, 3)), min_size=2, max_size=6))
def test_each_reader_gets_the_letter_that_is_theirs(asked: list[tuple[Digest, int]]) -> None:
    stencils = Stencils(PLACE)
    for found, reader in asked:
        theirs = sent_to(found, reader)
        assert stencils.render(theirs, links(reader)) == render(theirs, PLACE, links(reader))


def test_stencils_that_are_too_many_are_cut_anew() -> None:
    stencils = Stencils(PLACE)
    for _ in range(2):
        for more in range(120):
            one = sent_to(digest("nobody", one=subscription(form=Form.TEXT), more=more), more)
            assert stencils.render(one, links(more)) == render(one, PLACE, links(more))


def test_what_is_only_looked_at_is_nobodys() -> None:
    found, there = digest("plain"), Links(there=f"{PLACE.address}/date/2026-11-20")
    stencils = Stencils(PLACE)
    assert stencils.render(sent_to(found, 1), links(1)).html != stencils.render(found, there).html
    assert stencils.render(found, there) == render(found, PLACE, there)
