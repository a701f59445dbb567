"""Lines that Lever must be asked for, each with one harmless call or two. They raise LeverError like any call."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.doctor.lines import Finding, Level, broken, left_open, look, on_the_page, well
from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from integrations.lever.objects import Person
from integrations.lever.permissions import ONE, is_granted
from integrations.lever.reading import items, mapping
from integrations.listed_hooks import EVENTS, Deed, Listed
from integrations.models import Connection

SOME = (("limit", "20"),)  # people whose addresses tell whose account it is
CLOCKS_DIFFER = 30  # seconds
CLOCK_IS_WRONG = 300
KEY_FIELD = "id_new_api_key"


def key(account: Lever, connection: Connection) -> Finding:
    """Whether Lever takes the key, and whose account answers; Lever has no call that tells its name."""
    try:
        answer = account.call("GET", "users", query=SOME)
    except LeverError as error:
        if error.kind is not Kind.FORBIDDEN:
            raise
        return well(_("Accepted by Lever. It may not read users, so it does not show whose account answers."))
    people = [Person.from_json(each) for each in items(mapping(answer).get("data")) if mapping(each).get("id")]
    domains = Counter(person.email.rpartition("@")[2] for person in people if "@" in person.email)
    if not domains:
        return well(_("Accepted by Lever."))
    return well(_("Accepted by Lever. The account of %(domain)s answers.") % {"domain": domains.most_common(1)[0][0]})


# --- what the key may do ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Permission:
    """`name` is one of PROBES; `without` says what does not work without it."""

    name: str
    title: Any
    lacking: Level
    without: Any

    def ask(self, account: Lever, connection: Connection) -> Finding:
        if is_granted(account, self.name, connection.perform_as_id):
            return well(_("Allowed."))
        sentence = _(
            "Not allowed: %(without)s. A permission cannot be added to a key later; make a new one in Lever with all "
            "that the help page lists."
        ) % {"without": self.without}
        return Finding(self.lacking, sentence, on_the_page(_("Enter a new key"), connection, KEY_FIELD))


PERMISSIONS = (
    Permission(
        "stages-read",
        gettext_lazy("Read stages"),
        Level.BROKEN,
        gettext_lazy("Vouch cannot see whether the stage that starts checks is still there"),
    ),
    Permission(
        "users-read",
        gettext_lazy("Read users"),
        Level.BROKEN,
        gettext_lazy("nobody can be chosen to write as, and nobody gets in with a Lever account"),
    ),
    Permission(
        "opportunities-read",
        gettext_lazy("Read opportunities"),
        Level.BROKEN,
        gettext_lazy("no check can begin, because Vouch cannot read who the candidate is"),
    ),
    Permission(
        "opportunities-write",
        gettext_lazy("Write tags and links"),
        Level.BROKEN,
        gettext_lazy("Lever shows neither how far a check is nor the way to its report"),
    ),
    Permission(
        "notes-read",
        gettext_lazy("Read notes"),
        Level.BROKEN,
        gettext_lazy("Vouch cannot see whether a note is there already, and gives it up rather than write it twice"),
    ),
    Permission(
        "notes-write",
        gettext_lazy("Write notes"),
        Level.BROKEN,
        gettext_lazy("the outcome is not noted on the candidate"),
    ),
    Permission(
        "postings-read",
        gettext_lazy("Read postings"),
        Level.LOOK,
        gettext_lazy("checks bear no job title, and only the candidate’s own tags choose the template"),
    ),
    Permission(
        "archive-reasons-read",
        gettext_lazy("Read archive reasons"),
        Level.LOOK,
        gettext_lazy(
            "Vouch knows of a hire only by the webhook for it, asks people how everything else ended, and cannot "
            "archive"
        ),
    ),
    Permission(
        "tags-read",
        gettext_lazy("Read tags"),
        Level.LOOK,
        gettext_lazy("Vouch cannot look up which tags the account uses"),
    ),
    Permission(
        "webhooks-read",
        gettext_lazy("Read webhooks"),
        Level.LOOK,
        gettext_lazy("the webhooks have to be entered by hand, which works as well"),
    ),
    Permission(
        "webhooks-write",
        gettext_lazy("Write webhooks"),
        Level.LOOK,
        gettext_lazy("the webhooks have to be entered by hand, which works as well"),
    ),
)

FILES = Permission(
    "files-write",
    gettext_lazy("Write files"),
    Level.BROKEN,
    gettext_lazy("no report can be attached to its candidate as a PDF"),
)


def files(account: Lever, connection: Connection) -> Finding:
    if not connection.attaches_pdf:
        return left_open(_("Not asked: no report is attached to its candidate as a PDF."))
    return FILES.ask(account, connection)


def confidential(account: Lever, connection: Connection) -> Finding:
    """Found out, it is kept for whoever lists candidates: a key without access is refused when it asks for them."""
    sees = is_granted(account, "confidential")
    if not sees and not is_granted(account, "opportunities-read"):
        return left_open(_("Not asked: the permission to read opportunities comes first."))
    same_key = Connection.objects.filter(pk=connection.pk, key_digest=connection.key_digest)
    same_key.exclude(sees_confidential=sees).update(sees_confidential=sees)
    if sees:
        return well(_("This key sees them, and their candidates."))
    return look(
        _(
            "This key cannot see them; candidates for such jobs start no check. If you want them, make a new key in "
            "Lever with access to confidential data: it cannot be added later."
        ),
        on_the_page(_("Enter a new key"), connection, KEY_FIELD),
    )


# --- what was chosen is still there -----------------------------------------------------------------------


def stages(account: Lever, connection: Connection) -> Finding:
    found = account.stages()
    if not found:
        return broken(_("The account has no stages at all, so none can start a check. Make one in Lever."))
    return well(_("%(count)d found, from %(first)s to %(last)s.") % _ends([stage.text for stage in found]))


def _ends(names: list[str]) -> dict[str, Any]:
    return {"count": len(names), "first": names[0], "last": names[-1]}


def stage(account: Lever, connection: Connection) -> Finding:
    choose = on_the_page(_("Choose the stage"), connection, "id_stage_id")
    if not connection.stage_id:
        return look(_("No stage is chosen yet, so no check begins."), choose)
    names = {each.id: each.text for each in account.stages()}
    words = {"stage": connection.stage_name or connection.stage_id, "name": names.get(connection.stage_id)}
    if words["name"] is None:
        return broken(
            _("“%(stage)s” no longer exists in this account, so no check begins. Choose a stage.") % words, choose
        )
    if words["name"] == words["stage"]:
        return well(_("“%(stage)s” is still there.") % words)
    return well(_("“%(stage)s” is still there; Lever calls it “%(name)s” now.") % words)


def user(account: Lever, connection: Connection) -> Finding:
    choose = on_the_page(_("Choose somebody"), connection, "id_perform_as_id")
    if not connection.perform_as_id:
        return look(_("Nobody is chosen to write as, so nothing can be written in Lever."), choose)
    words = {"name": connection.perform_as_name or connection.perform_as_id}
    try:
        person = account.user(connection.perform_as_id)
    except LeverError as error:
        if error.kind is not Kind.NOT_FOUND:
            raise
        return broken(_("This account has no user %(name)s, so Lever may refuse what Vouch writes.") % words, choose)
    if person.is_active:
        return well(_("%(name)s is active in Lever, so Vouch may write in that name.") % words)
    return broken(_("%(name)s is deactivated in Lever, so Lever may refuse what Vouch writes.") % words, choose)


def clock(account: Lever, connection: Connection) -> Finding:
    """By the time that stands on Lever's answer, whatever it answers."""
    try:
        account.call("GET", "stages", query=ONE)
    except LeverError as error:
        if error.kind is not Kind.FORBIDDEN:
            raise
    ahead = account.clock_ahead
    if ahead is None:
        return left_open(_("Lever’s answer bore no time to compare with."))
    if abs(ahead) < CLOCKS_DIFFER:
        return well(_("Our clock and Lever’s agree."))
    words = {"seconds": round(abs(ahead))}
    late = _("Our clock is %(seconds)d seconds behind Lever’s.") % words
    early = _("Our clock is %(seconds)d seconds ahead of Lever’s.") % words
    cure = _("Whoever runs Vouch sets the clock of its machine.")
    return (broken if abs(ahead) >= CLOCK_IS_WRONG else look)(f"{late if ahead > 0 else early} {cure}")


def webhooks(account: Lever, connection: Connection) -> Finding:
    """What stands in Lever with our addresses: none is missing, none is there twice."""
    listed = Listed(connection, account.webhooks())
    described = [listed.describe(webhook) for webhook in EVENTS]
    amiss = [result for result in described if result.deed is Deed.BY_HAND] + list(listed.others())
    if amiss:
        said = " ".join(f"{result.name}: {result.sentence}" if result.name else result.sentence for result in amiss)
        return look(said, on_the_page(_("See the webhooks"), connection, "hooks"))
    there = [result.name for result in described if result.deed is not Deed.MISSING]
    if there:
        return well(_("Each once: %(names)s.") % {"names": ", ".join(there)})
    return left_open(_("Lever lists none with our addresses. Whether events come all the same stands above."))
