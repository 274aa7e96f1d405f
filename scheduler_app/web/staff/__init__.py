"""What staff of the agencies see."""

from flask import Blueprint

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
