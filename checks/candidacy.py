from dataclasses import dataclass


@dataclass(frozen=True)
class Candidacy:
    """Somebody who applies for a job, as the ATS told it when the check was to begin. Plain words, no vendor's.

    `entered_at_ms` is the ATS's own time (milliseconds since 1970, UTC) at which the candidate came to the
    trigger stage: it tells a second entry from a second telling of the first.
    """

    opportunity_id: str
    candidate_name: str = ""
    candidate_email: str = ""
    candidate_phone: str = ""  # in E.164, or empty
    position: str = ""
    contact_id: str = ""
    posting_id: str = ""
    url: str = ""
    entered_at_ms: int | None = None
    may_contact: bool = True
    owner_name: str = ""
    owner_email: str = ""
    is_by_hand: bool = False  # somebody began it on the desk, and the ATS knows nothing of it
    followers: tuple[str, ...] = ()  # addresses of those who follow the opportunity there
