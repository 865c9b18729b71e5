"""Credentials: where a request may bring its key."""

import base64
import binascii


def key_in(api_key: str | None, authorization: str | None) -> str | None:
    """The key in X-API-Key, or else in Authorization: the token of Bearer, whatever signs are in it, or the
    password of Basic. None or empty where there is none. Takes any text that WSGI may have for a header."""
    if api_key:
        return api_key
    scheme, _, sent = (authorization or "").partition(" ")
    scheme, sent = scheme.lower(), sent.strip(" \t")
    if scheme == "bearer":
        return sent
    return _password(sent) if scheme == "basic" else None


def _password(sent: str) -> str | None:
    """What stands after the first colon. Only that is read, in UTF-8 or else, as older clients have it, in
    Latin-1 (RFC 7617)."""
    try:
        password = base64.b64decode(sent, validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):  # the latter where it is not even ASCII
        return None
    try:
        return password.decode()
    except UnicodeDecodeError:
        return password.decode("latin-1")
