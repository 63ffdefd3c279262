"""Letters about papers: a digest becomes a subject, a plain text and an HTML part, or a message for a channel.

    words    what is said of a digest and of its papers: dates, authors, why a paper is there
    page     the HTML part, with its styles in its elements
    letter   the whole: subject, both parts, and the headers that lists have
    channel  the same for a chat or a webhook
    stencils letters that many readers get alike, rendered once

Knows nothing of servers or addresses of readers: to whom it goes, the library knows that writes it down.
"""

from broadsheet.mail.stencils import Stencils, render
from broadsheet.mail.words import Links, Place

__all__ = ["Links", "Place", "Stencils", "render"]
