"""`disclose: optimal`: the best public signal about one of the owner's own types, per draw (rule 15)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.case import Case, Posture
from detente.errors import UnsupportedError
from detente.solvers import (
    Disclosed,
    Lent,
    SearchSettings,
    Solves,
    Split,
    lend,
    optimal_disclosure,
    optimal_disclosure_three,
    pieces_of,
)
from detente.study.continuation import anchor_rows, around, between_rows
from detente.study.games import Game, Solved, SolveOptions, Tally, distinct_rows
from detente.study.played import Part, Played
from detente.study.signals import Signals, prospect

UNEVEN = 5e-3
"""Worlds whose value bends away by more, in units of the payoff range, are searched again without help."""

STEPS_BACK = (1e-5, 1e-4, 1e-3)
"""How far from a jump a posterior is moved where it cannot be certified closer by."""


def optimal_type(case: Case, posture: Posture) -> str | None:
    """The type a posture discloses in the best way, None if it does not.

    Raises:
        UnsupportedError: More than one type, a decision, another actor's type, or more than 3 labels.
    """
    names = [name for name, seen_by in posture.disclose.items() if seen_by == "optimal"]
    if not names:
        return None
    own = {item.name: item for item in case.types if item.actor == posture.owner}
    if len(names) > 1 or names[0] not in own:
        raise UnsupportedError(
            f"posture '{posture.name}': `optimal` disclosure is available for one of {posture.owner}'s own types"
        )
    if len(own[names[0]].labels) > 3:
        raise UnsupportedError(
            f"posture '{posture.name}': `optimal` disclosure is available for types with at most 3 labels"
        )
    return names[0]


def make_signals(
    game: Game, type_name: str, theta: Floats, scale: Floats, options: SolveOptions, tally: Tally
) -> Signals:
    """The game of a posture, ready for the disclosure search."""
    return Signals(game, type_name, theta, scale, options, tally, prospect(game, type_name, theta))


def best_disclosure(  # noqa: PLR0913 - what is known already comes on top of the game and its worlds
    game: Game,
    type_name: str,
    theta: Floats,
    scale: Floats,
    options: SolveOptions,
    tally: Tally,
    lines: Ints | None = None,
    pivot: Floats | None = None,
    silent: Played | None = None,
) -> Played:
    """The best public signal about a type in every draw, and what it comes to.

    Args:
        game: The game with nothing disclosed about the type.
        type_name: The type.
        theta: [draws, params] the worlds.
        scale: [draws, players] payoff ranges.
        options: Threads and stop.
        tally: Where certificates are counted.
        lines: [draws] the line each world lies on, if they lie on lines: then only some of each line are
            searched from scratch, and the profiles found there are tried first in those between.
        pivot: [draws] values the answer is compared with; see `optimal_disclosure`.
        silent: What the posture comes to in each draw without any signal, if that has been solved already.
    """
    changed = game.compiled.theta(theta)[:, game.columns]
    compared = np.full(len(theta), np.nan) if pivot is None else pivot
    first, inverse = distinct_rows(np.column_stack([changed, scale, compared]))
    signals = make_signals(game, type_name, theta[first], scale[first], options, tally)
    signals.pivot = None if pivot is None else pivot[first]
    if silent is not None:
        signals.remember(silent, first)
    found = search(signals) if lines is None else search_lines(signals, lines[first])
    return expanded(assemble(signals, found), inverse)


def search_lines(signals: Signals, lines: Ints) -> list[Disclosed]:
    """The best public signal along lines of draws: some from scratch, then between them, from far to near."""
    count = len(signals.theta)
    if signals.base.prior.shape[1] != 2 or count <= 2:
        return search(signals)
    anchors = anchor_rows(lines)
    found: dict[int, Disclosed] = dict(zip(anchors.tolist(), search(signals, rows=anchors), strict=True))
    settings = _settings(signals, thrifty=True)
    for rows in between_rows(anchors):
        known = np.array(sorted(found), dtype=np.int32)
        lent: list[Lent] = []
        for row in rows.tolist():
            left, right = around(known, row)
            signals.lent[row] = (found[left], found[right])
            lent.append(_lent(signals, found, (left, row, right), settings.lent_step))
        found |= dict(zip(rows.tolist(), search(signals, settings, rows, lent), strict=True))
    again = _uneven(signals, found, lines, anchors)
    for row in again:
        signals.lent.pop(row)
    if again:
        found |= dict(zip(again, search(signals, _settings(signals), np.array(again, dtype=np.int32)), strict=True))
    return [found[row] for row in range(count)]


def _uneven(signals: Signals, found: dict[int, Disclosed], lines: Ints, anchors: Ints) -> list[int]:
    """Worlds whose value is not nearly half-way between those of their neighbors, and that were not searched alone.

    Most lie at a kink or a jump; now and then help from neighbors has led to another equilibrium than the branch.
    """
    if signals.options.ranking:
        return []
    values = np.array([found[row].value for row in range(len(lines))])
    inside = np.flatnonzero((lines[1:-1] == lines[:-2]) & (lines[1:-1] == lines[2:])) + 1
    bend = np.abs(values[inside] - 0.5 * (values[inside - 1] + values[inside + 1]))
    odd = inside[bend > UNEVEN * signals.scale[inside, signals.game.owner]]
    return np.setdiff1d(odd, anchors).tolist()


def _lent(signals: Signals, found: dict[int, Disclosed], rows: tuple[int, int, int], step: float) -> Lent:
    """What two searched worlds let expect in one between them."""
    left, row, right = rows
    sides = (found[left], found[right])
    pieces = [pieces_of(item.points[:, 0].tolist(), item.supports, item.handles) for item in sides]
    way = signals.theta[right] - signals.theta[left]
    length = float(way @ way)
    share = float((signals.theta[row] - signals.theta[left]) @ way) / length if length > 0 else 0.5
    splits = [split.belief[0] for item in sides for split in item.splits]
    return lend(pieces[0], pieces[1], share, splits, step)


def expanded(played: Played, inverse: Ints) -> Played:
    """What distinct draws come to, for the draws they stand for."""
    parts: list[Part] = []
    for part in played.parts:
        place = {int(row): entry for entry, row in enumerate(part.rows)}
        rows = np.array([row for row, kind in enumerate(inverse) if int(kind) in place], dtype=np.int32)
        entries = np.array([place[int(inverse[row])] for row in rows], dtype=np.int32)
        solved = replace(part.solved, inverse=part.solved.inverse[entries])
        probe = None if part.probe is None else partial(_expanded_probe, part.probe, entries)
        parts.append(Part(solved, rows, part.weight[entries], probe))
    optimal = tuple(played.optimal[int(kind)] for kind in inverse) if played.optimal else ()
    return Played(played.posture, len(inverse), tuple(parts), played.certified[inverse], optimal)


def _expanded_probe(probe: Callable[[], Solved], entries: Ints) -> Solved:
    solved = probe()
    return replace(solved, inverse=solved.inverse[entries])


def _settings(signals: Signals, thrifty: bool = False) -> SearchSettings:
    usual = SearchSettings(thrifty=thrifty)
    return replace(usual, coarse=math.inf, thrifty=True) if signals.options.ranking else usual


def search(
    signals: Signals, settings: SearchSettings | None = None, rows: Ints | None = None, lent: Sequence[Lent] = ()
) -> list[Disclosed]:
    """The best public signal in draws of `signals`, by default all of them."""
    base, spread = signals.base, signals.scale[:, signals.game.owner]
    settings = settings or _settings(signals)
    rows = np.arange(len(spread), dtype=np.int32) if rows is None else rows
    view = _Rows(signals, rows)
    if base.prior.shape[1] != 2:
        return optimal_disclosure_three(view, base.prior[rows], base.weight[rows], spread[rows], settings)
    pivot = None if signals.pivot is None else signals.pivot[rows]
    return optimal_disclosure(view, base.prior[rows], base.weight[rows], spread[rows], settings, pivot, lent=lent)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Some draws of `Signals`, numbered from 0."""

    signals: Signals
    rows: Ints

    def solve(self, rows: Ints, beliefs: Floats, near: Ints) -> Solves:
        return self.signals.solve(self.rows[rows], beliefs, near)

    def leaves(self, rows: Ints, handles: Ints, behind: Ints, start: Floats, end: Floats) -> tuple[Floats, Bools]:
        return self.signals.leaves(self.rows[rows], handles, behind, start, end)


