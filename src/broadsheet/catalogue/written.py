"""What language models wrote about papers, and how often they were asked."""

from sqlalchemy import Connection, func, insert, select

from broadsheet.catalogue.schema import written
from broadsheet.types import Written


def of(connection: Connection, paper: int, *, tried: bool) -> Written | None:
    """The newest that a model wrote about a paper; with `tried`, the newest time it was asked."""
    query = select(written).where(written.c.paper == paper).order_by(written.c.number.desc()).limit(1)
    if not tried:
        query = query.where(written.c.text != "")
    row = connection.execute(query).one_or_none()
    return Written(row.paper, row.text, row.model, row.of, row.error) if row else None


def keep(tx: Connection, one: Written, *, at: str) -> None:
    """Keeps what a model wrote, or how it failed."""
    facts = {"paper": one.paper, "at": at, "model": one.model, "of": one.of, "text": one.text, "error": one.error}
    tx.execute(insert(written), [facts])


def asked(connection: Connection, *, since: str) -> int:
    """How often a model was asked since an instant."""
    count = select(func.count()).select_from(written).where(written.c.at >= since)
    return int(connection.execute(count).scalar_one())
