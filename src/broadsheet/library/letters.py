"""The letters of accounts, in words. Plain text; a link stands in a line of its own."""

from broadsheet.mailing import Letter


def sign_in(title: str, to: str, link: str, *, first: bool) -> Letter:
    """The link that signs somebody in. `first` makes the first account of all, and goes to who reads the log only."""
    text = f"""Somebody asked to sign in to {_line(title)} as {to}.

If it was you, open this link within ten minutes, in the browser in which you asked:

{link}

If it was not you, there is nothing to do: without this link nobody comes in.
"""
    if first:
        text += "\nThis will be the first account here, and the administrator's.\n"
    return Letter(to, f"Sign in to {_line(title)}", text, founding=first)


def new_address(title: str, to: str, link: str) -> Letter:
    """The link that makes an address that of an account."""
    text = f"""Somebody with an account at {_line(title)} says that {to} is their address now.

If it was you, open this link within ten minutes, in the browser in which you said so:

{link}

If it was not you, there is nothing to do.
"""
    return Letter(to, f"Your address at {_line(title)}", text)


def moved(title: str, to: str) -> Letter:
    """Tells the address before that an account has another one now."""
    text = f"""Your account at {_line(title)} has another e-mail address from now on: {to} opens it no more.

If this was not you, tell whoever runs {_line(title)} at once.
"""
    return Letter(to, f"Your address at {_line(title)} was changed", text)


def confirm(title: str, to: str, link: str) -> Letter:
    """Asks whether an address wants what was asked for in its name. What that is stands on the page, not in here.

    Whoever typed the address chose it, and must not choose the words that its owner reads.
    """
    text = f"""Somebody asked {_line(title)} to send papers to {to}.

If it was you, open this link within two days and confirm what you want:

{link}

If it was not you, there is nothing to do: nothing is sent, and in two days nothing is kept of this.
"""
    return Letter(to, f"Confirm your subscription to {_line(title)}", text)


def _line(title: str) -> str:
    return " ".join(title.split())
