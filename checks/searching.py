"""The desk's search: checks by the beginnings of words of the candidate's name and of the position.

The words stand in a table of their own, so that a beginning is a range of an index, whichever the database. They are
kept as bytes, which every database puts into the same order; texts are ordered by the language it was set up with.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import QuerySet

from accounts.models import Organization

if TYPE_CHECKING:
    from checks.models import Check

WORDS = re.compile(r"\w+")
AT_MOST = 20  # words of a check
LONGEST = 40  # letters of a word
LAST = b"\xff"  # comes after whatever UTF-8 holds


class SearchWord(models.Model):
    """A word by which a check is found: small letters, no accents, UTF-8."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    for_check = models.ForeignKey("checks.Check", models.CASCADE, related_name="words")
    word = models.BinaryField(max_length=4 * LONGEST)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "word", "for_check"], name="checks_searchword_once")
        ]

    def __str__(self) -> str:
        return bytes(self.word).decode(errors="replace")

    @classmethod
    def keep(cls, check: "Check") -> None:
        """From now on the check is found by what it says now."""
        cls.objects.filter(for_check=check).delete()
        SearchWord.objects.bulk_create(
            SearchWord(organization_id=check.organization_id, for_check=check, word=word.encode())
            for word in sorted(words_of(check.candidate_name, check.position))
        )


def words_of(*texts: str) -> set[str]:
    return set(list(_spelled(" ".join(texts)))[:AT_MOST])


def _spelled(text: str) -> Iterator[str]:
    """É is found by e, and Straße by strasse."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return (word[:LONGEST] for word in WORDS.findall(letters))


def saying(asked: str, organizations: QuerySet[Organization]) -> models.Q:
    """Checks that have a word beginning with each of those that are asked for; without any, none."""
    condition = models.Q(pk__in=[]) if not (beginnings := words_of(asked)) else models.Q()
    for beginning in sorted(beginnings):
        word = beginning.encode()
        ours = {"organization__in": organizations.values("pk"), "word__gte": word, "word__lt": word + LAST}
        condition &= models.Q(pk__in=SearchWord.objects.filter(**ours).values("for_check"))
    return condition
