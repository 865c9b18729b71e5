"""The endpoints that the POS asks: who is this?"""

from datetime import UTC
from typing import Any

from flask import Response
from werkzeug.routing import BaseConverter

from service.age import age_s
from service.answer import json_array, json_object
from service.balances import Accounted
from service.documentation import CUSTOMER_EXAMPLE, LOOKUP_HEADERS, problems_of_lookup
from service.errors import Problem
from service.metrics import STAGES
from service.parsing import ParsedBlueprint
from service.request_log import course
from service.room import admit, room
from service.schemas import CurrencySchema, CustomerSchema, LookupBodySchema, LookupSchema

blueprint = ParsedBlueprint("customers", __name__, description="Finding the customer at the till.")
blueprint.before_request(admit)

# Made once: making a schema takes longer than using it.
LOOKUP = LookupSchema()
LOOKUP_BODY = LookupBodySchema()
CURRENCY = CurrencySchema()


class IdentifierConverter(BaseConverter):
    """Any text but none: slashes, dots, spaces, line ends. Percent-encoded, as in any path."""

    regex = r"[\s\S]+"
    part_isolating = False


@blueprint.route("/customers/lookup", methods=["GET"])
@blueprint.arguments(LOOKUP, location="query")
@blueprint.response(200, CustomerSchema(many=True), example=[CUSTOMER_EXAMPLE], headers=LOOKUP_HEADERS)
@blueprint.doc(responses=problems_of_lookup(401, 422, 429))
def look_up(asked: dict[str, Any]) -> Response:
    """Find customers

    Best first; an empty array for nobody.
    """
    return _found(asked)


@blueprint.route("/customers/lookup", methods=["POST"])
@blueprint.arguments(LOOKUP_BODY, location="json", example={"search_term": "hans", "currency_code": "DKK"})
@blueprint.response(200, CustomerSchema(many=True), example=[CUSTOMER_EXAMPLE], headers=LOOKUP_HEADERS)
@blueprint.doc(responses=problems_of_lookup(401, 413, 415, 422, 429))
def look_up_posted(asked: dict[str, Any]) -> Response:
    """Find customers, asked in a body

    The same as GET, for a POS that sends JSON: what was typed stays out of addresses and so out of proxies'
    logs.
    """
    return _found(asked)


@blueprint.route("/customers/<identifier:identifier>", methods=["GET"])
@blueprint.arguments(CURRENCY, location="query")
@blueprint.response(200, CustomerSchema, example=CUSTOMER_EXAMPLE, headers=LOOKUP_HEADERS)
@blueprint.doc(responses=problems_of_lookup(401, 404, 422, 429))
def get_customer(asked: dict[str, Any], identifier: str) -> Response:
    """Get one customer

    By exactly this identifier, which is any text, percent-encoded. (One called `lookup` is only found by a
    lookup.)
    """
    accounted = room().finder.get(identifier, asked.get("currency_code"))
    if not accounted.answers:
        raise Problem(404, "no customer has this identifier")
    return _answer(json_object(accounted.answers[0], room().settings.balance_shape), accounted)


def _found(asked: dict[str, Any]) -> Response:
    here = room()
    accounted = here.finder.find(asked["search_term"], asked.get("currency_code"), asked.get("limit"))
    return _answer(json_array(accounted.answers, here.settings.balance_shape), accounted)


def _answer(body: bytes, accounted: Accounted) -> Response:
    """The response, with how old it is."""
    here, how = room(), course()
    report = here.status.report(here.finder.left_s())
    how.mark("serialise")
    age = age_s(report.synced_at)
    headers: list[tuple[str, str]] = [("X-Balances", accounted.source)]
    if report.synced_at is not None:
        synced_at = report.synced_at.astimezone(UTC).isoformat(timespec="seconds")
        headers.append(("X-Index-Synced-At", synced_at.replace("+00:00", "Z")))
    balances_age = 0.0 if accounted.source == "live" else age
    if balances_age is not None:
        headers.append(("X-Balances-Age", str(round(balances_age))))
    here.metrics.answered(len(accounted.answers), how.stages, accounted.source)
    return Response(body, headers=headers, content_type="application/json")


def finish(response: Response) -> Response:
    """For `after_request`: count the lookup and say how long it took, whatever became of it."""
    how = course()
    room().metrics.looked_up(how.outcome, how.term_kind or "none")
    ended_in = next((stage for stage in STAGES if stage not in how.stages and stage != "wait"), None)
    if ended_in is not None:
        how.mark(ended_in)
    response.headers["Server-Timing"] = how.timing()
    return response


blueprint.after_request(finish)
