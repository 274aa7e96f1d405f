"""What a municipality is set up with."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
