"""Nothing is forgotten: every verb of the door has an operation, or a reason why it has none."""

import ast
import inspect
import json
from pathlib import Path

import broadsheet.api.v1.routes as rooms
from broadsheet.api.v1.making import description
from broadsheet.api.v1.routes import operations
from broadsheet.library import Library
from tests.conftest import ROOT

# Why a verb of the door is no operation.
BROWSER = "one comes in by a browser: a program has a token"
INSIDE = "the place does this by itself"
LETTER = "it is answered by a link in a letter, in a browser"
LOCAL = "it needs to sit at the machine"
ELSEWHERE = "it has an address of its own: "
REASONS = {
    **dict.fromkeys(
        ("ask_link", "link_email", "use_link", "ask_new_email", "begin_passkey", "add_passkey", "sign_in_passkey",
         "sign_in_password", "set_password", "session_actor", "token_actor", "owner_actor"), BROWSER),
    **dict.fromkeys(
        ("forget_ended", "forget_groups", "forget_answers", "take_in_submissions", "tell_versions", "write_reads",
         "write_summaries", "draw_map", "follow", "behind", "warm", "close", "circle"), INSIDE),
    **dict.fromkeys(("begin_answer", "keep_answer", "forget_answer"), "it is the header Idempotency-Key"),
    **dict.fromkeys(("subscribe", "confirming", "confirm", "unsubscribing", "unsubscribe", "resubscribe"), LETTER),
    **dict.fromkeys(("unsubscribe_token", "preferences_token", "preferences_tokens", "sign", "signed"), INSIDE),
    **dict.fromkeys(
        ("due_subscriptions", "decide", "write_digests", "pass_over", "digest_counts", "send_due", "is_due",
         "sweep_outbox", "take_bounce", "forget_unconfirmed", "catch_up_standing", "channel_line", "channel_heard",
         "choices", "read_wish", "search_behind"), INSIDE),
    **dict.fromkeys(("feed_actor", "feed_key", "feed_name", "own_feeds", "newest_on"), f"{ELSEWHERE}the feeds"),
    **dict.fromkeys(("have_key", "is_standing_due", "write_bulk"), INSIDE),
    "bulk_file": f"{ELSEWHERE}/bulk",
    "export_papers": LOCAL,
    "unfit": "what is sent is told what is wrong with it",
    "acting_as": LOCAL, "subscribe_address": LOCAL,
    "arxiv_search": f"{ELSEWHERE}/api/query",
    "stretches": f"{ELSEWHERE}/sitemap.xml", "stretch_of": f"{ELSEWHERE}/sitemap.xml",
    "signal_rows": f"{ELSEWHERE}/trending.csv",
    "full_text": "it goes through who may fetch it: /papers/{paper}/text",
    "changed": "each of /changes says when it changed",
    "read": "to read by program is not to have read",
    "mentioned": "a comment that was said names whom it mentions",
}  # fmt: skip


def called() -> dict[str, set[str]]:
    """Which functions of the routes call which verbs."""
    found: dict[str, set[str]] = {}
    for file in Path(next(iter(rooms.__path__))).glob("*.py"):
        for function in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("library"):
                        found.setdefault(node.attr, set()).add(function.name)
    return found


def test_every_verb_of_the_door_has_an_operation_or_a_reason() -> None:
    verbs = {name for name, _ in inspect.getmembers(Library, inspect.isfunction) if not name.startswith("_")}
    served = called().keys() & verbs
    assert verbs - served - REASONS.keys() == set(), "give these an operation in api/v1/routes, or a reason here"
    assert REASONS.keys() & served == set(), "these have an operation: they need no reason"
    assert REASONS.keys() - verbs == set(), "the door has no such verbs"


def test_no_two_operations_have_one_name_and_each_says_what_it_does() -> None:
    every = operations()
    assert len({one.name for one in every}) == len(every)
    for one in every:
        assert one.words[0], one.name
        assert one.method == "GET" or one.rule, f"{one.name} writes for anybody"


def test_the_description_is_committed_as_it_is() -> None:
    assert json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8")) == description()
