"""Whether a text tells who wrote it: by a name, a company, or what the writer is to the candidate."""

import re
from collections.abc import Iterable
from functools import lru_cache

from checks.persons import Person

SHORTEST = 3  # letters of a name that is looked for

# What people write who say how they know somebody, from the beginning of a word on, in the languages that we ask in.
RELATIONS = (
    *("manag", "boss", "supervis", "superior", "report", "colleague", "co-worker", "coworker", "peer", "teammate"),
    *("client", "customer", "teacher", "trainer", "tutor", "professor", "lecturer", "mentor", "volunteer", "employer"),
    *("hired", "team lead", "line lead", "as a lead"),
    *("chef", "vorgesetzt", "führungskraft", "leiter", "kolleg", "mitarbeit", "kund", "lehr", "ausbild", "dozent"),
    *("ehrenamt", "teamleit", "eingestellt", "unterstell"),
    *("supérieur", "responsable", "collègue", "collaborat", "subordonn", "client", "professeur", "enseignant"),
    *("formateur", "formatrice", "bénévol", "encadr", "embauch", "n+1"),
    *("jefe", "jefa", "gerente", "superior", "compañer", "colega", "subordinad", "cliente", "profesor", "docente"),
    *("formador", "voluntari", "contrat", "encargad"),
)
_RELATION = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, RELATIONS)) + ")", re.IGNORECASE)


def reveals(text: str, people: Iterable[Person]) -> bool:
    """Also where it names another one than its writer: who is named is not who wrote."""
    return bool(_RELATION.search(text)) or any(name.search(text) for name in _names(tuple(_named(people))))


def _named(people: Iterable[Person]) -> list[str]:
    return [name for person in people for name in (*person.name.split(), person.company.strip())]


@lru_cache(maxsize=64)
def _names(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    long = {name.strip(".,") for name in names if len(name.strip(".,")) >= SHORTEST}
    return tuple(re.compile(rf"(?<!\w){re.escape(name)}", re.IGNORECASE) for name in sorted(long))
