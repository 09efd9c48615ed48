"""`assess` without moves: by hand, by brute force over all corners, and what must not change the answer."""

from __future__ import annotations

import itertools
import json
import math
import random
import re
from datetime import date

import numpy as np
import pytest

from detente.case import Case, loads
from detente.errors import RequestError
from detente.evidence import Prior, staged, timeline, watch, yes_no
from detente.study import AssessAnswer, AssessSettings, assess
from detente.study.assess_judgments import items_of, judgments
from detente.study.assess_value import Outlook
from detente.study.assess_watch import indicators
from detente.study.games import SolveOptions
from detente.study.watch import Unwatched
from detente.study.worlds import Worlds
from study.evidence_cases import HISTORY, JUDGED

LABELS = ("take", "talk", "tease")
PRIOR = np.array([0.2, 0.5, 0.3])
RANGES = ((0.1, 0.3), (0.4, 0.7), (0.2, 0.5))  # of the weights
# Per item the ends of its likelihoods: `likely` is 0.55-0.8, `-` is 0.2-0.45.
FIRST = ((0.55, 0.8), (0.3, 0.5), (0.4, 0.4))
SECOND = ((0.9, 0.9), (0.2, 0.4), (0.2, 0.45))
THIRD = ((0.5, 0.7), (0.3, 0.3), (0.3, 0.3))
R, RHO = 0.8, 0.6  # B2, and the cable


def middle(row: tuple[tuple[float, float], ...]) -> np.ndarray:
    return np.array([(low + high) / 2 for low, high in row])


def score(first: np.ndarray, second: np.ndarray, third: np.ndarray) -> np.ndarray:
    """Likelihood of the three items under each label; the scale of a report is its best point."""
    a, b = second / middle(SECOND).max(), third / middle(THIRD).max()
    return first**R * (RHO * np.minimum(a, b) + (1 - RHO) * a * b)


def bayes(prior: np.ndarray, likelihood: np.ndarray) -> np.ndarray:
    return prior * likelihood / (prior @ likelihood)


@pytest.fixture(scope="module")
def answer() -> AssessAnswer:
    return assess(loads(JUDGED), AssessSettings(draws=400))


def points(answer: AssessAnswer, day: int = -1) -> list[float]:
    return [answer.timeline[day].type[label].point for label in LABELS]


def test_posteriors_by_hand(answer: AssessAnswer):
    np.testing.assert_allclose(points(answer, 0), bayes(PRIOR, middle(FIRST) ** R), atol=1e-12)
    by_hand = bayes(PRIOR, score(middle(FIRST), middle(SECOND), middle(THIRD)))
    np.testing.assert_allclose(points(answer, 1), by_hand, atol=1e-12)
    np.testing.assert_allclose(points(answer, 2), by_hand, atol=1e-12)
    assert [day.date for day in answer.timeline] == ["2031-03-01", "2031-03-04", "2031-03-08"]
    assert answer.timeline[1].items == ("second", "third")


def test_outer_bounds_against_every_corner(answer: AssessAnswer):
    corners = itertools.product(*RANGES, *FIRST, *SECOND, *THIRD)
    every = np.unique(np.array(list(corners)), axis=0)
    weights, first, second, third = (every[:, k : k + 3] for k in (0, 3, 6, 9))
    a, b = second / middle(SECOND).max(), third / middle(THIRD).max()
    mass = weights * first**R * (RHO * np.minimum(a, b) + (1 - RHO) * a * b)
    found = mass / mass.sum(axis=1, keepdims=True)
    last = answer.timeline[-1].type
    np.testing.assert_allclose([last[label].lower for label in LABELS], found.min(axis=0), atol=1e-12)
    np.testing.assert_allclose([last[label].upper for label in LABELS], found.max(axis=0), atol=1e-12)


