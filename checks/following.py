"""Who follows an opportunity in the ATS: a limited team member sees the checks of those that they own or follow."""

from collections.abc import Iterable
from typing import Any

from django.db import models


class Follower(models.Model):
    for_check = models.ForeignKey("checks.Check", models.CASCADE, related_name="followers")
    email = models.CharField(max_length=254)  # in small letters

    class Meta:
        constraints = [models.UniqueConstraint(fields=["for_check", "email"], name="checks_follower_once")]
        indexes = [models.Index(fields=["email"])]

    def __str__(self) -> str:
        return self.email

    @classmethod
    def keep(cls, check: Any, addresses: Iterable[str]) -> None:
        """From now on these follow, and nobody else."""
        wanted = {address.strip().lower() for address in addresses if address.strip()}
        rows = cls.objects.filter(for_check=check)
        rows.exclude(email__in=wanted).delete()
        Follower.objects.bulk_create([Follower(for_check=check, email=each) for each in wanted], ignore_conflicts=True)
