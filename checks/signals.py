"""What others may want to hear. All are sent inside the transaction of the change, with `now` and what it is about."""

from django.dispatch import Signal

check_moved = Signal()  # a `check` came into being, changed its status, or one more reference answered
reference_answered = Signal()  # also carries `reference`
outcome_said = Signal()  # also carries `outcome`: a person said how it ended, or said it anew
interest_changed = Signal()  # a `reference` wishes to hear of jobs (`interest`), or does not any more (None)
