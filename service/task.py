"""Task: one request, from what waitress has read of it to its answer on the connection."""

from typing import TYPE_CHECKING

from waitress.task import WSGITask

from service.auth import HOLD_BACK
from service.refusals import REFUSED
from service.request_log import RECEIVED_AT

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Task(WSGITask):
    """A request, with the time at which it came in: its deadline counts from there."""

    wrote_header: bool

    def get_environment(self) -> "WSGIEnvironment":
        environ: WSGIEnvironment = super().get_environment()
        environ[RECEIVED_AT] = self.channel.received_at
        environ[HOLD_BACK] = self.hold_back
        if self.request.is_ambiguous:
            self.close_early()
        elif self.channel.server.stopping:
            self.set_close_on_finish()
        return environ

    def close_early(self) -> None:
        """Let this answer be the last, though its client may be sending more."""
        self.request.headers.pop("CONNECTION", None)  # or a client of HTTP/1.0 is told both
        self.set_close_on_finish()
        self.channel.lingers = True

    def hold_back(self) -> None:
        """Let this answer go out only after HELD_S, and be the last. Keeps no thread."""
        self.close_early()
        self.channel.server.hold(self.channel)

    def write(self, data: bytes) -> None:
        """Head and body together, where the body is all that comes."""
        if self.wrote_header or not self.complete or not self.has_body or len(data) != self.content_length:
            super().write(data)
            return
        head = self.build_response_header()
        self.wrote_header = True
        self.content_bytes_written = len(data)
        self.channel.write_soon(head + data)


class Refusal(Task):
    """What waitress or the line turns away (a header too large, no room): the application says so."""

    def get_environment(self) -> "WSGIEnvironment":
        environ = super().get_environment()
        environ[REFUSED] = self.request.error.code
        self.close_early()
        return environ
