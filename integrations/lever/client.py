"""Lever's Data API, as far as Vouch uses it: https://hire.lever.co/developer/documentation

The lines above the methods name the calls as they stand there. Tags and links are sets in Lever: adding twice
or removing what is not there does no harm. A note or a file is written again each time it is sent.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from .calls import Caller, Query, Upload, data_of
from .errors import Kind, LeverError
from .objects import (
    ArchiveReason,
    Created,
    File,
    Hook,
    NewOpportunity,
    NoId,
    Note,
    Opportunity,
    Person,
    Posting,
    Stage,
)
from .reading import mapping

Shape = TypeVar("Shape")

FULL_PAGES = ("limit", "100")
MOST_OF_ONE = 100  # candidacies of one person
LARGEST_FILE = 30 * 1000 * 1000  # bytes; Lever's limit is for the whole request


class Lever(Caller):
    """What Vouch asks of Lever and tells it. Everything raises `LeverError` when it does not succeed.

    `perform_as` is the id of the Lever user in whose name a change is made. Lever's documentation calls it
    optional for some of them; there are accounts that refuse changes without it.
    """

    # GET /stages
    def stages(self) -> list[Stage]:
        """In the order of the pipeline."""
        return list(self._listed(Stage.from_json, "stages"))

    # GET /users
    def users(self) -> list[Person]:
        """Those who can sign in to Lever today."""
        people = self._listed(Person.from_json, "users", query=[FULL_PAGES])
        return [person for person in people if person.is_active]

    # GET /users/:user
    def user(self, user_id: str) -> Person:
        return self._single(Person.from_json, "users", user_id)

    # GET /archive_reasons
    def archive_reasons(self) -> list[ArchiveReason]:
        return list(self._listed(ArchiveReason.from_json, "archive_reasons"))

    # GET /postings/:posting
    def posting(self, posting_id: str) -> Posting:
        return self._single(Posting.from_json, "postings", posting_id)

    # GET /postings
    def open_postings(self, *, with_confidential: bool = False) -> Iterator[Posting]:
        """Jobs that one can apply for: published ones, on whichever job site, and unlisted ones.

        Asked for published ones alone, Lever names those of the public site only.
        """
        channels = [("distributionChannel", "public"), ("distributionChannel", "internal")]
        for query in ([("state", "published"), *channels], [("state", "internal")]):
            yield from self._listed(Posting.from_json, "postings", query=[*query, *_secrecy(with_confidential)])

    # GET /opportunities/:opportunity
    def opportunity(self, opportunity_id: str) -> Opportunity:
        expand = [("expand", name) for name in ("applications", "owner", "followers")]
        return self._single(Opportunity.from_json, "opportunities", opportunity_id, query=expand)

    # GET /opportunities
    def opportunities_in_stage(
        self, stage_id: str, advanced_since_ms: int | None = None, *, with_confidential: bool = False
    ) -> Iterator[Opportunity]:
        """Who is in the stage now and not archived, each once, though the list may move while it is read.

        Ask for confidential ones only with a key that may see them: Lever answers others with an error.
        """
        query = [("stage_id", stage_id), ("archived", "false"), ("expand", "applications"), FULL_PAGES]
        if advanced_since_ms is not None:
            query.append(("advanced_at_start", str(advanced_since_ms)))
        seen = set()
        for opportunity in self._opportunities([*query, *_secrecy(with_confidential)]):
            if opportunity.id not in seen:
                seen.add(opportunity.id)
                yield opportunity

    # GET /opportunities
    def opportunities_archived(self, since_ms: int, *, with_confidential: bool = False) -> Iterator[Opportunity]:
        """Who was archived since then and still is; one may come twice, because the list moves while it is read."""
        query = [("archived", "true"), ("archived_at_start", str(since_ms)), FULL_PAGES]
        return self._opportunities([*query, *_secrecy(with_confidential)])

    # GET /opportunities/deleted
    def opportunities_deleted(self, since_ms: int, *, with_confidential: bool = False) -> Iterator[Opportunity]:
        """Lever's documentation does not say whether this list can be asked for confidential ones."""
        query = [("deleted_at_start", str(since_ms)), FULL_PAGES, *_secrecy(with_confidential)]
        return self._listed(Opportunity.from_json, "opportunities", "deleted", query=query)

    # GET /opportunities
    def opportunities_of(self, email: str, *, with_confidential: bool = False) -> list[Opportunity]:
        """All candidacies of the person with this address, archived ones, too; the first page of them will do."""
        query = [("email", email), FULL_PAGES, *_secrecy(with_confidential)]
        return list(islice(self._listed(Opportunity.from_json, "opportunities", query=query), MOST_OF_ONE))

    # POST /opportunities
    def add_opportunity(self, new: NewOpportunity, perform_as: str) -> Created:
        """Made anew each time, also for a person whom Lever knows: look for them in `opportunities_of` first."""
        answer = self.call("POST", "opportunities", query=[("perform_as", perform_as)], body=new.as_json())
        return _shaped(Created.from_json, answer)

    # PUT /opportunities/:opportunity/archived
    def archive(self, opportunity_id: str, reason_id: str, perform_as: str) -> Opportunity:
        """Where it is archived already, this changes the reason; once more with the same one changes nothing."""
        query = [("perform_as", perform_as)]
        answer = self.call("PUT", "opportunities", opportunity_id, "archived", query=query, body={"reason": reason_id})
        return _shaped(Opportunity.from_json, data_of(answer))

    # POST /opportunities/:opportunity/addTags
    def add_tags(self, opportunity_id: str, tags: Sequence[str], perform_as: str) -> None:
        self._change(opportunity_id, "addTags", {"tags": list(tags)}, perform_as)

    # POST /opportunities/:opportunity/removeTags
    def remove_tags(self, opportunity_id: str, tags: Sequence[str], perform_as: str) -> None:
        self._change(opportunity_id, "removeTags", {"tags": list(tags)}, perform_as)

    # POST /opportunities/:opportunity/addLinks
    def add_links(self, opportunity_id: str, links: Sequence[str], perform_as: str) -> None:
        """Links belong to the person and show on every opportunity of theirs."""
        self._change(opportunity_id, "addLinks", {"links": list(links)}, perform_as)

    # POST /opportunities/:opportunity/removeLinks
    def remove_links(self, opportunity_id: str, links: Sequence[str], perform_as: str) -> None:
        self._change(opportunity_id, "removeLinks", {"links": list(links)}, perform_as)

    # POST /opportunities/:opportunity/notes
    def add_note(self, opportunity_id: str, text: str, perform_as: str) -> str:
        """Writes plain text and returns the id of the note. Before trying again, look for it in `notes`."""
        answer = self._change(opportunity_id, "notes", {"value": text}, perform_as)
        return _shaped(Note.from_json, data_of(answer)).id

    # GET /opportunities/:opportunity/notes
    def notes(self, opportunity_id: str) -> list[Note]:
        path = ("opportunities", opportunity_id, "notes")
        return list(self._listed(Note.from_json, *path, query=[FULL_PAGES]))

    # POST /opportunities/:opportunity/files
    def add_file(self, opportunity_id: str, upload: Upload, perform_as: str) -> str:
        """Attaches a file and returns its id. Before trying again, look for its name in `files`."""
        if len(upload.content) > LARGEST_FILE:
            raise LeverError(Kind.REFUSED, "The file is larger than the 30 MB that Lever takes.")
        query = [("perform_as", perform_as)]
        answer = self.call("POST", "opportunities", opportunity_id, "files", query=query, upload=upload)
        return _shaped(File.from_json, data_of(answer)).id

    # GET /opportunities/:opportunity/files
    def files(self, opportunity_id: str) -> list[File]:
        """Lever's documentation shows this list without the usual envelope, which `pages` takes as well."""
        return list(self._listed(File.from_json, "opportunities", opportunity_id, "files", query=[FULL_PAGES]))

    # GET /webhooks
    def webhooks(self) -> list[Hook]:
        """All of the account, whoever made them; without their tokens."""
        return list(self._listed(Hook.from_json, "webhooks"))

    # POST /webhooks
    def add_webhook(self, event: str, url: str) -> Hook:
        """Made anew each time, also where there is one like it: look through `webhooks` first.

        The answer alone holds the signature token. A super admin must have switched the event on in Lever, or
        nothing is sent; Lever does not tell whether that is so.
        """
        answer = self.call("POST", "webhooks", body={"event": event, "url": url})
        return _shaped(Hook.from_json, data_of(answer))

    # DELETE /webhooks/:webhook
    def remove_webhook(self, webhook_id: str) -> None:
        """Only one that was made through the API; the others can be changed in Lever's settings alone."""
        self.call("DELETE", "webhooks", webhook_id)

    def _opportunities(self, query: Query) -> Iterator[Opportunity]:
        """Starts over once when Lever no longer accepts where we were. Only its message tells this apart."""
        try:
            yield from self._listed(Opportunity.from_json, "opportunities", query=query)
        except LeverError as error:
            if "invalid offset token" not in error.message.lower():
                raise
            yield from self._listed(Opportunity.from_json, "opportunities", query=query)

    def _single(self, shape: Callable[[object], Shape], *path: str, query: Query = ()) -> Shape:
        return _shaped(shape, data_of(self.call("GET", *path, query=query)))

    def _listed(self, shape: Callable[[object], Shape], *path: str, query: Query = ()) -> Iterator[Shape]:
        return (_shaped(shape, each) for each in self.pages(*path, query=query))

    def _change(self, opportunity_id: str, verb: str, body: object, perform_as: str) -> object:
        query = [("perform_as", perform_as)]
        return self.call("POST", "opportunities", opportunity_id, verb, query=query, body=body)


def _secrecy(with_confidential: bool) -> Query:
    """Lists leave confidential things out unless asked, also for keys that may see them."""
    return [("confidentiality", "all")] if with_confidential else []


def _shaped(shape: Callable[[object], Shape], value: object) -> Shape:
    try:
        return shape(mapping(value))
    except NoId as error:
        raise LeverError(Kind.UNREADABLE, str(error)) from None
