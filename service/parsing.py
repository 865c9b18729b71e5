"""How parameters are taken out of a request: strictly where it is ambiguous, and never with a 500."""

import json
from collections import Counter
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import flask
import marshmallow
from flask import Request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.utils import cached_property

from service.errors import Problem, refuse_field
from service.schemas import integer_of


class AnyBytesRequest(flask.Request):
    """A request whose query may hold any bytes. Werkzeug would fail on raw ones that are not UTF-8, such as
    the Latin-1 of an old till, and takes percent-encoded ones for text; here both are lone surrogates."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The parameters of the query."""
        query = self.query_string.decode("utf-8", "surrogateescape")
        return MultiDict(parse_qsl(query, keep_blank_values=True, errors="surrogateescape"))


class _Object(dict[str, Any]):
    """An object of JSON, which knows what is in it `twice`."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.twice = {name for name, count in counts.items() if count > 1}


class Parser(FlaskParser):
    """Every failure is a Problem: 400 malformed, 415 not JSON, 422 with the fields."""

    def load_querystring(self, req: Request, schema: marshmallow.Schema) -> dict[str, Any]:
        """The parameters that `schema` knows. One given twice is refused: which was meant is a guess. So is
        one that is not UTF-8: it would find nobody, and nobody would learn why."""
        found: dict[str, Any] = {}
        for name in schema.fields:
            values = req.args.getlist(name)
            if len(values) > 1:
                refuse_field(name, "given twice")
            if values:
                if not _is_utf_8(values[0]):
                    refuse_field(name, "has to be UTF-8, percent-encoded")
                found[name] = integer_of(values[0]) if name == "limit" else values[0]
        return found

    def load_json(self, req: Request, schema: marshmallow.Schema) -> Any:
        """The body, which has to be JSON and say so; what is twice in it is refused as in the query."""
        if not req.is_json:
            raise Problem(415, "send the body as JSON, with Content-Type: application/json")
        try:
            body = json.loads(_body_of(req), object_pairs_hook=_Object)
        except (ValueError, RecursionError) as error:
            raise Problem(400, "the body is not well-formed JSON") from error
        if isinstance(body, _Object):
            for name in body.twice & schema.fields.keys():
                refuse_field(name, "given twice")
        return body

    def handle_error(self, error: marshmallow.ValidationError, *_: Any, **__: Any) -> NoReturn:
        """All wrong fields at once."""
        by_location: dict[str, Any] = error.messages_dict
        (messages,) = by_location.values()
        wrong = {("body" if name == "_schema" else name): str(said[0]) for name, said in messages.items()}
        detail = "; ".join(f"{name}: {said}" for name, said in wrong.items())
        raise Problem(422, detail, errors=wrong, outcome="invalid") from error


def _body_of(req: Request) -> bytes:
    """What was sent. Each server has errors of its own for what it cannot read as chunks."""
    try:
        return req.get_data()
    except HTTPException:
        raise
    except Exception as error:
        raise Problem(400, "the body cannot be read") from error


def _is_utf_8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


class ParsedBlueprint(Blueprint):
    """A blueprint whose arguments are read by Parser."""

    ARGUMENTS_PARSER = Parser()
