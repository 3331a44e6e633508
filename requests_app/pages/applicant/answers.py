"""What a draft says so far: which page comes next, the ask it makes, and the summary to check."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundmgr.domain import money
from fundmgr.domain.contacts import shown
from requests_app.pages import worker_words as words
from requests_app.pages.applicant.door import Door
from requests_app.pages.forms import QUESTIONS, NeedForm, Question, ShowForm
from requests_app.pages.public_words import asking_note
from requests_app.queries.published_rules import from_snapshot
from requests_app.queries.worker import Desk
from requests_app.services import draft_answers
from requests_app.services.asks import Ask
from requests_app.templatetags.fund_ui import when

CHECK, CONTACT, NOT_COVERED = "check", "contact", "not-covered"
PROOF, ANYTHING_ELSE = "proof", "anything-else"
# Who fills the form in with the worker; asked once, before the first page.
HELPING = "helping"
# The contact is proved in the middle, when the worker has seen what is asked. Whether there is anything else
# is offered at the end, where the answers are checked: it holds nobody up who has nothing to add.
ORDER = ("show", "job", "name", CONTACT, "household", "need", "other-help", PROOF)

_NOTHING: Mapping[str, Any] = {}


class Answers:
    """A draft, read page by page."""

    def __init__(self, desk: Desk, today: date) -> None:
        self.desk = desk
        self.today = today
        self.kept = draft_answers.read(desk.draft) if desk.draft else {}
        self._forms: dict[str, tuple[Question, Mapping[str, Any]]] = {}

    @property
    def order(self) -> tuple[str, ...]:
        """The pages of this worker: one who signed in before the draft began is not asked where to write."""
        known, draft = self.desk.applicant, self.desk.draft
        left_out = {CONTACT} if known and draft and known.created_at < draft.created_at else set()
        if self.flat_cents is not None:
            left_out.add("other-help")
        return tuple(page for page in ORDER if page not in left_out)

    @property
    def flat_cents(self) -> int | None:
        """What everybody is given, where the policy says so: then no amounts are asked. Units: cents."""
        return self.desk.policy.flat_grant_cents if self.desk.policy else None

    def unsent(self, page: str) -> Question:
        """This will return a page's form as it was left, without complaints."""
        return QUESTIONS[page](initial=self.kept.get(page, {}), **self._known(page))

    def form(self, page: str) -> Question:
        """This will return a page's form with what was typed, ready to be judged."""
        said = self.kept.get(page, _NOTHING)
        form, of = self._forms.get(page) or (None, None)
        # A page asks for the same form several times, and judging it is what costs.
        if form is None or of is not said:
            form = self.typed(page, said)
            self._forms[page] = (form, said)
        return form

    def typed(self, page: str, data: Mapping[str, Any]) -> Question:
        """This will return a page's form with what is sent now."""
        return QUESTIONS[page](data, **self._known(page))

    def next_page(self) -> str:
        """This will return the first page that is not answered rightly or twice over, or the check page."""
        for page in self.order:
            if page == CONTACT:
                if self.desk.applicant is None:
                    return CONTACT
            elif page not in self.kept or not self.form(page).is_valid() or self._waits(page):
                return page
            elif page == "show" and not self.is_covered:
                return NOT_COVERED
        return ANYTHING_ELSE if self._waits(ANYTHING_ELSE) else CHECK

    def _waits(self, page: str) -> bool:
        """Whether other words for a page wait until their worker has seen both."""
        return draft_answers.also(self.kept, page) is not None

    @property
    def is_covered(self) -> bool:
        """Whether the show that was named is one of the fund's, or goes by another name there."""
        form = self.form("show")
        return isinstance(form, ShowForm) and form.is_valid() and form.is_on(self.desk.shows)

    @property
    def helper(self) -> str:
        """Who fills the form in with the worker; empty where the worker does."""
        return str(self.kept.get(HELPING, {}).get("helper_name", ""))

    @property
    def asked_cents(self) -> int:
        """The sum of the needs so far; 0 until they are answered rightly. Units: cents."""
        form = self.form("need")
        return sum(cents for _need, cents in form.found["need_lines"]) if form.is_valid() else 0

    def following(self, page: str) -> str:
        """This will return the page after one that was just answered."""
        if page == "show" and not self.is_covered:
            return NOT_COVERED
        order = [name for name in self.order if name != CONTACT or self.desk.applicant is None]
        place = order.index(page) + 1 if page in order else len(order)
        return order[place] if place < len(order) else CHECK

    def before(self, page: str) -> str | None:
        """This will return the page before one, or None for the first."""
        order = [name for name in self.order if name != CONTACT or self.desk.applicant is None]
        place = order.index(page) if page in order else len(order)
        return order[place - 1] if place else None

    def step(self, page: str) -> dict[str, int] | None:
        """This will say which step of how many a page is, the check page the last; None for an extra."""
        if page not in self.order:
            return None
        return {"number": self.order.index(page) + 1, "total": len(self.order) + 1}

    def ask(self, language: str) -> Ask:
        """This will put all pages together; each is right, or the check page would not be open."""
        parts: dict[str, Any] = {}
        for page in QUESTIONS:
            form = self.form(page)
            form.is_valid()
            parts |= form.found
        return Ask(**parts, helper_name=self.helper, language=language)

    def _known(self, page: str) -> dict[str, Any]:
        known: dict[str, Any] = {"today": self.today}
        if page == "need":
            return known | {"flat_cents": self.flat_cents}
        return known | {"has_files": bool(self.desk.documents)} if page == PROOF else known