def test_bounds_with_rest_against_every_corner():
    text = JUDGED.replace("    tease: c\n", "    tease: rest\n").replace(
        "  c:\n    value: 0.3\n    range: [0.2, 0.5]\n", ""
    )
    found = assess(loads(text.replace("range: [0.4, 0.7]", "range: [0.4, 0.6]")), AssessSettings(draws=50)).timeline[0]
    rows = [
        bayes(np.array([a, b, 1 - a - b]), np.array(cells) ** R)
        for a, b in itertools.product((0.1, 0.3), (0.4, 0.6))
        for cells in itertools.product(*FIRST)
    ]
    for k, label in enumerate(LABELS):
        assert found.type[label].lower == pytest.approx(min(row[k] for row in rows), abs=1e-12)
        assert found.type[label].upper == pytest.approx(max(row[k] for row in rows), abs=1e-12)


def test_bounds_hold_points_and_bands(answer: AssessAnswer):
    for day in answer.timeline:
        for band in day.type.values():
            assert band.lower <= band.p05 <= band.p95 <= band.upper
            assert band.lower <= band.point <= band.upper
            assert band.upper - band.lower > band.p95 - band.p05 > 0


def test_the_band_is_that_of_the_room_where_priors_are_fixed():
    text = re.sub(r"    range: .*\n", "", JUDGED)
    case = loads(text)
    found = assess(case, AssessSettings(draws=300, seed=5))
    section = case.evidence
    assert section is not None
    known = items_of(section, judgments(section, LABELS, None).rows, LABELS)
    prior = Prior.of(dict(zip(LABELS, PRIOR.tolist(), strict=True)))
    room = timeline(known, prior, seed=5, draws=300)
    for name in ("point", "lower", "upper", "p05", "p95"):
        shown = [[getattr(day.type[label], name) for label in LABELS] for day in found.timeline]
        np.testing.assert_allclose(shown, getattr(room, name), atol=1e-12)


def test_items_by_hand(answer: AssessAnswer):
    first, second, third, nothing = (
        next(item for item in answer.items if item.id == name) for name in ("first", "second", "third", "nothing")
    )
    assert [item.id for item in answer.items] == ["first", "second", "third", "nothing"]
    assert first.diagnosticity == pytest.approx(R * math.log2(0.675 / 0.4), abs=1e-12)
    without = bayes(PRIOR, score(np.ones(3), middle(SECOND), middle(THIRD)))
    with_all = bayes(PRIOR, score(middle(FIRST), middle(SECOND), middle(THIRD)))
    np.testing.assert_allclose([first.shift[label] for label in LABELS], with_all - without, atol=1e-12)
    assert first.influence == pytest.approx(np.abs(with_all - without).sum() / 2, abs=1e-12)
    alone = bayes(PRIOR, middle(FIRST) ** R * middle(SECOND))
    np.testing.assert_allclose([third.shift[label] for label in LABELS], with_all - alone, atol=1e-12)
    assert (first.grade, first.r, first.kind, first.strategic) == ("B2", 0.8, "judged", False)
    assert second.happened == "2031-02-20"
    assert second.silent == ""
    assert nothing.silent == "Every type makes it about equally likely."


@pytest.mark.parametrize("day", ["2031-02-25", "2031-03-03", "2031-03-04"])
def test_as_of_uses_what_had_been_reported(answer: AssessAnswer, day: str):
    found = assess(loads(JUDGED), AssessSettings(draws=400, as_of=date.fromisoformat(day)))
    known = [item for item in answer.timeline if item.date <= day]
    assert found.timeline == tuple(known)
    assert found.as_of == day
    assert {item.id for item in found.items} == {name for item in known for name in item.items}
    if not known:
        assert found.statements[-1].label == "talk"
        assert any("Nothing had been reported" in note for note in found.notes)
        assert "by 2031-02-25" not in found.statements[-1].likelihood


@pytest.mark.parametrize("text", [JUDGED, HISTORY], ids=["judged", "moves"])
def test_the_order_in_the_file_has_no_meaning(text: str):
    head, tail = text.split("  items:\n")
    blocks = re.findall(r"    \w+:\n(?:      .*\n(?:        .*\n)*)+", tail)
    before = plain(loads(text))
    rng = random.Random(3)
    for _ in range(3):
        rng.shuffle(blocks)
        assert plain(loads(head + "  items:\n" + "".join(blocks))) == before


def plain(case: Case) -> str:
    """The JSON, but for the hash of the text that was reordered."""
    data = assess(case, AssessSettings(draws=20)).to_json()
    del data["manifest"]["case_sha256"]
    return json.dumps(data)


