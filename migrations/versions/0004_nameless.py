"""How many rows of the source have no identifier: the quarantine lists only some of them."""

import sqlalchemy as sa

from migrations.missing import add_column

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_column("generations", sa.Column("nameless", sa.BigInteger))
