"""Two compiled shapes of one posture: with its commitments kept, and with its owner free to break them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from detente.axes import Floats, Ints
from detente.case import resolve
from detente.compiler.chance import WeightRow
from detente.compiler.compiled import CompiledPosture
from detente.compiler.mixed_rule import RuledPosture
from detente.game import InfosetLabel

UNMATCHED = -1

ActionName = tuple[str, str, tuple[tuple[str, str], ...], str]


def action_names(compiled: CompiledPosture) -> list[ActionName]:
    """(player, decision, what the mover sees, option) of each action; no two are the same."""
    return [
        (label.player, label.decision, label.sees, option)
        for label in compiled.infoset_labels
        for option in label.options
    ]


def match_actions(free: CompiledPosture, kept: CompiledPosture) -> Ints:
    """For each action of one shape, the action of the other that is the same choice in the same situation.

    Args:
        free: The shape to be filled, such as the one compiled with ``free_owner=True``.
        kept: The shape that has a strategy.

    Returns:
        [actions of `free`] action of `kept`, ``UNMATCHED`` (-1) where it has no such information set: the
        owner's committed decisions, and what others only see after a commitment was broken.
    """
    numbers = {name: number for number, name in enumerate(action_names(kept))}
    return np.array([numbers.get(name, UNMATCHED) for name in action_names(free)], dtype=np.int32)


def carry_strategy(kept: CompiledPosture, free: CompiledPosture, theta: Floats, strategy: Floats) -> Floats:
    """A strategy profile found with the commitments kept, written on the shape in which the owner is free.

    Args:
        kept: The posture as compiled (with the same `rule`, if it has one).
        free: The same posture compiled with ``free_owner=True``.
        theta: [draws, params] parameters, before the posture's `set`.
        strategy: [draws, actions of `kept`] the profile.

    Returns:
        [draws, actions of `free`] the same play: published rules stand at the decisions they bind.
        Situations that arise only once a commitment has been visibly broken hold NaN, since nothing
        has been said about play there.
    """
    matched = match_actions(free, kept)
    carried = np.full((len(strategy), len(matched)), np.nan)
    known = matched != UNMATCHED
    carried[:, known] = strategy[:, matched[known]]
    changed = kept.theta(theta)
    for infoset, label in enumerate(free.infoset_labels):
        if label.decision in kept.posture.commit:
            start, stop = free.shape.action_start[infoset : infoset + 2]
            if isinstance(kept, RuledPosture) and (label.decision, label.sees) in kept.rule_rows:
                carried[:, start:stop] = kept.rule_rows[label.decision, label.sees]
                continue
            rule = _published(kept, free, infoset, label)
            if rule is not None:
                carried[:, start:stop] = _shares(kept, rule, label, changed)
    return carried


_Rule: TypeAlias = "WeightRow | int"
"""A published rule at one information set: weights of the decision's options, or the option of a pure rule."""


def _shares(kept: CompiledPosture, rule: _Rule, label: InfosetLabel, theta: Floats) -> Floats:
    """[draws, options offered] probabilities; NaN if the rule rests on an option that is not offered."""
    options = kept.case.decision(label.decision).options
    if isinstance(rule, int):
        shares = np.zeros((1, len(options)))
        shares[:, rule] = 1.0
    else:
        shares = rule.shares(kept.case, theta)
    offered = shares[:, [options.index(option) for option in label.options]]
    complete = np.isclose(offered.sum(axis=1, keepdims=True), 1.0)
    return np.where(complete, offered, np.nan)


def _published(kept: CompiledPosture, free: CompiledPosture, infoset: int, label: InfosetLabel) -> _Rule | None:
    """What the published rule says at an information set of the free shape, None if it says nothing there."""
    commitment = kept.posture.commit[label.decision]
    options = kept.case.decision(label.decision).options
    if commitment.optimal:
        option = (kept.plan.settings.rule or {}).get((label.decision, label.sees))
        return None if option is None else options.index(option)
    history = free.node_history(int(free.infoset_nodes[infoset]))
    weights = commitment.table.get(tuple(history[name] or "none" for name in commitment.by))
    if weights is None:
        return None
    resolved = tuple(None if weight is None else resolve(weight, history) for weight in weights)
    return WeightRow(f"'{label.decision}'", options, resolved)
