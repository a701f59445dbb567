"""Which opportunities and postings a list call asks for. Repeated parameters are a union."""

from collections.abc import Callable, Iterable

from .contacts import canonical
from .door import Refusal, may_see, number
from .opportunity import Opportunity
from .records import CONFIDENTIAL, OPEN, Posting
from .state import SandboxRequest

# Where a filter that may be repeated looks: any of the values given must be among these.
VALUES: dict[str, Callable[[Opportunity], Iterable[str | None]]] = {
    "archive_reason_id": lambda each: [(each.archived or {}).get("reason")],
    "archived_posting_id": lambda each: [each.archived_posting],
    "contact_id": lambda each: [each.contact.id],
    "email": lambda each: map(canonical, each.contact.emails),
    "location": lambda each: [each.application.posting.location if each.application else "unspecified"],
    "origin": lambda each: [each.origin],
    "posting_id": lambda each: [each.active_posting],
    "source": lambda each: each.sources,
    "stage_id": lambda each: [each.stage.id],
    "tag": lambda each: each.tags,
}
# What `<name>_start` and `<name>_end` are compared with, in milliseconds, both inclusive.
TIMES: dict[str, Callable[[Opportunity], int | None]] = {
    "advanced_at": lambda each: each.advanced_at,
    "archived_at": lambda each: (each.archived or {}).get("archivedAt"),
    "created_at": lambda each: each.created_at,
    "deleted_at": lambda each: each.deleted_at,
    "updated_at": lambda each: each.updated_at,
}


def candidates(request: SandboxRequest) -> Iterable[Opportunity]:
    """Those among whom it is worth looking: of one person, or under one address; or else everybody."""
    world, asked = request.sandbox.world, request.GET
    if "contact_id" in asked:
        people = [world.contacts[each] for each in asked.getlist("contact_id") if each in world.contacts]
    elif "email" in asked:
        people = list(world.directory.found(asked.getlist("email")))
    else:
        return world.opportunities.values()
    return [each for person in people for each in world.opportunities_of(person)]


def opportunity_filter(request: SandboxRequest) -> Callable[[Opportunity], bool]:
    """All filters of the opportunity list at once. Archived ones are left out only when that is asked for."""
    tests = [_test_of_values(request, name) for name in VALUES if name in request.GET]
    tests += [_test_of_time(request, name) for name in TIMES]
    if "archived" in request.GET:
        wanted = request.GET["archived"] == "true"
        tests.append(lambda each: bool(each.archived) is wanted)
    allowed = confidentialities(request)
    return lambda each: each.confidentiality in allowed and all(test(each) for test in tests)


def _test_of_values(request: SandboxRequest, name: str) -> Callable[[Opportunity], bool]:
    wanted, values = set(request.GET.getlist(name)), VALUES[name]
    if name == "email":
        wanted = set(map(canonical, wanted))
        if not all("@" in email for email in wanted):
            raise Refusal(400, "Email address is not valid")
    return lambda each: not wanted.isdisjoint(values(each))


def _test_of_time(request: SandboxRequest, name: str) -> Callable[[Opportunity], bool]:
    """An opportunity without such a time (`updatedAt` may be null) is outside every range."""
    start, end, time_of = number(request, f"{name}_start"), number(request, f"{name}_end"), TIMES[name]
    if start is None and end is None:
        return lambda each: True

    def within(each: Opportunity) -> bool:
        at = time_of(each)
        return at is not None and (start is None or at >= start) and (end is None or at <= end)

    return within


def confidentialities(request: SandboxRequest) -> tuple[str, ...]:
    """Even a key with access gets confidential things only on demand; a key without it is refused."""
    asked = request.GET.get("confidentiality", OPEN)
    if asked not in (OPEN, CONFIDENTIAL, "all"):
        raise Refusal(400, "confidentiality is not valid")
    if asked != OPEN:
        may_see(request, CONFIDENTIAL)
    return (OPEN, CONFIDENTIAL) if asked == "all" else (asked,)


def posting_filter(request: SandboxRequest) -> Callable[[Posting], bool]:
    """`state=published` alone finds what stands on the public site; other channels must be named."""
    states, tags, allowed = (
        request.GET.getlist("state"),
        set(request.GET.getlist("tag")),
        confidentialities(request),
    )
    channels = set(request.GET.getlist("distributionChannel")) or ({"public"} if states == ["published"] else set())

    def fits(each: Posting) -> bool:
        return (
            each.confidentiality in allowed
            and (not states or each.state in states)
            and (not tags or not tags.isdisjoint(each.tags))
            and (not channels or not channels.isdisjoint(each.channels))
        )

    return fits
