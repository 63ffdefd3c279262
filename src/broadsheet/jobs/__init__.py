"""Jobs: what is done when, by whom, and how it went.

    schedule   rules in words, and the instant that comes next; pure
    task       what a job does, and what it is given to do it
    worker     does the jobs that are due, one after another
    lease      keeps a job for its worker while it runs
    presence   which workers of this machine are alive

The schedule stands in the catalogue. A worker takes a job by a lease, for some minutes, and renews it while it works:
so two workers never have the same job, on however many machines, and that of a worker that died is taken over.
"""

from broadsheet.jobs.presence import Presence
from broadsheet.jobs.schedule import next_run
from broadsheet.jobs.task import Context, Ran, Stopped, Task
from broadsheet.jobs.worker import POLL, Ledger, Worker, planned

__all__ = ["POLL", "Context", "Ledger", "Presence", "Ran", "Stopped", "Task", "Worker", "next_run", "planned"]
