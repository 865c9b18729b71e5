"""Writing to Meilisearch: in order, in batches, and a refused document costs nobody else."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from customers.customer import Customer
from customers.document import Document, to_document
from customers.errors import EngineError, EngineUnavailable
from customers.settings import SearchSettings
from index import meilisearch_batch, meilisearch_writer
from index.interface import Receipt, Refusal
from index.meilisearch_documents import to_line
from index.meilisearch_engine import MeilisearchIndex
from index.meilisearch_http import Client
from index.meilisearch_tasks import Tasks
from index.meilisearch_writer import MeilisearchWriter
from tests.index.meilisearch_server import SERVER, index_name, open_index
from tests.index.proxy import Forward, Proxy, Rule, answering
from tests.people import LARS

pytestmark = pytest.mark.meilisearch

SETTINGS = SearchSettings()
POISON = "poison"


def customers(count: int, city: str = "Aarhus") -> list[Document]:
    return [
        to_document(Customer(f"n-{number}", "Lars Hansen", city=city), SETTINGS) for number in range(count)
    ]


def poisoned_line(document: Document, generation: str) -> bytes:
    """As always, but a customer called poison gets an id that Meilisearch refuses."""
    line = to_line(document, generation)
    if not document.identifier.startswith(POISON):
        return line
    return json.dumps({**json.loads(line), "lookup_id": "not an id!"}).encode() + b"\n"


@pytest.fixture
def index() -> Iterator[MeilisearchIndex]:
    """A generation without anyone in it."""
    index = open_index(index_name(), SETTINGS)
    index.create("first")
    yield index
    index.close()


@pytest.fixture
def client() -> Iterator[Client]:
    client = Client(SERVER.url, SERVER.admin_key, key_name="[index] admin_key", timeout=10, patient=False)
    yield client
    client.close()


def writer_of(client: Client) -> MeilisearchWriter:
    """A writer to the generation, to which poison can be given."""
    index = client.index(f"{index_name()}__first")
    tasks = Tasks(client, sleep=SERVER.sleep)
    return MeilisearchWriter(index, "first", tasks, lambda: None, line=poisoned_line)


def kept(index: MeilisearchIndex) -> dict[str, str]:
    return dict(index.digests("first"))


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few documents are many batches."""
    monkeypatch.setattr(meilisearch_batch, "MOST_DOCUMENTS", 3)


def test_a_batch_is_cut_by_size(
    index: MeilisearchIndex, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meilisearch_batch, "MOST_BYTES", 2000)
    writer = writer_of(client)
    writer.write(customers(20))
    assert writer.flush() == Receipt(written=20)
    tasks = client.get_tasks({"types": ["documentAdditionOrUpdate"], "indexUids": [f"{index_name()}__first"]})
    sizes = [task.details["receivedDocuments"] for task in tasks.results if task.details]
    assert len(sizes) == 6
    assert sum(sizes) == 20 + 1  # and the marker


@pytest.mark.usefixtures("small_batches")
def test_one_bad_document_is_refused_and_its_neighbours_are_not(
    index: MeilisearchIndex, client: Client
) -> None:
    writer = writer_of(client)
    writer.write([*customers(4), to_document(Customer(POISON, "Lars Hansen"), SETTINGS), *customers(9)[4:]])
    receipt = writer.flush()
    assert receipt.written == 9
    assert receipt.refused == (Refusal(POISON, "Meilisearch refused the document: invalid_document_id"),)
    assert set(kept(index)) == {f"n-{number}" for number in range(9)}
    assert writer.confirmed == 9


def test_many_bad_documents_in_one_batch(index: MeilisearchIndex, client: Client) -> None:
    bad = [to_document(Customer(f"{POISON}{number}"), SETTINGS) for number in range(3)]
    writer = writer_of(client)
    writer.write([bad[0], *customers(10), *bad[1:]])
    receipt = writer.flush()
    assert receipt.written == 10
    assert {refusal.identifier for refusal in receipt.refused} == {document.identifier for document in bad}
    assert len(kept(index)) == 10


@pytest.mark.usefixtures("small_batches")
def test_what_is_sent_again_does_not_undo_what_came_after(index: MeilisearchIndex, client: Client) -> None:
    """The first batch is refused for its poison. By then later ones have changed and deleted its
    customers."""
    first = [*customers(2, city="Aarhus"), to_document(Customer(POISON), SETTINGS)]
    writer = writer_of(client)
    writer.write(first)
    writer.write(customers(1, city="Odense"))
    writer.delete(["n-1"])
    receipt = writer.flush()
    assert (receipt.written, receipt.deleted, len(receipt.refused)) == (3, 1, 1)
    assert kept(index) == {document.identifier: document.digest for document in customers(1, city="Odense")}


@pytest.mark.meilisearch(replay=False)
def test_the_youngest_portions_may_stay_under_way(index: MeilisearchIndex, client: Client) -> None:
    writer = writer_of(client)
    writer.write(customers(2))
    assert writer.flush(1) == Receipt(under_way=1)
    writer.delete(["n-0"])
    assert writer.flush(1) == Receipt(written=2, under_way=1)
    assert writer.flush(1) == Receipt(deleted=1)
    writer.write(customers(3))
    assert writer.flush() == Receipt(written=3)
    assert len(kept(index)) == 3


@pytest.mark.meilisearch(replay=False)
def test_a_refused_document_that_is_handed_over_anew_is_not_refused(
    index: MeilisearchIndex, client: Client
) -> None:
    bad = to_document(Customer(POISON, "Lars Hansen"), SETTINGS)
    writer = writer_of(client)
    writer.write([bad, *customers(2)])
    assert writer.flush(1).under_way == 1
    writer._settle_oldest()
    writer.delete([POISON])
    assert writer.flush() == Receipt(written=2, deleted=1)
    assert len(kept(index)) == 2


