"""A slow, plain interpreter of cases: one history at a time, straight from the rules of the language.

It shares nothing with the compiler but the meaning of expressions, and is the judge of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from detente.case import Case, Decision, Event, Posture, Reveal, array_function, holds, resolve

History = dict[str, str | None]
Seen = tuple[tuple[int, str, str], ...]


class Unseen(Exception):
    """Rule 3 is broken: what a mover may do rests on something it has not seen."""


class Impossible(Exception):
    """A decision without options, or a rule for an option that is not offered."""


@dataclass(frozen=True)
class End:
    """One end of the game.

    Attributes:
        history: Labels of all variables.
        chance: Probability that chance contributes.
        moves: (player, decision, what it saw, option) of the real choices on the way.
        payoff: Per player.
    """

    history: History
    chance: float
    moves: tuple[tuple[str, str, Seen, str], ...]
    payoff: tuple[float, ...]


@dataclass
class Interpreter:
    case: Case
    posture: Posture
    everything_seen: bool = False
    ends: list[End] = field(default_factory=list)
    menus: dict[tuple[int, Seen], set[tuple[str, ...]]] = field(default_factory=dict)

    def run(self) -> list[End]:
        theta = self.case.base_theta()
        self.theta = theta.copy()
        for name, expression in self.posture.set.items():
            self.theta[self.case.parameter_index(name)] = self.number(expression, theta)
        for profile, chance in self.profiles():
            seen = {actor.id: self.known_types(actor.id, profile) for actor in self.case.actors}
            self.play(0, dict(profile), chance, seen, ())
        if any(len(menu) > 1 for menu in self.menus.values()):
            raise Unseen
        return self.ends

    def number(self, expression, theta=None) -> float:
        theta = self.theta if theta is None else theta
        return float(array_function(expression, self.case.parameter_names)(theta[np.newaxis])[0])

    def distribution(self, weights, history: History) -> list[float]:
        values = [None if item is None else self.number(resolve(item, history)) for item in weights]
        rest = 1.0 - sum(item for item in values if item is not None)
        filled = [rest if item is None else item for item in values]
        filled = [0.0 if abs(item) < 1e-12 else item for item in filled]
        return [item / sum(filled) for item in filled]

    def profiles(self) -> list[tuple[dict[str, str], float]]:
        """Type profiles that the prior, or the owner's own judgment, holds possible."""
        found: list[tuple[dict[str, str], float, float]] = [({}, 1.0, 1.0)]
        joined = {name for joint in self.case.joints for name in joint.types}
        for joint in self.case.joints:
            shares = self.distribution([weight for _, weight in joint.rows], {})
            rows = [
                (dict(zip(joint.types, row, strict=True)), p) for (row, _), p in zip(joint.rows, shares, strict=True)
            ]
            found = [({**a, **b}, p * q, r * q) for a, p, r in found for b, q in rows]
        for item in self.case.types:
            if item.name not in joined:
                shares = self.distribution(item.weights, {})
                own = shares if item.judged is None else self.distribution(item.judged, {})
                rows = list(zip(item.labels, shares, own, strict=True))
                found = [({**a, item.name: label}, p * q, r * s) for a, p, r in found for label, q, s in rows if q or s]
        order = [item.name for item in self.case.types]
        return [({name: profile[name] for name in order}, chance) for profile, chance, _ in found]

    def known_types(self, actor: str, profile: dict[str, str]) -> Seen:
        return tuple(
            (-1, item.name, profile[item.name])
            for item in self.case.types
            if self.everything_seen or item.actor == actor or actor in self.posture.disclose.get(item.name, frozenset())
        )

    def play(self, position: int, history: History, chance: float, seen: dict[str, Seen], moves) -> None:
        if position == len(self.case.timeline):
            self.end(history, chance, moves)
            return
        entry = self.case.timeline[position]
        if isinstance(entry, Reveal):
            if entry.when is None or holds(entry.when, history):
                seen = self.shown(seen, position, entry.variable, history, entry.to)
            self.play(position + 1, history, chance, seen, moves)
            return
        happens = entry.when is None or holds(entry.when, history)
        for label, probability, chosen in self.branches(entry, position, history, seen, happens):
            after = {**history, entry.name: label}
            made = (*moves, (entry.actor, entry.name, self.sight(seen, entry.actor), label)) if chosen else moves
            if label is not None and label in entry.ends:
                self.end(after, chance * probability, made)
            else:
                self.play(position + 1, after, chance * probability, self.told(position, after, seen), made)

    def sight(self, seen: dict[str, Seen], actor: str) -> Seen:
        return seen[actor]

    def branches(self, entry, position: int, history: History, seen: dict[str, Seen], happens: bool):
        """(label, chance probability, whether it is a real choice of a player)."""
        menu: tuple = ()
        found: list[tuple[str | None, float, bool]] = [(None, 1.0, False)]
        if isinstance(entry, Event) and happens:
            row = entry.table[tuple(history[name] or "none" for name in entry.given)]
            odds = self.distribution(row, history)
            found = [(label, p, False) for label, p in zip(entry.options, odds, strict=True) if p > 0]
        if isinstance(entry, Decision):
            if happens:
                menu, found = self.decide(entry, history)
            self.menus.setdefault((position, self.sight(seen, entry.actor)), set()).add(menu)
        return found

    def decide(self, entry: Decision, history: History):
        allowed = self.posture.allow.get(entry.name, entry.options)
        offered = [
            option
            for option in entry.options
            if option in allowed and (option not in entry.offered or holds(entry.offered[option], history))
        ]
        if not offered:
            raise Impossible
        commitment = self.posture.commit.get(entry.name)
        if commitment is None:
            return tuple(offered), [(option, 1.0, len(offered) > 1) for option in offered]
        row = commitment.table[tuple(history[name] or "none" for name in commitment.by)]
        odds = self.distribution(row, history)
        found = [(label, p, False) for label, p in zip(entry.options, odds, strict=True) if p > 0]
        if any(label not in offered for label, _, _ in found):
            raise Impossible
        return tuple(str(item) for item in row), found

    def told(self, position: int, history: History, seen: dict[str, Seen]) -> dict[str, Seen]:
        """What everybody has seen once the entry at a position is settled; votes are shown when all are cast."""
        entry = self.case.timeline[position]
        if not isinstance(entry, Decision) or entry.ballot is None:
            return self.shown(seen, position, entry.name, history, self.audience(entry))
        seen = self.shown(seen, position, entry.name, history, frozenset({entry.actor}))
        after = self.case.timeline[position + 1 : position + 2]
        if after and isinstance(after[0], Decision) and after[0].ballot == entry.ballot:
            return seen
        for vote in self.case.decisions:
            if vote.ballot == entry.ballot:
                seen = self.shown(seen, position, vote.name, history, self.audience(vote))
        return seen

    def audience(self, entry) -> frozenset[str]:
        if self.everything_seen:
            return frozenset(actor.id for actor in self.case.actors)
        own = {entry.actor} if isinstance(entry, Decision) else set()
        return frozenset(self.posture.disclose.get(entry.name, entry.seen_by) | own)

    def shown(self, seen, position: int, variable: str, history: History, to) -> dict[str, Seen]:
        item = (position, variable, history[variable] or "none")
        return {
            actor: known if actor not in to or any(name == variable for _, name, _ in known) else (*known, item)
            for actor, known in seen.items()
        }

    def end(self, history: History, chance: float, moves) -> None:
        names = self.case.variables
        full = {name: history.get(name) for name in names}
        payoff = dict.fromkeys((actor.id for actor in self.case.actors), 0.0)
        for term in self.case.terms:
            if term.when is None or holds(term.when, full):
                payoff[term.player] += self.number(resolve(term.value, full))
        self.ends.append(End(full, chance, moves, tuple(payoff.values())))
