"""One guard, several targets, attackers of several types: the best published odds, in exact fractions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from detente.errors import RequestError
from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import number, require
from detente.models.exact_program import maximize, solve
from detente.models.model import ClosedForm

MOST_PROGRAMS = 5_000
"""Most combinations of targets of the types, each a program in fractions."""
MOST_SUPPORTS = 5_000
"""Most pairs of supports looked at for equilibria of simultaneous play."""
ABSTAIN = "none"
Table = tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True)
class _Game:
    """Numbers as fractions: per type its share, rewards and penalties; per target the leader's loss."""

    prior: tuple[Fraction, ...]
    reward: Table
    penalty: Table
    loss: tuple[Fraction, ...]

    @property
    def targets(self) -> int:
        return len(self.loss)

    def attacker(self, kind: int, guard: int, target: int) -> Fraction:
        """Payoff of a type; the last target stands for staying away."""
        if target == self.targets:
            return Fraction(0)
        return self.penalty[kind][target] if guard == target else self.reward[kind][target]

    def leader(self, guard: int, target: int) -> Fraction:
        """Payoff of the leader."""
        return Fraction(0) if target in (guard, self.targets) else self.loss[target]


def build(
    prior: Sequence[float], R: Sequence[Sequence[float]], P: Sequence[Sequence[float]], L: Sequence[float]
) -> BuiltGame:
    """The tree: chance draws the type, the leader guards a target unseen, the attacker picks one or none.

    Args:
        prior: Probability of each type.
        R: Per type, its reward at each target if it is not guarded.
        P: Per type, its payoff at each target if it is.
        L: The leader's payoff at each target if it is attacked unguarded; everything else is worth 0 to it.

    Raises:
        RequestError: A parameter is outside its range.
    """
    game = _checked(prior, R, P, L)
    tree = TreeBuilder("Ld", "Ch")
    names = [*(f"t{target}" for target in range(game.targets)), ABSTAIN]

    def attack(kind: int, guard: int) -> Any:
        ends = {
            name: tree.terminal(
                float(game.leader(guard, target)),
                float(game.attacker(kind, guard, target)),
                outcome=f"d{guard}t{target}type{kind}",
            )
            for target, name in enumerate(names)
        }
        return tree.decision("Ch", f"T{kind}", ends)

    def guards(kind: int) -> Any:
        return tree.decision("Ld", "Ld", {f"d{guard}": attack(kind, guard) for guard in range(game.targets)})

    return tree.build(
        tree.chance({f"type{kind}": (float(share), guards(kind)) for kind, share in enumerate(game.prior)})
    )


def solution(
    prior: Sequence[float], R: Sequence[Sequence[float]], P: Sequence[Sequence[float]], L: Sequence[float]
) -> ClosedForm:
    """The best published odds of guarding each target, by one exact program for each combination of answers.

    Args:
        prior: Probability of each type.
        R: Per type, its reward at each target if it is not guarded.
        P: Per type, its payoff at each target if it is.
        L: The leader's payoff at each target if it is attacked unguarded.

    Returns:
        ``leader`` and ``coverage`` (floats), ``leader_exact`` and ``coverage_exact`` (fractions as text), ``responses``
        (what each type attacks, ties for the leader), ``nash_leader_payoffs`` (of the equilibria of simultaneous
        play on supports of equal size; empty if there are too many supports) and ``value_of_commitment`` (over
        the best of these, None if there are none); strategies, outcomes and values by player.

    Raises:
        RequestError: A parameter is outside its range, or there are too many combinations of answers.
    """
    game = _checked(prior, R, P, L)
    combos = (game.targets + 1) ** len(game.prior)
    require(
        combos <= MOST_PROGRAMS,
        f"{len(game.prior)} types and {game.targets} targets make {combos:,} combinations of answers; the limit of "
        f"the exact solution is {MOST_PROGRAMS:,}. `detente.solvers.optimal_mixed_commitment` has no such limit.",
    )
    best: tuple[Fraction, list[Fraction], tuple[int, ...]] | None = None
    for answers in product(range(game.targets + 1), repeat=len(game.prior)):
        found = _program(game, answers)
        if found is not None and (best is None or found[0] > best[0]):
            best = (*found, answers)
    assert best is not None  # whatever the guard does, every type has a best answer
    value, coverage, answers = best
    names = [*(f"t{target}" for target in range(game.targets)), ABSTAIN]
    nash = _nash_values(game)
    return ClosedForm(
        {
            "leader": float(value),
            "leader_exact": str(value),
            "coverage": [float(item) for item in coverage],
            "coverage_exact": [str(item) for item in coverage],
            "responses": [names[target] for target in answers],
            "nash_leader_payoffs": nash,
            "value_of_commitment": float(value) - max(nash) if nash else None,
            **_as_play(game, coverage, answers, names),
        }
    )


def _as_play(game: _Game, coverage: list[Fraction], answers: tuple[int, ...], names: list[str]) -> dict[str, Any]:
    guards = {f"d{guard}": float(share) for guard, share in enumerate(coverage) if share}
    outcomes = {
        f"d{guard}t{target}type{kind}": float(game.prior[kind] * coverage[guard] * (target == answers[kind]))
        for kind in range(len(game.prior))
        for guard in range(game.targets)
        for target in range(game.targets + 1)
    }
    return {
        "strategies": {"Ld": guards, **{f"T{kind}": {names[target]: 1.0} for kind, target in enumerate(answers)}},
        "outcomes": outcomes,
        "eu": {
            "Ld": float(_leader_value(game, coverage, answers)),
            "Ch": float(
                sum(
                    game.prior[kind] * coverage[guard] * game.attacker(kind, guard, target)
                    for kind, target in enumerate(answers)
                    for guard in range(game.targets)
                )
            ),
        },
    }


