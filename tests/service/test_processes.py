"""Several real processes on one socket, treated badly."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from customers.errors import ConfigurationError
from index.tantivy_engine import TantivyIndex
from service.processes import LONGEST_PAUSE_S, Processes, pause_after
from service.server import HttpServer
from service.settings import ServiceSettings
from service.share import STOP, Connections, Share
from tests.people import EVERYONE
from tests.service.desk import KEY, app_of, indexed
from tests.service.running import ROOT, Running, running, stopped_while_asked
from tests.service.server_process import SILENT_S


def eventually(look: Callable[[], bool], seconds: float = 60.0) -> None:
    give_up_at = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


def children(parent: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def sockets(process: int) -> int:
    """How many sockets a process has open."""
    links = [str(file.readlink()) for file in Path(f"/proc/{process}/fd").iterdir()]
    return sum(link.startswith("socket:") for link in links)


def is_gone(process: int) -> bool:
    """Ended; what nobody waits for stays as a zombie."""
    try:
        return "State:\tZ" in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return True


def counted(server: Running) -> float:
    """Lookups that were answered, as /metrics has them."""
    page = requests.get(f"{server.url}/metrics", timeout=10).text
    found = re.findall(r'^customer_lookup_lookups_total\{.*outcome="ok"\} (.+)$', page, re.MULTILINE)
    return sum(map(float, found))


def share_of(child: int) -> Share:
    return Share.from_text(Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")[-2].decode())


def answers(child: int) -> bool:
    """Whether the process has got as far as to answer. Its command line is its parent's until it begins, and
    empty for a moment while it does (IndexError)."""
    with contextlib.suppress(OSError, ValueError, KeyError, IndexError):
        share = share_of(child)
        return share.open_connections().is_there(share.place)
    return False


def both(server: Running) -> list[int]:
    """The two processes, once both answer."""
    parent = server.process.pid
    eventually(lambda: [answers(child) for child in children(parent)] == [True, True])
    return children(parent)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    indexed(tmp_path, EVERYONE).close()
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[Running]:
    """Two processes that answer."""
    with running(folder, processes=2) as answering:
        both(answering)
        yield answering


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two processes that answer, for the tests that leave two."""
    folder = tmp_path_factory.mktemp("lasting")
    indexed(folder, EVERYONE).close()
    with running(folder, processes=2) as answering:
        both(answering)
        yield answering


def errors(server: Running) -> list[dict[str, Any]]:
    """What its log has of them."""
    lines = map(json.loads, (server.folder / "log.txt").read_text().splitlines())
    return [line for line in lines if line["level"] == "error"]


def test_each_takes_half_of_the_tills(lasting: Running) -> None:
    before = {child: sockets(child) for child in both(lasting)}
    tills = [lasting.connect() for _ in range(8)]
    eventually(lambda: sum(map(sockets, before)) == sum(before.values()) + 8)
    assert [sockets(child) - had for child, had in before.items()] == [4, 4]
    for till in tills:
        till.close()


def test_a_process_that_dies_is_replaced_and_its_counts_stay(lasting: Running) -> None:
    first, second = both(lasting)
    before, said = counted(lasting), len(errors(lasting))
    assert all(lasting.look_up().status_code == 200 for _ in range(20))
    assert counted(lasting) == before + 20
    os.kill(first, signal.SIGKILL)
    eventually(lambda: first not in children(lasting.process.pid))
    assert all(lasting.look_up().status_code == 200 for _ in range(10)), "the other one answers meanwhile"
    assert second in both(lasting)
    assert all(lasting.look_up().status_code == 200 for _ in range(10))
    assert counted(lasting) == before + 40
    (lost,) = errors(lasting)[said:]
    assert lost["message"] == "a serving process ended and is replaced"
    assert lost["code"] == -signal.SIGKILL


