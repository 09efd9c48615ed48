"""The words of `assess`."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from detente.report import render_assess
from detente.report.terminal import NARROWEST
from detente.report.views_assess import (
    MOST_DAYS,
    by_day,
    by_influence,
    day_words,
    disagreement_words,
    question,
    signed_points,
    telling_days,
    toward,
)
from detente.report.words import capital, plain
from detente.study.results_assess import AnalystView, AssessAnswer, AssessedDay, TypeBand
from report import factory_assess


@pytest.fixture(scope="module")
def intent() -> AssessAnswer:
    return factory_assess.assess_answer()


@pytest.fixture(scope="module")
def text(intent: AssessAnswer) -> str:
    return render_assess(intent, 200)


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_it_stays_inside_the_terminal(intent: AssessAnswer, width: int) -> None:
    text = render_assess(intent, width)
    assert max(map(len, text.splitlines())) <= max(width, NARROWEST)
    assert "\x1b" not in text


def test_the_statement_comes_first_and_confidence_in_a_sentence_of_its_own(intent: AssessAnswer, text: str) -> None:
    lines = [line for line in text.splitlines() if line]
    assert lines[1] == "What does Russia want? Judged on what had been reported by 21 Feb 2022."
    assert lines[2] == intent.statements[-1].likelihood
    assert lines[3] == "Confidence is moderate."
    assert lines[4] == intent.statements[-1].why


def test_each_aim_has_its_prior_its_value_its_band_and_its_bounds(intent: AssessAnswer, text: str) -> None:
    found = intent.timeline[-1].type["subjugate"]
    row = next(line for line in text.splitlines() if line.startswith("Subjugate Ukraine"))
    numbers = [int(value) for value in re.findall(r"\d+", row)]
    wanted = [0.2, found.point, found.p05, found.p95, found.lower, found.upper]
    assert numbers == [round(100 * value) for value in wanted]


def test_items_are_listed_by_how_much_they_moved_it_with_direction(intent: AssessAnswer, text: str) -> None:
    part = text.split("WHAT MOVED IT MOST")[1].split("LOOKS TELLING")[0]
    names = ["Recognition", "Estimate", "July essay", "Belarus forces"]
    places = [part.index(name) for name in names]
    assert places == sorted(places)
    first = by_influence(intent)[0]
    assert first.id == "recognition"
    assert f"Subjugate Ukraine {signed_points(first.shift['subjugate'])}" in part
    assert "Winter buildup" not in part  # says nothing


def test_what_says_nothing_is_listed_with_the_reason(text: str) -> None:
    part = text.split("LOOKS TELLING, AND SAYS NOTHING")[1].split("MOVES:")[0]
    for id, why in factory_assess.SILENT.items():
        line = next(line for line in part.splitlines() if why in line)
        assert id.replace("_", " ").capitalize() in line


def test_items_that_say_nothing_for_one_reason_stand_together(intent: AssessAnswer) -> None:
    why = "Others of its origin already say as much."
    items = tuple(replace(item, silent=why) if item.group else item for item in intent.items)
    part = render_assess(replace(intent, items=items), 400).split("LOOKS TELLING")[1]
    assert part.count(why) == 1
    assert "Blood supplies (28 Jan 2022) and Warning (11 Feb 2022): Others of its origin" in part


def test_a_clear_answer_says_that_single_items_no_longer_matter(intent: AssessAnswer, text: str) -> None:
    assert "The answer is so clear by now" not in text
    sure = TypeBand(0.99, 0.9, 1.0, 0.95, 1.0)
    last = replace(intent.timeline[-1], type={**intent.timeline[-1].type, "subjugate": sure})
    clear = replace(intent, timeline=(*intent.timeline[:-1], last))
    assert "The answer is so clear by now" in render_assess(clear, 200)


def test_what_items_did_when_they_came_is_shared_by_day(intent: AssessAnswer) -> None:
    points = [[day.type[label].point for label in intent.labels] for day in intent.timeline]
    jumps = {
        day.items: sum(abs(a - b) for a, b in zip(after, before, strict=True))
        for day, before, after in zip(intent.timeline[1:], points, points[1:], strict=False)
    }
    assert (by_day(intent)[0].id,) == max(jumps, key=lambda items: jumps[items])
    assert {item.id for item in by_day(intent)} == {item.id for item in intent.items if not item.silent}


def test_moves_say_that_types_pool(text: str) -> None:
    assert "Subjugate Ukraine 81 %, Compel talks 80 % and Pressure on the West 78 %" in text
    assert "Attackers and bluffers both mass, so massing tells nothing." in text


def test_indicators_say_what_they_tell_and_whether_they_change_a_decision(text: str) -> None:
    assert re.search(r"Field hospitals +0\.21 +0\.034 +50 %", text)
    assert "“Dual track” would be best once it is seen, “Ambiguous” is best now." in text
    assert "It would change no decision: “Ambiguous” stays best." in text
    assert "goes to 93 %; if known to be absent, to 50 %" in text


def test_a_case_without_a_game_shows_no_gain(intent: AssessAnswer) -> None:
    watch = tuple(replace(item, value=None, best_now="", best_if_seen=None) for item in intent.watch)
    text = render_assess(replace(intent, watch=watch), 200)
    assert "expected gain" not in text
    assert "decision" not in text.split("WHAT TO WATCH")[1].split("WHERE ANALYSTS")[0]


def test_analysts_and_repairs_are_shown(intent: AssessAnswer, text: str) -> None:
    assert re.search(r"Belarus forces +2\.6 +yes", text)
    found = disagreement_words(intent, intent.disagreements[0])
    assert found == "the case: Subjugate Ukraine; ann: Subjugate Ukraine; bob: Pressure on the West"
    assert "judged 50 % likely and 40 % likely to be absent, 90 % together; 55 % is used." in text
    assert "The answer pools the judgments of 3 analysts: the case, ann and bob." in text


def test_each_analyst_has_a_line_with_the_last_day(intent: AssessAnswer) -> None:
    last = intent.timeline[-1].type
    views = (
        AnalystView("case", 18, 0.5, last),
        AnalystView("ann", 3, 0.5, intent.prior),
        AnalystView("pooled", 18, 1, last),
    )
    text = render_assess(replace(intent, views=views, analyst="case", analysts=("case", "ann")), 200)
    part = text.split("BY WHOSE JUDGMENT")[1].split("WHERE ANALYSTS")[0]
    assert re.search(r"the case \(used above\) +18 ", part)
    assert re.search(r"ann +3 +20 % \(11–29 %\)", part)
    assert "The answer goes by the case's own judgment; that of ann is shown beside it." in text


def test_what_an_indicator_is_worth_has_an_error(intent: AssessAnswer) -> None:
    watch = tuple(
        replace(
            item,
            value=0.034,
            value_error=0.0123,
            decides=0.21,
            worlds=90,
            best_now="a",
            best_if_seen="a",
            best_if_absent="a",
        )
        for item in intent.watch
    )
    part = render_assess(replace(intent, watch=watch), 200).split("WHAT TO WATCH")[1]
    assert re.search(r"Field hospitals +0\.21 +0\.034 ± 0\.01 +21 % +50 %", part)
    assert "mean over 90 worlds" in part
    assert part.count("At base values “A” stays best, whatever is seen.") == 1
    assert "It would change no decision" not in part


def test_hindsight_earlier_days_and_trust(text: str) -> None:
    assert "True was “Subjugate Ukraine”, known on 24 Feb 2022." in text
    assert "8 Dec 2021\n  On what had been reported by 8 December 2021 it is unlikely" in text
    assert "they count as 86 (effective draws)" in text
    assert "Excluded, because they could not be solved: 1 %." in text
    assert "seed 1" in text


def test_an_answer_with_next_to_nothing_has_no_empty_sections() -> None:
    text = render_assess(factory_assess.bare_answer(), 120)
    for part in ("DAY BY DAY", "LOOKS TELLING", "MOVES", "STAGED", "WATCH", "ANALYSTS", "HINDSIGHT", "BEFORE"):
        assert part not in text
    assert "nan" not in text


def test_no_items_at_all_leave_the_prior(intent: AssessAnswer) -> None:
    text = render_assess(replace(factory_assess.bare_answer(), items=(), timeline=(), statements=()), 120)
    assert re.search(r"Compel talks +40 % +40 %", text)
    assert "Nothing: no item carries information." in text


def test_an_interrupted_answer_says_so(intent: AssessAnswer) -> None:
    text = render_assess(replace(intent, interrupted=True, draws_done=40), 200)
    assert "Interrupted: this answer rests on 40 of 200 draws." in text


def test_days_that_say_most_are_picked_when_there_are_many(intent: AssessAnswer) -> None:
    def day(number: int, share: float) -> AssessedDay:
        bands = {label: TypeBand(p, p, p, p, p) for label, p in (("subjugate", share), ("compel", 1 - share))}
        return AssessedDay(f"2022-01-{number:02d}", bands, ())

    days = tuple(day(k, 0.5 + (0.3 if k == 17 else 0.001 * k)) for k in range(1, 29))
    shown = telling_days(replace(intent, timeline=days, statements=()))
    assert len(shown) == MOST_DAYS
    assert [shown[0].date, shown[-1].date] == ["2022-01-01", "2022-01-28"]
    assert {"2022-01-17", "2022-01-18"} <= {item.date for item in shown}


def test_words_of_small_parts(intent: AssessAnswer) -> None:
    assert signed_points(0.004) == "0"
    assert signed_points(-0.126) == "−13"
    assert day_words("2022-02-01") == "1 Feb 2022"
    assert day_words("soon") == "soon"
    assert question(replace(intent, about="RUS.resolve")) == "What is Russia's resolve?"
    assert toward(intent.items[-1]) == "subjugate"


def test_a_title_takes_the_place_of_an_id_in_words(intent: AssessAnswer) -> None:
    moved = next(item for item in intent.items if not item.silent)
    answer = replace(
        intent,
        items=tuple(replace(item, title="Forces in Belarus") if item is moved else item for item in intent.items),
        watch=(replace(intent.watch[0], title="Hospitals\nin Brest"), *intent.watch[1:]),
    )
    text = render_assess(answer, 200)
    assert "Forces in Belarus" in text.split("DAY BY DAY")[1].split("WHAT MOVED IT MOST")[0]
    assert "Hospitals in Brest: If seen" in text
    old = [capital(plain(id)) for id in (moved.id, answer.watch[0].indicator)]
    assert all(words in render_assess(intent, 200) and words not in text for words in old)
    titles = {item["id"]: item["title"] for item in answer.to_json()["items"]}
    assert {id for id, title in titles.items() if title} == {moved.id}


def test_hostile_text_cannot_steer_the_terminal() -> None:
    text = render_assess(factory_assess.hostile_answer(), 80)
    assert "\x1b" not in text
    assert "\u202e" not in text
