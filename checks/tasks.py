"""What time does to checks: overdue, expired, mails that came back."""

from django.utils import timezone

from checks.models import Check, Reference

AT_ONCE = 200  # rows a round; the next sweep takes the rest


def tend_checks() -> None:
    now = timezone.now()
    for reference in Reference.objects.bouncing().select_related("for_check__organization")[:AT_ONCE]:
        reference.bounce(now)
    for check in Check.objects.uninvited().select_related("organization")[:AT_ONCE]:
        check.lose_the_candidate(now)
    for check in Check.objects.expired_at(now).select_related("organization")[:AT_ONCE]:
        check.expire(now)
    for check in Check.objects.overdue_at(now).select_related("organization")[:AT_ONCE]:
        check.become_overdue(now)
