"""`settle` against every order tried in plain Python, closed forms through the language, designs, tipping, claims."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from detente.case import Case, loads
from detente.ensemble import draw_parameters
from detente.errors import Interrupted, RequestError
from detente.study import AuditSettings, SettleAnswer, SettleSettings, audit, settle
from detente.study.results_settle import DesignAnswer
from study.settlement_texts import Deal, random_deal

BARE = SettleSettings(draws=1, sweep_points=0, most_changes=0, frontier=False)
ONCE = 1e-9


def only(answer: SettleAnswer) -> DesignAnswer:
    (design,) = answer.designs
    return design


# ---- every order, in plain Python


@pytest.mark.parametrize("start", range(0, 150, 10))
def test_random_settlements_agree_with_every_order_tried(start: int):
    for seed in range(start, start + 10):
        deal = random_deal(seed)
        found = only(settle(loads(deal.text()), BARE))
        orders = list(deal.orders())
        slacks = [deal.slack(order) for order in orders]
        assert found.exists_at_base == (max(slacks) >= -ONCE), seed
        assert found.orders == sum(slack >= -ONCE for slack in slacks), seed
        if math.isfinite(max(slacks)):
            assert found.slack == pytest.approx(max(slacks), abs=1e-9), seed
            assert min(found.slack_by_step) == pytest.approx(max(slacks), abs=1e-9), seed
        assert deal.slack(found.best_order) == pytest.approx(max(slacks), abs=1e-9), seed
        least = min(deal.needs(order) for order in orders)
        assert (found.guarantee is None) == math.isinf(least), seed
        if found.guarantee is not None:
            assert found.guarantee == pytest.approx(least, abs=1e-9), seed
            assert deal.needs(found.guarantee_order) == pytest.approx(least, abs=1e-9), seed
        good = [order for order, slack in zip(orders, slacks, strict=True) if slack >= -ONCE] or [found.best_order]
        joins = [all(deal.value(o, p) >= deal.term("outside", p) - ONCE for p in deal.parties) for o in good]
        assert all(found.entered.values()) == any(joins), seed
        assert found.share == float(found.holds_at_base) == float(any(joins) and found.exists_at_base), seed


def test_ranked_orders_are_the_ones_with_most_slack():
    for seed in range(40):
        deal = random_deal(seed)
        if deal.single.keys() & {"discount", "collapse"}:
            continue
        found = only(settle(loads(deal.text()), SettleSettings(draws=1, sweep_points=0, most_changes=0, orders=4)))
        slacks = sorted((deal.slack(order) for order in deal.orders()), reverse=True)[:4]
        assert [item.slack for item in found.best_orders] == pytest.approx(slacks, abs=1e-9)
        assert len({item.order for item in found.best_orders}) == len(slacks)
        for item in found.best_orders:
            assert deal.slack(item.order) == pytest.approx(item.slack, abs=1e-9)


def test_blocked_steps_name_who_leaves_and_terms_add_up():
    seen = 0
    for seed in range(60):
        deal = random_deal(seed)
        if deal.single.keys() & {"discount", "collapse"}:
            continue
        found = only(settle(loads(deal.text()), BARE))
        assert bool(found.blocked) == (not found.exists_at_base)
        worth = {p: deal.value(found.best_order, p) for p in deal.parties}
        for item in found.blocked:
            seen += 1
            assert item.completed in found.stuck
            may = deal.parties if deal.exit == "any" else {p for step in item.move for p in deal.by[step]}
            gains = {p: deal.leave(list(item.completed), p) - worth[p] for p in may}
            assert set(item.who) == {p for p, gain in gains.items() if gain > ONCE}
            assert item.shortfall == pytest.approx(max(gains.values()), abs=1e-9)
            for party, terms in item.terms.items():
                assert sum(terms.values()) == pytest.approx(gains[party], abs=1e-9)
    assert seen > 20


# ---- closed forms (MODELS 11, SEMANTICS 32)


def exchange(owners: str, cost: float, worth: float, dividend: float = 0.0) -> Deal:
    """Steps of A and B in the order of `owners`, each costing its owner and worth something to the other."""
    steps = [f"s{k}" for k in range(len(owners))]
    other = {"A": "B", "B": "A"}
    benefit = {(step, owner): -cost for step, owner in zip(steps, owners, strict=True)}
    benefit |= {(step, other[owner]): worth for step, owner in zip(steps, owners, strict=True)}
    by = {step: (owner,) for step, owner in zip(steps, owners, strict=True)}
    deal = Deal(("A", "B"), steps, by, benefit)
    if dividend:
        deal.terms["dividend"] = {"A": dividend, "B": dividend}
    return deal


@pytest.mark.parametrize("parts", [1, 2, 3, 4])
def test_the_smallest_guarantee_is_the_cost_of_one_part(parts: int):
    total, worth = 1.0, 1.5
    deal = exchange("AB" * parts, total / parts, worth / parts)
    found = only(settle(loads(deal.text()), BARE))
    assert found.guarantee == pytest.approx(total / parts, abs=1e-12)
    assert found.entered == {"A": True, "B": True}
    assert not found.exists_at_base


@pytest.mark.parametrize("parts", [2, 3, 4])
def test_one_side_first_needs_a_guarantee_of_the_whole_cost(parts: int):
    total, worth = 1.0, 1.5
    deal = exchange("A" * parts + "B" * parts, total / parts, worth / parts)
    deal.after = {f"s{k}": [f"s{k - 1}"] for k in range(1, 2 * parts)}
    assert only(settle(loads(deal.text()), BARE)).guarantee == pytest.approx(total, abs=1e-12)


def test_splitting_is_a_design_and_taking_turns_needs_the_cost_of_a_part():
    text = exchange("AB", 1.0, 1.5).text() + "\n  designs:\n    whole:\n      about: As it is.\n"
    text += "    parts:\n      split:\n        s0: 4\n        s1: 4\n"
    whole, parts = settle(loads(text), BARE).designs
    assert whole.guarantee == pytest.approx(1.0, abs=1e-12)
    assert parts.guarantee == pytest.approx(0.25, abs=1e-12)
    assert parts.steps == ("s0.1", "s0.2", "s0.3", "s0.4", "s1.1", "s1.2", "s1.3", "s1.4")
    assert parts.changes == ("s0 in 4 parts", "s1 in 4 parts")


@pytest.mark.parametrize(("dividend", "discount"), [(0.0, 1.0), (0.4, 1.0), (0.4, 0.7), (1.2, 0.9)])
def test_the_last_step_needs_its_cost_less_its_own_worth_and_the_dividend(dividend: float, discount: float):
    deal = exchange("A", 1.0, 1.5, dividend)
    deal.single["discount"] = discount
    assert only(settle(loads(deal.text()), BARE)).guarantee == pytest.approx(max(0.0, 1.0 - dividend), abs=1e-12)


def test_no_guarantee_suffices_where_nobody_sees_a_breach():
    deal = exchange("AB", 1.0, 1.5)
    deal.terms["monitoring"] = {"A": 0.0, "B": 0.0}
    found = only(settle(loads(deal.text()), SettleSettings(draws=5)))
    assert found.guarantee is None
    assert found.guarantee_order == ()
    assert found.guarantee_over_worlds.none_suffices == 1.0
    assert found.guarantee_over_worlds.p50 is None
    assert found.remedies[0].kinds == ("together",)


# ---- worlds, designs, tipping points

DEAL = """
case: swap
title: A swap
actors:
  A: Country A
  B: Country B
