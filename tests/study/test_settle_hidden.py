"""Orders under hidden aims: against the lattice, backward induction, closed forms and Bayes' rule by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from detente import app
from detente.case import Case, diagnose, loads
from detente.compiler import compile_posture
from detente.ensemble import draw_parameters
from detente.errors import CaseError, Interrupted, RequestError
from detente.game.settlement import Agreement
from detente.solvers.settlement import best_orders, follow_order
from detente.study import SettleSettings, settle
from detente.study.games import Game, SolveOptions
from detente.study.hidden_terms import odds_of, under
from detente.study.results_hidden import WEAKEST, Completion, OrderOdds
from detente.study.results_settle import Ranked
from detente.study.settle_design import at_base
from detente.study.settle_game import Deal, order_game
from detente.study.settle_hidden import by_exposure, completion, ends_of, exposures
from detente.study.settlement_terms import DesignTerms
from detente.study.watch import Unwatched

ONE = SolveOptions(threads=1)


# --------------------------------------------------------------------------- cases written for a test
def text_of(numbers: dict[str, float], settlement: str, extra: str = "") -> str:
    """A case of two actors with fixed parameters and a settlement."""
    rows = "".join(f"  {name}:\n    value: {value!r}\n" for name, value in numbers.items())
    return (
        f"case: test\ntitle: Test\nactors:\n  HID: Hidden side\n  OPN: Open side\nparameters:\n{rows}{extra}"
        f"settlement:\n  parties: [HID, OPN]\n{settlement}"
    )


def deal_of(case: Case, draws: int = 0, design: int = 0) -> Deal:
    settlement = case.settlement
    assert settlement is not None
    theta = draw_parameters(case, 0, 0, max(1, draws))[:draws]
    terms = DesignTerms(case, settlement, settlement.designs[design])
    odds = odds_of(case, settlement, theta, 0, Unwatched())
    return Deal(settlement, terms, under(terms, settlement, np.vstack([case.base_theta()[None], theta])), odds)


def played(case: Case, order: list[list[str]], for_party: str = WEAKEST) -> OrderOdds:
    """One order, played as a game."""
    deal = deal_of(case)
    names = tuple(tuple(move) for move in order)
    numbers = [tuple(deal.terms.steps.index(step) for step in move) for move in names]
    found = completion(deal, [Ranked(names, follow_order(deal.sincere, numbers).slack)], for_party, ONE, Unwatched())
    assert found.orders[0].certificate != "unsettled"
    return found.orders[0]


KYDD = """
  steps:
    first:
      says: The hidden side makes a step that costs it something.
      by: HID
      benefit:
        HID: -first_cost
    risk:
      says: The open side takes a risk.
      by: OPN
      after: [first]
      benefit:
        HID: gain
        OPN: -loss
    return_it:
      says: The hidden side returns it.
      by: HID
      after: [risk]
      benefit:
        HID: -return_cost
        OPN: returned
  dividend:
    HID: prize
  hidden:
    party: HID
    sincere: p_sincere
    spoiler:
      dividend: 0
