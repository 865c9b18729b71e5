"""The ways to bring a generation closer to its source; every job is made of them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from customers.customer import Customer
from customers.document import to_document
from customers.settings import SearchSettings
from sync import generations
from sync.chunks import chunks
from sync.comparison import Comparison
from sync.context import SyncContext
from sync.feed import Feed
from sync.guard import refuse_truncated
from sync.key_sum import KeySum
from sync.mapping import Deleted, separate_balances
from sync.pages import Entry, Page
from sync.settings import SourceSettings
from sync.source import IDENTIFIERS, Source


def told_by_time(settings: SourceSettings) -> bool:
    """Whether every change moves an `updated_at` that is mapped. If not, changes are found by reading all."""
    own = not separate_balances(settings) or _has_dated_balances(settings)
    return settings.updated_at is not None and own


def _has_dated_balances(settings: SourceSettings) -> bool:
    balances = settings.balances
    return separate_balances(settings) and balances is not None and balances.updated_at is not None


def read_window(source: Source, feed: Feed, since: float, zone: float) -> None:
    """Everything that changed at or after `since`, as far as `updated_at` tells."""
    settings = source.settings
    if settings.updated_at is not None:
        for page in source.window(since, zone):
            _take_changed(source, feed, page.entries)
    if _has_dated_balances(settings):
        for identifiers in source.changed_balances(since, zone):
            refresh(source, feed, identifiers)


def changed_since(source: Source, since: float, zone: float) -> Iterator[list[str]]:
    """The identifiers that `read_window` looks at, some at a time."""
    if source.settings.updated_at is not None:
        for page in source.window(since, zone):
            yield [entry.identifier for entry in page.entries if entry.identifier is not None]
    if _has_dated_balances(source.settings):
        yield from source.changed_balances(since, zone)


def read_undated(source: Source, feed: Feed) -> None:
    """Every row whose `updated_at` is NULL: any of them may have changed."""
    settings = source.settings
    if settings.updated_at is not None:
        for page in source.undated():
            _take_changed(source, feed, page.entries)
    if _has_dated_balances(settings):
        for identifiers in source.undated_balances():
            refresh(source, feed, identifiers)


def _take_changed(source: Source, feed: Feed, entries: Iterable[Entry]) -> None:
    """A row that is deleted may have a living namesake, one that was quarantined may be one of two, and so
    may one that is news: only all the rows of an identifier tell."""
    doubtful: list[str] = []
    sure: list[Entry] = []
    for entry in entries:
        if isinstance(entry, Customer) and not feed.left_out.has(entry.identifier):
            sure.append(entry)
        elif entry.identifier is not None:
            doubtful.append(entry.identifier)
    news = feed.take(sure)
    refresh(source, feed, [*doubtful, *source.shared(news)])


def refresh(source: Source, feed: Feed, identifiers: Sequence[str]) -> None:
    """Bring what the source says now about these customers, whatever the ledger believes."""
    for chunk in chunks(identifiers, IDENTIFIERS):
        entries = list(source.read(chunk))
        there = {entry.identifier for entry in entries if not isinstance(entry, Deleted)}
        feed.take(entry for entry in entries if not isinstance(entry, Deleted))
        feed.delete([identifier for identifier in chunk if identifier not in there])


def retry(context: SyncContext, feed: Feed) -> None:
    """Bring again what is left out: another row may have kept it out, such as one with the same identifier,
    and be gone."""
    with context.state.read() as connection:
        left_out = feed.quarantine.identifiers(connection)
    refresh(context.source, feed, left_out)


def resolve_doubts(context: SyncContext, feed: Feed) -> None:
    """Bring again whatever an earlier pass began and never confirmed."""
    with context.state.read() as connection:
        known = generations.find(connection, feed.generation)
        doubted = feed.ledger.doubted(connection) if known is None or known.in_doubt else []
    refresh(context.source, feed, doubted)
    feed.doubts.are_resolved()


def read_all(context: SyncContext, feed: Feed, *, force: bool = False) -> None:
    """Everything: what differs from the ledger is written, what the source no longer has is deleted."""
    with Comparison() as seen:
        seen.begin("source")
        for page in context.source.scan():
            feed.take(page.entries)
            seen.add("source", _present(page))
        found = seen.complete("source")
        _delete_absent(context, feed, seen, found, force=force)
    note_nameless(context, feed)


def match_keys(context: SyncContext, feed: Feed, *, force: bool = False) -> None:
    """What the source's keys alone tell. Who is no longer among them is deleted; who is new is brought,
    however old its time; who is there twice is left out, and who was left out is looked at again."""
    surplus = _surplus_of_the_same(context, feed)
    if surplus is None:
        _match_each_key(context, feed, force=force)
    else:
        retry(context, feed)
        feed.take([], surplus=surplus)


def _surplus_of_the_same(context: SyncContext, feed: Feed) -> int | None:
    """How many rows of the source are nobody's, where its keys are those that are known, each once, as they
    nearly always are: told by a sum of hashes, without a place to keep them. None: they are others."""
    rows = 0
    found, known = KeySum(), KeySum()
    for part in context.source.identifiers():
        rows += len(part)
        found.add(name for name in part if name is not None)
    feed.confirm()
    with context.state.read() as connection:
        known.add(identifier for identifier, _ in feed.ledger.entries(connection))
        known.add(feed.quarantine.identifiers(connection))
    return rows - found.count if found == known else None


def _match_each_key(context: SyncContext, feed: Feed, *, force: bool) -> None:
    rows = 0  # counted among these keys: at any other moment there may be more, or fewer
    with Comparison() as seen:
        seen.begin("source")
        for part in context.source.identifiers():
            rows += len(part)
            seen.add("source", ((name, "") for name in part if name is not None))
        found = seen.complete("source")
        _delete_absent(context, feed, seen, found, force=force)
        brought = chain(seen.absent("source", from_="ledger"), seen.repeated("source"))
        for chunk in chunks(brought, IDENTIFIERS):
            refresh(context.source, feed, chunk)
    feed.take([], surplus=rows - found)


def _delete_absent(context: SyncContext, feed: Feed, seen: Comparison, found: int, *, force: bool) -> None:
    feed.confirm()
    with context.state.read() as connection:
        seen.fill("quarantined", ((name, "") for name in feed.quarantine.identifiers(connection)))
        expected = seen.fill("ledger", feed.ledger.entries(connection))
    refuse_truncated(found, expected, force=force)
    # What came after the read of its key is in the ledger and not among the keys: only a second look tells.
    gone = chain(seen.absent("ledger", from_="source"), seen.absent("quarantined", from_="source"))
    for chunk in chunks(gone, IDENTIFIERS):
        refresh(context.source, feed, chunk)


def note_nameless(context: SyncContext, feed: Feed) -> None:
    """Quarantine the rows without an identifier."""
    nameless = context.source.nameless()
    with context.state.write() as connection:
        feed.lease.guard(connection)
        feed.quarantine.replace_nameless(connection, nameless, context.state.now(connection))


def _present(page: Page) -> Iterator[tuple[str, str]]:
    """The identifiers of a page that are in the source, mapped or not."""
    for entry in page.entries:
        if entry.identifier is not None and not isinstance(entry, Deleted):
            yield entry.identifier, ""


def digests_of(entries: Iterable[Entry], search: SearchSettings) -> Iterator[tuple[str, str]]:
    """(identifier, digest) of the documents that these entries make."""
    for entry in entries:
        if isinstance(entry, Customer):
            yield entry.identifier, to_document(entry, search).digest
