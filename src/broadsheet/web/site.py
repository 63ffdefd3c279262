"""What the owner of a site sets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """The names in the masthead, the public address ("https://papers.example.org", or empty) and the page size.

    `mail`: letters are sent; else the links that sign people in are printed in the server's log. `security` is where
    somebody reports a weakness of this site: an e-mail address, or that of a page.
    """

    title: str = "Broadsheet"
    tagline: str = "The day's research papers"
    address: str = ""
    page_size: int = 20
    mail: bool = False
    security: str = ""
