"""The real server in a process of its own, for tests that harm it: `python -m tests.service.server_process
FOLDER`.

FOLDER has an index; settings come as JSON on the command line. It prints its port, then serves until SIGTERM.
Every term `wait` takes a quarter of a second in the index, so that a test can fill the service. Where FOLDER
has a file `slow`, the second of several processes removes it, and takes longer to start, or to end, than a
stop may.
"""

import json
import signal
import sys
import time
from pathlib import Path

from customers.hit import Hit
from customers.term import Term
from index.tantivy_engine import TantivyIndex
from service import logs, processes
from service.app import create_app
from service.processes import Processes
from service.server import serve
from service.settings import ServiceSettings
from service.share import Share
from tests.service.desk import SEARCH, Status

# As the constant of service.processes: what hangs is given up sooner than a merchant's.
SILENT_S = 5.0


class SometimesSlow(TantivyIndex):
    """The embedded index, and slow when asked for `wait`."""

    def search(self, term: Term, limit: int) -> list[Hit]:
        """Search, after a rest where the term says so."""
        if term.text == "wait":
            time.sleep(0.25)
        return super().search(term, limit)


def _print_port(port: int) -> None:
    print(port, flush=True)  # noqa: T201 - the test reads it


def _start_slowly(folder: Path) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    (folder / "slow").unlink()
    time.sleep(processes.STOP_S + 4)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def main(folder: str, settings_text: str, share_text: str | None = None) -> None:
    """Serve the index in `folder`, in as many processes as the settings say; with a share, as one of them."""
    logs.configure()
    processes.SILENT_S = SILENT_S
    settings = ServiceSettings(**json.loads(settings_text))
    if settings.processes > 1 and share_text is None:
        command = [sys.executable, "-m", "tests.service.server_process", folder, settings_text]
        Processes(settings, lambda share: [*command, share]).run(_print_port)
        return
    share = None if share_text is None else Share.from_text(share_text)
    if share is not None:
        share.count_together()
        if share.place == 1 and (Path(folder) / "slow").exists():
            _start_slowly(Path(folder))
    index = SometimesSlow(Path(folder), SEARCH)
    app = create_app(settings=settings, search=SEARCH, index=index, status=Status())
    keys = Path(folder) / "keys.txt"
    say = _print_port if share is None else None
    serve(app, settings, lambda: keys.read_text().split(), say, share)


if __name__ == "__main__":
    main(*sys.argv[1:])
