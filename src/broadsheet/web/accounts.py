"""An edition's account of itself: what was announced, what is here, and what is still on its way."""

from collections.abc import Sequence

from broadsheet import said
from broadsheet.ids.categories import NAMES
from broadsheet.types import Account
from broadsheet.web.contexts import AccountLine, AccountTable, Link

ARXIV = "https://arxiv.org/abs/"
SHOWN = 30  # missing papers named on the page


def account(accounts: Sequence[Account]) -> AccountTable | None:
    """The account of a day, ready to print; None where nothing is known of what was announced."""
    if not accounts:
        return None
    missing = list(dict.fromkeys(key for one in accounts for key in one.missing))
    unnamed = sum(max(0, (one.expected or 0) - one.announced) for one in accounts)
    return AccountTable(
        summary=_summary(accounts, len(missing), unnamed),
        whole=not missing and not unnamed,
        lines=[
            AccountLine(one.category, NAMES.get(one.category, one.category), one.announced, one.held)
            for one in accounts
        ],
        missing=[Link(ARXIV + key, key) for key in missing[:SHOWN]],
        more=f"and {len(missing) - SHOWN:,} more" if len(missing) > SHOWN else "",
        checked=said.moment(max(one.checked or "" for one in accounts)),
    )


def _summary(accounts: Sequence[Account], missing: int, unnamed: int) -> str:
    where = accounts[0].category if len(accounts) == 1 else f"{len(accounts)} categories"
    # A paper stands in several categories: only what is missing can be added up.
    if not missing and not unnamed:
        return f"Complete: all that arXiv announced in {where} is here."
    pieces = []
    if missing:
        pieces.append(f"{said.count(missing, 'announced paper')} {'is' if missing == 1 else 'are'} not here yet")
    if unnamed:
        pieces.append(f"arXiv counts {unnamed:,} more than its listing names")
    text = " and ".join(pieces)
    return f"Not complete in {where}: {text}. Asked for again until the account is closed."