def assemble(signals: Signals, found: list[Disclosed]) -> Played:
    """Play the posteriors of the best signals with their weights.

    Where a profile cannot be certified right at a jump, the posterior is moved away from it by a little: the
    signal is then worth that much less than the supremum.
    """
    found = list(found)
    parts = _parts(signals, found, np.arange(len(found), dtype=np.int32))
    certified = _whole(parts, found)
    for step in STEPS_BACK:
        bad = np.array([row for row in np.flatnonzero(~certified) if _can_step(found[row])], dtype=np.int32)
        if not len(bad):
            break
        for row in bad:
            found[int(row)] = _stepped(signals, int(row), found[int(row)], step)
        parts = [_kept(part, bad) for part in parts] + _parts(signals, found, bad)
        parts = [part for part in parts if len(part.rows)]
        certified = _whole(parts, found)
    unsolved = np.array([row for row, item in enumerate(found) if not item.splits], dtype=np.int32)
    if len(unsolved) or not parts:
        solved = signals.game.solve(signals.theta[unsolved], signals.scale[unsolved], signals.options, signals.tally)
        parts.append(Part(solved, unsolved, np.ones(len(unsolved))))
    labels = signals.game.case.labels_of(signals.type_name)
    optimal = tuple(_words(signals.type_name, labels, item) for item in found)
    return Played(signals.game.compiled.posture.name, len(found), tuple(parts), certified, optimal)