"""
KYDD_NUMBERS = {
    "p_sincere": 0.3,
    "first_cost": 0.1,
    "gain": 1.0,
    "loss": 0.4,
    "return_cost": 0.3,
    "returned": 0.8,
    "prize": 0.8,
}
KYDD_ORDER = [["first"], ["risk"], ["return_it"]]


def kydd(**changes: float) -> OrderOdds:
    return played(loads(text_of({**KYDD_NUMBERS, **changes}, KYDD)), KYDD_ORDER)


# --------------------------------------------------------------------------- closed forms
@pytest.mark.parametrize("p", [0.52, 0.8])
def test_a_cheap_first_step_is_copied_and_the_risk_is_taken_above_the_cutoff(p: float):
    # After `first` the open side compares p * returned - loss with 0: the cutoff is loss / returned = 0.5.
    found = kydd(p_sincere=p)
    assert found.completion == pytest.approx(p, abs=1e-9)
    assert found.steps[0].sincere["HID"] == pytest.approx(p, abs=1e-9)  # nothing is learned
    assert found.steps[1].sincere["HID"] == pytest.approx(p, abs=1e-9)
    assert found.steps[2].sincere["HID"] == pytest.approx(1.0, abs=1e-9)
    assert found.steps[2].leaves_if["HID"] == {"sincere": pytest.approx(0, abs=1e-9), "spoiler": pytest.approx(1)}
    assert found.value["OPN"] == pytest.approx(p * 0.8 - 0.4, abs=1e-9)


def test_below_the_cutoff_the_spoiler_mixes_so_that_bayes_rule_gives_the_cutoff():
    # Spoilers take `first` with probability q: p / (p + (1 - p) q) = 1/2. The open side goes on with probability r
    # that makes them indifferent: r * gain = first_cost.
    p, r = 0.45, 0.1
    q = p / (1 - p)
    found = kydd(p_sincere=p)
    assert found.steps[0].leaves_if["HID"]["spoiler"] == pytest.approx(1 - q, abs=1e-6)
    assert found.steps[0].completed == pytest.approx(2 * p, abs=1e-6)
    assert found.steps[0].sincere["HID"] == pytest.approx(0.5, abs=1e-6)
    assert found.steps[1].completed == pytest.approx(2 * p * r, abs=1e-6)
    assert found.completion == pytest.approx(p * r, abs=1e-6)
    assert found.completion_if["HID"] == {"sincere": pytest.approx(r, abs=1e-6), "spoiler": pytest.approx(0, abs=1e-9)}
    assert found.value["OPN"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("p", "first_cost", "other"), [(0.3, 0.1, 0.03), (0.05, 1.2, 0.05)])
def test_where_the_branch_ends_in_distrust_the_other_equilibrium_is_found(p: float, first_cost: float, other: float):
    # If the open side would leave after `first`, neither type takes it; then the open side's belief is the prior.
    found = kydd(p_sincere=p, first_cost=first_cost)
    assert found.completion == pytest.approx(0.0, abs=1e-9)
    assert found.others == (pytest.approx(other, abs=1e-6),)
    assert found.steps[0].sincere["HID"] is None


@pytest.mark.parametrize("p", [0.2, 0.3])
def test_a_first_step_that_costs_more_than_betrayal_brings_separates_at_every_prior(p: float):
    found = kydd(p_sincere=p, first_cost=1.2)
    assert found.completion == pytest.approx(p, abs=1e-9)
    assert found.steps[0].sincere["HID"] == pytest.approx(1.0, abs=1e-9)
    assert found.steps[0].leaves_if["HID"] == {"sincere": pytest.approx(0, abs=1e-9), "spoiler": pytest.approx(1)}
    assert found.value_if["HID"]["sincere"] == pytest.approx(1.0 - 1.2 - 0.3 + 0.8, abs=1e-9)
    assert found.value_if["HID"]["spoiler"] == pytest.approx(0.0, abs=1e-9)


TWO_ROUNDS = """
  steps:
    small:
      says: The open side takes a small risk.
      by: OPN
      benefit:
        OPN: -loss_small
        HID: gain_small
    small_back:
      says: It is returned.
      by: HID
      after: [small]
      benefit:
        HID: -cost
        OPN: returned_small
    large:
      says: The open side takes a large risk.
      by: OPN
      benefit:
        OPN: -loss_large
        HID: gain_large
    large_back:
      says: It is returned.
      by: HID
      after: [large]
      benefit:
        HID: -cost
        OPN: returned_large
  dividend:
    HID: prize
  hidden:
    party: HID
    sincere: p_sincere
    spoiler:
      dividend: 0
