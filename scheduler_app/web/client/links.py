"""Where the secret links in messages lead."""

from flask import Blueprint

blueprint = Blueprint("links", __name__, url_prefix="/t")
