"""The municipality file: read strictly here, and stored by `import_municipality` (docs/municipality-file.md)."""

from .contents import MunicipalityFile
from .problems import FileProblem, MunicipalityFileRefused
from .read_municipality_file import FORMAT, read_municipality_file

__all__ = ["FORMAT", "FileProblem", "MunicipalityFile", "MunicipalityFileRefused", "read_municipality_file"]
