"""A server between the code that is tested and a real one, which makes the network as bad as a test needs."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

# What to do with one exchange: forward it by calling `forward`, or not, and answer, or hang up with None.
Forward = Callable[[], requests.Response]
Action = Callable[[Forward], requests.Response | None]


def lose_answer(forward: Forward) -> None:
    """Let the request through and hang up before the answer."""
    forward()


def lose_request(forward: Forward) -> None:
    """Hang up."""


def answering(status: int, code: str) -> Action:
    """Answer in Meilisearch's place with an error."""
    content = json.dumps({"message": "Lars Hansen", "code": code, "type": "system", "link": ""}).encode()

    def answer(forward: Forward) -> requests.Response:
        made = requests.Response()
        made.status_code = status
        made._content = content
        return made

    return answer


def saying(content: bytes) -> Action:
    """Answer in Meilisearch's place that all is well, with `content`."""

    def answer(forward: Forward) -> requests.Response:
        made = requests.Response()
        made.status_code = 200
        made._content = content
        return made

    return answer


@dataclass(slots=True)
class Rule:
    """What to do with the next `times` requests that are `method` to a path that holds `part`."""

    method: str
    part: str
    action: Action
    times: int = 1


@dataclass
class Proxy:
    """Forwards to `target`, as `rules` say. `connections` counts what was opened to it; `seen` is each
    request's method, path and headers."""

    target: str
    rules: list[Rule] = field(default_factory=list)
    connections: int = 0
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "Proxy":
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def rule_for(self, method: str, path: str) -> Rule | None:
        """The first rule that fits and is not used up, one use less."""
        with self.lock:
            for rule in self.rules:
                if rule.times > 0 and rule.method == method and rule.part in path:
                    rule.times -= 1
                    return rule
        return None


class _Handler(BaseHTTPRequestHandler):
    owner: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        with self.owner.lock:
            self.owner.connections += 1

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _exchange(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name != "Host"}
        with self.owner.lock:
            self.owner.seen.append((self.command, self.path, headers))

        def forward() -> requests.Response:
            url = self.owner.target + self.path
            return requests.request(self.command, url, data=body, headers=headers, timeout=30)

        rule = self.owner.rule_for(self.command, self.path)
        answer = forward() if rule is None else rule.action(forward)
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _exchange  # noqa: N815 - as http.server calls them
