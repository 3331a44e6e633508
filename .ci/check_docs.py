"""Checks the documents: links lead somewhere, and every `make` target and command that they name exists."""

import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
BUILT_IN = {"migrate", "check", "makemigrations", "shell", "createsuperuser", "showmigrations", "dbshell"}


def documents() -> list[Path]:
    """Return every document of the project."""
    top = sorted(PROJECT.glob("*.md"))
    return top + sorted((PROJECT / "docs").rglob("*.md"))


def anchors(document: Path) -> set[str]:
    """Return the anchors that a document's headings make."""
    text = FENCE.sub("", document.read_text())
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()).strip() for heading in found]
    return {heading.replace(" ", "-") for heading in plain}


def broken_links(document: Path) -> list[str]:
    """Return the links of a document that lead nowhere."""
    wrong = []
    for link in LINK.findall(FENCE.sub("", document.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists():
            wrong.append(f"{document.relative_to(PROJECT)}: {link} leads to nothing")
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            wrong.append(f"{document.relative_to(PROJECT)}: {link} names no heading")
    return wrong


def unknown_names(document: Path) -> list[str]:
    """Return the make targets and manage.py commands that a document names and nobody made."""
    text = document.read_text()
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    folders = PROJECT.glob("*/management/commands/*.py")
    commands = BUILT_IN | {file.stem for file in folders if file.stem != "__init__"}
    where = document.relative_to(PROJECT)
    quoted = re.findall(r"`make ([a-z]+)", text) + re.findall(r"^make ([a-z]+)", text, re.MULTILINE)
    wrong = [f"{where}: there is no `make {name}`" for name in quoted if name not in targets]
    return wrong + [
        f"{where}: there is no `manage.py {name}`" for name in COMMAND.findall(text) if name not in commands
    ]


def main() -> int:
    """Print what is wrong; 1 where anything is."""
    wrong = [line for document in documents() for line in (*broken_links(document), *unknown_names(document))]
    for line in wrong:
        print(line)
    print(f"{len(documents())} documents checked, {len(wrong)} faults")
    return 1 if wrong else 0


sys.exit(main())
