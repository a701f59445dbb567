"""Questions that should not be asked are noticed, in four languages, and harmless ones are left in peace."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from templates_app import packs
from templates_app.cautions import REASONS, cautions, cautions_of
from templates_app.frozen import FrozenQuestion

SHIPPED = sorted((Path(packs.__file__).parent / "shipped").glob("*.yaml"))

DOUBTFUL = {
    "health": (
        "How is {name}’s health?",
        "Was {name} often sick?",
        "How many days was {name} absent?",
        "Please tell us about sickness absence in the last year.",
        "War {name} oft krank?",
        "{name} était-elle souvent malade ?",
        "¿Tiene {name} alguna enfermedad?",
    ),
    "disability": ("Does {name} have a disability?", "Ist {name} schwerbehindert?", "¿Tiene {name} una discapacidad?"),
    "family": (
        "Does {name} have children?",
        "Is {name} pregnant or planning a family?",
        "Hat {name} Kinder?",
        "{name} a-t-il des enfants ?",
        "¿{name} tiene hijos?",
    ),
    "age": (
        "How old is {name}?",
        "Is {name} too old for this?",
        "Welches Alter hat {name}?",
        "Quel âge a {name} ?",
        "¿Qué edad tiene {name}?",
    ),
    "religion": (
        "What is {name}’s religion?",
        "Welche Religion hat {name}?",
        "Est-ce que {name} est croyant ?",
        "¿Qué religión tiene {name}?",
    ),
    "union": (
        "Is {name} a member of a trade union?",
        "Ist {name} in einer Gewerkschaft?",
        "{name} est-il syndiqué ?",
        "¿Está {name} en un sindicato?",
    ),
    "pay": (
        "What salary did {name} have?",
        "How much did {name} earn?",
        "Welches Gehalt hatte {name}?",
        "Quel était le salaire de {name} ?",
        "¿Cuál era el sueldo de {name}?",
    ),
    "origin": (
        "What is {name}’s nationality?",
        "Where is {name} from?",
        "Welche Staatsangehörigkeit hat {name}?",
        "Quelle est la nationalité de {name} ?",
        "¿Cuál es la nacionalidad de {name}?",
    ),
    "orientation": ("Is {name} gay?", "Welche sexuelle Orientierung hat {name}?"),
    "politics": ("What are {name}’s political views?", "Quelles sont les opinions politiques de {name} ?"),
    "crime": ("Has {name} a criminal record?", "Hat {name} Vorstrafen?", "¿Tiene {name} antecedentes penales?"),
}
HARMLESS = (
    "How well does {name} follow health and safety rules?",
    "How did {name} do in healthcare projects?",
    "How does {name} manage a team?",
    "How did {name} work in a young company?",
    "Which page did {name} design?",
    "How well does {name} use language?",
    "How well does {name} write SQL with joins and unions?",
    "Did {name} earn the trust of the team?",
    "How does {name} handle race conditions?",
    "How does {name} stay out of office politics?",
    "How well did {name} lead in the absence of a manager?",
    "What does {name} do when an alarm is disabled?",
    "Did {name} act in good faith?",
    "How does {name} speak with conviction?",
    "What illustrates {name}’s skill?",
    "Did {name} pay attention to detail?",
    "How was {name}’s work on the payroll system?",
    "How does {name} work with children?",
    "Was {name} a good partner in the family business?",
    "How old is the code that {name} maintains?",
    "In this day and age, is {name} up to date?",
    "Wie gut hat {name} Termine gehalten?",
    "Wie hat {name} im Krankenhaus gearbeitet?",
    "Was behindert {name} bei der Arbeit?",
    "Hat sich die Zusammenarbeit gelohnt?",
    "Ein alter Kunde ruft an: was tut {name}?",
    "Wie arbeitet {name} mit Gläubigern?",
    "Wie gut kennt {name} das Gesundheitswesen?",
    "{name} travaille-t-il dans le secteur de la santé ?",
    "Combien de fois avez-vous travaillé ensemble ?",
    "¿Cómo saluda {name} a los clientes?",
    "¿Cómo trabaja {name} con enfermeras?",
    "¿Fue {name} embarazoso en público?",
)


def topics(*texts: str) -> list[str]:
    return [caution.topic for caution in cautions(texts)]


@pytest.mark.parametrize(("topic", "text"), [(topic, text) for topic, texts in DOUBTFUL.items() for text in texts])
def test_it_notices_what_should_not_be_asked(topic: str, text: str) -> None:
    assert topics(text) == [topic]


@pytest.mark.parametrize("text", HARMLESS)
def test_it_leaves_harmless_questions_in_peace(text: str) -> None:
    assert topics(text) == []


def test_every_topic_is_tried_and_has_a_reason_in_whole_sentences() -> None:
    assert set(DOUBTFUL) == set(REASONS)
    assert all(str(reason).endswith(".") for reason in REASONS.values())


@pytest.mark.parametrize(
    "text",
    [
        "Please leave out health, family, age and belief.",
        "Bitte lassen Sie Gesundheit, Familie, Alter und Glauben weg.",
        "Merci de ne parler ni de santé, ni de famille, ni d’âge, ni de croyances.",
        "Por favor, deje de lado la salud, la familia, la edad y las creencias.",
    ],
)
def test_a_sentence_that_asks_to_leave_it_out_asks_for_nothing(text: str) -> None:
    assert topics(f"One example says more than praise. {text}") == []
    assert topics(text, "How old is {name}?") == ["age"]


def test_every_text_of_a_question_is_looked_at() -> None:
    plain = FrozenQuestion(key="a", kind="choice", text="How did it go?", labels=("Well", "On sick leave"))
    said = FrozenQuestion(key="a", kind="text", text="Why?", translations={"de": {"help": "Auch: die Gewerkschaft."}})
    assert [caution.topic for caution in cautions_of(plain)] == ["health"]
    assert [caution.topic for caution in cautions_of(said)] == ["union"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_packs_that_come_with_vouch_ask_nothing_of_the_kind(path: Path) -> None:
    documents = yaml.safe_load_all(path.read_text())
    surveys = [survey for document in documents for survey in document.get("surveys", ())]
    texts = [text for survey in surveys for question in survey["questions"] for text in read_by_a_reference(question)]
    assert texts
    assert {text: topics(text) for text in texts if topics(text)} == {}


def read_by_a_reference(value: Any) -> list[str]:
    """All texts of a question but its evidence."""
    if isinstance(value, dict):
        return [text for name, inner in value.items() if name != "evidence" for text in read_by_a_reference(inner)]
    return [text for inner in value for text in read_by_a_reference(inner)] if isinstance(value, list) else [str(value)]
