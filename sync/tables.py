"""The tables of the state database, as the code uses them. The migrations make them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData()

# One row for each full build of the index. `status` is building, promoting, live or previous. All times in
# this file are seconds since 1970: `watermark` on the source's clock, the others on the state database's.
# `scanned_at` and `scan_seconds` say when the last full read ended and what it cost. `checkpoint` (JSON) is
# where a build may go on. `documents` counts the ledger's entries; `in_doubt` says whether any of them may
# be in doubt: so that a pass over a big and idle source need not look at each. `deletes_since` is when the
# first document was deleted from it: from then on its files may hold the text of somebody deleted. `stamp` is
# the engine's after the last confirmed write, NULL: not known yet. `surplus` is how many rows more the source
# had than identifiers when its keys were last read; NULL: they were not. `nameless` is how many rows it had
# without an identifier, of which the quarantine lists a few; NULL: they were not counted.
GENERATIONS = Table(
    "generations",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("keys_version", String(64)),
    Column("mapping", String(32)),
    Column("status", String(16)),
    Column("created_at", Double),
    Column("watermark", Double),
    Column("synced_at", Double),
    Column("scanned_at", Double),
    Column("scan_seconds", Double),
    Column("retired_at", Double),
    Column("documents", BigInteger),
    Column("in_doubt", Boolean),
    Column("checkpoint", Text),
    Column("deletes_since", Double),
    Column("stamp", BigInteger),
    Column("surplus", BigInteger),
    Column("nameless", BigInteger),
)

# What each generation holds: the identifier, and the digest of its document as last confirmed by the engine.
# An empty digest means in doubt: a write or delete was begun and never confirmed.
LEDGER = Table(
    "ledger",
    METADATA,
    Column("generation", String(64), primary_key=True),
    Column("identifier_key", String(32), primary_key=True),
    Column("identifier", LargeBinary),
    Column("digest", String(64)),
)

# Rows that were left out of a generation. `digest` is that of the refused document; NULL: there is none.
QUARANTINE = Table(
    "quarantine",
    METADATA,
    Column("generation", String(64), primary_key=True),
    Column("identifier_key", String(32), primary_key=True),
    Column("identifier", LargeBinary),
    Column("digest", String(64)),
    Column("reason", Text),
    Column("since", Double),
)

# Every run of a job. `outcome` is running, done, failed, stopped (its process was told to end) or lost (it
# died, or its lease went). `error` is what was wrong, in a sentence; of one that is done, what it put right.
RUNS = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("job", String(16)),
    Column("holder", String(200)),
    Column("generation", String(64)),
    Column("started_at", Double),
    Column("finished_at", Double),
    Column("outcome", String(16)),
    Column("rows_read", BigInteger),
    Column("written", BigInteger),
    Column("unchanged", BigInteger),
    Column("deleted", BigInteger),
    Column("quarantined", BigInteger),
    Column("error", Text),
)

# How each job has fared over all its runs.
JOBS = Table(
    "jobs",
    METADATA,
    Column("job", String(16), primary_key=True),
    Column("last_success_at", Double),
    Column("last_error_at", Double),
    Column("last_error", Text),
    Column("running_since", Double),
    Column("runs", BigInteger),
    Column("failures", BigInteger),
)

# Who may write. `token` grows with every change of hands: what an earlier holder still sends is known by it.
LEASE = Table(
    "lease",
    METADATA,
    Column("name", String(32), primary_key=True),
    Column("holder", String(200)),
    Column("token", BigInteger),
    Column("acquired_at", Double),
    Column("expires_at", Double),
)
