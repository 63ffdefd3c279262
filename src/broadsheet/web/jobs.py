"""What runs by itself, and how it went last. For administrators; `broadsheet jobs` prints the same."""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet import said
from broadsheet.library import Library
from broadsheet.permissions import require
from broadsheet.types import Job
from broadsheet.web.contexts import JobRow, JobsPage
from broadsheet.web.press import Press, visitor

_STATES = {"never": "not yet", "running": "running", "ok": "done", "failed": "failed", "interrupted": "interrupted"}


def jobs(library: Library, press: Press, request: Request) -> Response:
    """The page of the schedule."""
    require(visitor(request).actor, "jobs")
    rows = [_row(job) for job in library.jobs()]
    frame = press.frame(request, f"Jobs · {press.site.title}", "What runs by itself, and how it went.", indexed=False)
    return press.page(request, JobsPage(frame, rows))


def _row(job: Job) -> JobRow:
    failing = job.state == "failed"
    times = f", {job.failures:,} times in a row" if failing and job.failures > 1 else ""
    return JobRow(
        name=job.name,
        help=job.help,
        rule=job.rule if job.enabled else "switched off",
        state=_STATES[job.state] + times,
        failing=failing,
        result=job.result,
        last=said.moment(job.last_run) if job.last_run else "",
        seconds=f"{job.last_seconds:,.0f} s" if job.last_seconds is not None else "",
        next=said.moment(job.next_run) if job.next_run and job.enabled else "",
    )
