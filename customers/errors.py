# ruff: noqa: N818 - an error is named for what happened, as a person would say it
"""Every error that customer-lookup raises on purpose.

CustomerLookupError                 exit code 1
├── ConfigurationError              exit code 2   lookup.toml, an argument or the environment is wrong
├── SourceError                                   the merchant's database said no, and will again
│   └── SourceUnavailable           retryable     it cannot be reached, or dropped the connection
├── StateError                                    the state database is not usable
│   └── StateUnavailable            retryable
├── LeaseHeld                       retryable     another process is syncing
├── Stopped                         retryable     this process was told to stop
└── EngineError                                   the index engine said no, and will again
    ├── EngineUnavailable           retryable     it cannot be reached in time
    ├── NoLiveGeneration            retryable     nothing has been indexed yet
    └── KeysVersionMismatch                       the index was built by another version of the search keys
"""


class CustomerLookupError(Exception):
    """Something went wrong that customer-lookup knows how to name.

    The message is one line that says what was wrong, where, and what to do; it holds no personal data, since
    it is logged, printed and shown on the status page.
    """

    exit_code = 1
    retryable = False


class ConfigurationError(CustomerLookupError):
    """The configuration is wrong: a person has to change something."""

    exit_code = 2


class SourceError(CustomerLookupError):
    """The merchant's database refused, and will refuse again: a missing table, a wrong expression."""


class SourceUnavailable(SourceError):
    """The merchant's database cannot be reached just now."""

    retryable = True


class StateError(CustomerLookupError):
    """The state database cannot be used."""


class StateUnavailable(StateError):
    """The state database cannot be reached just now."""

    retryable = True


class LeaseHeld(CustomerLookupError):
    """Another process holds the lease. The message says who, since when, and until when."""

    retryable = True


class Stopped(CustomerLookupError):
    """The process was told to stop in the middle of a job. What is confirmed is kept."""

    retryable = True


class EngineError(CustomerLookupError):
    """The index engine refused, and will refuse again."""


class EngineUnavailable(EngineError):
    """The index engine cannot be reached, or did not answer in time."""

    retryable = True


class NoLiveGeneration(EngineError):
    """No generation of the index is live: the first reindex has not finished."""

    retryable = True


class KeysVersionMismatch(EngineError):
    """The index was built by another version of the search keys: it needs a reindex."""
