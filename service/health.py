"""Is it alive, does it answer, how old are the answers: for load balancers, Prometheus and people."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Response, jsonify
from flask_smorest import Blueprint

from service.age import age_s, stale_problem
from service.documentation import REQUEST_ID, problems
from service.errors import RETRY_AFTER_S, seconds_header
from service.kinds import kinds
from service.ports import JobReport, SyncReport
from service.request_log import course
from service.room import Room, admit, room
from service.schemas import ReadySchema, StatusSchema

blueprint = Blueprint("health", __name__, description="How the service is.")
guarded = Blueprint("sync", __name__, description="How the sync is.")
guarded.before_request(admit)


def _ready_problems() -> dict[str, Any]:
    """Those of any endpoint, and a 503 that has the shape of its 200."""
    responses = problems()
    responses["503"]["description"] = "Lookups cannot be answered, or too many requests are waiting."
    responses["503"]["content"]["application/json"] = {"schema": ReadySchema}
    return responses


@blueprint.route("/health/live")
@blueprint.response(200, {"type": "object"}, example={"status": "live"}, headers=REQUEST_ID)
@blueprint.doc(security=[], responses=problems())
def live() -> Response:
    """The process runs"""
    return jsonify(status="live")


@blueprint.route("/health/ready")
@blueprint.response(200, ReadySchema, headers=REQUEST_ID)
@blueprint.doc(security=[], responses=_ready_problems())
def ready() -> Response:
    """Lookups are answered

    A stale index is said in the body, and lookups go on. `problems` are kinds of trouble; /status.json
    has the words.
    """
    here = room()
    report = here.status.report()
    content = _readiness(here, report) | {"jobs": [_health(job) for job in report.jobs]}
    is_stale = stale_problem(report.synced_at, here.settings.stale_after) is not None
    is_up = content["status"] != "unavailable"
    wrong = [*report.problems, *filter(None, [here.engine.outdated])]
    response = jsonify(content | {"problems": kinds(wrong, is_up=is_up, is_stale=is_stale)})
    if not is_up:
        course().outcome = content["status"]
        response.status_code = 503
        response.headers.update(seconds_header(RETRY_AFTER_S))
    return response


@blueprint.route("/metrics")
@blueprint.response(
    200,
    {"type": "string"},
    content_type="text/plain",
    description="Prometheus' text format.",
    headers=REQUEST_ID,
)
@blueprint.doc(security=[], responses=problems())
def metrics() -> Response:
    """Metrics for Prometheus"""
    return Response(room().metrics.page(), content_type="text/plain; version=0.0.4; charset=utf-8")


@guarded.route("/status.json")
@guarded.response(200, StatusSchema, headers=REQUEST_ID)
@guarded.doc(responses=problems(401, 422, 429))
def status() -> Response:
    """How the sync is"""
    here = room()
    report = here.status.report()
    jobs = [_known(asdict(job)) | _health(job) for job in report.jobs]
    content = _readiness(here, report) | {"quarantined": report.quarantined, "jobs": jobs}
    return jsonify(content)


def _readiness(here: Room, report: SyncReport) -> dict[str, Any]:
    engine_problem = here.engine.problem()
    age = age_s(report.synced_at)
    stale = stale_problem(report.synced_at, here.settings.stale_after)
    wrong = [*report.problems]
    status = "ready"
    if stale is not None:
        status = "stale"
        wrong.append(stale)
    if engine_problem is not None:
        status = "unavailable"
    for problem in (engine_problem, here.engine.outdated):
        if problem is not None and problem not in wrong:
            wrong.append(problem)
    about = {
        "synced_at": report.synced_at,
        "age_seconds": None if age is None else round(age, 1),
        "generation": report.generation,
        "documents": report.documents,
    }
    return _known(about) | {"status": status, "problems": wrong}


def _health(job: JobReport) -> dict[str, Any]:
    """What anybody may know of a job. Of errors, `problems` has the words of those that still hold."""
    about = {"job": job.job, "last_success_at": job.last_success_at, "last_error_at": job.last_error_at}
    return _known(about) | {"last_failed": job.last_failed}


def _known(content: dict[str, Any]) -> dict[str, Any]:
    """Without what is None, and times as RFC 3339."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in content.items()
        if value is not None
    }
