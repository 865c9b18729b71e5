"""Since when a generation's files may hold customers that were deleted from it."""

import sqlalchemy as sa

from migrations.missing import add_column

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_column("generations", sa.Column("deletes_since", sa.Double))
