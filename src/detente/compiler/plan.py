"""A case under one posture, position by position: who moves, bound by what, and who sees it when.

Postures change visibility, options and commitments; all of that is settled here, once, so that the
lowering only has to walk the steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from detente.case import Case, Commitment, Decision, Event, Expression, Posture, Reveal, TimelineEntry
from detente.compiler.past import Past

PureRule: TypeAlias = "Mapping[tuple[str, tuple[tuple[str, str], ...]], str]"
"""(decision, what its mover sees there) -> option; the second part is `InfosetLabel.sees`."""


@dataclass(frozen=True)
class Settings:
    """How a posture is to be compiled.

    Attributes:
        limit: Most nodes the tree may have.
        rule: Stands for the `optimal` commitments; None leaves those decisions open.
        full_information: Everybody sees every type and every move at once.
        free_owner: The owner's commitments are left open, so that breaking them can be studied.
        past: What has happened already; None starts at the beginning.
    """

    limit: int = 200_000
    rule: PureRule | None = None
    full_information: bool = False
    free_owner: bool = False
    past: Past | None = None


@dataclass(frozen=True)
class Step:
    """One entry of the timeline under a posture.

    Attributes:
        position: Its place in the timeline.
        entry: The entry of the case.
        variable: Number of the variable it sets, or shows in the case of a reveal.
        mover: Player who moves, -1 for events and reveals.
        eye: Column of what decides the mover's information set: its own, or that of one who sees everything.
        options: Numbers of the options the posture leaves, in declared order.
        commitment: The published rule in force here, None if the mover is free.
        by_rule: The rule is the `PureRule` of the settings.
        shows: (variable, players) pairs that become visible once the step is done.
        ends: (variable, options) pairs after which the game ends once the step is done.
        past: It has happened already.
    """

    position: int
    entry: TimelineEntry
    variable: int
    mover: int
    eye: int
    options: tuple[int, ...]
    commitment: Commitment | None
    by_rule: bool
    shows: tuple[tuple[int, tuple[int, ...]], ...]
    ends: tuple[tuple[int, frozenset[int]], ...]
    past: bool = False


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything about a case under a posture that does not depend on the history.

    Attributes:
        case: The case.
        posture: The posture.
        settings: How to compile it.
        players: Ids of the actors, in order.
        variables: Names of the variables, types first.
        labels: Per variable, its labels.
        type_watchers: Per type, the players who know it from the start.
        steps: The timeline.
        open_decisions: Decisions with an `optimal` commitment that no rule was given for.
    """

    case: Case
    posture: Posture
    settings: Settings
    players: tuple[str, ...]
    variables: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    type_watchers: tuple[tuple[int, ...], ...]
    steps: tuple[Step, ...]
    open_decisions: tuple[str, ...]

    @property
    def num_eyes(self) -> int:
        """Columns of what has been seen: one per player, and one for an eye that sees everything if there is one."""
        return len(self.players) + self.settings.full_information

    def numbers(self, variables: frozenset[str]) -> list[int]:
        """Numbers of some variables, in order."""
        return [i for i, name in enumerate(self.variables) if name in variables]


def make_plan(case: Case, posture: Posture, settings: Settings) -> Plan:
    """Settle what a posture means for every entry of the timeline."""
    players = tuple(actor.id for actor in case.actors)
    labels = {item.name: item.labels for item in case.types}
    labels.update({item.name: item.options for item in case.timeline if not isinstance(item, Reveal)})
    maker = _Maker(posture, settings, players, tuple(labels), tuple(labels.values()))
    return Plan(
        case=case,
        posture=posture,
        settings=settings,
        players=players,
        variables=maker.variables,
        labels=maker.labels,
        type_watchers=tuple(maker.type_watchers(item.name, item.actor) for item in case.types),
        steps=tuple(maker.step(case, position) for position in range(len(case.timeline))),
        open_decisions=tuple(
            entry.name
            for position, entry in enumerate(case.timeline)
            if isinstance(entry, Decision)
            and maker.is_open(entry)
            and settings.rule is None
            and position > maker.last_past
        ),
    )


