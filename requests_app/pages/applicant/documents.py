"""Files of a worker: with the form, later with the request; each sent alone and kept at once."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.errors import FundError
from requests_app.pages.applicant import acts, apply, documents_view, door, refusals, uploads
from requests_app.pages.applicant.answers import CHECK, CONTACT, PROOF, url_of
from requests_app.pages.applicant.door import STATUS, Door
from requests_app.queries.worker import Case
from requests_app.services import documents


@uploads.taking_a_file
@door.form
def proof_add(at: Door) -> HttpResponse:
    """One file with the form."""
    desk, found = apply.opened(at)
    if desk.draft is None or not at.is_post:
        return at.to("question", page=PROOF) if desk.draft else at.to("apply")
    if desk.applicant is None or at.actor is None:
        # Only who proved a contact may leave files with us.
        said = _("We did not take the file. First enter the code that we send you. Your answers are saved.")
        at.say(said, kind="wait")
        return at.dressed(HttpResponseRedirect(url_of(at, CONTACT)))
    draft_id, by = desk.draft.id, at.actor
    problem = _kept(
        at,
        lambda name, content: documents.add_to_draft(
            draft_id=draft_id, name=name, content=content, by=by, now=at.now
        ),
    )
    if problem:
        return apply.show(at, found, PROOF, found.unsent(PROOF), **problem)
    return at.dressed(HttpResponseRedirect(_proof_url(at)))


@door.action
def proof_remove(at: Door, document_id: UUID) -> HttpResponse:
    """A file is taken away again."""
    _removed(at, document_id)
    return at.dressed(HttpResponseRedirect(_proof_url(at)))


@door.page
def photos(at: Door) -> HttpResponse:
    """Upload later: what was asked for, or what the worker wants to show."""
    case, _by = acts.opened(at)
    return _show(at, case)


@uploads.taking_a_file
@door.form
def photo_add(at: Door) -> HttpResponse:
    """One file with the request."""
    case, by = acts.opened(at)
    if not at.is_post:
        return at.to("photos")
    request_id = case.request.id
    problem = _kept(
        at,
        lambda name, content: documents.add_to_request(
            request_id=request_id, name=name, content=content, by=by, now=at.now
        ),
    )
    return _show(at, case, **problem) if problem else at.to("photos")


@door.action
def photo_remove(at: Door, document_id: UUID) -> HttpResponse:
    """A file is taken away again, while nobody reads the request."""
    _removed(at, document_id)
    return at.to("photos")


@door.page
def opened(at: Door, document_id: UUID) -> HttpResponse:
    """One's own file."""
    if at.actor is None:
        raise errors.NotFound
    found = documents.read(document_id=document_id, by=at.actor, now=at.now)
    return at.dressed(documents_view.handed_out(found))


def _kept(at: Door, call: Any) -> dict[str, Any]:
    """Make the one call with the file that was sent; what is wrong with it is said at its box."""
    try:
        call(*uploads.sent(at.request))
    except errors.NotFound:
        raise
    except FundError as error:
        at.status = STATUS[error.kind]
        sentence = error.problems[0].sentence if error.problems else refusals.sentence(error)
        return {"file_error": sentence, "errors": [{"href": "#id_file", "text": sentence}]}
    at.say(_("We have your file."))
    return {}


def _removed(at: Door, document_id: UUID) -> None:
    by = at.actor
    if by is None:
        raise errors.NotFound
    try:
        documents.remove(document_id=document_id, by=by, now=at.now)
    except errors.WrongState:
        at.say(_("A person looks at this file now, so it stays."), kind="wait")
    else:
        at.say(_("The file is removed."))


def _proof_url(at: Door) -> str:
    is_change = at.request.POST.get("return_to") == CHECK
    address = at.url("question", page=PROOF)
    return f"{address}?return_to={CHECK}" if is_change else address


def _show(at: Door, case: Case, **extra: Any) -> HttpResponse:
    context = {
        **documents_view.of_request(at, case),
        "back_url": at.url("my-request"),
        "answer_url": at.url("answer"),
    }
    return at.page("applicant/photos.html", case.fund, {**context, **extra})
