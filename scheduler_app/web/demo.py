"""Pages that only a demo has."""

from flask import Blueprint

blueprint = Blueprint("demo", __name__, url_prefix="/demo")
