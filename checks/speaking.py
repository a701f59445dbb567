"""In which language candidates and references are spoken to, and how they choose another."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, get_language_from_request, override

from checks.reminding import Reminded


class Speaking(Reminded):
    """Somebody with pages, mails and text messages in a language of theirs."""

    language: "models.CharField[str, str]"

    class Meta:
        abstract = True

    @property
    def spoken(self) -> str:
        """A reference for whom nobody chose a language is spoken to in the candidate's."""
        return self.language or self.of_check.language

    def speak(self, language: str) -> None:
        """From now on in this language; what waits to be sent is written already, and stays as it is."""
        self.language = language
        self.stored.update(language=language)


@dataclass(frozen=True)
class Frame:
    """What stands round a page: where a language is chosen, what leads back here, and where what is held is shown."""

    languages: str
    back: str
    rights: str


def asked_for(request: HttpRequest) -> str:
    """What the browser of somebody we do not know asks for, as far as we speak it."""
    return get_language_from_request(request)


def said_in(language: str, page: Callable[[], HttpResponse]) -> HttpResponse:
    """A page, and all that is done to make it, in this language."""
    with override(language):
        response = page()
        response.headers["Content-Language"] = get_language() or language
    return response