REPEAT = """    fourth:
      reported: 2031-03-04
      group: cable
      likelihood:
        take: 0.9
        talk: [0.2, 0.4]
        tease: "-"
"""


def test_a_repeat_at_rho_one_changes_nothing():
    sure = JUDGED.replace("rho: 0.6", "rho: 1.0")
    alone, twice = (assess(loads(text), AssessSettings(draws=20)) for text in (sure, sure + REPEAT))
    np.testing.assert_allclose(points(alone), points(twice), atol=1e-12)
    repeated = [item for item in twice.items if item.id in ("second", "fourth")]
    assert all("already say as much" in item.silent for item in repeated)


# --------------------------------------------------------------------------- coherence and analysts
def test_repair_by_hand():
    text = JUDGED.replace(
        "        tease: 0.4\n", "        tease: 0.4\n      absent:\n        tease: 0.8\n        take: 0.325\n"
    )
    found = assess(loads(text), AssessSettings(draws=20))
    (repair,) = found.repairs
    assert (repair.item, repair.label, repair.given, repair.absent) == ("first", "tease", 0.4, 0.8)
    assert repair.total == pytest.approx(1.2)
    assert repair.repaired == pytest.approx(0.3, abs=1e-12)  # each of the two gives up half of the excess
    first = bayes(PRIOR, np.array([0.675, 0.4, 0.3]) ** R)
    np.testing.assert_allclose(points(found, 0), first, atol=1e-12)


ANALYSTS = """  analysts:
    bea:
      first:
        take: 0.2
        talk: 0.4
        tease: 0.8
    ann:
      first:
        take: 0.6
        talk: 0.6
        tease: 0.6
"""


def test_several_analysts_are_pooled_and_their_disagreement_is_shown():
    case = loads(JUDGED + ANALYSTS)
    pooled = assess(case, AssessSettings(draws=20, analyst="pooled"))
    assert pooled.analysts == ("case", "ann", "bea")
    assert pooled.analyst == "pooled"
    mean = (middle(FIRST) * [0.2, 0.4, 0.8] * [0.6, 0.6, 0.6]) ** (1 / 3)  # geometric
    np.testing.assert_allclose(points(pooled, 0), bayes(PRIOR, mean**R), atol=1e-12)
    (apart,) = pooled.disagreements
    assert apart.item == "first"
    assert apart.opposed
    by_hand = math.log2(0.675 / 0.4) + math.log2(0.8 / 0.2)  # take against tease: case and bea
    assert apart.spread_bits == pytest.approx(by_hand, abs=1e-12)
    assert apart.by_analyst["bea"]["tease"] == (0.8, 0.8, 0.8)
    assert pooled.items[0].likelihood["take"][0] == pytest.approx((0.55 * 0.2 * 0.6) ** (1 / 3), abs=1e-12)


def test_the_case_answers_by_its_own_judgment_and_shows_what_the_others_make_of_it():
    case = loads(JUDGED + ANALYSTS)
    found = assess(case, AssessSettings(draws=60))
    assert found.analyst == "case"
    assert points(found) == points(assess(loads(JUDGED), AssessSettings(draws=60)))
    assert found.disagreements
    told = [(view.analyst, view.judged, view.weight) for view in found.views]
    assert told == [("case", 4, 1 / 3), ("ann", 1, 1 / 3), ("bea", 1, 1 / 3), ("pooled", 4, 1.0)]
    for view in found.views:
        alone = assess(case, AssessSettings(draws=60, analyst=view.analyst))
        assert view.type == alone.timeline[-1].type
    assert [row["analyst"] for row in found.to_json()["analysts"]] == ["case", "ann", "bea", "pooled"]
    assert assess(loads(JUDGED), AssessSettings(draws=5)).views == ()


def test_weights_of_the_pool_by_hand():
    case = loads(JUDGED + ANALYSTS + "  weights:\n    case: 2\n    bea: 0.5\n")
    found = assess(case, AssessSettings(draws=20, analyst="pooled"))
    mean = middle(FIRST) ** (2 / 3.5) * np.array([0.2, 0.4, 0.8]) ** (0.5 / 3.5) * 0.6 ** (1 / 3.5)
    np.testing.assert_allclose(points(found, 0), bayes(PRIOR, mean**R), atol=1e-12)
    assert [view.weight for view in found.views] == pytest.approx([2 / 3.5, 1 / 3.5, 0.5 / 3.5, 1.0])


