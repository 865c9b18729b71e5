"""What may be asked and what is answered, as marshmallow schemas: they check requests, and document both."""

import re
from typing import Any

from marshmallow import EXCLUDE, Schema, fields
from marshmallow.validate import Length

from customers.term import LONGEST_TERM

MOST_HITS = 100
_CURRENCY = {
    "description": "ISO 4217, in either case. Amounts in another currency are left out. Without it: "
    "the default currency of the configuration, or no amounts.",
    "pattern": "^[A-Za-z]{3}$",
    "example": "DKK",
}
_LIMIT = {"description": f"How many customers at most; brought into 1 … {MOST_HITS}.", "example": 20}
_ASCII_INTEGER = re.compile(r"-?[0-9]{1,4000}")


class Currency(fields.String):
    """Three ASCII letters, as ISO 4217 has them; upper case for us, either for the POS."""

    default_error_messages = {"shape": "three letters (ISO 4217), such as DKK"}  # noqa: RUF012 - marshmallow's form

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch("[A-Za-z]{3}", value):
            raise self.make_error("shape")
        return value.upper()


class Limit(fields.Integer):
    """A whole number, brought into 1 … MOST_HITS."""

    default_error_messages = {"whole": "a whole number"}  # noqa: RUF012 - marshmallow's form

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not whole:
            raise self.make_error("whole")
        return int(min(max(value, 1), MOST_HITS))


def integer_of(text: str) -> int | str:
    """A query parameter as a number where it is written as one; otherwise `text`, for Limit to refuse."""
    return int(text) if _ASCII_INTEGER.fullmatch(text) else text


class CurrencySchema(Schema):
    """Whose account to show."""

    class Meta:
        """A POS may send more than we know."""

        unknown = EXCLUDE

    currency_code = Currency(metadata=_CURRENCY)


class LookupSchema(CurrencySchema):
    """A lookup, as query parameters."""

    search_term = fields.String(
        required=True,
        validate=Length(max=LONGEST_TERM, error=f"at most {LONGEST_TERM} characters"),
        error_messages={"required": "is missing", "invalid": "a text", "null": "a text"},
        metadata={
            "description": "What the cashier typed: a name, a phone number, a customer number, an email "
            "address … Unfinished and misspelt is fine. Blank finds nobody.",
            "example": "hans",
        },
    )
    limit = Limit(metadata=_LIMIT)


class LookupBodySchema(LookupSchema):
    """A lookup, as JSON. Where a field may be left out, null leaves it out too."""

    currency_code = Currency(allow_none=True, metadata=_CURRENCY)
    limit = Limit(allow_none=True, metadata=_LIMIT)


_OLDER_BALANCE = {
    "type": "object",
    "required": ["identifier", "balance"],
    "properties": {"identifier": {"type": "string"}, "balance": {"type": "number"}},
}


class CustomerSchema(Schema):
    """A customer as the POS knows it. What is not known is left out."""

    identifier = fields.String(required=True)
    name = fields.String()
    phone = fields.String()
    street = fields.String()
    city = fields.String()
    postal_code = fields.String()
    country = fields.String()
    country_code = fields.String()
    email = fields.String()
    additional_info = fields.String()
    organization_number = fields.String()
    block_sales = fields.Boolean(metadata={"description": "true: no sale on account."})
    balance = fields.Raw(
        metadata={
            "description": "In the asked currency; negative is what the customer owes. "
            'An object only where `balance_shape = "object"` is configured.',
            "oneOf": [{"type": "number"}, _OLDER_BALANCE],
        }
    )
    balance_overdue = fields.Float(metadata={"description": "The part of it that is overdue."})
    credit_limit = fields.Float(metadata={"description": "How much the customer may owe; positive."})


class FieldErrorSchema(Schema):
    """A field at fault."""

    field = fields.String(required=True)
    detail = fields.String(required=True)


class ProblemSchema(Schema):
    """What went wrong, as RFC 9457 has it."""

    type = fields.String(required=True, metadata={"example": "about:blank"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldErrorSchema))
    request_id = fields.String()


class JobHealthSchema(Schema):
    """How one job of the sync has fared, for anybody to see."""

    job = fields.String(required=True, metadata={"example": "verify"})
    last_success_at = fields.DateTime()
    last_error_at = fields.DateTime()
    last_failed = fields.Boolean(
        required=True, metadata={"description": "true: the last run that ended has failed."}
    )


class ReadySchema(Schema):
    """Whether lookups are answered, how old the answers are, and how the jobs of the sync fare."""

    status = fields.String(
        required=True, metadata={"enum": ["ready", "stale", "unavailable"], "example": "ready"}
    )
    synced_at = fields.DateTime(metadata={"description": "When the index last caught up with the source."})
    age_seconds = fields.Float()
    generation = fields.String()
    documents = fields.Integer()
    problems = fields.List(fields.String(), required=True)
    jobs = fields.List(fields.Nested(JobHealthSchema), required=True)


class JobSchema(JobHealthSchema):
    """How one job of the sync has fared, and why it failed."""

    last_error = fields.String()
    running_since = fields.DateTime()
    runs = fields.Integer(required=True)
    failures = fields.Integer(required=True)
    note = fields.String(metadata={"description": "What its last run found, and put right."})


class StatusSchema(ReadySchema):
    """The sync in full."""

    quarantined = fields.Integer(required=True)
    jobs = fields.List(fields.Nested(JobSchema), required=True)
