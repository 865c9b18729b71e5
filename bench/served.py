"""One process that answers from an index, behind the server named on its command line: for bench.servers.

`python -m bench.served SERVER PORT FOLDER`
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from customers.settings import SearchSettings
from index.tantivy_engine import TantivyIndex
from service.app import create_app
from service.ports import SyncReport
from service.server import serve
from service.settings import ServiceSettings


class _Status:
    """A sync that is always up to date."""

    def report(self, left_s: float | None = None) -> SyncReport:  # noqa: ARG002 - it takes no time
        """See SyncStatus."""
        return SyncReport(synced_at=datetime.now(UTC))


def app(port: int = 0) -> Flask:
    """The application over the index in the folder of the environment's BENCH_INDEX."""
    return application(Path(os.environ["BENCH_INDEX"]), port)


def application(folder: Path, port: int = 0) -> Flask:
    """The application over the index in `folder`."""
    index = TantivyIndex(folder, SearchSettings())
    settings = ServiceSettings(port=port, default_currency="DKK", requests_per_second=0)
    return create_app(settings=settings, search=SearchSettings(), index=index, status=_Status())


def main(server: str, port: int, folder: str) -> None:
    """Become the server."""
    os.environ["BENCH_INDEX"] = folder
    if server == "waitress":
        settings = ServiceSettings(port=port, default_currency="DKK", requests_per_second=0)
        serve(app(port), settings)
    bind = f"127.0.0.1:{port}"
    if server == "gunicorn":
        command = [
            "gunicorn",
            "--bind",
            bind,
            "--worker-class",
            "gthread",
            "--threads",
            "8",
            "bench.served:app()",
        ]
        os.execv(Path(sys.executable).with_name("gunicorn"), command)
    if server == "granian":
        command = [
            "granian",
            "--interface",
            "wsgi",
            "--port",
            str(port),
            "--blocking-threads",
            "8",
            "--factory",
        ]
        os.execv(
            Path(sys.executable).with_name("granian"), [*command, "--log-level", "error", "bench.served:app"]
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
