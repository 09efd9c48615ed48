"""Items that somebody could have staged: each is a small signaling game of its own (rule 28)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from detente.axes import Bools, Floats
from detente.case import Case, EvidenceItem, Expression, Staging, array_function
from detente.evidence import DOUBTED, PARTIAL, POOLING, SEPARATING, Likelihood, Staged, Streams, staged
from detente.study.assess_judgments import Row
from detente.study.results_assess import AssessedStaged
from detente.study.type_prior import TypePrior

MOST_CORNERS = 6  # labels up to which every corner of the ranges is tried

_NOTES = {
    DOUBTED: "Seen, it would not be believed, so nobody stages it: it counts as it came about.",
    SEPARATING: "Staging it costs more than being believed is worth, so nobody stages it.",
    POOLING: "Whoever would gain from staging it does, and it is believed all the same.",
    PARTIAL: "It is staged now and then, just so often that seeing it leaves the observer undecided.",
}


@dataclass(frozen=True, eq=False)
class StagedItem:
    """The likelihood of an item that can be staged.

    Attributes:
        row: One likelihood per label, staging counted: at base values, with the ends over draws and corners.
        draws: [draws, types] in every draw.
        answer: What is told about it.
    """

    row: Row
    draws: Floats
    answer: AssessedStaged


def staged_item(
    item: EvidenceItem,
    labels: tuple[str, ...],
    natural: Row,
    prior: TypePrior,
    case: Case,
    theta: Floats,
    seed: int,
) -> StagedItem:
    """Play the game of one item at base values, in every draw, and at the corners of its ranges.

    Args:
        item: The item; it has a `staging`.
        labels: Labels of the type.
        natural: Per label, how likely it is to come about by itself.
        prior: What was thought of the type before any evidence.
        case: The case, whose parameters gains and costs are made of.
        theta: [draws, params] the draws.
        seed: Seed of the band.
    """
    staging = item.staging
    assert staging is not None
    real = np.array([label in staging.real for label in labels], dtype=np.bool_)
    low, point, high = (np.array([getattr(cell, end) for cell in natural]) for end in ("low", "point", "high"))
    share = Streams(seed).rows(f"item\x00{item.id}", 0, len(theta), len(labels))
    base_theta = case.base_theta()[None]
    base = _play(case, staging, labels, real, point, prior.point, base_theta)
    drawn = _play(case, staging, labels, real, low + (high - low) * share, prior.draws, theta)
    corners = _corners(low, point, high)
    ends = _play(case, staging, labels, real, corners, prior.point, np.repeat(base_theta, len(corners), axis=0))
    every = np.concatenate([base.likelihood, drawn.likelihood, ends.likelihood])
    row = tuple(
        Likelihood(float(every[:, k].min()), float(every[:, k].max()), float(base.likelihood[0, k]))
        for k in range(len(labels))
    )
    return StagedItem(row, drawn.likelihood, _answer(item, staging, labels, point, base))


def _play(
    case: Case, staging: Staging, labels: tuple[str, ...], real: Bools, natural: Floats, prior: Floats, theta: Floats
) -> Staged:
    gain, cost = (_amounts(case, given, labels, theta) for given in (staging.gain, staging.cost))
    natural, prior = np.broadcast_to(natural, gain.shape), np.broadcast_to(prior, gain.shape)
    # A draw may reach below what is legal at base values: nobody gains by being believed less, and nothing is free.
    gain, cost = np.maximum(gain, 0.0), np.maximum(cost, 1e-12)
    return staged(natural, prior, real=real, gain=gain, cost=cost, threshold=staging.threshold)


def _amounts(case: Case, given: Mapping[str, Expression], labels: tuple[str, ...], theta: Floats) -> Floats:
    """[draws, types] an amount per label."""
    columns = [array_function(given[label], case.parameter_names)(theta) for label in labels]
    return np.stack([np.broadcast_to(column, len(theta)) for column in columns], axis=1)


def _corners(low: Floats, point: Floats, high: Floats) -> Floats:
    """[corners, types] ends of the ranges in every combination, or all low, all high and the middle for many labels."""
    if len(low) > MOST_CORNERS:
        return np.stack([low, point, high])
    return np.array(list(product(*zip(low, high, strict=True))), dtype=np.float64)


def _answer(
    item: EvidenceItem, staging: Staging, labels: tuple[str, ...], natural: Floats, base: Staged
) -> AssessedStaged:
    return AssessedStaged(
        id=item.id,
        actor=staging.actor,
        kind=base.kind[0],
        natural=dict(zip(labels, natural.tolist(), strict=True)),
        staged=dict(zip(labels, base.stage[0].tolist(), strict=True)),
        believed=float(base.believed[0]),
        note=_NOTES[base.kind[0]],
    )
