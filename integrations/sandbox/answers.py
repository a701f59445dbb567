"""Answers as Lever gives them: envelopes, pages with opaque offset tokens, `include` and `expand`."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar
from urllib.parse import quote

from django.http import HttpResponse, JsonResponse

from .door import Refusal, number
from .records import Json
from .state import SandboxRequest
from .world import World

T = TypeVar("T")
Place = tuple[int | str, ...]
TOKENS_KEPT = 10_000


def one(request: SandboxRequest, shown: Json, status: int = 200) -> HttpResponse:
    return JsonResponse({"data": only_included(request, shown)}, status=status)


def gone() -> HttpResponse:
    return HttpResponse(status=204)


def only_included(request: SandboxRequest, shown: Json) -> Json:
    """`include` takes away: only the fields named stay. What is expanded stays as well."""
    names = request.GET.getlist("include")
    if not names:
        return shown
    wanted = {*names, *request.GET.getlist("expand")}
    return {name: value for name, value in shown.items() if name in wanted}


def expand(request: SandboxRequest, shown: Json, table: Mapping[str, Callable[[], object]]) -> Json:
    """Put whole objects where ids stand. Asking for anything else is refused, as Lever does."""
    for name in request.GET.getlist("expand"):
        if name not in table:
            raise Refusal(400, f"{name} is not expandable")
        shown[name] = table[name]()
    return shown


def user_json(world: World, user_id: str | None) -> Json | None:
    return world.users[user_id].as_json() if user_id in world.users else None


def page(
    request: SandboxRequest, items: Iterable[T], place: Callable[[T], Place], show: Callable[[T], Json]
) -> HttpResponse:
    """One page of `items` in the order of `place`.

    The token stands for the first item of the next page, so a list that moves between two calls can show an
    item twice or not at all, as Lever's does. It leaves us percent-encoded and comes back as it left, or is
    refused.
    """
    limit, start = _limit(request), _start(request)
    found = sorted(items, key=place)
    rest = [item for item in found if start is None or place(item) >= start]
    shown: Json = {"data": [only_included(request, show(item)) for item in rest[:limit]], "hasNext": False}
    if len(rest) > limit:
        shown |= {"hasNext": True, "next": _token(request, place(rest[limit]))}
    return JsonResponse(shown)


def _limit(request: SandboxRequest) -> int:
    limit = number(request, "limit")
    if limit is None:
        return 100
    if not 1 <= limit <= 100:
        raise Refusal(400, "limit must be between 1 and 100")
    return limit


def _start(request: SandboxRequest) -> Place | None:
    token = request.GET.get("offset")
    if token is None:
        return None
    if token not in request.sandbox.offsets:
        raise Refusal(400, "Invalid offset token")
    return request.sandbox.offsets[token]


def _token(request: SandboxRequest, place: Place) -> str:
    token = quote(
        json.dumps([abs(part) if isinstance(part, int) else part for part in place], separators=(",", ":")),
        safe="",
    )
    kept = request.sandbox.offsets
    kept[token] = place
    while len(kept) > TOKENS_KEPT:
        del kept[next(iter(kept))]
    return token
