"""Every text that ships, from the catalogue of the screens, the help, the data files and the templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import polib
from django.conf import settings

from checklists.core.texts.check import Text
from checklists.packs.texts.shipped_texts import shipped_texts

WRITTEN_IN = "en"
"""The language of the messages in the code."""
LONGEST_LABEL = 5
"""Words up to which a message of the screens is taken for a label."""
_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")
_HTML_TEXT = re.compile(r">([^<>{}]*[^\W\d_]{2}[^<>{}]*)<")
_NOT_SHOWN = re.compile(
    r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}|\{%\s*blocktrans.*?endblocktrans\w*\s*%\}|<(script|style|code|kbd|title)\b.*?</\1>|"
    r"\{%.*?%\}|\{\{.*?\}\}",
    re.S,
)
SAME_EVERYWHERE = frozenset({"Porte-clés", "XLSX", "YAML", "SEAL", "JSON", "CSV", "PDF", "DOCX"})
"""What templates show in every language alike."""


def texts(languages: Sequence[str]) -> list[Text]:
    """All texts that ship, each in ``languages`` where it has them."""
    return [*screens(languages), *help_pages(languages), *shipped_texts(languages)]


def screens(languages: Sequence[str]) -> Iterator[Text]:
    """Messages of the code and of the templates: the message itself, and its translation where a catalogue holds it."""
    catalogues = {
        path.parts[-3]: polib.pofile(str(path))
        for path in sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po"))
    }
    said: dict[str, dict[str, str]] = {}
    for code, catalogue in catalogues.items():
        for entry in catalogue:
            if entry.obsolete:
                continue
            for source, shown in _forms(entry):
                place = f"screens/{entry.msgctxt + '|' if entry.msgctxt else ''}{source}"
                said.setdefault(place, {WRITTEN_IN: source})[code] = shown
    for place, words in said.items():
        written = words[WRITTEN_IN].rstrip()
        is_prose = len(written.split()) > LONGEST_LABEL and written.endswith((".", "!", "?"))
        yield Text(place, {code: words[code] for code in languages if code in words}, is_prose)


def _forms(entry: polib.POEntry) -> list[tuple[str, str]]:
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]


def help_pages(languages: Sequence[str]) -> Iterator[Text]:
    """The paragraphs, items, headings and cells of ``docs/<language>``, paired by their order."""
    folder: Path = settings.BASE_DIR / "docs"
    names = sorted({path.name for code in languages for path in (folder / code).glob("*.md")})
    for name in names:
        blocks = {code: _blocks(folder / code / name) for code in languages}
        for index in range(max(len(found) for found in blocks.values())):
            said = {code: found[index] for code, found in blocks.items() if index < len(found)}
            is_prose = all(text.rstrip("*_ ").endswith((".", "!", "?")) for text in said.values())
            yield Text(f"help/{name}/{index + 1}", {code: _ITEM.sub("", text) for code, text in said.items()}, is_prose)


def _blocks(path: Path) -> list[str]:
    if not path.exists():
        return []
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
    found: list[str] = []
    for line in text.splitlines():
        if line.startswith("|"):
            found += [cell.strip() for cell in line.strip("|").split("|") if re.search(r"\w", cell)] + [""]
        elif not line.strip() or line.startswith("#") or _ITEM.match(line):
            found += [line.lstrip("# ")] + [""] * line.startswith("#")
        elif found and found[-1]:
            found[-1] += " " + line.strip()
        else:
            found.append(line.strip())
    return [block.replace("**", "").replace("*", "") for block in found if block.strip()]


def untranslated() -> Iterator[tuple[str, str]]:
    """Words that a template shows in one language only: its place and what it shows."""
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        shown = _NOT_SHOWN.sub(lambda found: "{}" + "\n" * found[0].count("\n"), path.read_text(encoding="utf-8"))
        for found in _HTML_TEXT.finditer(shown):
            words = found[1].strip()
            if words not in SAME_EVERYWHERE:
                yield f"{path.relative_to(settings.BASE_DIR)}:{shown[: found.start()].count(chr(10)) + 1}", words
