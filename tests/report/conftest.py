from __future__ import annotations

import pytest

from detente.case import Case
from detente.report import render_report
from detente.study import CompareAnswer
from report import factory


@pytest.fixture(scope="session")
def answer() -> CompareAnswer:
    return factory.compare_answer()


@pytest.fixture(scope="session")
def case() -> Case:
    return factory.case()


@pytest.fixture(scope="session")
def page(answer: CompareAnswer, case: Case) -> str:
    """One whole report."""
    return render_report(answer, factory.audit_answer(), factory.solve_answer(), case)


@pytest.fixture(scope="session")
def hostile_page() -> str:
    """A report on a case whose every text tries to break out of the page."""
    return render_report(factory.hostile_answer(), None, None, factory.hostile_case())
