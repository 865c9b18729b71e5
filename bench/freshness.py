"""How long after its commit in the merchant's database a change is found at the till, how long a pass takes
that finds nothing new, and what a verify takes."""

import http.client
import json
import tempfile
import threading
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import psycopg
from sqlalchemy import make_url

from bench.process import run
from bench.shop import shop
from customer_lookup.configuration import load
from customer_lookup.wiring import opened_context
from sync.incremental import sync
from tests.customer_lookup.process import Running, running

SIZE = 1_000_000
INTERVAL = 5
CHANGES_PER_SECOND = 50
SECONDS = 60
# So many changes for each one that is asked for: asking for all of them would be a load of its own.
ASKED = 5
# How long a change may be on its way before it is taken for lost.
PATIENCE_SECONDS = 120.0
_PAUSE = 0.02
_MEGABYTE = 1_000_000

# A change: what to look up, whom it must find, and when it was committed.
Change = tuple[str, str, float]


def report() -> Iterator[str]:
    """The lines of a Markdown report."""
    with tempfile.TemporaryDirectory() as folder, shop(Path(folder), SIZE) as file:
        with file.open("a", encoding="utf-8") as written:
            written.write(f'\n[sync]\ninterval = "{INTERVAL}s"\n')
        run("reindex", file, file.with_name("reindex.log"))
        yield f"idle sync pass, {SIZE:,} rows: {_idle(file):.2f} s, the slowest of five"
        yield _row(_waits(file))
        run("sync", file, file.with_name("sync.log"))  # the last changes came after the last pass
        verified = run("verify", file, file.with_name("verify.log"))
        memory = verified.memory / _MEGABYTE
        yield f"verify, {SIZE:,} rows: {verified.seconds:.0f} s, peak memory {memory:,.0f} MB"


def _row(waits: Sequence[float]) -> str:
    ordered = sorted(waits)
    p50, p95 = (ordered[int(share * len(ordered))] for share in (0.5, 0.95))
    return (
        f"from commit to found, {SIZE:,} rows, {CHANGES_PER_SECOND} changes/s, interval {INTERVAL} s:"
        f" p50 {p50:.2f} s, p95 {p95:.2f} s, max {ordered[-1]:.2f} s, {len(waits)} asked"
    )


def _idle(file: Path) -> float:
    spent = []
    with opened_context(load(file), "bench") as context:
        for _ in range(6):
            began = time.monotonic()
            sync(context)
            spent.append(time.monotonic() - began)
    return max(spent[1:])  # the first one connects


def _waits(file: Path) -> list[float]:
    """Seconds from commit to found, of each change that was asked for."""
    changes: list[Change] = []
    with running("run", "--config", file) as service:
        merchant = threading.Thread(target=_change, args=(file, changes))
        merchant.start()
        try:
            places = range(0, CHANGES_PER_SECOND * SECONDS, ASKED)
            waits = [_wait(service, changes, place) for place in places]
        finally:
            merchant.join()
        service.stop()  # a killed one would keep the lease from the next command for a minute
    return waits


def _change(file: Path, changes: list[Change]) -> None:
    """Give customers a new email, one transaction each."""
    url = make_url(tomllib.loads(file.read_text(encoding="utf-8"))["source"]["url"])
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        count = CHANGES_PER_SECOND * SECONDS
        numbers = connection.execute("SELECT customer_no FROM customers LIMIT %s", (count,)).fetchall()
        began = time.monotonic()
        for place, (number,) in enumerate(numbers):
            time.sleep(max(0.0, began + place / CHANGES_PER_SECOND - time.monotonic()))
            email = f"new.address.{place}@example.org"
            connection.execute(
                "UPDATE customers SET email = %s, modified_at = now() WHERE customer_no = %s", (email, number)
            )
            changes.append((email, number, time.monotonic()))


def _wait(service: Running, changes: list[Change], place: int) -> float:
    while len(changes) <= place:
        time.sleep(_PAUSE)
    email, number, committed = changes[place]
    while True:
        found = _find(service, email)
        waited = time.monotonic() - committed
        if found[:1] == [number]:
            return waited
        if waited > PATIENCE_SECONDS:
            raise RuntimeError(f"change {place} was never found")
        time.sleep(_PAUSE)


def _find(service: Running, term: str) -> list[str]:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    try:
        connection.request("GET", f"/customers/lookup?search_term={quote(term)}&currency_code=DKK")
        return [customer["identifier"] for customer in json.loads(connection.getresponse().read())]
    finally:
        connection.close()