@pytest.mark.meilisearch(replay=False)
def test_a_document_too_large_for_the_server_is_refused_alone(index: MeilisearchIndex) -> None:
    with Proxy(SERVER.url) as proxy:
        proxy.rules.append(Rule("POST", "documents", answering(413, "payload_too_large"), times=2))
        behind = MeilisearchIndex(
            proxy.url, SERVER.search_key, SERVER.admin_key, index_name(), SETTINGS, sleep=SERVER.sleep
        )
        with behind.writer("first") as writer:
            writer.write([to_document(replace(LARS, additional_info="x" * 1000), SETTINGS)])
            receipt = writer.flush()
        behind.close()
    assert receipt.refused == (
        Refusal(LARS.identifier, "Meilisearch refused the document: payload_too_large"),
    )


@pytest.mark.meilisearch(replay=False)
def test_the_server_failing_is_not_the_documents_fault(
    index: MeilisearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meilisearch_writer, "FEWEST", 1)
    with Proxy(SERVER.url) as proxy:
        proxy.rules.append(Rule("POST", "documents", answering(500, "internal")))
        behind = MeilisearchIndex(
            proxy.url, SERVER.search_key, SERVER.admin_key, index_name(), SETTINGS, sleep=SERVER.sleep
        )
        with behind.writer("first") as writer:
            with pytest.raises(EngineUnavailable, match="error of its own"):
                writer.write(customers(2))
            assert writer.flush() == Receipt(written=2)
        behind.close()
    assert len(kept(index)) == 2


@pytest.mark.meilisearch(replay=False)
def test_received_is_indexed_or_it_is_an_error(index: MeilisearchIndex) -> None:
    def forgetful(forward: Forward) -> requests.Response:
        answer = forward()
        task = answer.json()
        if task["status"] == "succeeded":
            task["details"]["indexedDocuments"] = 1
            answer._content = json.dumps(task).encode()
        return answer

    with Proxy(SERVER.url) as proxy:
        behind = MeilisearchIndex(
            proxy.url, SERVER.search_key, SERVER.admin_key, index_name(), SETTINGS, sleep=SERVER.sleep
        )
        with behind.writer("first") as writer:
            proxy.rules.append(Rule("GET", "tasks/", forgetful, times=100))
            writer.write(customers(2))
            with pytest.raises(EngineError, match="indexed 1 of 2 documents of task"):
                writer.flush()
        behind.close()


def test_a_generation_that_was_removed_meanwhile_is_no_documents_fault(
    index: MeilisearchIndex, client: Client
) -> None:
    writer = writer_of(client)
    index.remove("first")
    writer.delete(["n-1"])
    with pytest.raises(EngineError, match="failed to do documentDeletion: index_not_found"):
        writer.flush()


@pytest.mark.usefixtures("small_batches")
def test_progress_counts_what_is_indexed_not_what_was_sent(index: MeilisearchIndex) -> None:
    with index.writer("first") as writer:
        writer.write(customers(2))
        assert writer.confirmed == 0
        writer.write(customers(60)[2:])
        assert 0 < writer.confirmed < 60
        writer.flush()
        assert writer.confirmed == 60


def test_a_writer_waits_for_what_an_earlier_one_left_under_way(
    index: MeilisearchIndex, client: Client
) -> None:
    """A process that died after sending: its documents must not arrive after newer ones."""
    dying = writer_of(client)
    dying.write(customers(3, city="Aarhus"))
    dying._send()
    with index.writer("first") as writer:
        assert client.get_tasks({"statuses": ["enqueued", "processing"]}).results == []
        writer.write(customers(3, city="Odense"))
        writer.flush()
    assert kept(index) == {document.identifier: document.digest for document in customers(3, city="Odense")}


@pytest.fixture
def proxied(index: MeilisearchIndex) -> Iterator[tuple[Proxy, MeilisearchWriter]]:
    """A writer to the generation, through a proxy. It needs `index` to be there."""
    with Proxy(SERVER.url) as proxy:
        behind = MeilisearchIndex(
            proxy.url, SERVER.search_key, SERVER.admin_key, index_name(), SETTINGS, sleep=SERVER.sleep
        )
        with behind.writer("first") as writer:
            yield proxy, writer
        behind.close()


@pytest.mark.meilisearch(replay=False)
@pytest.mark.parametrize(("status", "code"), [(400, ""), (400, "invalid_api_key"), (422, "io_error")])
def test_what_is_not_the_documents_fault_refuses_none(
    proxied: tuple[Proxy, MeilisearchWriter], status: int, code: str
) -> None:
    """A proxy's 400 page, say: the documents would be left out for good."""
    proxy, writer = proxied
    proxy.rules.append(Rule("POST", "documents", answering(status, code), times=9))
    writer.write(customers(2))
    with pytest.raises(EngineError):
        writer.flush()


@pytest.mark.meilisearch(replay=False)
@pytest.mark.parametrize(("status", "code"), [(400, ""), (413, "payload_too_large"), (422, "io_error")])
def test_a_deletion_is_never_the_documents_fault(
    proxied: tuple[Proxy, MeilisearchWriter], status: int, code: str
) -> None:
    """Whoever leaves out what was refused deletes it, over and over."""
    proxy, writer = proxied
    proxy.rules.append(Rule("POST", "documents", answering(status, code), times=9))
    writer.delete(["n-1"])
    with pytest.raises(EngineError):
        writer.flush()