def url_of(at: Door, page: str) -> str:
    """This will return the address of a page of the form by its name."""
    if page in {CHECK, NOT_COVERED}:
        return at.url(page)
    return at.url("apply-contact") if page == CONTACT else at.url("question", page=page)


def summary(at: Door, desk: Desk, found: Answers) -> dict[str, Any]:
    """This will return what the check page shows."""
    ask = found.ask(at.language)
    work = work_rows(ask, show_url=_change(at, "show"), job_url=_change(at, "job"))
    proof = _row(_("Proof that you worked on the show"), _proof(found), _change(at, PROOF))
    cap_cents = desk.policy.award_cap_cents if desk.policy else None
    return {
        "sections": [
            {"title": _("Your work"), "rows": [*work, proof]},
            {"title": _("About you"), "rows": _person(at, desk, ask)},
        ],
        "needs": [
            {"label": words.NEEDS[category], "amount_cents": cents} for category, cents in ask.need_lines
        ],
        "needs_url": _change(at, "need"),
        "asked_cents": ask.asked_cents,
        "after_rows": _after(at, ask, found),
        "cap_cents": cap_cents,
        "helper": found.helper,
        "is_flat": found.flat_cents is not None,
        "asking_note": asking_note(
            from_snapshot(desk.odds.rule), needed_cents=ask.asked_cents - ask.other_aid_cents
        ),
        "back_url": url_of(at, found.before(CHECK) or CHECK),
    }


def work_rows(ask: Ask, *, show_url: str, job_url: str) -> list[dict[str, Any]]:
    """This will return the rows about the work, each with where its answer is changed."""
    crafts = dict(words.CRAFTS)
    job = ", ".join(str(part) for part in (ask.job_title, crafts.get(ask.craft, ask.craft)) if part)
    rows = [
        _row(_("Show"), ask.production_name, show_url),
        _row(_("Job"), job, job_url),
        _row(_("Last month you worked"), when(ask.last_worked_on, "month"), job_url),
    ]
    if ask.engagement:
        hired = dict(words.ENGAGEMENTS)[ask.engagement]
        rows.append(_row(_("How you were hired"), hired, job_url))
    if ask.union_local:
        rows.append(_row(_("Union or local"), ask.union_local, job_url))
    return rows


def _person(at: Door, desk: Desk, ask: Ask) -> list[dict[str, Any]]:
    name = f"{ask.full_name} ({ask.preferred_name})" if ask.preferred_name else ask.full_name
    contact = shown(desk.applicant.contact) if desk.applicant else ""
    return [
        _row(_("Name"), name, _change(at, "name")),
        # Proved by a code: the new one needs a code too.
        _row(_("How we reach you"), contact, at.url("my-contact") if desk.applicant else ""),
        _row(_("People who count on your pay"), household(ask), _change(at, "household")),
    ]


def household(ask: Ask) -> str:
    """This will count a household in words."""
    adults = ngettext("%(n)s adult", "%(n)s adults", ask.adults_count) % {"n": ask.adults_count}
    if not ask.children_count:
        return adults
    children = ngettext("%(n)s child", "%(n)s children", ask.children_count) % {"n": ask.children_count}
    return f"{adults}, {children}"


def _after(at: Door, ask: Ask, found: Answers) -> list[dict[str, Any]]:
    return [
        _row(_("About to be lost"), about_to_be_lost(ask), _change(at, "need")),
        *_other_rows(at, ask, found),
        _row(_("Anything else we should know"), ask.statement, _change(at, "anything-else")),
    ]


def about_to_be_lost(ask: Ask) -> str:
    """This will say what cannot wait, and until which day."""
    what = [str(words.NEEDS[need]) for need, at_stake in words.AT_STAKE.items() if at_stake in ask.urgency]
    if ask.loss_on is None:
        return ", ".join(what) or _("No")
    day = when(ask.loss_on, "full")
    return _("%(what)s, by %(day)s") % {"what": ", ".join(what) or _("Yes"), "day": day}


def need_rows(form: NeedForm) -> dict[str, Any]:
    """This will return what the page of needs shows beside its form's own boxes."""
    date_errors = form.errors.get("losing_month") if form.is_bound else None
    return {
        "needs": form.rows,
        "flat_cents": form.flat_cents,
        "need_error": form.needs_error,
        "losing_error": date_errors[0] if date_errors else "",
    }


def _proof(found: Answers) -> str:
    names = [str(document.name) for document in found.desk.documents]
    chosen = found.kept.get(PROOF, {}).get("proof")
    said = {"later": _("I will send it later"), "none": _("I don't have it")}
    return ", ".join(names) or said.get(str(chosen), "")


def _other_rows(at: Door, ask: Ask, found: Answers) -> list[dict[str, Any]]:
    """Where everybody is given the same, other help was not asked about."""
    if found.flat_cents is not None:
        return []
    return [_row(_("Other help coming"), _other_help(ask, found), _change(at, "other-help"))]


def _other_help(ask: Ask, found: Answers) -> str:
    amount = money.dollars(ask.other_aid_cents, whole=True) if ask.other_aid_cents else ""
    if amount or ask.other_aid_note:
        return ", ".join(part for part in (amount, ask.other_aid_note) if part)
    chosen = found.kept.get("other-help", {}).get("other_help")
    return {"yes": _("Yes"), "no": _("No")}.get(str(chosen), _("I'm not sure"))


def _row(label: str, value: Any, change_url: str) -> dict[str, Any]:
    return {"label": label, "value": value, "change_url": change_url}


def _change(at: Door, page: str) -> str:
    return f"{url_of(at, page)}?return_to={CHECK}"