def test_judgments_that_are_all_those_of_named_analysts_are_pooled():
    named = JUDGED.replace("  about: CHL.aim\n", "  about: CHL.aim\n  judged_by: zoe\n")
    assert named != JUDGED
    found = assess(loads(named + ANALYSTS), AssessSettings(draws=20))
    assert found.analyst == "pooled"
    assert found.analysts == ("zoe", "ann", "bea")
    same = assess(loads(JUDGED + ANALYSTS), AssessSettings(draws=20, analyst="pooled"))
    assert points(found) == points(same)
    alone = assess(loads(named + ANALYSTS), AssessSettings(draws=20, analyst="case"))
    assert alone.analyst == "zoe"


def test_one_analyst_with_the_case_where_they_are_silent():
    case = loads(JUDGED + ANALYSTS)
    bea = assess(case, AssessSettings(draws=20, analyst="bea"))
    np.testing.assert_allclose(points(bea, 0), bayes(PRIOR, np.array([0.2, 0.4, 0.8]) ** R), atol=1e-12)
    assert any("bea did not judge 3 of 4 items" in note for note in bea.notes)
    own = assess(case, AssessSettings(draws=20, analyst="case"))
    assert points(own) == points(assess(loads(JUDGED), AssessSettings(draws=20)))


@pytest.mark.parametrize("name", ["zoe", "pooled"])
def test_an_analyst_who_is_not_there(name: str):
    with pytest.raises(RequestError, match=f"no analyst is named '{name}'"):
        assess(loads(JUDGED), AssessSettings(draws=5, analyst=name))


# --------------------------------------------------------------------------- staged items
STAGED = """    shown:
      reported: 2031-03-09
      likelihood:
        take: 0.1
        talk: 0.6
        tease: [0.1, 0.3]
      can_stage: CHL
      real: talk
      gain: GAIN
      cost: COST
"""


@pytest.mark.parametrize(("gain", "cost"), [("1", "0.5"), ("0.2", "0.5"), ("{take: 1, talk: 0, tease: 0.4}", "0.5")])
def test_a_staged_item_is_the_game_of_the_room(gain: str, cost: str):
    found = assess(loads(JUDGED + STAGED.replace("GAIN", gain).replace("COST", cost)), AssessSettings(draws=50))
    gains = {"1": 1.0, "0.2": 0.2}.get(gain, np.array([1.0, 0.0, 0.4]))
    real = np.array([False, True, False])
    game = staged(np.array([0.1, 0.6, 0.2]), PRIOR, real=real, gain=gains, cost=0.5)
    (shown,) = found.staged
    assert shown.kind == game.kind[0]
    assert shown.believed == pytest.approx(game.believed[0])
    item = found.items[-1]
    assert (item.kind, item.strategic) == ("staged", True)
    before = np.array(points(found, -2))
    np.testing.assert_allclose([item.likelihood[label][1] for label in LABELS], game.likelihood[0], atol=1e-12)
    np.testing.assert_allclose(points(found), bayes(before, game.likelihood[0]), atol=1e-12)
    for label, (low, point, high) in item.likelihood.items():
        assert low <= point <= high, label


def test_what_everybody_would_stage_tells_nothing():
    text = JUDGED + STAGED.replace("GAIN", "1").replace("COST", "0.01").replace("talk: 0.6", "talk: 0.99")
    found = assess(loads(text.replace("real: talk", "real: talk\n      threshold: 0.05")), AssessSettings(draws=20))
    assert found.staged[0].kind == "pooling"
    assert "could stage it" in found.items[-1].silent


