"""What clients see: booking without an account, in their language."""

from flask import Blueprint

blueprint = Blueprint("client", __name__, url_prefix="/<municipality_slug>")
