"""What tells that an index is not as it was left, and that rows went away from the source."""

import sqlalchemy as sa

from migrations.missing import add_column

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_column("generations", sa.Column("stamp", sa.BigInteger))
    add_column("generations", sa.Column("surplus", sa.BigInteger))
