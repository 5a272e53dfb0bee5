"""``manage.py checktexts``: how what ships is written, in each language. Exit code 1 for a word to avoid, a fault of
typography or a language left out."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.core.texts.check import FAULTS, Kind, check_text, figures
from checklists.packs.files.glossary import words_to_avoid
from checklists.services.languages import site_languages
from checklists.services.texts.read_texts import texts, untranslated


class Command(BaseCommand):
    help = (
        "Read every text that ships, in each language, and say what to mend: words to avoid and what to use, "
        "typography, a language left out, sentences of over 25 and over 35 words. With --all also guesses: sentences "
        "that seem to lack a verb, texts that seem to need their question to be understood."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="print the guesses too, each with its place")

    def handle(self, *args: Any, **options: Any) -> None:
        languages, read = site_languages(), texts(site_languages())
        found = [told for text in read for told in check_text(text, languages, words_to_avoid())]
        guesses = (Kind.NO_VERB, Kind.ALONE)
        for told in found:
            if options["all"] or told.kind not in guesses:
                self.stdout.write(str(told))
        shown = list(untranslated())
        for place, words in shown:
            self.stdout.write(f"{place} {Kind.LACKS}: {words}")
        for language in languages:
            self._figures(language, Counter(told.kind for told in found if told.language == language), read)
        faults = sum(told.kind in FAULTS for told in found) + len(shown)
        self.stdout.write(f"templates: {len(shown)} texts in one language only")
        if faults:
            raise CommandError(f"{faults} faults in {len(read)} texts.")

    def _figures(self, language: str, counted: Counter[Kind], read: Any) -> None:
        lengths = figures(read, language)
        told = ", ".join(f"{kind}: {counted[kind]}" for kind in Kind if kind not in (Kind.LONG, Kind.TOO_LONG))
        self.stdout.write(
            f"{language}: {lengths.sentences} sentences, {lengths.within:.2%} within 25 words, "
            f"{lengths.too_long} over 35; {told}"
        )
