"""Room: the collaborators of one application, for its endpoints to find."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from service.auth import Gate
from service.engine_check import EngineCheck
from service.finder import Finder
from service.keyring import Keyring
from service.metrics import Metrics
from service.ports import SyncStatus
from service.settings import ServiceSettings

EXTENSION = "customer_lookup"


@dataclass(frozen=True, slots=True)
class Room:
    """Everything an endpoint may need; all of it is shared between threads."""

    settings: ServiceSettings
    status: SyncStatus
    finder: Finder
    gate: Gate
    keyring: Keyring
    metrics: Metrics
    engine: EngineCheck


def room() -> Room:
    """The room of the application that is answering."""
    return cast(Room, current_app.extensions[EXTENSION])


def admit() -> None:
    """For `before_request`: let in whoever has a key."""
    room().gate.admit()
