"""What others may want to hear. Both are sent inside the transaction of the change, with `check` and `now`."""

from django.dispatch import Signal

check_moved = Signal()  # a check came into being, changed its status, or one more reference answered
reference_answered = Signal()  # also carries `reference`
