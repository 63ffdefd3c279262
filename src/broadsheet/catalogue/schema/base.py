"""What all tables share: the registry with its naming rules, and the numbers of the migrations."""

from sqlalchemy import MetaData

# The revision of the newest migration, and all that came before it: known here so that opening a
# catalogue that is up to date needs no Alembic.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
HEAD = REVISIONS[-1]

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)
