"""How parameters are taken out of a request: strictly where it is ambiguous, and never with a 500."""

import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

import flask
import marshmallow
from flask import Request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser

from service.errors import Problem
from service.schemas import integer_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class AnyBytesRequest(flask.Request):
    """A request whose query may hold any bytes. Werkzeug would fail on raw ones that are not UTF-8, such as
    the Latin-1 of an old till; percent-encoded they are only characters that match nothing."""

    def __init__(self, environ: "WSGIEnvironment", *arguments: Any, **options: Any) -> None:
        super().__init__(environ, *arguments, **options)
        self.query_string = _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], self.query_string)


class Parser(FlaskParser):
    """Every failure is a Problem: 400 malformed, 415 not JSON, 422 with the fields."""

    def load_querystring(self, req: Request, schema: marshmallow.Schema) -> dict[str, Any]:
        """The parameters that `schema` knows. One given twice is refused: which was meant is a guess."""
        found: dict[str, Any] = {}
        for name in schema.fields:
            values = req.args.getlist(name)
            if len(values) > 1:
                raise Problem(422, f"{name}: given twice", errors={name: "given twice"}, outcome="invalid")
            if values:
                found[name] = integer_of(values[0]) if name == "limit" else values[0]
        return found

    def load_json(self, req: Request, *_: Any) -> Any:
        """The body, which has to be JSON and say so."""
        if not req.is_json:
            raise Problem(415, "send the body as JSON, with Content-Type: application/json")
        try:
            return json.loads(req.get_data())
        except (ValueError, RecursionError) as error:
            raise Problem(400, "the body is not well-formed JSON") from error

    def handle_error(self, error: marshmallow.ValidationError, *_: Any, **__: Any) -> NoReturn:
        """All wrong fields at once."""
        by_location: dict[str, Any] = error.messages_dict
        (messages,) = by_location.values()
        wrong = {("body" if name == "_schema" else name): str(said[0]) for name, said in messages.items()}
        detail = "; ".join(f"{name}: {said}" for name, said in wrong.items())
        raise Problem(422, detail, errors=wrong, outcome="invalid") from error


class ParsedBlueprint(Blueprint):
    """A blueprint whose arguments are read by Parser."""

    ARGUMENTS_PARSER = Parser()
