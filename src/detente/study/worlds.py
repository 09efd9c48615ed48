"""Every posture of a case in any number of worlds: compiled once, solved in batches.

A world is one vector of parameter values. The same worlds are used for every posture, and each
posture's payoffs are divided by each actor's range over all postures of that world (rule 11).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from detente.axes import Floats, Ints
from detente.case import Case, Posture
from detente.compiler import CompiledPosture, PureRule, check_mixed, compile_posture, play_ranges, pure_rules
from detente.errors import RequestError
from detente.solvers import best_rules
from detente.study.continuation import solve_line
from detente.study.disclose import best_disclosure, optimal_type
from detente.study.games import Game, SolveOptions, Tally
from detente.study.mixed_rule import play_mixed_rule
from detente.study.played import Part, Played

if TYPE_CHECKING:
    from detente.study.given import Given

TIE = 1e-6
"""Values closer than this share of the owner's payoff range are tied (rule 14)."""

WORK_PER_BATCH = 1_500_000
"""Nodes times draws solved in one batch: bounds memory."""


class Worlds:
    """The postures of a case, ready to be played in any world.

    Args:
        case: The case.
        postures: Names of the postures asked about; default all. Ranges are over all postures anyway.
        options: Threads and stop.
        limit: Most nodes a tree may have.
        searched: Postures of which the rules of an `optimal` commitment are needed; default those asked about.
        given: What has been observed: play goes on from there. Payoff ranges stay those of the whole game.
    """

    def __init__(
        self,
        case: Case,
        postures: Sequence[str] | None = None,
        options: SolveOptions | None = None,
        limit: int = 200_000,
        searched: frozenset[str] | None = None,
        given: Given | None = None,
    ):
        self.case = case
        self.options = options or SolveOptions()
        self.limit = limit
        self.tally = Tally()
        self.postures = tuple(case.posture(name) for name in dict.fromkeys(postures or case.posture_names))
        self.searched = frozenset(posture.name for posture in self.postures) if searched is None else searched
        self.owner = self.players.index(self.postures[0].owner)
        self.given = given
        whole = None if given is None else Worlds(case, None, self.options, limit, frozenset())
        self.observed = None if given is None or whole is None else given.observed(whole)
        self._games: dict[tuple[str, bool], Game] = {}
        self._rules: dict[str, tuple[tuple[PureRule, Game], ...]] = {}

    def keep(self, names: Sequence[str]) -> None:
        """Leave out all postures but some."""
        self.postures = tuple(posture for posture in self.postures if posture.name in names)
        self.searched &= frozenset(names)

    @property
    def players(self) -> tuple[str, ...]:
        """Ids of the actors, in the order of every players axis."""
        return self.case.actor_ids

    def game(self, posture: Posture, *, full_information: bool = False) -> Game:
        """The game of a posture, compiled once; decisions with an `optimal` rule are left open in it."""
        key = (posture.name, full_information)
        known = self._games.get(key)
        if known is None or known.compiled.posture is not posture:
            compiled = self.compiled(posture, full_information=full_information)
            known = self._games[key] = self.game_of(compiled)
        return known

    def compiled(
        self, posture: Posture, *, rule: PureRule | None = None, full_information: bool = False
    ) -> CompiledPosture:
        """A posture, or a change of one, compiled from where play goes on."""
        past = None if self.observed is None else self.observed.past
        return compile_posture(
            self.case, posture, limit=self.limit, rule=rule, full_information=full_information, past=past
        )

    def game_of(self, compiled: CompiledPosture) -> Game:
        """A compiled posture as a game; what the past rests on enters its numbers, too."""
        game = Game.of(self.case, compiled)
        if self.observed is None:
            return game
        behind = np.array(self.observed.past.uses, dtype=np.int32) + len(self.case.parameters)
        return replace(game, columns=np.concatenate([game.columns, behind]))

    def rules(self, posture: Posture) -> tuple[tuple[PureRule, Game], ...]:
        """Every pure rule of an `optimal` commitment with its game."""
        if posture.name not in self._rules:
            self._rules[posture.name] = tuple(
                (rule, self.game_of(self.compiled(posture, rule=rule)))
                for rule in pure_rules(self.case, posture, past=None if self.observed is None else self.observed.past)
            )
        return self._rules[posture.name]

    def compile_all(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Compile every posture of the case, so that problems show before anything is solved."""
        for done, posture in enumerate(self.case.postures):
            if self.observed is not None:
                self.observed.whole.game(posture)
                if posture not in self.postures:
                    continue
            self.game(posture)
            if posture.mixed:
                check_mixed(self.game(posture).compiled)
            elif posture.name in self.searched and any(item.optimal for item in posture.commit.values()):
                self.rules(posture)
            if progress is not None:
                progress(done + 1, len(self.case.postures))

    def scale(self, theta: Floats) -> Floats:
        """[draws, players] each actor's payoff range over all postures; 1 where it is zero."""
        if self.observed is not None:
            return self.observed.whole.scale(theta)
        spread = play_ranges([self.game(posture).compiled for posture in self.case.postures], theta)
        return np.where(np.isfinite(spread) & (spread > 0), spread, 1.0)

    def batch(self) -> int:
        """Draws that are comfortable to handle at once."""
        if self.observed is not None:
            return self.observed.whole.batch()
        largest = max(self.game(posture).compiled.shape.num_nodes for posture in self.case.postures)
        return int(np.clip(WORK_PER_BATCH // max(1, largest), 8, 512))

    def play(
        self,
        posture: Posture,
        theta: Floats,
        scale: Floats,
        priors: Mapping[str, Floats] | None = None,
        lines: Ints | None = None,
        pivot: Floats | None = None,
        silent: Played | None = None,
    ) -> Played:
        """A posture in a batch of worlds.

        Args:
            posture: The posture.
            theta: [draws, params] the worlds.
            scale: [draws, players] payoff ranges from `scale`.
            priors: Replacement priors of some types, [draws, labels] each.
            lines: [draws] the line each world lies on, in order: some of each line are solved from scratch and
                the others by certified continuation where that leaves no doubt. None solves all.
            pivot: [draws] the owner's best value under other postures: what cannot change which is best is
                found to 1e-3 of the payoff range only.
            silent: What the posture comes to in these worlds if it discloses nothing it could choose to.

        Returns:
            What it comes to in each world; `optimal` parts are found per world.
        """
        if self.observed is None:
            return self._play(posture, theta, scale, priors, lines, pivot, silent)
        self.observed.whole.options = self.options
        played = self._play(posture, theta, scale, priors, lines, pivot, silent)
        return replace(played, certified=played.certified & self.observed.known(theta))

    def _play(
        self,
        posture: Posture,
        theta: Floats,
        scale: Floats,
        priors: Mapping[str, Floats] | None,
        lines: Ints | None,
        pivot: Floats | None,
        silent: Played | None,
    ) -> Played:
        if posture.mixed:
            return play_mixed_rule(self.game(posture), theta, scale, self.options, self.tally, priors)
        if not any(item.optimal for item in posture.commit.values()):
            return self._play_game(posture, self.game(posture), theta, scale, priors, lines, pivot, silent)
        return self._play_best_rule(posture, theta, scale, priors, lines)

    def _play_game(
        self,
        posture: Posture,
        game: Game,
        theta: Floats,
        scale: Floats,
        priors: Mapping[str, Floats] | None,
        lines: Ints | None = None,
        pivot: Floats | None = None,
        silent: Played | None = None,
    ) -> Played:
        type_name = optimal_type(self.case, posture)
        if type_name is not None:
            if priors is not None and type_name in priors:
                raise RequestError(f"posture '{posture.name}' finds the best disclosure of {type_name} itself")
            return best_disclosure(game, type_name, theta, scale, self.options, self.tally, lines, pivot, silent)
        if lines is not None and priors is None:
            parts = solve_line(game, theta, scale, self.options, self.tally, lines)
            certified = np.zeros(len(theta), dtype=np.bool_)
            for part in parts:
                certified[part.rows] = part.solved.certified
            return Played(posture.name, len(theta), parts, certified)
        solved = game.solve(theta, scale, self.options, self.tally, priors)
        part = Part(solved, np.arange(len(theta), dtype=np.int32), np.ones(len(theta)))
        return Played(posture.name, len(theta), (part,), solved.certified)

    def _play_best_rule(
        self,
        posture: Posture,
        theta: Floats,
        scale: Floats,
        priors: Mapping[str, Floats] | None,
        lines: Ints | None,
    ) -> Played:
        """Try every pure rule and keep, per world, the one with the best value to the owner."""
        rules = self.rules(posture)
        values = np.empty((len(rules), len(theta)))
        certified = np.empty((len(rules), len(theta)), dtype=np.bool_)
        for k, (_, game) in enumerate(rules):
            played = self._play_game(posture, game, theta, scale, priors, lines)
            values[k], certified[k] = played.value(game.owner), played.certified
        owner = rules[0][1].owner
        best = best_rules(values, certified, TIE * scale[:, owner])
        parts: list[Part] = []
        found: list[dict[str, object]] = [{} for _ in range(len(theta))]
        settled = best.settled.copy()
        for k in np.unique(best.choice):
            rows = np.flatnonzero(best.choice == k).astype(np.int32)
            rule, game = rules[int(k)]
            chosen = None if priors is None else {name: item[rows] for name, item in priors.items()}
            played = self._play_game(posture, game, theta[rows], scale[rows], chosen)
            parts += [Part(part.solved, rows[part.rows], part.weight, part.probe) for part in played.parts]
            settled[rows] &= played.certified
            for i, row in enumerate(rows):
                extra = played.optimal[i] if played.optimal else {}
                found[row] = {"rule": rule_text(rule), "tied_rules": int(best.tied[:, row].sum()), **extra}
        return Played(posture.name, len(theta), tuple(parts), settled, tuple(found))


def rule_text(rule: PureRule) -> list[dict[str, object]]:
    """A pure rule as data: what the owner does at each decision, given what it sees."""
    return [{"decision": decision, "sees": dict(sees), "option": option} for (decision, sees), option in rule.items()]


def rows_of(total: int, size: int) -> list[Ints]:
    """Consecutive rows in batches of at most `size`."""
    return [np.arange(low, min(low + size, total), dtype=np.int32) for low in range(0, total, size)]
