"""The pages for people: look a customer up, see how the sync is, read what the API is."""

from typing import Any, cast

from flask import Blueprint, current_app, render_template
from flask_smorest import Api

from service.room import room

blueprint = Blueprint("pages", __name__)


@blueprint.route("/")
def lookup_page() -> str:
    """A search box, as a till would have it."""
    return render_template("lookup.html", keys=len(room().keyring) > 0)


@blueprint.route("/status")
def status_page() -> str:
    """The sync, kept up to date."""
    return render_template("status.html", keys=len(room().keyring) > 0)


@blueprint.route("/docs")
def docs_page() -> str:
    """The OpenAPI document for people, written by the server: it needs no script and no internet."""
    api = cast(Api, current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"])
    spec: dict[str, Any] = api.spec.to_dict()
    return render_template("docs.html", spec=spec)