def _parts(signals: Signals, found: list[Disclosed], draws: Ints) -> list[Part]:
    """The posteriors of some draws, first ones first."""
    parts: list[Part] = []
    for k in range(max((len(found[int(row)].splits) for row in draws), default=0)):
        rows = np.array([row for row in draws if len(found[int(row)].splits) > k], dtype=np.int32)
        splits = [found[int(row)].splits[k] for row in rows]
        beliefs = np.array([split.belief for split in splits])
        handles = np.array([split.handle for split in splits], dtype=np.int32)
        weights = np.array([split.weight for split in splits])
        for entries, solved in _replayed(signals, rows, beliefs, handles):
            solved_at = np.array([signals.profiles[int(handle)].belief for handle in handles[entries]])
            probe = partial(signals.replay, rows[entries], solved_at, handles[entries])
            parts.append(Part(solved, rows[entries], weights[entries], probe))
    return parts


def _whole(parts: list[Part], found: list[Disclosed]) -> Bools:
    """[draws] whether every posterior is certified and the search came to its end."""
    certified = np.array([item.settled for item in found], dtype=np.bool_)
    for part in parts:
        certified[part.rows] &= part.solved.certified
    return certified


def _kept(part: Part, dropped: Ints) -> Part:
    entries = np.flatnonzero(~np.isin(part.rows, dropped)).astype(np.int32)
    probe = None if part.probe is None else partial(_expanded_probe, part.probe, entries)
    return Part(part.solved.take(entries), part.rows[entries], part.weight[entries], probe)


def _can_step(item: Disclosed) -> bool:
    return item.settled and len(item.splits) == 2 and any(split.inward for split in item.splits)


def _stepped(signals: Signals, row: int, item: Disclosed, step: float) -> Disclosed:
    """The same signal with its posteriors at jumps moved away from them."""
    moved: list[Split] = []
    for split in item.splits:
        place = min(max(split.belief[0] + split.inward * step, 0.0), 1.0)
        handle = signals.move(row, split.handle, place) if split.inward else split.handle
        moved.append(replace(split, belief=(place, 1.0 - place), handle=handle))
    prior = float(signals.base.prior[row, 0])
    low, high = moved[0].belief[0], moved[1].belief[0]
    share = (prior - low) / (high - low)
    if not 0.0 <= share <= 1.0:
        return item
    return replace(item, splits=(replace(moved[0], weight=1.0 - share), replace(moved[1], weight=share)))


def _replayed(signals: Signals, rows: Ints, beliefs: Floats, handles: Ints) -> list[tuple[Ints, Solved]]:
    """Profiles played at the posteriors; with sharper trembles where the usual ones do not certify them."""
    solved = signals.replay(rows, beliefs, handles)
    good = np.flatnonzero(solved.certified).astype(np.int32)
    bad = np.flatnonzero(~solved.certified).astype(np.int32)
    pieces = [(good, solved.take(good))] if len(good) else []
    if len(bad):
        pieces.append((bad, signals.replay(rows[bad], beliefs[bad], handles[bad], sharp=True)))
    return pieces


def _words(type_name: str, labels: tuple[str, ...], item: Disclosed) -> dict[str, object]:
    return {
        "type": type_name,
        "signals": [
            {"weight": split.weight, "belief": dict(zip(labels, split.belief, strict=True)), "limit": split.limit}
            for split in item.splits
        ],
        "attained": not any(split.limit for split in item.splits),
    }
