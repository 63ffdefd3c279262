"""${message}"""

from alembic import op

revision = "${up_revision}"
down_revision = "${down_revision}"


def upgrade() -> None:
    """Old shape to new, rows included. Knows nothing of `schema`, which goes on changing."""
