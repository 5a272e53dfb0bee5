"""A buyer's grid: a checklist of one's own, in French alone, with 20 criteria and nothing of the flagship's."""

from __future__ import annotations

from typing import Any

from checklists.models import Edition
from checklists.packs.editions.schema import Pack
from checklists.services.editions.publish_edition import publish_edition

KEY = "grille-acheteur"
CONCERNS = {"price": "Prix et contrat", "people": "Équipes", "place": "Lieux", "exit": "Sortie"}


def fr(text: str) -> dict[str, str]:
    return {"fr": text}


def _option(key: str, level: int) -> dict[str, Any]:
    texts = {"label": fr(f"Réponse {key}"), "finding": fr(f"Constat {key}."), "advice": fr(f"Conseil {key}.")}
    return {"key": key, "level": level, "effort": 2, "lever": "provider", **texts}


def _criterion(concern: str, number: int) -> dict[str, Any]:
    return {
        "key": f"{concern}_{number}",
        "concern": concern,
        "scope": "offer",
        "weight": number,
        "harms": ["duty"],
        "text": fr(f"Critère {number} de « {CONCERNS[concern]} » ?"),
        "why": fr("Le marché le demande."),
        "where": fr("Dans l’offre."),
        "sources": ["rules"],
        "options": [_option("bad", 0), _option("fair", 2), _option("good", 4)],
    }


def _plain(key: str, scope: str, concern: str) -> dict[str, Any]:
    options = [{"key": word, "label": fr(word.capitalize())} for word in ("yes", "no")]
    said = {"text": fr(f"Question {key} ?"), "why": fr("Pour savoir."), "where": fr("Au dossier.")}
    return {"key": key, "concern": concern, "scope": scope, "harms": ["duty"], "sources": ["rules"], **said,
            "options": options}  # fmt: skip


def _gate(key: str, question: str, ceiling: str) -> dict[str, Any]:
    texts = {"title": fr(f"Verrou {key}"), "finding": fr("Non conforme."), "advice": fr("Corriger.")}
    return {"key": key, "when": {"is": {question: "bad"}}, "ceiling": ceiling, "harms": ["duty"],
            "sources": ["rules"], **texts}  # fmt: skip


def grid(number: int = 1, **more: Any) -> dict[str, Any]:
    """The grid as a pack writes it."""
    return {
        "schema": "porte-cles/checklist/1",
        "key": KEY,
        "number": number,
        "published": "2026-01-01",
        "languages": ["fr"],
        "title": fr("Grille de l’acheteur"),
        "summary": fr("Vingt critères d’achat."),
        "changelog": fr("Première édition."),
        "sources": [{"key": "rules", "title": fr("Règlement"), "date": "2026-01-01", "url": "https://example.org/r"}],
        "concerns": [
            {"key": key, "title": fr(title), "summary": fr(title), "weight": 25} for key, title in CONCERNS.items()
        ],
        "questions": [
            _plain("large", "workload", "price"),
            _plain("tender", "offer", "price"),
            *(_criterion(concern, number) for concern in CONCERNS for number in range(1, 6)),
        ],
        "gates": [_gate("price", "price_1", "unacceptable"), _gate("exit", "exit_1", "conditional")],
        "thresholds": [{"below": 50, "ceiling": "conditional"}, {"below": 80, "ceiling": "acceptable"}],
        "requirements": [{"key": "least", "least": "acceptable", "text": fr("Le marché le veut."), "sources": []}],
        "derivations": [
            {"key": "tender_when_large", "question": "tender", "when": {"is": {"large": "yes"}}, "value": "yes",
             "text": fr("Un grand marché est mis en concurrence."), "sources": ["rules"]}
        ],
        **more,
    }  # fmt: skip


def publish_grid(number: int = 1, **more: Any) -> Edition:
    return publish_edition(Pack.model_validate(grid(number, **more)))[0]
