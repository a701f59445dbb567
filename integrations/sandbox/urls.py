"""Every address of the sandbox. For the API: methods, permissions, and whether a user must act."""

from django.urls import URLPattern, path

from . import api_account as account
from . import api_opportunities as candidates
from . import control, mailbox, newcomers, pages, settings_pages
from .door import Endpoint, endpoint


def v1(pattern: str, **calls: Endpoint) -> URLPattern:
    return path(f"v1/{pattern}", endpoint, {"calls": calls})


OPPORTUNITY = "opportunities/<opportunity_id>"
READ, WRITE = "opportunities:read", "opportunities:write"

urlpatterns = [
    v1("stages", GET=Endpoint("stages:read", account.stages)),
    v1("stages/<stage_id>", GET=Endpoint("stages:read", account.stage)),
    v1("archive_reasons", GET=Endpoint("archive_reasons:read", account.archive_reasons)),
    v1("archive_reasons/<reason_id>", GET=Endpoint("archive_reasons:read", account.archive_reason)),
    v1("users", GET=Endpoint("users:read", account.users)),
    v1("users/<user_id>", GET=Endpoint("users:read", account.user)),
    v1("tags", GET=Endpoint("tags:read", account.tags)),
    v1("postings", GET=Endpoint("postings:read", account.postings)),
    v1("postings/<posting_id>", GET=Endpoint("postings:read", account.posting)),
    v1("contacts/<contact_id>", GET=Endpoint("contacts:read", account.contact)),
    v1(
        "webhooks",
        GET=Endpoint("webhooks:read", account.webhooks),
        POST=Endpoint("webhooks:write", account.create_webhook),
    ),
    v1("webhooks/<webhook_id>", DELETE=Endpoint("webhooks:write", account.delete_webhook)),
    v1(
        "opportunities",
        GET=Endpoint(READ, candidates.opportunities),
        POST=Endpoint(WRITE, newcomers.create_opportunity, acts=True),
    ),
    v1("opportunities/deleted", GET=Endpoint(READ, candidates.deleted_opportunities)),
    v1(OPPORTUNITY, GET=Endpoint(READ, candidates.opportunity)),
    v1(f"{OPPORTUNITY}/applications", GET=Endpoint("applications:read", candidates.applications)),
    v1(f"{OPPORTUNITY}/stage", PUT=Endpoint(WRITE, candidates.put_stage, acts=True)),
    v1(f"{OPPORTUNITY}/archived", PUT=Endpoint(WRITE, candidates.put_archived, acts=True)),
    v1(f"{OPPORTUNITY}/addTags", POST=Endpoint(WRITE, candidates.add_tags, acts=True)),
    v1(f"{OPPORTUNITY}/removeTags", POST=Endpoint(WRITE, candidates.remove_tags, acts=True)),
    v1(f"{OPPORTUNITY}/addLinks", POST=Endpoint(WRITE, candidates.add_links, acts=True)),
    v1(f"{OPPORTUNITY}/removeLinks", POST=Endpoint(WRITE, candidates.remove_links, acts=True)),
    v1(
        f"{OPPORTUNITY}/notes",
        GET=Endpoint("notes:read", candidates.notes),
        POST=Endpoint("notes:write", candidates.create_note, acts=True),
    ),
    v1(
        f"{OPPORTUNITY}/notes/<note_id>",
        GET=Endpoint("notes:read", candidates.note),
        DELETE=Endpoint("notes:write", candidates.delete_note),
    ),
    v1(
        f"{OPPORTUNITY}/files",
        GET=Endpoint("files:read", candidates.files),
        POST=Endpoint("files:write", candidates.create_file, acts=True),
    ),
    path("sandbox/state", control.state),
    path("sandbox/reset", control.reset),
    path("sandbox/faults", control.faults),
    path("sandbox/settings", control.settings),
    path("sandbox/keys", control.keys),
    path("sandbox/people", control.people),
    path("sandbox/anonymize", control.anonymize),
    path("sandbox/users", control.users),
    path("sandbox/reasons", control.reasons),
    path("sandbox/postings", control.postings),
    path("sandbox/calls", control.calls),
    path("sandbox/move", control.move),
    path("sandbox/delete", control.delete),
    path("sandbox/webhooks", control.webhooks),
    path("sandbox/webhooks/<webhook_id>/verify", control.verify),
    path("", pages.pipeline),
    path("move", pages.move),
    path("email", pages.change_email),
    path("delete", pages.delete),
    path("start-over", pages.start_over),
    path("webhooks/<webhook_id>/test", pages.test_webhook),
    path("settings", settings_pages.settings),
    path("settings/keys", settings_pages.make_key),
    path("settings/keys/<ending>/revoke", settings_pages.revoke_key),
    path("settings/events/<event>/switch", settings_pages.switch),
    path("settings/events/<event>/webhooks", settings_pages.add_webhook),
    path("settings/webhooks/<webhook_id>", settings_pages.save_webhook),
    path("settings/webhooks/<webhook_id>/remove", settings_pages.remove_webhook),
    path("files/<file_id>", pages.file),
    path("mailbox/", mailbox.mail_list),
    path("mailbox.json", mailbox.mail_json),
    path("mailbox/<key>/", mailbox.mail),
    path("mailbox/<key>/html", mailbox.mail_html),
    path("static/<path:name>", pages.static),
]
