"""Who reads the answers of a check, as its template says it and its references are told; for those who hire."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from templates_app.kinds import CandidateReads, Confidentiality
from templates_app.models import ReferenceTemplate

SEEN = {
    Confidentiality.NAMED: _("Each reference is told that their name stands beside what they write."),
    Confidentiality.AVERAGES: _(
        "Each reference is told that readers see averages of three answers or more, and no name beside any answer."
    ),
}
READ_BY_CANDIDATE = {
    CandidateReads.NO: _(
        "Each reference is told that this site does not show the candidate their answers, and that the law may give a "
        "right to ask for them."
    ),
    CandidateReads.ON_REQUEST: _("Each reference is told that the candidate can read the answers on asking."),
}
PRIVATE = _("Only the owner, the hiring manager and people named on the check read the report.")


def promises(template: ReferenceTemplate) -> Iterator[str]:
    yield str(SEEN[Confidentiality(template.confidentiality)])
    yield str(READ_BY_CANDIDATE[CandidateReads(template.candidate_reads)])
    if template.is_private:
        yield str(PRIVATE)
