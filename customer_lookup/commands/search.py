"""customer-lookup search"""

import click
from marshmallow import ValidationError

from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.wiring import opened_index
from customers.errors import KeysVersionMismatch
from customers.term import understand
from index.interface import CustomerIndex
from service import schemas
from service.answer import Answer, json_object


class Currency(click.ParamType[str]):
    """What the service takes for one, and nothing else."""

    name = "code"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """See click.ParamType.convert."""
        try:
            return str(schemas.Currency().deserialize(value))
        except ValidationError as error:
            self.fail(" ".join(map(str, error.messages)), param, ctx)


@click.command()
@config_option
@click.argument("term")
@click.option(
    "--currency",
    type=Currency(),
    help="Whose amounts to show, an ISO 4217 code; else [service] default_currency.",
)
def search(configuration: Configuration, term: str, currency: str | None) -> None:
    """Print the customers that answer TERM, as the POS would get them: a JSON array, one customer per line.

    \b
    Example:
      customer-lookup search "la han" --currency DKK
    """
    service = configuration.service
    wanted = currency or service.default_currency or ""
    with opened_index(configuration) as index:
        _check(index)
        hits = index.search(understand(term, configuration.search), service.limit)
    answers = [Answer(hit.customer, hit.customer.balance_in(wanted)) for hit in hits]
    lines = ",\n".join(json_object(answer, service.balance_shape).decode() for answer in answers)
    click.echo(f"[{lines}]")


def _check(index: CustomerIndex) -> None:
    """What the service is lenient about, not to leave tills without an answer, is no answer for a person who
    wants to know what the settings come to."""
    try:
        index.check()
    except KeysVersionMismatch as error:
        said = f"{error}; until then tills are answered by the keys that it has"
        raise KeysVersionMismatch(said) from error
