"""The client's verbs of "talk", named as the operations of the API are."""

from collections.abc import Sequence
from dataclasses import replace

from broadsheet.client.calls import Call, get, given, verb, write
from broadsheet.types import Authorship, Comment, Order, Person, Submission, Text, Vote
from broadsheet.wire import CommentVote, Following, Listed


class Talk:
    """Votes, comments, submissions, claims and follows."""

    @verb
    def votes(self, paper: Sequence[str], *, group: str = "") -> Call[Listed[Vote]]:
        """How papers stand; those that are not here are left out."""
        return get("/votes", Listed[Vote], paper=paper, group=group)

    @verb
    def voters(self, paper: str, *, limit: int = 50) -> Call[Listed[Person]]:
        """Who voted for a paper and shows it, the first first."""
        return get("/papers/{paper}/voters", Listed[Person], {"paper": paper}, limit=limit)

    @verb
    def vote(self, paper: str, *, group: str = "") -> Call[Vote]:
        """Vote for a paper."""
        return write("PUT", "/papers/{paper}/vote", Vote, {"paper": paper}, group=group)

    @verb
    def unvote(self, paper: str, *, group: str = "") -> Call[Vote]:
        """Take a vote back."""
        return write("DELETE", "/papers/{paper}/vote", Vote, {"paper": paper}, group=group)

    @verb
    def comments(self, paper: str, *, order: Order = Order.BEST, group: str = "") -> Call[Listed[Comment]]:
        """What was said of a paper, with the answers below each comment."""
        return get("/papers/{paper}/comments", Listed[Comment], {"paper": paper}, order=order, group=group)

    @verb
    def comment(self, paper: str, text: str, *, parent: int | None = None, group: str = "") -> Call[Comment]:
        """Say something of a paper, or answer what was said."""
        return write(
            "POST",
            "/papers/{paper}/comments",
            Comment,
            {"paper": paper},
            body={"text": text, "parent": parent, "group": group},
        )

    @verb
    def latest_comments(self, *, person: str = "", limit: int = 20, cursor: str = "") -> Call[Listed[Comment]]:
        """The newest comments that everybody may read."""
        return get("/comments", Listed[Comment], person=person, limit=limit, cursor=cursor)

    @verb
    def comment_of(self, number: int) -> Call[Comment]:
        """One comment, without its answers."""
        return get("/comments/{number}", Comment, {"number": number})

    @verb
    def comment_texts(self, number: int) -> Call[Listed[Text]]:
        """What a comment said before each of its edits, the oldest first."""
        return get("/comments/{number}/texts", Listed[Text], {"number": number})

    @verb
    def edit_comment(self, number: int, text: str, *, edit: int | None = None, if_match: str = "") -> Call[Comment]:
        """Change one's own comment."""
        return replace(
            write("PATCH", "/comments/{number}", Comment, {"number": number}, body=given(text=text, edit=edit)),
            if_match=if_match,
        )

    @verb
    def delete_comment(self, number: int) -> Call[None]:
        """Delete what one's own comment says and ever said."""
        return write("DELETE", "/comments/{number}", None, {"number": number})

    @verb
    def vote_comment(self, number: int) -> Call[CommentVote]:
        """Vote for somebody else's comment."""
        return write("PUT", "/comments/{number}/vote", CommentVote, {"number": number})

    @verb
    def unvote_comment(self, number: int) -> Call[CommentVote]:
        """Take the vote for a comment back."""
        return write("DELETE", "/comments/{number}/vote", CommentVote, {"number": number})

    @verb
    def submissions(
        self, *, day: str = "", person: str = "", group: str = "", limit: int = 20, cursor: str = ""
    ) -> Call[Listed[Submission]]:
        """Papers that people put into editions, the newest first."""
        return get("/submissions", Listed[Submission], day=day, person=person, group=group, limit=limit, cursor=cursor)

    @verb
    def submit(self, paper: str, *, comment: str = "", group: str = "") -> Call[Submission]:
        """Put a paper into the open edition; one that is not here is fetched, and waited for."""
        return write("POST", "/submissions", Submission, body={"paper": paper, "comment": comment, "group": group})

    @verb
    def withdraw_submission(self, number: int, *, reason: str = "") -> Call[None]:
        """Take a submission out of its edition: one's own, or as a moderator with a reason."""
        return write("DELETE", "/submissions/{number}", None, {"number": number}, reason=reason)

    @verb
    def claims_on(self, paper: str) -> Call[Listed[Authorship]]:
        """The authors of a paper who are here."""
        return get("/papers/{paper}/claims", Listed[Authorship], {"paper": paper})

    @verb
    def claim(self, paper: str, author: str) -> Call[Authorship]:
        """Claim to be an author of a paper."""
        return write("PUT", "/papers/{paper}/claim", Authorship, {"paper": paper}, body={"author": author})

    @verb
    def withdraw_claim(self, paper: str) -> Call[None]:
        """Take one's claim back."""
        return write("DELETE", "/papers/{paper}/claim", None, {"paper": paper})

    @verb
    def follows(self, paper: str) -> Call[Following]:
        """Whether one follows a paper."""
        return get("/papers/{paper}/follow", Following, {"paper": paper})

    @verb
    def follow_paper(self, paper: str) -> Call[Following]:
        """Follow a paper: its new versions become notices."""
        return write("PUT", "/papers/{paper}/follow", Following, {"paper": paper})

    @verb
    def unfollow_paper(self, paper: str) -> Call[Following]:
        """Follow a paper no longer."""
        return write("DELETE", "/papers/{paper}/follow", Following, {"paper": paper})
