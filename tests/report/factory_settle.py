"""An answer of `settle` without a case: what the report on settlements is tested and looked at with.

The lattice is worked out here in the plainest way: a shortfall per step, less for every step done before it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np

from detente.study.results_hidden import Completion, OrderOdds, StepOdds
from detente.study.results_settle import (
    Blocked,
    DesignAnswer,
    LatticePicture,
    LatticeSet,
    LatticeStep,
    Opposite,
    Quantiles,
    Remedy,
    SettleAnswer,
    TurnsOn,
)
from report.factory import HOSTILE, manifest

PARTIES = {"RUS": "Russia", "UKR": "Ukraine"}
SAYS = {
    "ceasefire": "Both sides stop firing along the whole line of contact.",
    "withdraw_arms": "Both sides pull heavy weapons back by equal distances.",
    "prisoners": "All prisoners are released and exchanged.",
    "special_status": "The constitution gives the districts a special status.",
    "elections": "Local elections are held under national law and observed.",
    "border_control": "Ukraine takes back control of the whole border.",
}
DONE = {"prisoners": "Several large exchanges took place between 2015 and 2020."}
BY = {
    "ceasefire": ("RUS", "UKR"),
    "withdraw_arms": ("RUS", "UKR"),
    "prisoners": ("RUS", "UKR"),
    "special_status": ("UKR",),
    "elections": ("UKR",),
    "border_control": ("RUS",),
}
AFTER = {
    "withdraw_arms": {"ceasefire"},
    "prisoners": {"ceasefire"},
    "elections": {"special_status", "ceasefire"},
    "border_control": {"ceasefire"},
}
LACKS = {
    "ceasefire": -0.6,
    "withdraw_arms": -0.35,
    "prisoners": -0.3,
    "special_status": 0.35,
    "elections": 0.2,
    "border_control": 0.5,
}
TERMS = {"costs_ahead": 0.6, "benefits_ahead": -0.25, "dividend": -0.2, "grab": 0.35}


def lattice(relief: float, shown: tuple[str, ...] = tuple(SAYS)) -> LatticePicture:
    """The sets of six steps; `relief` is taken off every shortfall, and 0.05 per step done."""
    sets = [
        frozenset(found)
        for size in range(len(shown) + 1)
        for found in combinations(shown, size)
        if all(AFTER.get(step, set()) & set(shown) <= set(found) for step in found)
    ]
    number = {found: i for i, found in enumerate(sets)}

    def lacking(found: frozenset[str], step: str) -> float:
        return LACKS[step] - 0.05 * len(found) - relief

    moves = [
        (found, step, found | {step})
        for found in sets
        for step in shown
        if step not in found and (found | {step}) in number
    ]
    believed, carries = {frozenset()}, {frozenset(shown)}
    for found, step, after in moves:
        if found in believed and lacking(found, step) <= 0:
            believed.add(after)
    for found, step, after in reversed(moves):
        if after in carries and lacking(found, step) <= 0:
            carries.add(found)
    order = best_order(relief)
    chosen = {frozenset(order[:k]) for k in range(len(order) + 1)}
    onward = {found for found, _, after in moves if after in believed}
    return LatticePicture(
        tuple(
            LatticeSet(
                number[found],
                tuple(step for step in shown if step in found),
                len(found),
                found in believed,
                found in carries,
                found in believed and found not in onward and len(found) < len(shown),
                found in chosen,
            )
            for found in sets
        ),
        tuple(
            LatticeStep(
                number[found],
                number[after],
                (step,),
                lacking(found, step),
                found in chosen and after in chosen,
            )
            for found, step, after in moves
        ),
        len(sets),
        True,
    )


def best_order(relief: float) -> tuple[str, ...]:
    del relief
    return ("ceasefire", "withdraw_arms", "prisoners", "special_status", "elections", "border_control")


def design(name: str, relief: float, about: str, changes: tuple[str, ...], seed: int) -> DesignAnswer:
    order = best_order(relief)
    slack = tuple(relief - LACKS[step] + 0.05 * k for k, step in enumerate(order))
    holds = min(slack) >= 0
    rng = np.random.default_rng(seed)
    worlds = 300
    needed = np.maximum(0.0, 0.25 - relief + rng.normal(0, 0.15, worlds))
    none = rng.random(worlds) < (0.1 if relief < 0.2 else 0.0)
    guarantees = tuple(None if none[i] else float(needed[i]) for i in range(worlds))
    known = needed[~none]
    share = float(np.mean(needed[~none] <= 1e-9) * np.mean(~none))
    return DesignAnswer(
        name=name,
        about=about,
        changes=changes,
        steps=tuple(SAYS),
        moves=tuple((step,) for step in SAYS),
        stop=None,
        entered={"RUS": True, "UKR": relief > 0.1},
        entered_share=0.8,
        entered_shares={"RUS": 0.97, "UKR": 0.82},
        exists_at_base=holds,
        believed_at_base=holds,
        holds_at_base=holds and relief > 0.1,
        share=share,
        share_exists=min(1.0, share + 0.03),
        share_believed=min(1.0, share + 0.05),
        share_error=0.02,
        orders=6 if holds else 0,
        best_order=tuple((step,) for step in order),
        slack=min(slack),
        slack_by_step=slack,
        value={"RUS": 0.7, "UKR": 0.4 + relief},
        outside={"RUS": 0.2, "UKR": 0.45},
        guarantee=None if relief < 0 else max(0.0, 0.25 - relief),
        guarantee_order=() if relief < 0 else tuple((step,) for step in order),
        guarantee_over_worlds=Quantiles(
            *(float(v) for v in np.quantile(known, [0.05, 0.5, 0.95])), none_suffices=float(none.mean())
        ),
        slack_over_worlds=Quantiles(min(slack) - 0.2, min(slack), min(slack) + 0.2),
        blocked=()
        if holds
        else (
            Blocked(
                ("ceasefire", "withdraw_arms", "prisoners"),
                ("special_status",),
                ("UKR",),
                0.2 - relief,
                {"UKR": {**TERMS, "penalty": -relief}},
            ),
            Blocked(
                ("ceasefire", "withdraw_arms", "prisoners"),
                ("border_control",),
                ("RUS", "UKR"),
                0.5 - relief,
                {"RUS": TERMS, "UKR": {"costs_ahead": 0.1}},
            ),
        ),
        stuck=() if holds else (("ceasefire", "withdraw_arms", "prisoners"),),
        remedies=()
        if holds
        else (
            Remedy(("a guarantee of 0.25 to both parties",), 0.25, ("guarantee",), (0.25,)),
            Remedy(
                ("special status carried out in 2 equal parts", "elections and border control at once"),
                0.3,
                ("split", "together"),
                (2.0, 2.0),
            ),
        ),
        remedies_complete=True,
        frontier=None if holds else ({"RUS": 0.0, "UKR": 0.4}, {"RUS": 0.2, "UKR": 0.25}),
        turns_on=(
            TurnsOn("cost_status", 0.6, 0.42, "below", "holds", "does not hold", 1e-3, 0.25),
            TurnsOn("dividend_ukr", 0.2, 0.41, "above", "does not hold", "holds", 1e-3, 0.2),
        ),
        opposite=(Opposite("cost_status", 0.6, 0.42, -0.18, 0.2), Opposite("dividend_ukr", 0.2, 0.41, 0.21, 0.3)),
        lattice=lattice(relief),
        completion=None,
        verdicts=tuple(int(value is not None and value <= 1e-9) for value in guarantees),
        guarantees=guarantees,
        notes=(),
    )


def settle_answer() -> SettleAnswer:
    """Three designs: one that gets stuck, one with a guarantor, one regrouped."""
    return SettleAnswer(
        case_title="Russia's buildup on Ukraine's border",
        title="The Minsk agreements",
        about="The package of measures of February 2015, as thirteen points.",
        source="minsk2015",
        parties=dict(PARTIES),
        steps=dict(SAYS),
        done=dict(DONE),
        performers=dict(BY),
        exit="performer",
        designs=(
            design("minsk_ii", 0.0, "The agreement as written.", (), 1),
            design(
                "minsk_ii_with_guarantor",
                0.15,
                "The same, with a power that punishes whoever leaves.",
                ("guarantee is us_penalty",),
                2,
            ),
            design("new_format", 0.45, "Steps regrouped, in smaller parts.", ("peacekeepers are sent",), 3),
        ),
        draws=300,
        draws_done=300,
        interrupted=False,
        manifest=manifest(300),
        notes=(),
    )


def order_odds(name: str, order: tuple[str, ...], rate: float) -> OrderOdds:
    """An order that loses some probability at each step, and on which Russia's sincerity becomes likelier."""
    steps = tuple(
        StepOdds(
            (step,),
            rate ** (k + 1),
            Quantiles(max(0.0, rate ** (k + 1) - 0.1), rate ** (k + 1), min(1.0, rate ** (k + 1) + 0.1)),
            0.1,
            {"RUS": None if step == "border_control" else 0.4 + 0.08 * k},
            {"RUS": 1 - rate, "UKR": 0.0},
            {"RUS": {"sincere": 0.0, "spoiler": 0.2}},
        )
        for k, step in enumerate(order)
    )
    end = rate ** len(order)
    return OrderOdds(
        tuple((step,) for step in order),
        name,
        -0.2,
        end,
        {"RUS": {"sincere": 0.9, "spoiler": 0.12}},
        Quantiles(end - 0.1, end, end + 0.1),
        steps,
        {"RUS": 0.5, "UKR": 0.4},
        {"RUS": {"sincere": 0.6, "spoiler": 0.45}},
        {"RUS": 0.2, "UKR": 0.3},
        "sequential",
        1e-9,
        290,
        300,
        37,
    )