"""
ROUNDS = {
    "loss_small": 0.1,
    "gain_small": 0.1,
    "returned_small": 0.3,
    "loss_large": 0.5,
    "gain_large": 0.4,
    "returned_large": 1.0,
    "cost": 0.5,
    "prize": 1.5,
}


@pytest.mark.parametrize(
    ("first", "cutoff"),
    [
        # A spoiler keeps the first gain and returns nothing, because that costs more than all it can still get. So the
        # open side risks the first loss only: p (all it gains) >= (1 - p) (first loss).
        ("small", 0.1 / (0.3 + 1.0 - 0.5)),
        ("large", 0.5 / (0.3 + 1.0 - 0.1)),
    ],
)
@pytest.mark.parametrize("side", [-1, 1])
def test_small_steps_first_lower_the_trust_that_is_needed(first: str, cutoff: float, side: int):
    other = "large" if first == "small" else "small"
    p = cutoff + 0.02 * side
    case = loads(text_of({**ROUNDS, "p_sincere": p}, TWO_ROUNDS))
    found = played(case, [[first], [f"{first}_back"], [other], [f"{other}_back"]])
    assert found.completion == pytest.approx(p if side > 0 else 0.0, abs=1e-9)
    if side < 0:
        assert found.steps[0].sincere["HID"] is None  # never taken, so nothing follows from it
    else:
        assert [step.sincere["HID"] for step in found.steps] == pytest.approx([p, 1, 1, 1], abs=1e-9)


def test_the_comparison_puts_steps_in_order_of_what_they_expose():
    case = loads(text_of({**ROUNDS, "p_sincere": 0.25}, TWO_ROUNDS))
    deal = deal_of(case)
    exposed = exposures(deal)
    assert exposed == pytest.approx(
        {("small",): 0.1, ("small_back",): -0.5, ("large",): 0.4, ("large_back",): -0.5}, abs=1e-12
    )
    small = (("small",), ("small_back",), ("large",), ("large_back",))
    assert by_exposure(deal, exposed, 1.0) == small
    assert by_exposure(deal, exposed, -1.0) == (("large",), ("small",), ("small_back",), ("large_back",))
    answer = settle(case, SettleSettings.quick(draws=5, threads=1))
    found = answer.designs[0].completion
    assert found is not None
    first, last = found.comparison
    assert (first.order, first.name, last.name) == (small, "small_first", "large_first")
    assert first.completion == pytest.approx(0.25, abs=1e-9)
    assert last.completion < 0.05


def test_two_hidden_parties_are_learned_about_one_by_one():
    steps = KYDD.replace("    party: HID\n    sincere: p_sincere", "    party: [HID, OPN]\n    sincere: p_sincere")
    numbers = {**KYDD_NUMBERS, "p_sincere": 0.7, "prize_open": 0.2}
    case = loads(text_of(numbers, steps.replace("    HID: prize\n", "    HID: prize\n    OPN: prize_open\n")))
    found = played(case, KYDD_ORDER)
    # The open side goes on whichever its type: 0.7 * 0.8 > 0.4. So its move tells nothing, and the return tells all.
    assert found.steps[2].sincere == {"HID": pytest.approx(1, abs=1e-9), "OPN": pytest.approx(0.7, abs=1e-9)}
    assert found.value_if["OPN"]["sincere"] == pytest.approx(0.7 * 1.0 - 0.4, abs=1e-9)
    assert found.value_if["OPN"]["spoiler"] == pytest.approx(0.7 * 0.8 - 0.4, abs=1e-9)


# --------------------------------------------------------------------------- certainty: the lattice
def random_case(rng: np.random.Generator) -> Case:
    """A random agreement with everything in it, whose parties are certainly sincere."""
    n = int(rng.integers(2, 6))
    numbers: dict[str, float] = {"sure": 1.0}
    lines = ["  steps:"]

    def number(name: str, low: float, high: float) -> str:
        numbers[name] = round(float(rng.uniform(low, high)), 4)
        return name

    for k in range(n):
        doer = ["HID", "OPN", "[HID, OPN]", "third"][int(rng.choice(4, p=[0.4, 0.35, 0.15, 0.1]))]
        lines += [f"    s{k}:", "      says: A step.", f"      by: {doer}", "      benefit:"]
        lines += [f"        {party}: {number(f'b{k}{party}', -0.5, 0.7)}" for party in ("HID", "OPN")]
        if k and rng.random() < 0.3:
            lines.append(f"      after: [s{int(rng.integers(k))}]")
        if rng.random() < 0.4:
            undoer = ("HID", "OPN")[int(rng.integers(2))]
            lines += ["      undo:", f"        by: {undoer}", f"        cost: {number(f'u{k}', 0, 0.3)}"]
        if rng.random() < 0.3:
            lines += ["      grab:", f"        HID: {number(f'g{k}', -0.2, 0.4)}"]
    for key, low, high in (("dividend", 0, 0.6), ("guarantee", 0, 0.5), ("monitoring", 0.3, 1), ("grab", -0.2, 0.2)):
        if rng.random() < 0.7:
            lines.append(f"  {key}: {number(f'n_{key}', low, high)}")
    for key, low, high in (("peacekeepers", 0, 1), ("discount", 0.6, 1), ("collapse", 0, 0.3)):
        if rng.random() < 0.35:
            lines.append(f"  {key}: {number(f'n_{key}', low, high)}")
    lines.append(f"  exit: {('performer', 'any')[int(rng.integers(2))]}")
    lines += ["  hidden:", "    party: HID", "    sincere: sure", "    spoiler:", "      dividend: sure", ""]
    return loads(text_of(numbers, "\n".join(lines)))


def backward(agreement: Agreement, order: list[tuple[int, ...]]) -> tuple[list[list[int]], np.ndarray]:
    """Backward induction, straight from rule 30: per move who would leave, and what the game is worth at its start."""
    one = agreement.draw(0)
    kept, benefit = one.kept[0], one.benefit[0]
    parties = range(one.num_parties)
    delta, hazard = float(np.asarray(one.discount)[0]), float(np.asarray(one.collapse)[0])

    def leaving(done: list[int], i: int) -> np.ndarray:
        # What was received counts in full when it came; from here on only what leaving changes about it.
        found = np.array([sum(kept[s, j] - benefit[s, j] for s in done) for j in parties], dtype=float)
        loot = np.asarray(one.grab)[0, i] + sum(np.asarray(one.grab_step)[0, s, i] for s in done)
        found[i] += (1 - float(np.asarray(one.peacekeepers)[0])) * max(0.0, loot)
        found[i] -= np.asarray(one.monitoring)[0, i] * np.asarray(one.guarantee)[0, i]
        return found

    ahead = np.zeros(one.num_parties)
    quits: list[list[int]] = []
    for k in reversed(range(len(order))):
        done = [s for move in order[:k] for s in move]
        gained = benefit[list(order[k])].sum(axis=0)
        if k == len(order) - 1:
            value = gained + np.asarray(one.dividend)[0]
        else:
            after = done + list(order[k])
            fallen = np.array([sum(kept[s, j] - benefit[s, j] for s in after) for j in parties])
            value = gained + delta * ((1 - hazard) * ahead + hazard * fallen)
        who = parties if one.exit == "any" else sorted({i for s in order[k] for i in one.performers[s]})
        here: list[int] = []
        for i in reversed(list(who)):
            out = leaving(done, i)
            if out[i] > value[i]:
                value, here = out, [i]
        quits.append(here)
        ahead = value
    return quits[::-1], ahead


@pytest.mark.parametrize("seed", range(40))
def test_with_certain_sincerity_the_game_is_the_lattice(seed: int):
    case = random_case(np.random.default_rng(seed))
    deal = deal_of(case)
    agreement = deal.sincere
    base = at_base(deal.terms, 1, 1)
    order = list(best_orders(agreement, 1)[0].order)
    found = played(case, [list(move) for move in base.ranked[0].order])
    walk = follow_order(agreement, order)
    quits, value = backward(agreement, order)
    if abs(walk.slack) < 1e-6:
        pytest.skip("a tie")
    hazard = float(np.asarray(agreement.collapse)[0])
    holds = walk.slack > 0
    assert holds == (not any(quits))
    assert found.completion == pytest.approx((1 - hazard) ** (len(order) - 1) if holds else 0.0, abs=1e-7)
    assert list(found.value.values()) == pytest.approx(value.tolist(), abs=1e-7)
    leaves = [{name: odds for name, odds in step.leaves.items() if odds > 1e-7} for step in found.steps]
    first = next((k for k, who in enumerate(quits) if who), None)
    if first is None:
        assert not any(leaves)
    else:  # the first that leaves ends it, unless the process has collapsed before
        assert list(leaves[first]) == [deal.terms.parties[quits[first][0]]]
        assert leaves[first].popitem()[1] == pytest.approx((1 - hazard) ** max(0, first - 0), abs=1e-7)
        assert not any(leaves[:first])
    last = [k for k in range(len(order)) if walk.slack_by_move[k] < 0]
    if last:  # where the lattice says that the order breaks for the last time, somebody leaves
        assert quits[last[-1]]
    assert found.completion_if["HID"]["spoiler"] is None
    assert all(step.sincere["HID"] in (None, pytest.approx(1.0)) for step in found.steps)


@pytest.mark.parametrize("seed", range(8))
def test_every_end_pays_what_rule_30_says_for_these_types(seed: int):
    rng = np.random.default_rng(100 + seed)
    text = random_case(rng).text
    spoiler = (
        "  hidden:\n    party: [OPN, HID]\n    sincere: half\n    spoiler:\n      benefit:\n        s0: other\n"
        "      grab: half\n      grab_step:\n        s1: other\n      dividend: other\n      guarantee: half\n"
    )
    more = "  half:\n    value: 0.4\n  other:\n    value: -0.35\nsettlement:\n"
    case = loads(text.partition("  hidden:")[0].replace("settlement:\n", more) + spoiler)
    deal = deal_of(case)
    order = at_base(deal.terms, 1, 1).ranked[0].order
    made = order_game(deal, order)
    game = Game.of(made.case, compile_posture(made.case, made.case.status_quo))
    payoff, ends = game.compiled.numbers(made.theta).payoff[0], ends_of(made, game, deal)
    assert len(set(ends.complete.tolist())) > 1
    moves = [[deal.terms.steps.index(step) for step in move] for move in order]
    for end in range(len(payoff)):
        who = frozenset(name for name in ("HID", "OPN") if not ends.sincere[name][end])
        one = deal.agreements[who].draw(0)
        count, leaver = int(ends.complete[end]), int(ends.leaver[end])
        delta = float(np.asarray(one.discount)[0])
        done = [step for move in moves[:count] for step in move]
        for i in range(2):
            total = sum(delta**k * one.benefit[0, step, i] for k, move in enumerate(moves[:count]) for step in move)
            if count == len(moves):
                total += delta ** (count - 1) * np.asarray(one.dividend)[0, i]
            else:
                for step in done:
                    undoer = one.undoer[step]
                    cost = np.asarray(one.undo_cost)[0, step]
                    if undoer is not None and -one.benefit[0, step, undoer] > cost:
                        total -= delta**count * (one.benefit[0, step, i] + (cost if undoer == i else 0.0))
            if leaver == i:
                loot = np.asarray(one.grab)[0, i] + sum(np.asarray(one.grab_step)[0, step, i] for step in done)
                total += delta**count * (1 - np.asarray(one.peacekeepers)[0]) * max(0.0, loot)
                total -= delta**count * np.asarray(one.monitoring)[0, i] * np.asarray(one.guarantee)[0, i]
            assert payoff[end, i] == pytest.approx(total, abs=1e-12)
    spoilt = deal.agreements[frozenset({"HID"})]
    assert spoilt.benefit[0, 0, 0] == -0.35
    assert spoilt.benefit[0, 0, 1] == deal.sincere.benefit[0, 0, 1]
    assert np.asarray(spoilt.guarantee)[0, 0] == 0.4


# --------------------------------------------------------------------------- the case file
def test_the_written_case_is_sound_and_gives_the_same_numbers(tmp_path: Path):
    path = tmp_path / "deal.case.yaml"
    path.write_text(text_of({**KYDD_NUMBERS, "p_sincere": 0.3}, KYDD), encoding="utf-8")
    answer = app.settle(path, quick=True, draws=3, threads=1)
    found = answer.designs[0].completion
    assert found is not None
    written = app.write_order_game(answer, tmp_path / "order.case.yaml")
    case, findings = diagnose(written)
    assert findings == []
    assert case is not None
    assert case.warnings == ()
    solved = app.solve(written, threads=1)
    best = found.best_order
    assert solved.outcomes["completed"] == pytest.approx(best.completion, abs=1e-6)
    assert solved.values == pytest.approx(best.value, abs=1e-6)
    assert solved.certificate.kind == best.certificate
    assert solved.size["nodes"] == best.nodes
    for k in range(3):
        reached = 1.0 - sum(solved.outcomes[f"stops_after_{n}"] for n in range(k + 1))
        assert reached == pytest.approx(best.steps[k].completed, abs=1e-6)
    tried = app.solve(written, assume={"p_sincere_HID": 0.8}, threads=1)
    assert tried.outcomes["completed"] == pytest.approx(0.8, abs=1e-6)


def test_a_case_without_hidden_aims_has_no_completion_and_no_game(tmp_path: Path):
    plain = text_of(KYDD_NUMBERS, KYDD.partition("  hidden:")[0])
    answer = app.settle(loads(plain), quick=True, draws=3, threads=1)
    assert answer.designs[0].completion is None
    with pytest.raises(RequestError, match="no game to write"):
        app.write_order_game(answer, tmp_path / "x.yaml")
    assert not (tmp_path / "x.yaml").exists()
    with pytest.raises(RequestError, match="no game to write"):
        app.settle(loads(plain), quick=True, game=tmp_path / "x.yaml")
    two = KYDD.replace("  hidden:", "  designs:\n    one:\n      about: One.\n    two:\n      about: Two.\n  hidden:")
    with pytest.raises(RequestError, match="one of one, two"):
        app.settle(loads(text_of(KYDD_NUMBERS, two)), quick=True, game=tmp_path / "x.yaml")


# --------------------------------------------------------------------------- the question
VARIED = """
  lucky:
    value: 0.7
    range: [0.52, 0.9]