# --------------------------------------------------------------------------- what to watch
DECIDE = """
case: decide
title: Guard the door or not
owner: DEF
actors:
  CHL: Challenger
  DEF: Defender
parameters:
  p:
    value: 0.3
  fee:
    value: 0.25
types:
  CHL.aim:
    take: p
    talk: rest
timeline:
  - decision: guard
    by: DEF
    options: [up, down]
    seen_by: none
  - decision: come
    by: CHL
    options: [enter, stay]
payoffs:
  CHL:
    - term: wish
      when: come == enter and CHL.aim == take
      value: 1
    - term: dislike
      when: come == enter and CHL.aim == talk
      value: -1
  DEF:
    - term: robbed
      when: come == enter and guard == down
      value: -1
    - term: fee
      when: guard == up
      value: -fee
postures:
  relaxed:
    status_quo: true
    commit:
      guard: down
  guarded:
    commit:
      guard: up
evidence:
  about: CHL.aim
  items:
    scratch:
      reported: 2031-03-01
      likelihood: {take: 0.5, talk: 0.5}
  indicators:
    crowbar:
      says: A crowbar is bought.
      likelihood: {take: 0.8, talk: 0.1}
    rain:
      says: It rains.
      likelihood: {take: 0.5, talk: 0.5}
"""


def test_the_value_of_watching_by_hand():
    found = assess(loads(DECIDE), AssessSettings(draws=5))
    crowbar, rain = found.watch
    # Whoever wants to come in does: leaving the door alone costs the probability of `take`, guarding it 0.25.
    value_at = lambda belief: np.maximum(-belief[:, 0], -0.25)
    by_hand = watch(np.array([0.3, 0.7]), yes_no(np.array([0.8, 0.1])), value_at)
    assert by_hand.value is not None
    assert by_hand.value > 0.05
    assert crowbar.indicator == "crowbar"
    assert crowbar.information == pytest.approx(by_hand.information, abs=1e-12)
    assert crowbar.value == pytest.approx(by_hand.value, abs=1e-6)
    assert crowbar.chance == pytest.approx(0.31)
    assert (crowbar.best_now, crowbar.best_if_seen, crowbar.best_if_absent) == ("guarded", "guarded", "relaxed")
    assert crowbar.after["take"] == pytest.approx(0.24 / 0.31)
    assert rain.information == pytest.approx(0.0, abs=1e-12)
    assert rain.value == 0.0


def test_the_value_of_watching_is_the_mean_over_worlds_by_hand():
    """Two worlds with fees of their own, the second three times as likely: 0.25, where knowing pays, and 0.9."""
    case, fees = loads(DECIDE), np.array([0.25, 0.9])
    worlds = Worlds(case, case.posture_names, SolveOptions(1))
    worlds.compile_all()
    theta = np.repeat(case.base_theta()[None], 2, axis=0)
    theta[:, case.parameter_index("fee")] = fees
    belief, weight = np.array([[0.3, 0.7], [0.6, 0.4]]), np.array([0.25, 0.75])
    section = case.evidence
    assert section is not None
    outlook = Outlook(np.array([0.3, 0.7]), theta, belief, weight)
    found = indicators(section.indicators, ("take", "talk"), outlook, worlds, "CHL.aim", 0, Unwatched())
    # Leaving the door alone costs the probability of `take`, guarding it the fee.
    gains, chances = [], []
    for row, fee in zip(belief, fees, strict=True):
        value_at = lambda beliefs, fee=fee: np.maximum(-beliefs[:, 0], -fee)
        told = watch(row, yes_no(np.array([0.8, 0.1])), value_at)
        gains.append(told.value)
        chances.append(told.chance)
    assert gains[0] > 0.05
    assert 0 < gains[1] < gains[0]
    mean = 0.25 * gains[0] + 0.75 * gains[1]
    crowbar = found[0]
    assert crowbar.worlds == 2
    assert crowbar.value == pytest.approx(mean, abs=1e-6)
    assert crowbar.value_at_base == pytest.approx(gains[0], abs=1e-6)
    spread = 0.25**2 * (gains[0] - mean) ** 2 + 0.75**2 * (gains[1] - mean) ** 2
    effective = 1 / (0.25**2 + 0.75**2)
    assert crowbar.value_error == pytest.approx(math.sqrt(spread * effective / (effective - 1)), abs=1e-6)
    # The first world guards now and stops where no crowbar is bought; the second begins to guard where one is.
    assert crowbar.decides == pytest.approx(0.25 * chances[0][1] + 0.75 * chances[1][0], abs=1e-12)


