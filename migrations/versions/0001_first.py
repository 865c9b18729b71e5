"""The state of the first release: generations, ledger, runs, jobs, lease, quarantine.

Times are seconds since 1970 as doubles: the three databases disagree on every type of time. Text that has to
be compared exactly is of our own making (ASCII) or kept as bytes, since MySQL's text compares "abc" and
"ABC" as equal.
"""

import sqlalchemy as sa

from migrations.missing import create_index, create_table

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _generations()
    _ledger()
    _quarantine()
    _runs()
    _lease()


def _generations() -> None:
    create_table(
        "generations",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("keys_version", sa.String(64), nullable=False),
        sa.Column("mapping", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("watermark", sa.Double),
        sa.Column("synced_at", sa.Double),
        sa.Column("scanned_at", sa.Double),
        sa.Column("scan_seconds", sa.Double),
        sa.Column("retired_at", sa.Double),
        sa.Column("documents", sa.BigInteger),
        sa.Column("in_doubt", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("checkpoint", sa.Text),
    )


def _ledger() -> None:
    create_table(
        "ledger",
        sa.Column("generation", sa.String(64), nullable=False),
        sa.Column("identifier_key", sa.String(32), nullable=False),
        sa.Column("identifier", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("generation", "identifier_key"),
        sqlite_with_rowid=False,
    )


def _quarantine() -> None:
    create_table(
        "quarantine",
        sa.Column("generation", sa.String(64), nullable=False),
        sa.Column("identifier_key", sa.String(32), nullable=False),
        sa.Column("identifier", sa.LargeBinary),
        sa.Column("digest", sa.String(64)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("generation", "identifier_key"),
    )


def _runs() -> None:
    create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("job", sa.String(16), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("generation", sa.String(64)),
        sa.Column("started_at", sa.Double, nullable=False),
        sa.Column("finished_at", sa.Double),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("rows_read", sa.BigInteger, nullable=False),
        sa.Column("written", sa.BigInteger, nullable=False),
        sa.Column("unchanged", sa.BigInteger, nullable=False),
        sa.Column("deleted", sa.BigInteger, nullable=False),
        sa.Column("quarantined", sa.BigInteger, nullable=False),
        sa.Column("error", sa.Text),
    )
    create_index("runs_by_job", "runs", ["job", "started_at"])
    create_table(
        "jobs",
        sa.Column("job", sa.String(16), primary_key=True),
        sa.Column("last_success_at", sa.Double),
        sa.Column("last_error_at", sa.Double),
        sa.Column("last_error", sa.Text),
        sa.Column("running_since", sa.Double),
        sa.Column("runs", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.BigInteger, nullable=False),
    )


def _lease() -> None:
    create_table(
        "lease",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("holder", sa.String(200)),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.Column("acquired_at", sa.Double),
        sa.Column("expires_at", sa.Double),
    )
