"""What interpreters see."""

from flask import Blueprint

blueprint = Blueprint("interpreter", __name__, url_prefix="/interpreter")