def _leader_value(game: _Game, coverage: Sequence[Fraction], answers: Sequence[int]) -> Fraction:
    total = Fraction(0)
    for kind, target in enumerate(answers):
        total += game.prior[kind] * sum(
            (coverage[guard] * game.leader(guard, target) for guard in range(game.targets)), Fraction(0)
        )
    return total


def _program(game: _Game, answers: tuple[int, ...]) -> tuple[Fraction, list[Fraction]] | None:
    """The best odds to which the answers are best answers, with the leader's value; None if there are none."""
    guards = range(game.targets)
    one = Fraction(1)
    rows: list[list[Fraction]] = [[one for _ in guards], [-one for _ in guards]]
    limits = [one, -one]
    for kind, target in enumerate(answers):
        for other in range(game.targets + 1):
            if other != target:
                rows.append([game.attacker(kind, g, other) - game.attacker(kind, g, target) for g in guards])
                limits.append(Fraction(0))
    objective = [
        sum((game.prior[kind] * game.leader(g, target) for kind, target in enumerate(answers)), Fraction(0))
        for g in guards
    ]
    point = maximize(objective, rows, limits)
    return None if point is None else (_leader_value(game, point, answers), point)


# --------------------------------------------------------------------------- simultaneous play
def _nash_values(game: _Game) -> list[float]:
    """Distinct values of the leader over equilibria of the normal form on supports of equal size."""
    plans = list(product(range(game.targets + 1), repeat=len(game.prior)))
    sizes = range(1, game.targets + 1)
    if sum(math.comb(game.targets, k) * math.comb(len(plans), k) for k in sizes) > MOST_SUPPORTS:
        return []
    own = [[_leader_value(game, _sure(game, g), plan) for plan in plans] for g in range(game.targets)]
    theirs = [
        [sum((game.prior[k] * game.attacker(k, g, t) for k, t in enumerate(plan)), Fraction(0)) for plan in plans]
        for g in range(game.targets)
    ]
    found: set[Fraction] = set()
    for size in sizes:
        for guards in combinations(range(game.targets), size):
            for answers in combinations(range(len(plans)), size):
                value = _on_support(own, theirs, guards, answers)
                if value is not None:
                    found.add(value)
    return sorted(float(value) for value in found)


def _sure(game: _Game, guard: int) -> list[Fraction]:
    return [Fraction(int(g == guard)) for g in range(game.targets)]


def _on_support(
    own: list[list[Fraction]], theirs: list[list[Fraction]], guards: tuple[int, ...], answers: tuple[int, ...]
) -> Fraction | None:
    """The leader's value in the equilibrium on these supports; None if there is none."""
    attack = _indifferent([[own[g][j] for j in answers] for g in guards])
    if attack is None or any(sum(own[g][j] * p for j, p in zip(answers, attack[:-1], strict=True)) > attack[-1] for g in
                             range(len(own))):  # fmt: skip
        return None
    guard = _indifferent([[theirs[g][j] for g in guards] for j in answers])
    if guard is None or any(sum(theirs[g][j] * p for g, p in zip(guards, guard[:-1], strict=True)) > guard[-1] for j in
                            range(len(own[0]))):  # fmt: skip
        return None
    return attack[-1]


def _indifferent(table: list[list[Fraction]]) -> list[Fraction] | None:
    """Odds of the columns that make all rows worth the same, and that worth; None if they are no odds."""
    size = len(table)
    rows = [[*row, Fraction(-1)] for row in table] + [[Fraction(1)] * size + [Fraction(0)]]
    found = solve(rows, [Fraction(0)] * size + [Fraction(1)])
    return None if found is None or min(found[:-1]) < 0 else found


# --------------------------------------------------------------------------- parameters
def _checked(
    prior: Sequence[float], R: Sequence[Sequence[float]], P: Sequence[Sequence[float]], L: Sequence[float]
) -> _Game:
    try:
        sizes = {len(row) for row in (*R, *P)} | {len(L)}
        kinds = {len(prior), len(R), len(P)}
    except TypeError as error:
        raise RequestError("prior and L have to be lists, R and P lists of one list for each type.") from error
    require(len(sizes) == 1 and min(sizes) >= 1, "R and P need one entry for each target of L in every row.")
    require(len(kinds) == 1 and min(kinds) >= 1, "prior, R and P need one entry for each type.")
    shares = tuple(_exact(f"prior[{k}]", share, 0.0) for k, share in enumerate(prior))
    total = sum(shares, Fraction(0))
    require(abs(total - 1) <= Fraction(1, 10**9), f"the prior sums to {float(total):g}, not to 1.")
    return _Game(
        tuple(share / total for share in shares),
        tuple(tuple(_exact(f"R[{k}][{j}]", item, 0.0) for j, item in enumerate(row)) for k, row in enumerate(R)),
        tuple(tuple(_exact(f"P[{k}][{j}]", item, high=0.0) for j, item in enumerate(row)) for k, row in enumerate(P)),
        tuple(_exact(f"L[{j}]", item, high=0.0) for j, item in enumerate(L)),
    )


def _exact(name: str, value: float, low: float = -math.inf, high: float = math.inf) -> Fraction:
    """The number as it is written: 0.6 is three fifths."""
    if isinstance(value, Fraction):
        return value
    return Fraction(str(number(name, value, low, high)))