def test_what_has_been_seen_is_not_watched_for():
    text = DECIDE.replace("      says: It rains.\n", "      says: It rains.\n      seen_as: wet\n")
    text = text.replace(
        "  indicators:\n",
        "    wet:\n      reported: 2031-03-05\n      likelihood: {take: 0.5, talk: 0.5}\n  indicators:\n",
    )
    before, after = (
        assess(loads(text), AssessSettings(draws=5, as_of=day)) for day in (date(2031, 3, 4), date(2031, 3, 5))
    )
    assert [item.indicator for item in before.watch] == ["crowbar", "rain"]
    assert [item.indicator for item in after.watch] == ["crowbar"]
    assert [item.indicator for item in assess(loads(text), AssessSettings(draws=5)).watch] == ["crowbar"]


def test_fewer_worlds_give_the_same_first_ones():
    """Likelihoods of indicators inside their ranges depend on the draw alone."""
    text = DECIDE.replace("{take: 0.8, talk: 0.1}", "{take: [0.5, 0.9], talk: [0.05, 0.3]}")
    text = text.replace("    value: 0.25\n", "    value: 0.25\n    range: [0.1, 0.4]\n")
    many, few = (assess(loads(text), AssessSettings(draws=20, worlds=n)).watch[0] for n in (20, 6))
    short = assess(loads(text), AssessSettings(draws=6)).watch[0]
    assert (many.worlds, few.worlds) == (20, 6)
    assert (few.value, few.value_error) == (short.value, short.value_error)
    assert few.value != many.value


def test_without_decisions_the_value_is_left_out():
    found = assess(loads(DECIDE), AssessSettings(draws=5, watch=False))
    assert [item.value for item in found.watch] == [None, None]
    assert found.watch[0].information > 0


# --------------------------------------------------------------------------- words and scores
def test_scores_by_hand():
    found = assess(loads(JUDGED + "  truth: take\n  truth_known: 2031-03-08\n"), AssessSettings(draws=20))
    assert found.scores is not None
    first, second = np.array(points(found, 0)), np.array(points(found, 1))
    brier = [float(((row - [1, 0, 0]) ** 2).sum()) for row in (first, second)]
    assert [day.date for day in found.scores.days] == ["2031-03-01", "2031-03-04"]
    assert [day.stood for day in found.scores.days] == [3, 4]
    assert found.scores.brier == pytest.approx(brier[1], abs=1e-12)
    assert found.scores.log == pytest.approx(-math.log(second[0]), abs=1e-12)
    assert found.scores.mean_brier == pytest.approx((3 * brier[0] + 4 * brier[1]) / 7, abs=1e-12)
    assert found.scores.prior_brier == pytest.approx(0.8**2 + 0.5**2 + 0.3**2, abs=1e-12)
    assert found.scores.prior_log == pytest.approx(-math.log(0.2), abs=1e-12)


def test_statements_of_days_and_confidence_apart():
    text = JUDGED + "  statements: [2031-03-02, 2031-03-04, 2031-05-01]\n  labels:\n    talk: get a better deal\n"
    found = assess(loads(text), AssessSettings(draws=200))
    assert [item.date for item in found.statements] == ["2031-03-02", "2031-03-04", "2031-03-08"]
    for item in found.statements:
        assert "onfidence" not in item.likelihood
        assert "likely" not in item.confidence
        assert item.level in item.confidence
    early = found.statements[0]
    assert early.label == "talk"
    assert "is “get a better deal”" in early.likelihood
    assert early.likelihood.startswith("As of 2 March 2031, on what had been reported by then, ")


def test_a_case_without_evidence():
    with pytest.raises(RequestError, match="no evidence to assess"):
        assess(loads(DECIDE[: DECIDE.index("evidence:")]))


def test_no_draws():
    with pytest.raises(RequestError, match="at least one draw"):
        assess(loads(JUDGED), AssessSettings(draws=0))


def test_the_frame_has_a_row_per_day_and_label(answer: AssessAnswer):
    frame = answer.frame()
    assert len(frame) == 3 * len(answer.timeline)
    assert frame["point"].iloc[0] == answer.timeline[0].type["take"].point