parameters:
  cost:
    value: 0.4
    range: [0.2, 0.6]
  worth:
    value: 0.7
    range: [0.5, 0.9]
  fine:
    value: 0.3
    range: [0, 1]
  other:
    value: 0.5
    range: [0, 1]
settlement:
  title: The swap
  parties: [A, B]
  steps:
    give:
      says: A gives.
      by: A
      benefit:
        A: -cost
        B: worth
    pay:
      says: B pays.
      by: B
      after: [give]
      benefit:
        A: worth
        B: -cost
  designs:
    written:
      about: As written.
    guarded:
      about: With a guarantor.
      guarantee: fine
    at_once:
      after:
        pay: nothing
      together:
        - [give, pay]
    dear:
      extends: guarded
      set:
        cost: cost + other
claims:
  as_it_is:
    says: The swap holds.
    holds_when: settles(written)
  guarantor:
    says: It holds with a guarantor, and not without.
    holds_when: settles(guarded) and not settles(written)
  count:
    says: At least one of them holds.
    holds_when: settles(written) + settles(guarded) + settles(at_once) >= 1
"""


def deal() -> Case:
    return loads(DEAL)


def test_shares_follow_from_the_draws_that_compare_uses_too():
    answer = settle(deal(), SettleSettings(draws=400, seed=3, sweep_points=0, most_changes=0))
    cost, worth, fine, other = draw_parameters(deal(), 3, 0, 400).T
    joins = worth >= cost
    expected = {
        "written": np.zeros(400, dtype=bool),
        "guarded": joins & (fine >= cost),
        "at_once": joins,
        "dear": (worth >= cost + other) & (fine >= cost + other),
    }
    for name, holds in expected.items():
        found = answer.design(name)
        assert np.array_equal(np.array(found.verdicts, dtype=bool), holds)
        assert found.share == holds.mean()
    guarded = answer.design("guarded")
    assert guarded.share_exists == (fine >= cost).mean()
    assert guarded.guarantees == pytest.approx(tuple(cost), abs=1e-12)
    assert guarded.guarantee_over_worlds.p50 == pytest.approx(np.sort(cost)[199], abs=1e-12)
    assert guarded.entered_shares == {"A": joins.mean(), "B": joins.mean()}


def test_a_verdict_turns_on_what_the_inequalities_say():
    answer = settle(deal(), SettleSettings(draws=2, most_changes=1))
    guarded = answer.design("guarded")
    assert not guarded.holds_at_base
    flips = {item.parameter: item for item in guarded.turns_on}
    assert flips.keys() == {"cost", "fine"}
    assert flips["fine"].value == pytest.approx(0.4, abs=1e-3)
    assert (flips["fine"].direction, flips["fine"].from_, flips["fine"].to) == ("above", "does not hold", "holds")
    assert flips["cost"].value == pytest.approx(0.3, abs=4e-4)
    assert (flips["cost"].direction, flips["cost"].from_, flips["cost"].to) == ("below", "holds", "does not hold")
    assert flips["fine"].resolution <= 1e-3
    assert [item.parameter for item in guarded.turns_on] == ["fine", "cost"]  # 60 % of its range against 25 %
    nearest = guarded.opposite[0]
    assert nearest.parameter == "fine"
    assert nearest.of_range == pytest.approx(0.1, abs=1e-3)
    assert nearest.value >= 0.4
    assert answer.design("written").turns_on == ()
    assert answer.design("written").together == ()


def test_where_no_single_change_is_enough_changes_together_are_shown():
    text = DEAL.replace("guarantee: fine\n", "guarantee: fine\n      outside: min(1, max(0, other - cost)) + cost\n", 1)
    case = loads(text.replace("    value: 0.3\n    range: [0, 1]", "    value: 0.1\n    range: [0, 0.35]"))
    answer = settle(case, SettleSettings(draws=400, most_changes=0, designs=("guarded",)))
    found = only(answer)
    assert found.opposite == ()
    assert found.share > 0.0
    changed = {item.parameter: item.value for item in found.together}
    assert len(changed) >= 2

    def holds(cost: float, worth: float, fine: float, other: float) -> bool:
        outside = min(1.0, max(0.0, other - cost)) + cost
        return worth - cost >= outside and fine >= cost

    base = {"cost": 0.4, "worth": 0.7, "fine": 0.1, "other": 0.5}
    assert not holds(**base)
    assert holds(**{**base, **changed})
    for name in changed:
        assert not holds(**{**base, **changed, name: base[name]})


def test_remedies_are_in_words_and_ranked_by_cost():
    found = settle(deal(), SettleSettings(draws=1, sweep_points=0)).design("written")
    assert [item.cost for item in found.remedies] == sorted(item.cost for item in found.remedies)
    assert found.remedies[0].changes == ("a guarantee of 0.4 to Country B",)
    assert found.frontier == ({"A": 0.0, "B": 0.4},)
    assert found.remedies_complete


def test_designs_change_steps_and_order_is_otherwise_kept():
    text = DEAL.replace(
        "  designs:\n",
        """    third:
      says: Observers look.
      by: third
      after: [pay]
    last:
      says: A leaves.
      by: A
      after: [third]
  designs:
    without:
      drop: [third]
    short:
      stop: [give]
