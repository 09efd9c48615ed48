"""Persuasion by a published rule (Kamenica and Gentzkow 2011): how often can the other side be made to act?

A sender commits to what it will say in which state; a receiver hears it and acts if it finds the state good enough.
Two forms: one action that needs a posterior of at least t, and two actions that need t1 and t2.
"""

from __future__ import annotations

from typing import Any

from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import choice, number, require, shown
from detente.models.forms import choose_form
from detente.models.model import ClosedForm, PublishedModel

RULES = ("optimal", "none", "full")
ACTIONS: tuple[str, ...] = ("nothing", "act", "more")


def build(
    prior: float,
    threshold: float | None = None,
    t1: float | None = None,
    v1: float | None = None,
    t2: float | None = None,
    v2: float | None = None,
    rule: str = "optimal",
) -> BuiltGame:
    """The tree under one rule: nature draws the state, the rule what is said, and the receiver R acts.

    The receiver has the state (1 if good, 0 if bad) less the threshold for each action it takes, so it acts from the
    threshold on; the sender S has 1, or `v1` and `v2`. S has no move: its rule is a commitment.

    Args:
        prior: Probability of the good state.
        threshold: Posterior from which R acts; or, for two actions, the next four instead.
        t1: Posterior from which R takes the first action (``act``).
        v1: What that is worth to S.
        t2: Posterior from which it takes the second (``more``).
        v2: What that is worth to S.
        rule: ``optimal``, ``none`` (nothing is said) or ``full`` (everything is).

    Raises:
        RequestError: A number is outside its range.
    """
    given = {"threshold": threshold, "t1": t1, "v1": v1, "t2": t2, "v2": v2}
    numbers = {name: x for name, x in given.items() if x is not None}
    closed = closed_form(prior=prior, rule=rule, **numbers)
    one = "threshold" in numbers
    steps = [(numbers["threshold"], 1.0)] if one else [(numbers[f"t{k}"], numbers[f"v{k}"]) for k in (1, 2)]
    tree = TreeBuilder("S", "R")
    p = float(prior)

    def heard(state: float, signal: str):
        ends, own, other = {}, 0.0, 0.0
        for name, (needs, worth) in zip(ACTIONS, [(state, 0.0), *steps], strict=False):
            own, other = own + state - needs, worth
            ends[name] = tree.terminal(other, own, outcome=name)
        return tree.decision("R", f"R|{signal}", ends)

    def said(state: float):
        odds = {}
        for signal, (belief, weight) in closed["signals"].items():
            joint = weight * (belief if state else 1 - belief)
            odds[signal] = joint / (p if state else 1 - p)
        odds = {signal: share for signal, share in odds.items() if share > 0}
        return tree.chance(
            {signal: (share / sum(odds.values()), heard(state, signal)) for signal, share in odds.items()}
        )

    states = {name: (share, said(state)) for name, share, state in (("good", p, 1.0), ("bad", 1 - p, 0.0)) if share > 0}
    return tree.build(tree.chance(states))


def one_action(prior: float, threshold: float, rule: str = "optimal") -> ClosedForm:
    """The judge: the receiver acts if its posterior is at least the threshold, and the sender wants it to.

    Args:
        prior: Probability of the good state.
        threshold: Posterior from which the receiver acts.
        rule: The rule that ``strategies``, ``outcomes`` and ``eu`` are about; see `build`.

    Returns:
        ``value`` of the best rule, ``no_disclosure`` and ``full_disclosure`` (values of those rules), ``posteriors``
        and ``prob_high_posterior`` under the best rule, ``prob_rec_given_bad`` (how often it recommends to act
        although the state is bad); and for `rule` ``signals`` (posterior and probability of each),
        ``strategies``, ``outcomes``, ``eu``.
    """
    p, t = number("prior", prior, 0.0, 1.0), number("threshold", threshold, 0.0, 1.0)
    acts = p >= t
    high = 1.0 if acts else p / t
    best = {
        "value": high,
        "no_disclosure": float(acts),
        "full_disclosure": 1.0 if t == 0 else p,
        "prob_rec_given_bad": 1.0 if acts else p * (1 - t) / (t * (1 - p)),
        "posteriors": [p] if acts else [0.0, t],
        "prob_high_posterior": high,
    }
    split = [(p, 1.0)] if acts else [(0.0, 1 - high), (t, high)]
    return ClosedForm(best | _under(rule, p, split, [(t, 1.0)]))


