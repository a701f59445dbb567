"""Encrypted columns and their cells as the database holds them, to bring them under a new key."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import ExpressionWrapper, F, TextField, Value

from accounts.encryption import DecryptionError, EncryptedTextField, encrypted_anew, is_current

BATCH = 500  # cells read at a time


@dataclass(frozen=True)
class Cell:
    """One stored value, never its text. `stored` is not shown either: with an old key it can be read."""

    column: "Column"
    pk: Any
    stored: str

    def __repr__(self) -> str:
        return f"{self.column} of id {self.pk}"

    __str__ = __repr__

    @property
    def is_current(self) -> bool:
        return is_current(self.stored)

    @property
    def is_readable(self) -> bool:
        try:
            encrypted_anew(self.stored)
        except DecryptionError:
            return False
        return True

    def rotate(self) -> bool:
        """Put it under the first key; False when somebody has written there meanwhile. Raises DecryptionError."""
        return self.column.replace(self, encrypted_anew(self.stored))


@dataclass(frozen=True)
class Column:
    model: type[models.Model]
    name: str

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    def cells(self) -> Iterator[Cell]:
        """All that are not empty, by id. What is added meanwhile is under the first key already."""
        rows, last = self._rows().exclude(as_stored=None).exclude(as_stored="").order_by("pk"), None
        while batch := list(
            (rows if last is None else rows.filter(pk__gt=last)).values_list("pk", "as_stored")[:BATCH]
        ):
            for pk, stored in batch:
                yield Cell(self, pk, stored)
            last = batch[-1][0]

    def replace(self, cell: Cell, new: str) -> bool:
        """Only where the cell still holds what was read. Each on its own, so that nobody waits for more than one."""
        rows = self._rows().filter(pk=cell.pk, as_stored=cell.stored)
        return bool(rows.update(**{self.name: Value(new, output_field=TextField())}))

    def _rows(self) -> models.QuerySet[Any]:
        """Each row with the column `as_stored`, past the field that would decrypt it."""
        return self.model._base_manager.annotate(as_stored=ExpressionWrapper(F(self.name), output_field=TextField()))


def columns() -> list[Column]:
    """Every encrypted column of every model."""
    found = ((model, field) for model in apps.get_models(include_auto_created=True) for field in own_fields(model))
    return [Column(model, field.name) for model, field in found if isinstance(field, EncryptedTextField)]


def own_fields(model: type[models.Model]) -> list[Any]:
    """Of its own table; a proxy has none."""
    return [] if model._meta.proxy else list(model._meta.local_concrete_fields)
