"""Reading: what waitress makes of the bytes of a request, in no more time than they took to come in."""

import re

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import RequestEntityTooLarge, RequestHeaderFieldsTooLarge

# Of a request that cannot be read, or not to its end: what a refusal needs to know, if it is there.
_METHOD = re.compile(rb"[A-Z]{1,16}(?= )")
_NEEDED = re.compile(
    rb"(?im)^(Origin|Access-Control-Request-Method|X-Request-Id):[ \t]*+([!-~]*+)[ \t]*+\r\n"
)
_ADDRESS = re.compile(rb"(?<= )[^ \r\n]+")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
# Waitress reads the first line and each header by expressions that try every length of what they find: 16 KiB
# kept a process busy for 18 s. It gets to see none for which they have to.
_FIRST_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++ [^ \r\n]++(?: HTTP/[0-9]\.[0-9])? *+\r\n")
_BLANK_START = re.compile(rb"(?m)^([^:\r\n]++:)[ \t]++")
_TRANSFER_ENCODING = re.compile(rb"(?im)^Transfer-Encoding:")
# Bytes in which a body in chunks may be framed; waitress counts them as body.
_MOST_FRAMING = 16 * 1024
_FOLDS = (b"\r\n ", b"\r\n\t")
_NO_METHOD, _NOWHERE = "-", "*"


def _encoded(address: re.Match[bytes]) -> bytes:
    return _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], address[0])


class Parser(HTTPRequestParser):
    """What waitress leaves to Python's ValueError, such as `http://[x]/`, is a request it cannot read too.
    One that cannot be read has no method, and an address where nothing is."""

    command, path, query, request_uri, url_scheme = _NO_METHOD, _NOWHERE, "", _NOWHERE, "http"
    # Whether where it ends depends on who reads it: the connection has to be closed (RFC 9112, 6.1).
    is_ambiguous = False

    def received(self, data: bytes) -> int:
        """Take what came in, up to the end of the request; answers how much."""
        before = self.header_plus
        taken: int = super().received(data)
        if isinstance(self.error, RequestHeaderFieldsTooLarge) or (
            self.error is not None and self.command == _NO_METHOD
        ):
            self._read_loosely(before + data[:taken])
        if self.chunked and self.error is None:
            self._bound_chunks()
        if self.completed:
            # Waitress would tell the client to go on, and take the next request for the rest of this one.
            self.expect_continue = False
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers. Bytes beyond ASCII in the address, from a till that does not
        encode what was typed, are taken for what they would be encoded."""
        if not header_plus.isascii():
            header_plus = _ADDRESS.sub(_encoded, header_plus, count=1)
        if not _FIRST_LINE.match(header_plus):
            raise ParsingError("start line is invalid")
        if any(fold in header_plus for fold in _FOLDS):
            raise ParsingError("a header is folded")
        self.headers: dict[str, str] = {}
        try:
            super().parse_header(_BLANK_START.sub(rb"\1", header_plus))
        except ValueError as error:
            raise ParsingError("bad request") from error
        # Waitress takes out the header, of HTTP/1.0 not, which has no chunks.
        if _TRANSFER_ENCODING.search(header_plus):
            self.is_ambiguous = not self.chunked or "CONTENT_LENGTH" in self.headers
        if self.chunked:
            self.body_bytes_received = -_MOST_FRAMING
        # Flask would send the client on to an address that it makes of the client's Host.
        self.path = self.path or _NOWHERE

    def _bound_chunks(self) -> None:
        most = self.adj.max_request_body_size
        if len(self.body_rcv) >= most:
            self.error = RequestEntityTooLarge(f"exceeds max_body of {most}")
            self.completed = True

    def _read_loosely(self, head: bytes) -> None:
        method = _METHOD.match(head)
        self.command, self.path = method[0].decode() if method else _NO_METHOD, _NOWHERE
        self.headers = {
            name.upper().replace(b"-", b"_").decode(): value.decode() for name, value in _NEEDED.findall(head)
        }