def test_one_that_dies_again_and_again_is_given_longer_rests() -> None:
    pauses = [pause_after(failures) for failures in range(1, 9)]
    assert pauses == [0, 1, 3, 7, 15, LONGEST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_a_stop_answers_what_is_in_flight_in_all_of_them(server: Running) -> None:
    ended = both(server)
    stopped_while_asked(server, 8, server.process.terminate)
    assert all(map(is_gone, ended))


def test_a_stop_that_reaches_all_of_them_answers_what_is_in_flight(server: Running) -> None:
    """Ctrl-C and systemd tell every process. Those that answer stopped at once, while connections still came
    in on the socket of the parent, and were reset."""
    ended = both(server)

    def tell_all() -> None:
        for process in (*ended, server.process.pid):
            os.kill(process, signal.SIGTERM)
            time.sleep(0.1)

    stopped_while_asked(server, 8, tell_all)
    assert all(map(is_gone, ended))


def test_a_stop_while_one_of_them_is_still_starting_answers_what_is_in_flight(folder: Path) -> None:
    """It has the sockets too: what came in after the others had closed theirs was reset when it ended."""
    (folder / "slow").touch()
    with running(folder, processes=2) as server:
        eventually(lambda: not (folder / "slow").exists())
        ended = children(server.process.pid)
        stopped_while_asked(server, 8, server.process.terminate)
        assert all(map(is_gone, ended))


def test_one_that_does_not_stop_as_it_was_told_ends_all_the_same(tmp_path: Path) -> None:
    """Its parent would kill it, but may have been killed itself."""
    said = (
        "import sys, time; from service import share; share.ORPHAN_S = 0.2; "
        "share.Share(0, 1, (), int(sys.argv[1]), sys.argv[2]).when_told(lambda: None); time.sleep(60)"
    )
    parent, parents_end = os.pipe()
    command = [sys.executable, "-c", said, str(parent), str(tmp_path)]
    with subprocess.Popen(command, pass_fds=[parent], cwd=ROOT) as process:
        os.write(parents_end, STOP)
        assert process.wait(20) == 1
    os.close(parent)
    os.close(parents_end)


def test_clients_that_never_finish_do_not_hold_up_a_stop(server: Running, folder: Path) -> None:
    """The processes waited for them as long as the parent waited for the processes, and were killed."""
    ended = both(server)
    idle = [server.connect() for _ in range(4)]
    unfinished = [server.connect() for _ in range(4)]
    half = b"POST /customers/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{"
    for connection in unfinished:
        connection.sendall(half)
    stopped_while_asked(server, 4, server.process.terminate)
    assert all(map(is_gone, ended))
    assert "killed" not in (folder / "log.txt").read_text()
    for connection in (*idle, *unfinished):
        connection.close()


def test_a_process_that_hangs_is_replaced(lasting: Running) -> None:
    hung, other = both(lasting)
    before = len(errors(lasting))
    os.kill(hung, signal.SIGSTOP)
    assert all(lasting.look_up().status_code == 200 for _ in range(10)), "the other one answers meanwhile"
    eventually(lambda: hung not in children(lasting.process.pid))
    assert other in both(lasting)
    assert all(lasting.look_up().status_code == 200 for _ in range(10))
    said = [line["message"] for line in errors(lasting)[before:]]
    assert said == ["a serving process hangs and is killed", "a serving process ended and is replaced"]


def test_while_all_of_them_sleep_none_is_taken_for_hung(lasting: Running) -> None:
    """As with a laptop, a virtual machine that is moved, or Ctrl-Z."""
    everyone = [lasting.process.pid, *both(lasting)]
    for process in everyone:
        os.kill(process, signal.SIGSTOP)
    time.sleep(SILENT_S + 2)
    for process in everyone:
        os.kill(process, signal.SIGCONT)
    time.sleep(1)
    assert both(lasting) == everyone[1:]


def test_one_on_the_socket_of_a_parent_looks_itself_who_may_come(index: TantivyIndex, tmp_path: Path) -> None:
    """The configuration may have changed since the parent read it: no keys any more, on a loopback host."""
    Connections(tmp_path, 1)
    with socket.create_server(("0.0.0.0", 0)) as listening:
        share = Share(place=0, processes=1, sockets=(listening.fileno(),), parent=0, folder=str(tmp_path))
        with pytest.raises(ConfigurationError, match=r"'0\.0\.0\.0' can be reached .* needs api_keys"):
            HttpServer(app_of(index), ServiceSettings(), share)
        listening.detach()


def test_none_outlives_a_parent_that_is_killed(server: Running) -> None:
    orphans = both(server)
    folder = Path(share_of(orphans[0]).folder)
    assert folder.exists()
    server.process.kill()
    eventually(lambda: all(map(is_gone, orphans)))
    assert not folder.exists()


def test_keys_are_reloaded_in_all_of_them(folder: Path) -> None:
    (folder / "keys.txt").write_text("new:the-new-key")
    with running(folder, processes=2, api_keys=[KEY]) as server:
        both(server)

        def statuses(key: str) -> set[int]:
            headers = {"X-API-Key": key}
            return {server.look_up(headers=headers).status_code for _ in range(6)}

        assert statuses(KEY) == {200}
        server.process.send_signal(signal.SIGHUP)
        eventually(lambda: statuses("the-new-key") == {200})
        assert statuses(KEY) == {401}


def test_a_till_is_answered_by_all_of_them_while_a_stranger_guesses(folder: Path) -> None:
    with running(folder, processes=2, api_keys=[KEY]) as server:
        both(server)
        with ThreadPoolExecutor(16) as stranger:  # side by side, as each of the later ones is held back
            guesses = stranger.map(lambda _: server.look_up(headers={"X-API-Key": "guess"}), range(36))
            assert {answer.status_code for answer in guesses} == {401}
        assert {server.look_up(headers={"X-API-Key": KEY}).status_code for _ in range(20)} == {200}


def test_what_keeps_the_first_from_answering_ends_the_parent_with_its_code() -> None:
    said = "import sys; print('wrong', file=sys.stderr); sys.exit(2)"
    processes = Processes(ServiceSettings(port=0, processes=3), lambda _: [sys.executable, "-c", said])
    with pytest.raises(SystemExit) as ended:
        processes.run(lambda _: pytest.fail("nobody answers"))
    assert ended.value.code == 2


def test_a_first_one_that_is_killed_does_not_end_the_parent_without_a_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    processes = Processes(ServiceSettings(port=0, processes=3), lambda _: [sys.executable, "-c", kill])
    with pytest.raises(SystemExit) as ended:
        processes.run(lambda _: pytest.fail("nobody answers"))
    assert ended.value.code == 1
    (said,) = caplog.records
    assert (said.levelname, said.message) == ("ERROR", "a serving process ended before it answered")


def test_without_a_temporary_folder_they_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose disk is read-only: it ended by an unexpected FileNotFoundError."""
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("tempfile._candidate_tempdir_list", lambda: ["/nowhere"])
    with pytest.raises(ConfigurationError, match=r"\[service\] processes: .* mount one at /tmp"):
        Processes(ServiceSettings(port=0, processes=2), lambda _: [])


def test_on_windows_they_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.processes.CAN_SHARE", False)
    with pytest.raises(ConfigurationError, match=r"\[service\] processes: 2 .*leave it at 1"):
        Processes(ServiceSettings(processes=2), lambda _: [])
