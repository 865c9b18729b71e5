"""An answer that is large, and read slowly, is on no disk."""

import socket
from pathlib import Path

from customers.customer import Customer
from tests.service.desk import indexed
from tests.service.running import running

ASK = b"GET /customers/lookup?search_term=olsen&limit=100 HTTP/1.0\r\nHost: localhost\r\n\r\n"


def test_an_answer_that_waits_to_be_read_is_in_no_temporary_file(tmp_path: Path) -> None:
    notes = "Kun mod faktura. " * 3000
    customers = [
        Customer(f"C-{number}", f"Ida {number} Olsen", additional_info=notes) for number in range(100)
    ]
    indexed(tmp_path, customers).close()
    with running(tmp_path) as server, socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", server.port))
        slow.sendall(ASK)
        head = slow.recv(1)
        files = [str(file.readlink()) for file in Path(f"/proc/{server.process.pid}/fd").iterdir()]
        answer = head + b"".join(iter(lambda: slow.recv(65536), b""))
    assert answer.count(b"Kun mod faktura") == 100 * 3000
    assert [file for file in files if "(deleted)" in file] == []
