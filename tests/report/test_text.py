from __future__ import annotations

from dataclasses import replace

import pytest

from detente.errors import Diagnostic
from detente.report import render_audit, render_check, render_compare, render_solve
from detente.report.terminal import NARROWEST
from detente.study import CompareAnswer
from report import factory


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_compare_stays_inside_the_terminal(answer: CompareAnswer, width: int) -> None:
    text = render_compare(answer, width)
    assert max(map(len, text.splitlines())) <= max(width, NARROWEST)
    assert "\x1b" not in text


def test_compare_says_the_answer_first_and_confidence_apart(answer: CompareAnswer) -> None:
    lines = [line for line in render_compare(answer, 200).splitlines() if line]
    assert lines[2] == answer.statement
    assert lines[3] == answer.confidence


def test_compare_has_every_part(answer: CompareAnswer) -> None:
    text = render_compare(answer, 120)
    for item in answer.postures:
        assert item.name.replace("_", " ").capitalize() in text
    for part in ("regret p90", "commitment", "TIPPING POINTS", "None in range", "seed 1", "Checked: 2,400 games"):
        assert part in text
    for point in answer.tipping_points:
        assert point.parameter in text
    assert "Depends on which equilibrium" in render_compare(replace(answer, selection_sensitive=True), 200)


def test_compare_of_an_interrupted_run_says_so(answer: CompareAnswer) -> None:
    text = render_compare(replace(answer, interrupted=True, draws_done=40), 200)
    assert "Interrupted: this answer rests on the 40 worlds finished of 400 asked for." in text


def test_compare_without_tipping_points_says_none(answer: CompareAnswer) -> None:
    text = render_compare(replace(answer, tipping_points=()), 200)
    assert "None: no single assumption changes the best posture" in text


def test_marked_tipping_points_are_explained(answer: CompareAnswer) -> None:
    points = (replace(answer.tipping_points[0], marked="selection"), *answer.tipping_points[1:])
    text = render_compare(replace(answer, tipping_points=points), 200)
    assert "0.279*" in text
    assert "* not a plain change of the best posture: the change comes from a switch between several" in text


def test_text_from_a_case_cannot_steer_the_terminal() -> None:
    text = render_compare(factory.hostile_answer(), 80)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]x[/bold]" in render_audit({"claims": [{"id": "C1", "says": "[bold]x[/bold]"}]}, 80)


def test_color_only_adds_terminal_codes(answer: CompareAnswer) -> None:
    import re

    colored = render_compare(answer, 80, color=True)
    assert "\x1b" in colored
    assert [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", colored).splitlines()] == render_compare(
        answer, 80
    ).splitlines()


def test_audit_gives_every_verdict() -> None:
    text = render_audit(factory.audit_answer(), 100)
    assert "Of 5 claims, 1 holds in every world tried, 2 hold in part of the range, 1 fails in every world tried" in (
        " ".join(text.split())
    )
    assert "It holds at the base values and in 62 % of worlds." in text
    assert "It fails at the base values and in every world tried." in text
    assert "Cannot be judged in this model: settlements are not available yet in this version." in text
    assert "P firm (changes at 0.279)" in text
    assert "True by assumption: a posture sets p_leak" in text


def test_solve_shows_strategies_beliefs_reasons_and_certificate() -> None:
    text = " ".join(render_solve(factory.solve_answer(), 100).split())
    for part in (
        "What would each side do under “Telegraph limits”?",
        "Certified as a sequential equilibrium: largest gain from any deviation 2e-11",
        "Having seen that Russia's aim is “subjugate”, spring is “mass”: “mass” 80 %, “hold” 20 %.",
        "Believes: the United States' resolve “limited” 70 %; the United States' resolve “firm” 30 %.",
        "Why: “mass” is worth 0.12 more than “hold”.",
        "Term by term: prize +0.2; level cost −0.08.",
        "Not reached in equilibrium: this is what would be done.",
        "payoffs Russia 0.3, United States 0.1; odds attack 10 % (reached from 3 starting points)",
    ):
        assert part in text


def test_an_unsettled_profile_is_never_called_an_equilibrium() -> None:
    solved = factory.solve_answer()
    text = render_solve(replace(solved, certificate=replace(solved.certificate, kind="unsettled")), 100)
    assert "Not certified" in text
    assert "Certified as" not in text


def test_check_keeps_the_caret_under_its_column() -> None:
    source = "  - {decision: move, by: RUSS}"
    found = Diagnostic(
        "C012", "error", "no actor is named 'RUSS'", "x.case.yaml", 41, 26, 4, source, "Did you mean RUS?"
    )
    lines = render_check([found], None, "x.case.yaml", 80).splitlines()
    at = next(i for i, line in enumerate(lines) if "RUSS}" in line)
    assert lines[at + 1].index("^") == lines[at].index("RUSS")
    assert lines[-1] == "x.case.yaml cannot be used yet: 1 error."


def test_check_of_a_sound_case_gives_sizes() -> None:
    text = render_check([], {"ambiguous": {"nodes": 1234, "terminals": 600, "infosets": 30}}, "ukraine-2021", 80)
    assert text.startswith("ukraine-2021 is sound.")
    assert "1,234" in text