@dataclass(frozen=True)
class _Maker:
    posture: Posture
    settings: Settings
    players: tuple[str, ...]
    variables: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]

    @property
    def last_past(self) -> int:
        """Timeline position of the last entry that has happened, -1 if none has."""
        return -1 if self.settings.past is None else self.settings.past.position

    def step(self, case: Case, position: int) -> Step:
        """One entry; what has happened bound nobody but the past's posture, and stays as visible as it was."""
        if position > self.last_past:
            return self._step(case, position)
        seen, step = self._before().step(case, position), self._step(case, position)
        both = [
            (variable, tuple(sorted({*shown, *now})))
            for (variable, shown), (_, now) in zip(seen.shows, step.shows, strict=True)
        ]
        return replace(seen, shows=tuple(both), past=True)

    def _before(self) -> _Maker:
        """The same for the posture under which the past was played."""
        assert self.settings.past is not None
        settings = replace(self.settings, rule=None, free_owner=False, past=None)
        return replace(self, posture=self.settings.past.posture, settings=settings)

    def type_watchers(self, name: str, owner: str) -> tuple[int, ...]:
        """Players who know a type from the start; whoever knew it in the past still does."""
        now = self.watchers(name, frozenset(), owner)
        if self.last_past < 0:
            return now
        return tuple(sorted({*now, *self._before().watchers(name, frozenset(), owner)}))

    def _step(self, case: Case, position: int) -> Step:
        entry = case.timeline[position]
        variable = self.variables.index(entry.variable if isinstance(entry, Reveal) else entry.name)
        mover = self.players.index(entry.actor) if isinstance(entry, Decision) else -1
        commitment = self._commitment(entry)
        return Step(
            position=position,
            entry=entry,
            variable=variable,
            mover=mover,
            eye=len(self.players) if self.settings.full_information else mover,
            options=self._options(entry),
            commitment=commitment,
            by_rule=isinstance(entry, Decision) and self.is_open(entry) and self.settings.rule is not None,
            shows=self._shows(case, position, variable),
            ends=self._ends(case, position),
        )

    def watchers(self, variable: str, seen_by: frozenset[str], mover: str | None) -> tuple[int, ...]:
        """Players who see a variable as soon as it is set, its mover included; last, the eye that sees all."""
        disclosed = self.posture.disclose.get(variable, seen_by)
        if disclosed == "optimal":  # the others' belief is then set from outside
            disclosed = frozenset[str]()
        everything = (len(self.players),) if self.settings.full_information else ()
        return (*(i for i, name in enumerate(self.players) if name in disclosed or name == mover), *everything)

    def is_open(self, entry: Decision) -> bool:
        """Whether the posture asks for the best rule at this decision."""
        commitment = self.posture.commit.get(entry.name)
        return commitment is not None and commitment.optimal and not self.settings.free_owner

    def _commitment(self, entry: TimelineEntry) -> Commitment | None:
        if not isinstance(entry, Decision) or self.settings.free_owner:
            return None
        commitment = self.posture.commit.get(entry.name)
        return None if commitment is None or commitment.optimal else commitment

    def _options(self, entry: TimelineEntry) -> tuple[int, ...]:
        if isinstance(entry, Reveal):
            return ()
        allowed = frozenset(self.posture.allow.get(entry.name, entry.options))
        return tuple(i for i, option in enumerate(entry.options) if option in allowed)

    def _shows(self, case: Case, position: int, variable: int) -> tuple[tuple[int, tuple[int, ...]], ...]:
        entry = case.timeline[position]
        if isinstance(entry, Reveal):
            return ((variable, tuple(i for i, player in enumerate(self.players) if player in entry.to)),)
        if isinstance(entry, Event):
            return ((variable, self.watchers(entry.name, entry.seen_by, None)),)
        if entry.ballot is None:
            return ((variable, self.watchers(entry.name, entry.seen_by, entry.actor)),)
        # ballots: the voter knows its own vote at once, the others when all votes are cast
        shows = [(variable, (self.players.index(entry.actor),))]
        if _closes_ballot(case, position):
            shows += [
                (self.variables.index(vote.name), self.watchers(vote.name, vote.seen_by, vote.actor))
                for vote in _votes(case, entry.ballot)
            ]
        return tuple(shows)

    def _ends(self, case: Case, position: int) -> tuple[tuple[int, frozenset[int]], ...]:
        entry = case.timeline[position]
        if isinstance(entry, Reveal):
            return ()
        entries: tuple[Decision | Event, ...] = (entry,)
        if isinstance(entry, Decision) and entry.ballot is not None:
            entries = _votes(case, entry.ballot) if _closes_ballot(case, position) else ()
        return tuple(
            (self.variables.index(item.name), frozenset(item.options.index(label) for label in item.ends))
            for item in entries
            if item.ends
        )


def conditions(entry: TimelineEntry) -> tuple[Expression, ...]:
    """The conditions that decide whether an entry takes place and what it offers."""
    own = () if entry.when is None else (entry.when,)
    return own + tuple(entry.offered.values()) if isinstance(entry, Decision) else own


def _votes(case: Case, ballot: str) -> tuple[Decision, ...]:
    return tuple(item for item in case.timeline if isinstance(item, Decision) and item.ballot == ballot)


def _closes_ballot(case: Case, position: int) -> bool:
    entry = case.timeline[position]
    following = case.timeline[position + 1] if position + 1 < len(case.timeline) else None
    if not isinstance(entry, Decision) or not isinstance(following, Decision):
        return True
    return following.ballot != entry.ballot
