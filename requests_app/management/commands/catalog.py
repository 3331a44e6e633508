"""`manage.py catalog`: gather the words of the public and worker pages; `--check` says what is missing."""

import io
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

# The console speaks English until it has words of its own.
PLACES = (
    "templates/base.html",
    "templates/404.html",
    "templates/500.html",
    "templates/403_csrf.html",
    "templates/applicant",
    "templates/components",
    "templates/donor",
    "templates/emails",
    "templates/public/about.html",
    "templates/public/embed.html",
    "templates/public/fund.html",
    "templates/public/line.html",
    "templates/public/paper.html",
    "templates/public/privacy.html",
    "templates/public/tell_me.html",
    "templates/public/turn.html",
    "templates/public/tell_me_done.html",
    "templates/public/tell_me_stop.html",
    "templates/public/rounds.html",
    "templates/texts",
    "requests_app/exports/board_words.py",
    "requests_app/exports/paper_words.py",
    "requests_app/exports/population_words.py",
    "requests_app/exports/rule_reasons.py",
    "requests_app/exports/rule_text.py",
    "requests_app/exports/rule_warnings.py",
    "requests_app/exports/rule_words.py",
    "requests_app/pages/applicant",
    "requests_app/pages/contact_forms.py",
    "requests_app/pages/donor",
    "requests_app/pages/forms.py",
    "requests_app/pages/kept_pages.py",
    "requests_app/pages/pay_forms.py",
    "requests_app/pages/public.py",
    "requests_app/pages/public_about.py",
    "requests_app/pages/public_embed.py",
    "requests_app/pages/public_gifts.py",
    "requests_app/pages/public_news.py",
    "requests_app/pages/public_rounds.py",
    "requests_app/pages/public_words.py",
    "requests_app/pages/worker_words.py",
    "requests_app/services/asks.py",
    "requests_app/services/contact_changes.py",
    "requests_app/services/contacts.py",
    "requests_app/services/document_words.py",
    "requests_app/services/donor_links.py",
    "requests_app/services/form_feedback.py",
    "requests_app/services/messages.py",
    "requests_app/services/pledge_offers.py",
    "requests_app/services/second_contacts.py",
)
CONSOLE_PARTS = {
    "bulk_bar.html",
    "checks.html",
    "filter_chips.html",
    "job_progress.html",
    "key_strip.html",
    "pager.html",
    "pairs.html",
    "scenarios.html",
    "stat_tiles.html",
}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
}
TEMPLATES = {".html", ".txt"}


class Command(BaseCommand):
    """Bring the catalogs up to the words of the pages, or say where they lag."""

    help = "Update locale/*/LC_MESSAGES/django.po from the public and worker pages; --check only tells."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --check."""
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail where words are missing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Update or check every language but the one that the pages are written in."""
        fresh = words()
        languages = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        lacking = [line for code in languages for line in _update(code, fresh, write=not options["check"])]
        for line in lacking:
            self.stdout.write(line)
        if lacking and options["check"]:
            raise CommandError(
                f"{len(lacking)} strings have no words yet: run `manage.py catalog`, then translate."
            )


def words() -> Catalog:
    """This will gather every marked string of the public and worker pages."""
    catalog = Catalog(project="fundmgr", charset="utf-8")
    for path in _files():
        source = path.read_text()
        if path.suffix in TEMPLATES:
            source = templatize(source)
        name = path.relative_to(settings.BASE_DIR).as_posix()
        found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)
        for line, message, _comments, context in found:
            catalog.add(message, locations=[(name, line)], context=context)
    return catalog


def _files() -> Iterator[Path]:
    for place in PLACES:
        path = Path(settings.BASE_DIR, place)
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        ours = (file for file in found if file.name not in CONSOLE_PARTS)
        yield from (file for file in ours if file.suffix in TEMPLATES | {".py"} and file.is_file())


def _update(code: str, fresh: Catalog, *, write: bool) -> list[str]:
    """Return a line for each string without words in a language; those of `write` are kept in the file."""
    path = Path(settings.LOCALE_PATHS[0], code, "LC_MESSAGES", "django.po")
    catalog = Catalog(locale=code, project="fundmgr", charset="utf-8")
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=code)
    catalog.update(fresh, no_fuzzy_matching=True)
    # Words that no page shows any more would only grow old.
    catalog.obsolete.clear()
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            # Without line numbers a moved line is no change of a catalog.
            write_po(file, catalog, sort_output=True, width=110, include_lineno=False)
    unsaid = [row for row in catalog if row.id and (row.fuzzy or not _is_said(row.string))]
    # A placeholder that differs would break the page or lose a figure.
    broken = [message for message, _errors in catalog.check()]
    return [f"{code}: {message.id}" for message in [*unsaid, *broken]]


def _is_said(string: Any) -> bool:
    return all(string) if isinstance(string, (list, tuple)) else bool(string)
