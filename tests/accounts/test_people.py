"""Who people are: names, what they say of themselves, roles and ORCID iDs, and who may invite."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.errors import Conflict, Forbidden, NotFound, Refused, TooMany
from broadsheet.types import OWNER, NoticeKind, Role
from tests.accounts.conftest import Here


def test_a_new_account_is_told_of_everything_and_shows_no_votes(here: Here) -> None:
    mine = here.library.me(here.joins("ada"))
    assert (mine.person.name, mine.person.shown, mine.email, mine.has_password) == ("ada", "", "ada@example.org", False)
    assert (mine.show_votes, mine.notify) == (False, frozenset(NoticeKind))


def test_one_changes_what_one_names_and_nothing_else(here: Here) -> None:
    ada = here.joins("ada")
    here.library.change_me(ada, shown=" Ada\u200b  L.\n", about="One.\r\n\r\nTwo\x00\u202e.", show_votes=True)
    here.library.change_me(ada, name="Countess", notify=frozenset({NoticeKind.REPLY}))
    mine = here.library.me(ada)
    assert (mine.person.name, mine.person.shown, mine.person.about) == ("countess", "Ada L.", "One.\n\nTwo.")
    assert (mine.show_votes, mine.notify) == (True, frozenset({NoticeKind.REPLY}))
    assert here.library.person("COUNTESS").number == ada.person
    with pytest.raises(NotFound):
        here.library.person("ada")


def test_a_name_is_one_persons_and_ones_own_stays_ones_own(here: Here) -> None:
    ada = here.joins("ada")
    grace = here.acts(here.uses(here.asks("grace@example.org")))
    with pytest.raises(Conflict, match="taken"):
        here.library.change_me(grace, name="Ada")
    with pytest.raises(Refused, match="cannot be a name"):
        here.library.change_me(ada, name="reader-2")
    here.library.change_me(grace, name="reader-2", about="who was given this name may keep it")


@pytest.mark.parametrize(("field", "most"), [("shown", 80), ("about", 2_000)])
def test_what_is_too_long_is_refused_and_nothing_changes(here: Here, field: str, most: int) -> None:
    ada = here.joins("ada")
    here.library.change_me(ada, **{field: "x" * most})  # type: ignore[arg-type]
    for long in (most + 1, 10_000_000):
        with pytest.raises(Refused, match="too long"):
            here.library.change_me(ada, name="other", **{field: "x" * long})  # type: ignore[arg-type]
    assert here.library.me(ada).person.name == "ada"


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=40), shown=st.text(max_size=60), about=st.text(max_size=300), query=st.text(max_size=20))
def test_whatever_is_typed_is_kept_whole_or_refused(here: Here, name: str, shown: str, about: str, query: str) -> None:
    actor = here.library.owner_actor()
    here.library.change_me(actor, shown=shown, about=about)
    mine = here.library.me(actor).person
    assert mine.shown == " ".join(mine.shown.split())
    assert mine.about == mine.about.strip()
    with pytest.raises(NotFound):
        here.library.person(f"{name} {name}")
    assert len(here.library.people(OWNER, query)) <= 1


def test_accounts_are_found_by_name_and_address_by_administrators(here: Here) -> None:
    ada, grace = here.joins("ada"), here.joins("grace")
    here.library.change_me(grace, shown="Rear 100% Admiral_")
    assert [one.name for one in here.library.people(ada)] == ["ada", "grace"]
    for query in ("GRA", "admiral", "grace@example", "100%", "l_"):
        assert [one.name for one in here.library.people(ada, query)] == ["grace"], query
    assert here.library.people(ada, "_x") == []
    assert [one.name for one in here.library.people(ada, limit=1, offset=1)] == ["grace"]
    with pytest.raises(Forbidden):
        here.library.people(grace)


def test_a_role_changes_what_one_may_do_at_once_and_stands_in_the_log(here: Here) -> None:
    ada = here.joins("ada")
    secret = here.uses(here.asks("grace@example.org"), name="grace")
    here.library.set_role(ada, "Grace", Role.ADMINISTRATOR, "she asked")
    assert here.acts(secret).role is Role.ADMINISTRATOR
    here.library.set_role(here.acts(secret), "ada", Role.READER, "she tired")
    with pytest.raises(Forbidden):
        here.library.set_role(here.acts(here.uses(here.asks("ada@example.org"))), "ada", Role.ADMINISTRATOR, "")
    here.library.set_role(OWNER, "ada", Role.EDITOR, "")
    log = here.library.acts(here.acts(secret), limit=9, before=None)
    assert [(one.by.name if one.by else None, one.verb, one.reason) for one in log] == [
        (None, "role editor", ""),
        ("grace", "role reader", "she tired"),
        ("ada", "role administrator", "she asked"),
    ]
    with pytest.raises(Conflict, match="only administrator"):
        here.library.set_role(OWNER, "grace", Role.READER, "")
    with pytest.raises(NotFound):
        here.library.set_role(OWNER, "nobody", Role.READER, "")


def test_an_orcid_is_given_by_administrators_and_must_be_one(here: Here) -> None:
    ada, grace = here.joins("ada"), here.joins("grace")
    here.library.set_orcid(ada, "grace", "https://orcid.org/0000-0002-1825-0097")
    assert here.library.person("grace").orcid == "0000-0002-1825-0097"
    with pytest.raises(Refused, match="no ORCID"):
        here.library.set_orcid(ada, "grace", "0000-0002-1825-0098")
    with pytest.raises(Forbidden):
        here.library.set_orcid(grace, "grace", "")
    here.library.set_orcid(ada, "grace", " ")
    assert here.library.person("grace").orcid is None


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 366}, {"uses": 0}, {"uses": 1_001}])
def test_an_invitation_is_good_for_some_days_and_people(here: Here, wrong: dict[str, int]) -> None:
    with pytest.raises(Refused):
        here.library.invite(here.joins("ada"), **wrong)  # type: ignore[arg-type]


def test_administrators_invite_fifty_times_a_day_and_the_command_line_as_nobody(here: Here) -> None:
    ada, grace = here.joins("ada"), here.joins("grace")
    for _ in range(50):
        here.library.invite(ada)
    with pytest.raises(TooMany):
        here.library.invite(ada)
    here.library.invite(OWNER, note="by hand")
    newest = here.library.invitations(ada)[0]
    assert (newest.by, newest.note, newest.role) == ("owner", "by hand", "reader")
    with pytest.raises(Forbidden):
        here.library.invitations(grace)
    with pytest.raises(NotFound):
        here.library.withdraw_invitation(ada, 999)


def test_who_is_banned_may_read_take_along_and_leave(here: Here) -> None:
    ada = here.joins("ada")
    secret = here.uses(here.asks("grace@example.org"), name="grace")
    here.library.ban(ada, "grace", "spam")
    grace = here.acts(secret)
    assert grace.banned == "spam"
    assert here.library.export_me(grace)["account"]["ban_reason"] == "spam"
    here.library.leave(grace)
    assert here.library.session_actor(secret) is None
    assert here.acts(here.uses(here.asks("grace@example.org"))).person == 3, "the address is free again"