def hidden_answer() -> SettleAnswer:
    """The first design with what was found under hidden aims."""
    answer = settle_answer()
    order = best_order(0.0)
    found = Completion(
        {"RUS": 0.4},
        {"RUS": Quantiles(0.2, 0.4, 0.6)},
        {"RUS": "the evidence as of 2021-12-08"},
        True,
        (order_odds("best_1", order, 0.9), order_odds("best_2", order, 0.92)),
        1,
        "weakest",
        (order_odds("small_first", order, 0.92), order_odds("large_first", order[::-1], 0.8)),
        300,
        False,
        ("An order of 6 steps was played.",),
    )
    return replace(answer, designs=(replace(answer.designs[0], completion=found), *answer.designs[1:]))


def large_answer() -> SettleAnswer:
    """A design with a lattice too large to show as a whole."""
    answer = settle_answer()
    first = answer.designs[0]
    assert first.lattice is not None
    sets = tuple(item for item in first.lattice.sets if item.believed or item.chosen)
    ids = {item.id for item in sets}
    steps = tuple(item for item in first.lattice.steps if item.start in ids and item.end in ids)
    picture = LatticePicture(sets, steps, 16_384, False)
    return replace(answer, designs=(replace(first, lattice=picture), *answer.designs[1:]))


def hostile_answer() -> SettleAnswer:
    """Every text tries to break out of the page or the terminal."""
    answer = settle_answer()
    designs = tuple(
        replace(item, about=HOSTILE, changes=(HOSTILE,), notes=(HOSTILE,), remedies=(Remedy((HOSTILE,), 1, (), ()),))
        for item in answer.designs
    )
    return replace(
        answer,
        case_title=HOSTILE,
        title=HOSTILE,
        about=HOSTILE,
        source=HOSTILE,
        parties=dict.fromkeys(PARTIES, HOSTILE),
        steps=dict.fromkeys(SAYS, HOSTILE),
        done=dict.fromkeys(DONE, HOSTILE),
        designs=designs,
        notes=(HOSTILE,),
    )
