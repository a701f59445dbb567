"""The address of a prospect that stands in Lever: for those who sign in here, and may see them."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.scoped_admin import reader
from prospects.models import Prospect


@never_cache
@require_safe
@login_required
def record(request: HttpRequest, prospect: UUID) -> HttpResponse:
    """On to their page in the portal. Whoever may not see it learns no more than whoever guesses an address."""
    if not reader(request).has_perm("prospects.view_prospect"):
        raise Http404
    found = get_object_or_404(Prospect.objects.visible_to(request.user).only("pk"), public_id=prospect)
    return redirect("admin:prospects_prospect_change", found.pk)
