"""All equilibria of a posture, and whether the ranking of postures depends on which one is played."""

from __future__ import annotations

import json

import pytest

from detente.errors import RequestError
from detente.report import render_compare, render_solve
from detente.study import CompareSettings, SolveSettings, compare, solve
from detente.study.equilibria import can_lead
from study.small_cases import BASE, parameter_text, small_case

# The defender can fight or share after an entry; fighting is a threat that is not credible.
ENTRY = {
    "timeline": """\
        - decision: enter
          by: CHL
          options: [go, stay]
        - decision: answer
          by: DEF
          options: [fight, share]
          when: enter == go
        """,
    "payoffs": """\
        CHL:
          - term: beaten
            when: answer == fight
            value: -C
          - term: gain
            when: answer == share
            value: G
        DEF:
          - term: war
            when: answer == fight
            value: -L
          - term: kept
            when: enter == stay
            value: G
        """,
    "outcomes": "entered: enter == go\n",
    "postures": "open:\n  status_quo: true\nready:\n  set:\n    L: W\n",
}


class Deaf:
    """A watch that never stops."""

    stopped = False

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def entry():
    return small_case(parameter_text(BASE), **ENTRY)


def test_solve_lists_the_incredible_threat_and_names_what_differs(entry):
    answer = solve(entry, "open", SolveSettings(all_equilibria=True, starts=2))
    found = answer.equilibria
    assert found is not None
    assert [item.kind for item in found.equilibria] == ["backward_induction", "nash"]
    assert [item.principal for item in found.equilibria] == [True, False]
    assert found.complete
    assert found.outcome_range("entered") == (0.0, 1.0)
    assert found.value_range("DEF") == (0.0, 1.0)
    threat = found.equilibria[1]
    assert [choice.decision for choice in threat.differs] == ["enter", "answer"]
    assert not threat.differs[1].reached
    component = found.components[threat.component]
    assert component.dimension == 1
    ranges = {item.action: (item.low, item.high) for item in component.actions}
    # Staying out is best where fighting has probability at least G / (G + C).
    assert ranges["fight"] == (pytest.approx(1 / 1.8), 1.0)
    text = render_solve(answer)
    assert "The list is complete" in text
    assert "Nash only" in text
    assert json.loads(json.dumps(answer.to_json()))["equilibria"]["components"][0]["dimension"] == 0


def test_solve_looks_for_all_only_when_asked(entry):
    assert solve(entry, "open", SolveSettings(starts=2)).equilibria is None
    with pytest.raises(RequestError, match="precision"):
        solve(entry, "open", SolveSettings(all_equilibria=True, lam=3.0))


def test_compare_says_whether_the_ranking_rests_on_a_threat(entry):
    settings = CompareSettings.quick(draws=4, starts=2, equilibria="all", equilibria_worlds=2, region_points=0)
    answer = compare(entry, settings, Deaf())
    found = answer.equilibria
    assert found is not None
    # Either posture is worth 0 with entry and 1 without; credibly, both end in entry.
    assert [item.value for item in found.postures] == [(0.0, 1.0), (0.0, 1.0)]
    assert [item.value_sequential for item in found.postures] == [(0.0, 0.0), (0.0, 0.0)]
    assert found.depends
    assert not found.depends_sequential
    assert found.leaders == ("open", "ready")
    assert found.worlds == 2 == found.depends_in
    assert "over all Nash equilibria" in found.sentence
    assert "OVER ALL EQUILIBRIA" in render_compare(answer).upper()
    assert answer.to_json()["equilibria"]["postures"][0]["complete"] is True


def test_compare_without_asking_has_none(entry):
    answer = compare(entry, CompareSettings.quick(draws=2, starts=2, region_points=0))
    assert answer.equilibria is None
    assert answer.to_json()["equilibria"] is None


def test_which_of_several_ranges_can_be_best():
    assert can_lead([(0.0, 1.0), (0.5, 0.6), (0.0, 0.4)], 1e-9) == [0, 1]
    assert can_lead([(0.0, 0.0), (1.0, 1.0)], 1e-9) == [1]
    assert can_lead([(2.0, 3.0)], 1e-9) == [0]


def test_a_stopped_comparison_keeps_the_base_values(entry):
    class Impatient(Deaf):
        calls = 0

        @property
        def stopped(self) -> bool:
            return self.calls > 0

        def __call__(self, stage: str, done: int, total: int) -> None:
            self.calls += stage == "all equilibria"

    settings = CompareSettings.quick(draws=2, starts=2, equilibria="all", region_points=0)
    answer = compare(entry, settings, Impatient())
    assert answer.equilibria is not None
    assert answer.interrupted
    assert answer.equilibria.worlds == 0
    assert len(answer.equilibria.postures) == 2
