"""The real server in a process of its own, for tests that harm it: `python -m tests.service.server_process
FOLDER`.

FOLDER has an index; settings come as JSON on the command line. It prints its port, then serves until SIGTERM.
Every term `wait` takes a quarter of a second in the index, so that a test can fill the service.
"""

import json
import sys
import time
from pathlib import Path

from customers.term import Term
from index.interface import Hit
from index.tantivy_engine import TantivyIndex
from service import logs
from service.app import create_app
from service.server import serve
from service.settings import ServiceSettings
from tests.service.desk import SEARCH, Status


class SometimesSlow(TantivyIndex):
    """The embedded index, and slow when asked for `wait`."""

    def search(self, term: Term, limit: int) -> list[Hit]:
        """Search, after a rest where the term says so."""
        if term.text == "wait":
            time.sleep(0.25)
        return super().search(term, limit)


def _print_port(port: int) -> None:
    print(port, flush=True)  # noqa: T201 - the test reads it


def main(folder: Path, settings: ServiceSettings) -> None:
    """Serve the index in `folder`."""
    logs.configure()
    index = SometimesSlow(folder, SEARCH)
    app = create_app(settings=settings, search=SEARCH, index=index, status=Status())
    keys = folder / "keys.txt"
    serve(app, settings, lambda: keys.read_text().split(), _print_port)


if __name__ == "__main__":
    main(Path(sys.argv[1]), ServiceSettings(**json.loads(sys.argv[2])))