""",
    )
    without, short, *_ = settle(loads(text), BARE).designs
    assert without.steps == ("give", "pay", "last")
    assert without.best_order == (("give",), ("pay",), ("last",))  # last still waits for what third waited for
    assert short.moves == (("give",),)
    assert short.stop == ("give",)


def test_the_picture_has_every_set_and_the_chosen_order():
    found = settle(deal(), BARE).design("guarded")
    assert found.lattice is not None
    assert found.lattice.complete
    assert [item.completed for item in found.lattice.sets] == [(), ("give",), ("give", "pay")]
    assert [item.stuck for item in found.lattice.sets] == [False, True, False]
    assert [item.chosen for item in found.lattice.sets] == [True, True, True]
    assert [item.shortfall for item in found.lattice.steps] == pytest.approx([-0.6, 0.1], abs=1e-12)
    large = exchange("AB" * 5, 0.1, 0.2)
    drawn = only(settle(loads(large.text()), BARE)).lattice
    assert drawn is not None
    assert (drawn.total, drawn.complete, len(drawn.sets)) == (2**10, False, 200)
    assert sum(item.chosen for item in drawn.sets) == 11


# ---- the answer as a whole


def test_equal_runs_give_equal_json_with_the_keys_that_were_promised():
    first, second = (json.dumps(settle(deal(), SettleSettings(draws=50)).to_json(), allow_nan=False) for _ in range(2))
    assert first == second
    read = json.loads(first)
    promised = {"name", "entered", "exists_at_base", "share", "orders", "best_order", "guarantee", "blocked"}
    assert all(promised <= item.keys() for item in read["designs"])
    assert read["designs"][1]["entered"] is True
    assert read["draws_done"] == 50
    assert read["designs"][1]["turns_on"][0]["from"] == "does not hold"


class Stopping:
    """Says stop once a stage has come up."""

    def __init__(self, stage: str):
        self.stage, self.stopped = stage, False

    def __call__(self, stage: str, done: int, total: int) -> None:
        self.stopped = self.stopped or stage == self.stage


def test_a_stopped_answer_says_so():
    answer = settle(deal(), SettleSettings(draws=30), Stopping("what verdicts turn on"))
    assert answer.interrupted
    assert answer.draws_done == 30
    assert answer.design("guarded").turns_on == ()
    assert answer.design("written").remedies == ()
    with pytest.raises(Interrupted):
        settle(deal(), SettleSettings(draws=30), Stopping("worlds"))


def test_a_case_without_settlement_and_an_unknown_design_are_refused():
    bare = (
        DEAL.split("settlement:")[0]
        + "timeline:\n  - decision: go\n    by: A\n    options: [a, b]\npayoffs:\n  A: []\n"
    )
    with pytest.raises(RequestError, match="no settlement"):
        settle(loads(bare), BARE)
    with pytest.raises(RequestError, match="Did you mean 'guarded'"):
        settle(deal(), SettleSettings(draws=1, designs=("gaurded",)))


def test_numbers_that_make_no_sense_in_a_world_are_refused_with_their_name():
    """At the ends of the range of `fine` the share is 0, in the middle it is 2."""
    text = DEAL.replace("guarantee: fine", "peacekeepers: (1 + 1) ** 3 * fine * (1 - fine)")
    case = loads(text.replace("    value: 0.3\n", "    value: 0.01\n"))
    with pytest.raises(
        RequestError, match=r"'guarded' has a number that makes no sense .*`peacekeepers` is 1\.\d+, and has to be"
    ):
        settle(case, SettleSettings(draws=50))


# ---- claims


def test_claims_about_designs_are_judged_at_base_and_over_worlds():
    answer = audit(deal(), AuditSettings(draws=300, starts=0))
    settled = settle(deal(), SettleSettings(draws=300, sweep_points=0, most_changes=0))
    as_it_is, guarantor, count = answer.claims
    assert [item.at_base for item in answer.claims] == ["fails", "fails", "holds"]
    assert as_it_is.share == 0.0
    assert guarantor.share == settled.design("guarded").share
    assert count.share == settled.design("at_once").share
    places = {item.parameter: item.switches for item in guarantor.turns_on}
    assert places["fine"] == pytest.approx((0.4,), abs=1e-3)
    assert guarantor.quantities == {"settles(guarded)": 0.0, "settles(written)": 0.0}
    json.dumps(answer.to_json(), allow_nan=False)
