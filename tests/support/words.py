"""The words of the client's pages in her language, from the same catalogues that the pages use."""

from collections.abc import Callable

import yaml

from scheduler_app.web.message_catalogues import catalogue_path, read_catalogue
from tests.support.site import MUNICIPALITY_FILE

Words = Callable[[str], str]


def words_of(language: str) -> Words:
    """A function from the German words (the msgid) to those in ``language`` (BCP 47 tag)."""
    if language == "de":
        return str
    catalogue = read_catalogue(catalogue_path(language))

    def translated(german: str) -> str:
        message = catalogue.get(german)
        assert message is not None, f"no page says {german!r}"
        return str(message.string)

    return translated


def service_names(language: str) -> dict[str, str]:
    """What the services of the demo's municipality are called, by key."""
    services = yaml.safe_load(MUNICIPALITY_FILE.read_bytes())["services"]
    return {key: service["name"][language] for key, service in services.items()}


def papers_of(service: str, language: str) -> list[str]:
    """What to bring to a service of the demo's municipality."""
    content = yaml.safe_load(MUNICIPALITY_FILE.read_bytes())
    return [content["papers"][key][language] for key in content["services"][service]["papers"]]
