"""What to watch: how much each unseen indicator would tell, and what that is worth to the owner's decision."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.axes import Floats, Ints
from detente.case import Indicator
from detente.evidence import Streams, watch, yes_no
from detente.study.assess_value import Decisions, Gain, Outlook, decide, fitting
from detente.study.results_assess import AssessedIndicator
from detente.study.watch import Watch
from detente.study.worlds import Worlds


def indicators(
    unseen: Sequence[Indicator],
    labels: tuple[str, ...],
    outlook: Outlook,
    worlds: Worlds | None,
    about: str,
    seed: int,
    progress: Watch,
) -> tuple[AssessedIndicator, ...]:
    """Every indicator, the most informative first.

    Args:
        unseen: What has not been seen yet.
        labels: Labels of the type.
        outlook: What is believed as things stand.
        worlds: The postures to decide among; None without a decision to take.
        about: The type.
        seed: Seed of the likelihoods of indicators inside their ranges.
        progress: Told the progress; when it stops, a value is that over the worlds done by then, or left out.
    """
    found = sorted(unseen, key=lambda item: item.id)
    if not found:
        return ()
    low, point, high = (
        np.array([[getattr(item.likelihood[label], end) for label in labels] for item in found])
        for end in ("low", "point", "high")
    )
    base = over = None
    if worlds is not None:
        alone = Outlook(outlook.point, worlds.case.base_theta()[None], outlook.point[None], np.ones(1))
        base = decide(worlds, about, alone, point[None], progress, "decide")
        most = fitting(worlds, about, len(found), len(outlook.theta))
        rows: Ints = np.flatnonzero(outlook.weight[:most] > 0).astype(np.int32)
        if base is not None and len(rows):
            inside = low + (high - low) * _shares(found, len(labels), most, seed)[rows]
            over = decide(worlds, about, outlook.take(rows), inside, progress, "value")
    answers = [_answer(item, labels, outlook.point, place, base, over) for place, item in enumerate(found)]
    return tuple(sorted(answers, key=lambda item: (-item.information, item.indicator)))


def _shares(found: Sequence[Indicator], types: int, draws: int, seed: int) -> Floats:
    """[draws, indicators, types] where the likelihood of each indicator lies in its range."""
    streams = Streams(seed)
    return np.stack([streams.rows(f"indicator\x00{item.id}", 0, draws, types) for item in found], axis=1)


def _answer(
    item: Indicator,
    labels: tuple[str, ...],
    belief: Floats,
    place: int,
    base: Decisions | None,
    over: Decisions | None,
) -> AssessedIndicator:
    cells = {label: item.likelihood[label] for label in labels}
    told = watch(belief, yes_no(np.array([cell.point for cell in cells.values()])))
    gain = over.gain(place) if over is not None else Gain(None, None, None, 0)
    names = (base.best(0), base.best(1 + 2 * place), base.best(2 + 2 * place)) if base is not None else ("", "", "")
    return AssessedIndicator(
        indicator=item.id,
        says=item.says,
        information=told.information,
        value=gain.value,
        chance=float(told.chance[0]),
        likelihood={label: (cell.low, cell.point, cell.high) for label, cell in cells.items()},
        after=dict(zip(labels, told.after[0].tolist(), strict=True)),
        after_absent=dict(zip(labels, told.after[1].tolist(), strict=True)),
        best_now=names[0],
        best_if_seen=names[1] or None,
        best_if_absent=names[2] or None,
        value_error=gain.error,
        value_at_base=base.gain(place).value if base is not None else None,
        decides=gain.decides,
        worlds=gain.worlds,
        title=item.title,
    )