def two_actions(prior: float, t1: float, v1: float, t2: float, v2: float, rule: str = "optimal") -> ClosedForm:
    """A receiver with two actions beside doing nothing.

    Args:
        prior: Probability of the good state.
        t1: Posterior from which the receiver takes the first action.
        v1: What that is worth to the sender.
        t2: Posterior from which it takes the second; above `t1`.
        v2: What that is worth to the sender; at least `v1`.
        rule: See `one_action`.

    Returns:
        ``value``, ``no_disclosure``, ``full_disclosure``, ``posteriors``, ``weights`` of the best rule, and
        ``through_both``: whether the envelope runs through both steps, which it does if ``v1 / t1 >= v2 / t2``.
        Then what `one_action` has for `rule`.
    """
    p = number("prior", prior, 0.0, 1.0)
    t1, t2 = number("t1", t1, 0.0, 1.0, ends="(]"), number("t2", t2, 0.0, 1.0, ends="(]")
    v1, v2 = number("v1", v1, 0.0), number("v2", v2, 0.0)
    require(t1 < t2, f"t1 has to lie below t2, and {shown(t1=t1, t2=t2)} was given.")
    require(v1 <= v2, f"v1 may not exceed v2, and {shown(v1=v1, v2=v2)} was given.")
    steps = [(t1, v1), (t2, v2)]
    through = v1 * t2 >= v2 * t1
    corners = [0.0, t1, t2] if through else [0.0, t2]
    if p >= t2 or p in corners:
        split = [(p, 1.0)]
    else:
        left = max(corner for corner in corners if corner < p)
        right = min(corner for corner in corners if corner > p)
        split = [(left, (right - p) / (right - left)), (right, (p - left) / (right - left))]
    best = {
        "value": _mean(split, steps),
        "no_disclosure": _worth(p, steps),
        "full_disclosure": p * _worth(1.0, steps),
        "posteriors": [belief for belief, _ in split],
        "weights": [weight for _, weight in split],
        "through_both": through,
    }
    return ClosedForm(best | _under(rule, p, split, steps))


def closed_form(**params: Any) -> ClosedForm:
    """The solution: `one_action` for ``prior, threshold``, `two_actions` for ``prior, t1, v1, t2, v2``.

    Raises:
        RequestError: The numbers fit neither form or are outside their range.
    """
    return choose_form({"one action": one_action, "two actions": two_actions}, params)


def _under(
    rule: str, prior: float, best: list[tuple[float, float]], steps: list[tuple[float, float]]
) -> dict[str, Any]:
    """What happens under one of the rules; the receiver breaks ties for the sender."""
    full = [(belief, share) for belief, share in ((0.0, 1 - prior), (1.0, prior)) if share > 0]
    split = {"optimal": best, "none": [(prior, 1.0)], "full": full}[choice("rule", rule, RULES)]
    split = [(belief, share) for belief, share in split if share > 0]
    names = ["said"] if len(split) == 1 else ["low", "high"]
    taken = [ACTIONS[_step(belief, steps)] for belief, _ in split]
    odds: dict[str, float] = dict.fromkeys(ACTIONS[: len(steps) + 1], 0.0)
    receiver = 0.0
    for action, (belief, share) in zip(taken, split, strict=True):
        odds[action] += share
        receiver += share * sum(belief - needs for needs, _ in steps[: ACTIONS.index(action)])
    return {
        "signals": dict(zip(names, split, strict=True)),
        "strategies": {f"R|{name}": {action: 1.0} for name, action in zip(names, taken, strict=True)},
        "outcomes": odds,
        "eu": {"S": _mean(split, steps), "R": receiver},
    }


def _step(belief: float, steps: list[tuple[float, float]]) -> int:
    return sum(belief >= needs for needs, _ in steps)


def _worth(belief: float, steps: list[tuple[float, float]]) -> float:
    return [0.0, *(worth for _, worth in steps)][_step(belief, steps)]


def _mean(split: list[tuple[float, float]], steps: list[tuple[float, float]]) -> float:
    return sum(share * _worth(belief, steps) for belief, share in split)


MODEL = PublishedModel(
    key="kamenica_gentzkow",
    title="Persuasion by a published rule",
    citation="Kamenica, E. and Gentzkow, M. (2011). Bayesian Persuasion. American Economic Review 101(6), 2590-2615.",
    about=(
        "The judge is the paper's leading example; the receiver with two actions is the standard illustration of the "
        "concave envelope, with numbers chosen here."
    ),
    parameters={
        "prior": "probability of the good state; from 0 to 1",
        "threshold": "one action: posterior from which the receiver acts; from 0 to 1",
        "t1": "two actions: posterior from which it takes the first; above 0, at most 1",
        "v1": "two actions: worth of the first to the sender; at least 0",
        "t2": "two actions: posterior from which it takes the second; above t1, at most 1",
        "v2": "two actions: worth of the second to the sender; at least v1",
        "rule": "the rule that strategies, outcomes and the tree are about: optimal (if nothing is said), none or full",
    },
    closed_form=closed_form,
    example={"prior": 0.3, "threshold": 0.5},
    build=build,
    cases=("kamenica-gentzkow",),
)
