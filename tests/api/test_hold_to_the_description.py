"""What the interface answers to generated requests is what its description says, and never an error of the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase
from schemathesis import checks

from checklists.api.problems import Problem
from checklists.models import Offer, User
from compliance.wsgi import application
from tests.api.test_reach_every_resource import _places
from tests.api.test_use_the_interface import token_for
from tests.figures import count

FEW, MANY = 2, 40
"""Requests to each address: by default, and when properties are explored."""
HELD_TO = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
]


@pytest.fixture
def served() -> Iterator[None]:
    """Requests that come through WSGI leave the test's connection to the database open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_generated_requests_are_answered_as_described(
    example: Offer, officer: User, served: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reached(*_anything: object) -> None:
        raise Problem(404, "reached", "stop here")

    # Long to compute, and asked for the same whatever is sent.
    for heavy in ("actions._plan", "comparing.shortlist"):
        monkeypatch.setattr(f"checklists.api.{heavy}", reached)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    held_to = checks.CHECKS.get_by_names(HELD_TO)
    places = {name: str(place) for name, place in _places(example).items()}
    token = token_for(officer)
    most = MANY if hypothesis.settings.get_current_profile_name() == "explore" else FEW
    tried, wrong = 0, []
    for found in schema.get_all_operations():
        operation = found.ok()

        @hypothesis.settings(
            max_examples=most,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal tried
            tried += 1
            if tried % 2:  # One of two asks for what is there.
                case.path_parameters = {
                    key: places.get(key, value) for key, value in (case.path_parameters or {}).items()
                }
            with transaction.atomic():
                answer = case.call(headers={"Authorization": f"Bearer {token}"})
                transaction.set_rollback(True)
            try:
                case.validate_response(answer, checks=held_to)
            except (Exception, BaseExceptionGroup) as fault:
                wrong.append(f"{case.method} {case.path}: {str(fault)[:600]}")

        ask()
    count("generated requests to the interface", "answered otherwise than described", tried=tried, faults=len(wrong))
    assert not wrong, "\n\n".join(wrong[:25])
