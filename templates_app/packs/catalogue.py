"""The packs that come with Vouch, as they are listed for choosing."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from templates_app.effort import minutes_by_relationship
from templates_app.kinds import Language
from templates_app.packs.reading import Reading
from templates_app.translating import completeness

SHIPPED = Path(__file__).parent / "shipped"
FIRST = ("general", "engineering", "people-manager")  # what a new organization has; the others it can choose


@dataclass(frozen=True)
class Shipped:
    """`file` is its name without the ending. `languages` are those in which all of it is written."""

    file: str
    name: str
    about: str
    questions: int
    minutes: int
    languages: tuple[str, ...]

    @property
    def tongues(self) -> str:
        """The languages by their own names, such as: English, Deutsch."""
        return ", ".join(str(Language(language).label) for language in self.languages)

    def source(self) -> bytes:
        return path_of(self.file).read_bytes()


def path_of(file: str) -> Path:
    return SHIPPED / f"{file}.yaml"


@cache  # the files are part of the program
def catalogue() -> tuple[Shipped, ...]:
    """Those of a new organization first, the others by name."""
    files = [file.stem for file in SHIPPED.glob("*.yaml")]
    order = {file: place for place, file in enumerate(FIRST)}
    return tuple(_listed(file) for file in sorted(files, key=lambda file: (order.get(file, len(order)), file)))


def _listed(file: str) -> Shipped:
    [pack] = Reading(path_of(file).read_bytes()).packs
    [survey] = pack.surveys
    frozen = [question.freeze() for question in survey.questions]
    whole = [language for language, (done, of) in completeness(frozen, Language.ENGLISH).items() if done == of]
    return Shipped(
        file=file,
        name=survey.name,
        about=survey.survey.description,
        questions=len(frozen),
        minutes=max(minutes_by_relationship(frozen).values()),
        languages=(Language.ENGLISH, *sorted(whole)),
    )
