"""Papers that their authors withdrew: arXiv's metadata tells it only in the words of the comment.

Narrow on purpose: a comment that merely tells of a withdrawal (from a conference, of a section) is none.
"""

import re

_PAPER = r"(?:paper|article|submission|manuscript|preprint|work)"
_HAS_BEEN = r"(?:(?:has|have|had|is|was)\s+(?:now\s+)?(?:been\s+)?)?"
_FROM_ELSEWHERE = r"(?!\s+from\b(?!\s+(?:the\s+)?arxiv))"
_SAYS_SO = re.compile(
    rf"^\W*withdrawn\b{_FROM_ELSEWHERE}|\b{_PAPER}\s+{_HAS_BEEN}withdrawn\b{_FROM_ELSEWHERE}"
    rf"|\bwithdraw(?:n|ing)?\s+(?:this|the|our)\s+{_PAPER}\b{_FROM_ELSEWHERE}",
    re.IGNORECASE,
)


def says_so(comment: str | None) -> bool:
    """Whether an authors' comment says that the paper is withdrawn."""
    return comment is not None and "ithdraw" in comment and _SAYS_SO.search(comment) is not None
