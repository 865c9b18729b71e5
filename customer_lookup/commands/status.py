"""customer-lookup status"""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime

import click

from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.wiring import opened_index, opened_state
from service.age import stale_problem
from sync.report import JobState, SyncState, report


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, for a program.")
def status(configuration: Configuration, as_json: bool) -> None:
    """Say how old the index is, how the jobs fare, and what is wrong.

    \b
    Example:
      customer-lookup status --json
    """
    with opened_state(configuration) as state, opened_index(configuration) as index:
        found = report(state, index, configuration.sync.verify)
    stale = stale_problem(found.synced_at, configuration.service.stale_after)
    if stale is not None:
        found = replace(found, problems=(*found.problems, stale))
    if as_json:
        click.echo(json.dumps(asdict(found), default=_moment, indent=2))
    else:
        click.echo("\n".join(_lines(found)))


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _lines(found: SyncState) -> list[str]:
    documents = "unknown" if found.documents is None else f"{found.documents:,}"
    return [
        f"synced at    {_ago(found.synced_at)}",
        f"generation   {found.generation or 'none'}",
        f"customers    {documents}",
        f"quarantined  {found.quarantined:,}",
        *[_job_line(job) for job in found.jobs],
        *[f"problem      {problem}" for problem in found.problems],
    ]


def _job_line(job: JobState) -> str:
    line = (
        f"{job.job:<12} {job.runs:,} runs, {job.failures:,} failed, last success {_ago(job.last_success_at)}"
    )
    if job.last_error_at:
        line += f", last error {_ago(job.last_error_at)}: {job.last_error}"
    if job.running_since:
        line += f", running since {_moment(job.running_since)}"
    if job.note:
        line += f", its last run: {job.note}"
    return line


def _ago(moment: datetime | None) -> str:
    if moment is None:
        return "never"
    return f"{_moment(moment)} ({(datetime.now(UTC) - moment).total_seconds():,.0f} s ago)"
