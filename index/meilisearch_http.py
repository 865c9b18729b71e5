"""The official Meilisearch client on connections of our own.

The client as it comes opens a new connection for every call, waits without an end, and changes one shared
header dict per call, which is a race under threads (all read in `meilisearch/_httprequests.py`, 0.43). Its
seam is the `HttpRequests` object that each of its parts holds: here they all get one that keeps a session
per thread.
"""

import gzip
import json
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import meilisearch
import orjson
import urllib3
from meilisearch._httprequests import HttpRequests
from meilisearch.config import Config
from meilisearch.index import Index
from meilisearch.task import TaskHandler
from urllib3.exceptions import HTTPError, LocationValueError, ProtocolError
from urllib3.util import Retry, Timeout, parse_url

from customers.any_json import loads
from index.meilisearch_connection import guarded
from index.meilisearch_errors import Call, explain, explain_answer, not_a_url, reading

NDJSON = "application/x-ndjson"

# Level 1 takes documents to a fifth of their size at over 100 MB/s, far faster than they are indexed.
COMPRESSION = 1

# What certainly did not happen is tried again after 0.5 s to 60 s, for about a minute in all. A request whose
# answer was lost is not: it may still happen, after something newer was sent.
_PATIENT = Retry(
    total=7,
    read=False,
    redirect=0,
    other=0,
    status_forcelist=(408, 429, 503),
    allowed_methods=None,
    backoff_factor=0.5,
    backoff_max=60,
    backoff_jitter=0.5,
    respect_retry_after_header=False,
    raise_on_status=False,
)

Part = TypeVar("Part", Index, TaskHandler)


class Compressed(bytes):
    """A body that is compressed already (gzip)."""


class Client(meilisearch.Client):
    """The official client, safe to share between threads, every call bounded, every failure an EngineError.

    `timeout` (seconds) is how long each try of a call may take, from connecting to the end of its answer. A
    patient client tries again where the server is busy or not there. `key_name` is what errors
    call the key.
    """

    def __init__(self, url: str, key: str | None, *, key_name: str, timeout: float, patient: bool) -> None:
        super().__init__(url.rstrip("/"), key)
        self._kept_alive = _KeptAlive(self.config, key_name, timeout, patient)
        self.http = self._kept_alive
        self.task_handler = self._connected(TaskHandler(self.config))

    def index(self, uid: str) -> Index:
        """The index called `uid`, which need not exist, on the same connections."""
        index = self._connected(super().index(uid))
        index.task_handler = self.task_handler
        return index

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Have all of this thread's calls inside the block done within so many seconds together."""
        self._kept_alive.local.until = time.monotonic() + seconds
        try:
            yield
        finally:
            self._kept_alive.local.until = None

    def close(self) -> None:
        """Close the connections of every thread."""
        self._kept_alive.close()

    def _connected(self, part: Part) -> Part:
        part.http = self._kept_alive
        return part


class _KeptAlive(HttpRequests):
    """The client's way to the server, through a connection per thread. On urllib3 itself, as `requests`
    around it takes longer than a search does."""

    def __init__(self, config: Config, key_name: str, timeout: float, patient: bool) -> None:
        super().__init__(config)
        if not config.api_key:
            del self.headers["Authorization"]  # the client would send `Bearer None`
        # Compressing an answer takes longer than sending it to the next machine, and in pieces it waits 40 ms
        # for its acknowledgement (delayed ACK meets Nagle's algorithm, which Meilisearch leaves on).
        self.headers["Accept-Encoding"] = "identity"
        self.local = threading.local()
        self._key_name = key_name
        self._timeout = timeout
        self._patient = patient
        self._pools: weakref.WeakSet[urllib3.HTTPConnectionPool] = weakref.WeakSet()

    def send_request(
        self,
        http_method: Callable[..., Any],
        path: str,
        body: Any = None,
        content_type: str | None = None,
        *,
        serializer: type[json.JSONEncoder] | None = None,
    ) -> Any:
        """One call; its JSON, None where the answer is empty. Of `http_method`, a function of `requests`,
        only the name counts here."""
        call = Call(self.config.url, http_method.__name__, path, self._key_name, self._timeout)
        data, headers = _encoded(call.method, body, content_type, serializer)
        try:
            answer = self._send(call, data, {**self.headers, **headers})
        except HTTPError as error:
            raise explain(error, call) from error
        if answer.status >= 300:
            raise explain_answer(answer.status, answer.data, call)
        with reading(call.url):
            return loads(answer.data) if answer.data else None

    def close(self) -> None:
        for pool in list(self._pools):
            pool.close()

    def _send(self, call: Call, data: bytes | None, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        """Send; where the till waits, once more at once if the server had closed the connection."""
        try:
            return self._send_once(call, data, headers)
        except ProtocolError:
            if self._patient:
                raise
        return self._send_once(call, data, headers)

    def _send_once(
        self, call: Call, data: bytes | None, headers: Mapping[str, str]
    ) -> urllib3.BaseHTTPResponse:
        # A swap that is sent twice undoes itself: whoever sends it looks first what became of it.
        patient = self._patient and call.path != self.config.paths.swap
        return self._pool().urlopen(
            call.method.upper(),
            f"{self.local.prefix}/{call.path}",
            body=data,
            headers=headers,
            timeout=Timeout(total=self._time_left()),
            retries=_PATIENT if patient else False,
            redirect=False,
        )

    def _time_left(self) -> float:
        until: float | None = getattr(self.local, "until", None)
        if until is None:
            return self._timeout
        left = min(self._timeout, until - time.monotonic())
        if left <= 0:
            raise urllib3.exceptions.TimeoutError
        return left

    def _pool(self) -> urllib3.HTTPConnectionPool:
        """This thread's connection."""
        pool: urllib3.HTTPConnectionPool | None = getattr(self.local, "pool", None)
        if pool is None:
            self.local.prefix = _path_of(self.config.url)
            pool = self.local.pool = urllib3.connection_from_url(self.config.url, maxsize=1)
            pool.ConnectionCls = guarded(pool.ConnectionCls)
            self._pools.add(pool)
        return pool


def _path_of(url: str) -> str:
    """What stands before the path of each call, where Meilisearch is behind a proxy."""
    try:
        parsed = parse_url(url)
    except LocationValueError as error:
        raise not_a_url(url) from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise not_a_url(url)
    return (parsed.path or "").rstrip("/")


def _encoded(
    method: str, body: Any, content_type: str | None, serializer: type[json.JSONEncoder] | None
) -> tuple[bytes | None, Mapping[str, str]]:
    """The body as bytes, and the headers that say what it is. NDJSON is compressed."""
    headers = {"Content-Type": content_type} if content_type else {}
    if method == "get" or (body is None and content_type is None):
        return None, headers
    if not isinstance(body, bytes):
        return _json(body, serializer), headers
    if content_type == NDJSON and not isinstance(body, Compressed):
        body = Compressed(gzip.compress(body, COMPRESSION, mtime=0))
    return body, {**headers, "Content-Encoding": "gzip"} if isinstance(body, Compressed) else headers


def _json(body: Any, serializer: type[json.JSONEncoder] | None) -> bytes:
    """JSON. Only the standard library's encoder escapes a lone surrogate, which UTF-8 does not know."""
    if serializer is None:
        with suppress(orjson.JSONEncodeError):
            return orjson.dumps(body)
    return json.dumps(body, cls=serializer, allow_nan=False).encode()
