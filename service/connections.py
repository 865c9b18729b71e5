"""Connections: what waitress leaves open on a public network is closed here.

A client that sends its request drop by drop, or asks and asks and never reads an answer, is cut off.
"""

import logging
import socket
import time
from collections import deque
from contextlib import suppress
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

from service.reading import Parser
from service.share import Turns
from service.task import Refusal, Task

MOST_CONNECTIONS = 400
# Seconds in which a whole request has to come in, and an answer has to be read on.
REQUEST_S = 10.0
# Requests of one connection that may wait for each other, and the bytes of answers that its client may leave
# unread before it gets another: a till, and a browser, asks again once it has the answer.
MOST_PIPELINED = 16
MOST_UNREAD_BYTES = 256 * 1024
# Seconds in which the rest of a request may come in that is answered already: it is thrown away. Were the
# connection closed over unread bytes, the client's system would throw the answer away (RFC 9112, 9.6).
LINGER_S = 2.0
# Seconds for which an answer that is held back is: the loop looks once a second, so it may be one more. And
# how many are at once: those who guess shall take few of the connections that a proxy has for everybody.
HELD_S = 2.0
MOST_HELD = 16

logger = logging.getLogger(__name__)


class Channel(HTTPChannel):
    """One connection, which knows since when it has been sending its request."""

    parser_class = Parser
    task_class = Task
    error_task_class = Refusal
    sending_since: float | None = None
    received_at = 0.0
    # Whether the rest of what it sends is awaited before it is closed, and since when it is.
    lingers = False
    lingering_since: float | None = None
    # Until when its answer is held back.
    held_until = 0.0

    def received(self, data: bytes) -> bool:
        """Take what came in; the clock runs from the first byte of a request to its last."""
        if self.lingering_since is not None:
            return False
        if self.sending_since is None:
            self.sending_since = time.monotonic()
        taken: bool = super().received(data)
        if self.request is None:
            self.sending_since = None
        if len(self.requests) > MOST_PIPELINED:
            self.handle_close()
        return taken

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Before a thread makes another answer, or adds to one: waitress has it wait for a client that does
        not read, and so eight clients without a key held all threads."""
        if self.total_outbufs_len > MOST_UNREAD_BYTES:
            self.connected = False  # the next maintenance closes it

    def writable(self) -> bool:
        """Not while its answer is being made and small: the thread that makes it sends it too, and a loop
        that waited for the same would spin meanwhile."""
        if self.will_close:
            return True
        if self.is_held:
            return False
        if self.close_when_flushed:
            return True
        is_being_answered = self.requests and self.total_outbufs_len <= self.adj.outbuf_high_watermark
        return bool(self.total_outbufs_len) and not is_being_answered

    def _flush_some(self, do_close: bool = True) -> bool:
        """Send, unless that is to wait."""
        return not self.is_held and bool(super()._flush_some(do_close=do_close))

    def handle_error(self) -> None:
        """A mistake while reading or writing. Waitress would log its words, which may quote the request."""
        logger.exception("a connection failed by a mistake")
        self.handle_close()

    def handle_expt(self) -> None:
        """TCP's urgent data, which HTTP does not have: nobody reads it, and so the loop would be told of it
        over and over."""
        self.lingers = False
        self.handle_close()

    def handle_close(self) -> None:
        """Close; where more may be coming, only the half that we send on. The second call closes it all: the
        client has closed its half too, or LINGER_S are over."""
        if self.lingers and self.connected and not self.total_outbufs_len and self.lingering_since is None:
            self.lingering_since = time.monotonic()
            self.will_close = False
            with suppress(OSError):  # the client is gone already: the next look at the socket tells
                self.socket.shutdown(socket.SHUT_WR)
        else:
            super().handle_close()

    def is_slow(self, now: float) -> bool:
        """Whether its request, or what follows it, has been coming in for too long."""
        if self.lingering_since is not None:
            return now - self.lingering_since > LINGER_S
        return self.sending_since is not None and now - self.sending_since > REQUEST_S

    def is_not_read(self, now: float) -> bool:
        """Whether its client has taken nothing of an answer for too long, or leaves too many unread; `now` as
        of time.time()."""
        return not self.connected or (bool(self.total_outbufs_len) and now - self.last_activity > REQUEST_S)

    @property
    def is_silent(self) -> bool:
        """Whether nothing that it asked is being answered."""
        return not self.requests and not self.will_close

    def give_way(self) -> None:
        """Close it for another's sake, with the answer that is held back: a proxy that gets none takes the
        service for dead."""
        if self.is_held:
            self.lingers = False
        self.held_until = 0.0
        self.will_close = True

    @property
    def is_held(self) -> bool:
        """Whether its answer is held back. A stop waits for nobody who guesses."""
        return bool(self.held_until) and self.held_until > time.monotonic() and not self.server.stopping

    @property
    def matters(self) -> tuple[bool, float]:
        """How much it would be missed: least where it has its last answer, or that is held back; else the
        more, the shorter it has been silent."""
        return self.lingering_since is None and not self.is_held, self.last_activity

    @property
    def is_in_flight(self) -> bool:
        """Whether a request is coming in, being answered, or its answer going out."""
        return bool(self.requests or self.request is not None or self.total_outbufs_len)


class Listener(TcpWSGIServer):
    """A listening socket and its connections, the slow ones of which are cut off."""

    channel_class = Channel
    stopping = False

    def __init__(self, *arguments: Any, turns: Turns | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._turns = turns
        self._held: deque[Channel] = deque()

    def hold(self, channel: Channel) -> None:
        """Hold its answer back; of more than MOST_HELD the one that has been for longest goes out."""
        channel.held_until = time.monotonic() + HELD_S
        self._held.append(channel)
        if len(self._held) > MOST_HELD:
            self._held.popleft().held_until = 0.0

    def maintenance(self, now: float) -> None:
        """Every second: close what has been sending, reading or idle for too long."""
        super().maintenance(now)
        for channel in list(self.active_channels.values()):
            if channel.is_slow(time.monotonic()):
                channel.will_close = True
            elif channel.is_not_read(now):
                # Not will_close: that waits for a socket that takes more, which this one never does.
                channel.handle_close()

    def handle_accept(self) -> None:
        """Take a connection. Where there are too many, one that lingers makes room, or else the one that has
        been silent for longest, so that idle strangers do not keep a till out."""
        if len(self.active_channels) >= MOST_CONNECTIONS:
            silent = [channel for channel in self.active_channels.values() if channel.is_silent]
            if silent:
                min(silent, key=lambda channel: channel.matters).give_way()
        if self._turns is not None and not self.stopping:
            self._turns.wait()
        super().handle_accept()

    def stop_listening(self) -> None:
        """Take the connections that are already made, and no more."""
        self.stopping = True
        for _ in range(self.adj.backlog):
            before = len(self.active_channels)
            self.handle_accept()
            if len(self.active_channels) == before:
                break
        self.del_channel()
        self.socket.close()