"""


def varied(settings: SettleSettings | None = None) -> Completion:
    numbers = {name: value for name, value in KYDD_NUMBERS.items() if name != "p_sincere"}
    case = loads(text_of(numbers, KYDD.replace("p_sincere", "lucky"), VARIED))
    found = settle(case, settings or SettleSettings.quick(draws=40, hidden_draws=40, threads=1)).designs[0].completion
    assert found is not None
    return found


def test_over_worlds_the_closed_form_holds_in_each():
    found = varied()
    best = found.best_order
    assert (best.certified, best.draws) == (40, 40)
    case = loads(
        text_of({k: v for k, v in KYDD_NUMBERS.items() if k != "p_sincere"}, KYDD.replace("p_sincere", "lucky"), VARIED)
    )
    p = draw_parameters(case, 0, 0, 40)[:, case.parameter_index("lucky")]
    expected = p  # above the cutoff of 0.5
    for share, got in zip((0.05, 0.5, 0.95), vars(best.completion_over_worlds).values(), strict=False):
        assert got == pytest.approx(np.quantile(expected, share, method="inverted_cdf"), abs=1e-6)


def test_the_best_order_is_best_for_the_party_that_is_named():
    free = KYDD.replace("      after: [first]\n", "")
    case = loads(text_of({**KYDD_NUMBERS, "p_sincere": 0.6}, free))
    for party in ("HID", "OPN", WEAKEST):
        found = settle(case, SettleSettings.quick(draws=3, threads=1, chosen_for=party)).designs[0].completion
        assert found is not None
        assert len(found.orders) > 1
        assert found.best_order.worth(party) == max(item.worth(party) for item in found.orders)
        assert found.chosen_for == party
    with pytest.raises(RequestError, match=r"no party.*HID, OPN"):
        settle(case, SettleSettings.quick(draws=3, chosen_for="XXX"))


def test_the_json_is_plain_and_leaves_the_game_out():
    case = loads(text_of({**KYDD_NUMBERS, "p_sincere": 0.6}, KYDD))
    made = settle(case, SettleSettings.quick(draws=3, threads=1)).to_json()["designs"][0]["completion"]
    assert json.loads(json.dumps(made)) == made
    assert "game" not in made
    assert made["orders"][made["best"]]["completion"] == pytest.approx(0.6)
    assert made["orders"][0]["steps"][2]["sincere"] == {"HID": pytest.approx(1.0)}
    assert made["best_order"] == [["first"], ["risk"], ["return_it"]]


def test_the_evidence_of_the_case_gives_the_odds():
    text = text_of(
        {name: value for name, value in KYDD_NUMBERS.items() if name != "p_sincere"} | {"p_bad": 0.5},
        KYDD.replace("    sincere: p_sincere\n", "    from: HID.aim\n    sincere_if: [fair]\n"),
    ) + (
        "types:\n  HID.aim:\n    bad: p_bad\n    fair: rest\n"
        "evidence:\n  about: HID.aim\n  items:\n    seen:\n      reported: 2021-03-01\n      says: Something.\n"
        "      likelihood:\n        bad: 0.2\n        fair: 0.6\n"
        "    later:\n      reported: 2021-06-01\n      says: Something else.\n"
        "      likelihood:\n        bad: 0.6\n        fair: 0.2\n"
    )
    late = deal_of(loads(text), 4).odds[0]
    assert late.base == pytest.approx(0.5, abs=1e-9)  # the two items cancel
    early = deal_of(loads(text.replace("    sincere_if:", "    as_of: 2021-04-01\n    sincere_if:")), 4).odds[0]
    assert early.base == pytest.approx(0.75, abs=1e-9)  # 0.5 * 0.6 / (0.5 * 0.6 + 0.5 * 0.2)
    assert early.draws == pytest.approx(np.full(4, 0.75), abs=1e-9)
    prior = deal_of(loads(text.partition("evidence:")[0]), 4).odds[0]
    assert prior.base == pytest.approx(0.5)


class Stops:
    """A watch that stops the work after some calls in the stage of hidden aims."""

    def __init__(self, after: int):
        self._left = after
        self.stopped = False

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage == "hidden aims":
            self._left -= 1
            self.stopped = self._left <= 0


def test_a_stop_leaves_the_orders_that_are_done():
    free = KYDD.replace("      after: [first]\n", "")
    deal = deal_of(loads(text_of({**KYDD_NUMBERS, "p_sincere": 0.6}, free)))
    ranked = at_base(deal.terms, 3, 1).ranked
    found = completion(deal, ranked, WEAKEST, ONE, Stops(2))
    assert (len(found.orders), found.interrupted) == (1, True)
    assert any("Stopped" in note for note in found.notes)
    with pytest.raises(Interrupted):
        completion(deal, ranked, WEAKEST, ONE, Stops(1))


def test_long_orders_are_not_played():
    steps = "".join(
        f"    s{k}:\n      says: A step.\n      by: HID\n      benefit:\n        OPN: gain\n" for k in range(15)
    )
    hidden = "  hidden:\n    party: HID\n    sincere: half\n    spoiler:\n      dividend: gain\n"
    case = loads(text_of({"gain": 0.1, "half": 0.5}, f"  steps:\n{steps}{hidden}"))
    with pytest.raises(RequestError, match="15 moves is too long"):
        order_game(deal_of(case), [(f"s{k}",) for k in range(15)])


# --------------------------------------------------------------------------- what can be wrong
@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("    party: HID", "    party: USA", "C802", "USA"),
        ("    sincere: p_sincere\n", "", "C814", "stands nowhere"),
        (
            "    sincere: p_sincere\n",
            "    sincere: p_sincere\n    from: HID.aim\n    sincere_if: [fair]\n",
            "C814",
            "stands twice",
        ),
        ("    sincere: p_sincere\n", "    from: HID.aim\n", "C814", "which labels"),
        ("    sincere: p_sincere\n", "    from: OPN.aim\n    sincere_if: [fair]\n", "C814", "no type of 'HID'"),
        ("    sincere: p_sincere\n", "    from: HID.aim\n    sincere_if: [fair, bad]\n", "C814", "nothing is hidden"),
        ("    sincere: p_sincere\n", "    from: HID.aim\n    sincere_if: [fare]\n", "C014", "fare"),
        ("    sincere: p_sincere\n", "    sincere: gain * prize * gain + gain\n", "C807", "between 0 and 1"),
        ("      dividend: 0", "      benefit:\n        frist: 0", "C803", "frist"),
        ("      dividend: 0", "      guarantee: -gain", "C807", "0 or more"),
        ("    spoiler:\n      dividend: 0", "    spoiler: {}", "C814", "differs in nothing"),
        ("    sincere: p_sincere\n", "    sincere: p_sincere\n    as_of: 2021-02-01\n", "C814", "as_of"),
        ("    sincere: p_sincere\n", "    from: HID.aim\n    sincere_if: [fair]\n    as_of: soon\n", "C043", "soon"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, code: str, said: str):
    types = "types:\n  HID.aim:\n    bad: p_sincere\n    fair: rest\n  OPN.aim:\n    bad: p_sincere\n    fair: rest\n"
    assert old in KYDD
    text = text_of(KYDD_NUMBERS, KYDD.replace(old, new)) + types
    with pytest.raises(CaseError) as caught:
        loads(text)
    found = [item for item in caught.value.diagnostics if item.severity == "error"]
    assert [item.code for item in found] == [code], found
    assert said in found[0].message
    assert found[0].line > text.splitlines().index("  hidden:")
    assert found[0].hint
