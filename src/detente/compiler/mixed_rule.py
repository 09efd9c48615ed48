"""A posture whose rule is mixed and has been found: the decisions it binds are moves of chance with its odds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from detente.axes import Floats, Ints
from detente.compiler.compiled import CommittedNode, CompiledPosture
from detente.compiler.problems import finding
from detente.errors import CaseError, RequestError
from detente.game import CommittedGame, GameNumbers, InfosetLabel, commit_sets, real_choices
from detente.solvers import why_not


@dataclass(frozen=True, eq=False)
class RuledPosture(CompiledPosture):
    """A compiled posture in which the open decisions follow a rule.

    Everything else is as in the posture with its decisions left open: the same nodes in the same order.

    Attributes:
        ruled: The game with the decisions open, and the game under the rule.
        rule_labels: The information sets under the rule.
        rule_edges: [rule sets] first edge of each among the rule's chance edges.
        odds: [draws, rule edges] probabilities; one row serves any number of draws.
    """

    ruled: CommittedGame
    rule_labels: tuple[InfosetLabel, ...]
    rule_edges: Ints
    odds: Floats

    def numbers(self, theta: Floats, priors: Mapping[str, Floats] | None = None) -> GameNumbers:
        """Payoffs and chance probabilities, those of the rule included; see `CompiledPosture.numbers`.

        Raises:
            RequestError: The rule was found for another number of draws.
        """
        plain = super().numbers(theta, priors)
        draws = plain.num_draws
        if len(self.odds) not in (1, draws):
            raise RequestError(f"the rule was found for {len(self.odds)} draws, and cannot serve {draws} others")
        odds = np.broadcast_to(self.odds, (draws, self.odds.shape[1]))
        judged = plain.judged_chance
        return GameNumbers(
            plain.payoff,
            np.concatenate([plain.chance, odds], axis=1),
            None if judged is None else np.concatenate([judged, odds], axis=1),
        )

    def of_draws(self, rows: Ints) -> RuledPosture:
        """The same posture with the rule of some of the draws; one rule for all stays as it is."""
        return self if len(self.odds) == 1 else replace(self, odds=self.odds[rows])

    def rule(self, draw: int = 0) -> list[tuple[InfosetLabel, dict[str, float]]]:
        """What is published: the odds of each option, at each information set under the rule."""
        found: list[tuple[InfosetLabel, dict[str, float]]] = []
        for label, first in zip(self.rule_labels, self.rule_edges.tolist(), strict=True):
            shares = self.odds[draw, first : first + len(label.options)].tolist()
            found.append((label, dict(zip(label.options, shares, strict=True))))
        return found

    @cached_property
    def rule_rows(self) -> Mapping[tuple[str, tuple[tuple[str, str], ...]], Floats]:
        """(decision, what its mover sees) -> [draws, options] published odds."""
        return {
            (label.decision, label.sees): self.odds[:, first : first + len(label.options)]
            for label, first in zip(self.rule_labels, self.rule_edges.tolist(), strict=True)
        }


def open_sets(compiled: CompiledPosture) -> Ints:
    """Information sets of the decisions for which a rule is to be found."""
    chosen = [k for k, label in enumerate(compiled.infoset_labels) if label.decision in compiled.open_decisions]
    return np.array(chosen, dtype=np.int32)


def check_mixed(compiled: CompiledPosture) -> None:
    """Refuse a posture for which the best mixed rule cannot be found, at base values.

    Args:
        compiled: The posture with its open decisions left open.

    Raises:
        CaseError: Code C308: why, and the way out.
    """
    owner = compiled.shape.players.index(compiled.posture.owner)
    chosen = open_sets(compiled)
    numbers = compiled.numbers(compiled.case.base_theta()[None, :])
    why = why_not(compiled.shape, owner, chosen, numbers)
    if not why:
        return
    names = ", ".join(f"'{name}'" for name in compiled.open_decisions)
    elsewhere = dict.fromkeys(
        label.decision
        for k, label in enumerate(compiled.infoset_labels)
        if label.player == compiled.posture.owner and k not in chosen and real_choices(compiled.shape)[k]
    )
    hint = "Write out a rule, or let `optimal` try the pure ones."
    if elsewhere:
        listed = ", ".join(f"'{name}'" for name in elsewhere)
        hint = f"Bind {listed} as well: `optimal mixed`, or a rule of its own."
    message = f"posture '{compiled.posture.name}': the best mixed rule for {names} cannot be found, because {why}"
    span = compiled.posture.commit[compiled.open_decisions[0]].span
    raise CaseError([finding(compiled.case, "C308", message, span, hint)])


def under_rule(compiled: CompiledPosture, odds: Floats, game: CommittedGame | None = None) -> RuledPosture:
    """A posture with the rule for its open decisions filled in.

    Args:
        compiled: The posture with those decisions left open.
        odds: [draws, rule edges] odds of the branches of every ruled node, node after node, as
            `CommittedGame.ruled` lists them.
        game: From `commit_sets`, if it is at hand.
    """
    game = game or commit_sets(compiled.shape, open_sets(compiled))
    sets = open_sets(compiled)
    first: list[int] = []
    edges = [int(action) for action in game.ruled]
    for number in sets:
        first.append(edges.index(int(compiled.shape.action_start[int(number)])))
    found: list[CommittedNode] = []
    for number in sets:
        label = compiled.infoset_labels[int(number)]
        nodes = compiled.shape.members[int(number)]
        found += [CommittedNode(int(node), label.decision, label.sees) for node in nodes]
    changed: dict[str, Any] = {item.name: getattr(compiled, item.name) for item in fields(CompiledPosture)}
    changed |= {
        "shape": game.shape,
        "infoset_labels": tuple(compiled.infoset_labels[int(number)] for number in game.sets),
        "infoset_nodes": compiled.infoset_nodes[game.sets],
        "committed": (*compiled.committed, *sorted(found, key=lambda item: item.node)),
        "open_decisions": (),
    }
    return RuledPosture(
        **changed,
        ruled=game,
        rule_labels=tuple(compiled.infoset_labels[int(number)] for number in sets),
        rule_edges=np.array(first, dtype=np.int32),
        odds=odds,
    )


def same_rule(compiled: CompiledPosture, kept: RuledPosture) -> RuledPosture:
    """The rule of one posture in the tree of another that has the same histories, such as with other sight.

    Raises:
        RequestError: Its histories are others.
    """
    shape, known = compiled.shape, kept.shape
    if shape.num_nodes != known.num_nodes or (shape.parent != known.parent).any():
        raise RequestError(f"posture '{compiled.posture.name}': the histories are not those the rule was found for")
    return under_rule(compiled, kept.odds)
