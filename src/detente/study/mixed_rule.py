"""A posture with the best mixed rule, found per world: the rule is published, and answered in the best way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from detente.axes import Floats
from detente.compiler import RuledPosture, under_rule
from detente.game import CommitmentCertificate, certify_commitment
from detente.solvers import BatchSolution, MixedCommitment, optimal_mixed_commitment
from detente.study.games import Game, Solved, SolveOptions, Tally, distinct_rows
from detente.study.played import Part, Played

FEW = 2
"""In so few worlds the value without help from ties is found as well."""


def play_mixed_rule(
    game: Game,
    theta: Floats,
    scale: Floats,
    options: SolveOptions,
    tally: Tally,
    priors: Mapping[str, Floats] | None = None,
) -> Played:
    """The best mixed rule of a posture in a batch of worlds.

    Args:
        game: The posture with its decisions to be bound left open.
        theta: [draws, params] the worlds.
        scale: [draws, players] payoff ranges.
        options: Threads and stop.
        tally: Where the certificates are counted.
        priors: Replacement priors of some types, [draws, labels] each.

    Returns:
        Certified where the others' answer is a sequential best response and no rule can do better.
    """
    beliefs = [item for _, item in sorted((priors or {}).items())]
    key = [game.compiled.theta(theta)[:, game.columns], scale, *beliefs]
    first, inverse = distinct_rows(np.column_stack(key))
    chosen = {name: rows[first] for name, rows in priors.items()} if priors else None
    numbers = game.compiled.numbers(theta[first], chosen)
    found = optimal_mixed_commitment(
        game.compiled.shape, numbers, game.owner, strict=len(first) <= FEW, stop=options.stop
    )
    judged = certify_commitment(found.game, numbers, found.strategy, game.owner, found.bound, scale[first])
    ruled = under_rule(game.compiled, found.strategy[:, found.game.ruled], found.game)
    known = Game(game.case, ruled, game.owner, game.columns)
    solution = BatchSolution(found.assessment, found.status, found.programs, np.full(len(first), np.inf))
    tally.add(solution, judged.play)
    solved = Solved(
        known, found.game.numbers(numbers, found.strategy), found.assessment, judged.play, inverse, found.status
    )
    entries = [_entry(ruled, found, judged, row) for row in range(len(first))]
    return Played(
        game.compiled.posture.name,
        len(theta),
        (Part(solved, np.arange(len(theta), dtype=np.int32), np.ones(len(theta))),),
        judged.optimal[inverse],
        tuple(entries[int(row)] for row in inverse),
    )


def _entry(ruled: RuledPosture, found: MixedCommitment, judged: CommitmentCertificate, row: int) -> dict[str, Any]:
    strict = float(found.strict_value[row])
    return {
        "rule": [
            {"decision": label.decision, "sees": dict(label.sees), "odds": odds} for label, odds in ruled.rule(row)
        ],
        "mixed": True,
        "certificate": judged.kinds[row],
        "bound": float(judged.bound[row]),
        "tie_for_owner": bool(judged.favors[row]),
        "strict_value": None if np.isnan(strict) else strict,
        "programs": int(found.programs[row]),
    }


def rule_notes(found: Mapping[str, Any], value: float) -> list[str]:
    """What is to be known about the best mixed rule: the bound it meets, and whose way ties go.

    Args:
        found: What `optimal` came out as.
        value: What the rule is worth to the owner.
    """
    proof = {
        "optimal": f"No rule is worth more to the owner than {found['bound']:.6g}, and this one is worth {value:.6g}.",
        "answered": f"Rules worth up to {found['bound']:.6g} to the owner have not been ruled out; this one is worth "
        f"{value:.6g}.",
        "unsettled": "The answer to this rule could not be certified.",
    }
    notes = [proof[found["certificate"]]]
    if found["tie_for_owner"]:
        strict = found["strict_value"]
        if strict is None:
            rest = "No rule makes such an answer strictly best."
        else:
            near = "the same value" if abs(strict - value) <= 1e-9 * max(1.0, abs(value)) else f"{strict:.6g}"
            rest = f"Rules to which the answer is strictly best come as close as wanted to {near}."
        notes.append(f"Somebody is indifferent at this rule, and the tie is broken for the owner. {rest}")
    return notes
