"""What moves the answer of one posture, and how fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from detente.app.assumptions import with_values
from detente.app.game_files import is_game
from detente.app.jobs import Job
from detente.app.settings import checked
from detente.app.workspace import load
from detente.errors import UnsupportedError

if TYPE_CHECKING:
    from detente.case import Case
    from detente.study import DerivativesAnswer


def derivatives(
    case: Case | str | Path,
    posture: str | None = None,
    *,
    of: str | None = None,
    assume: Mapping[str, float] | None = None,
    lam: float | None = None,
    threads: int | None = None,
    node_limit: int | None = None,
    job: Job | None = None,
) -> DerivativesAnswer:
    """How the equilibrium of one posture moves with the parameters, at base values.

    The derivatives hold inside a regime, as long as the same options are in use. Where a parameter stands
    at the edge of one, it has a kink and no derivative.

    Args:
        case: A case, a path, or the name of a shipped case.
        posture: Name of the posture; the status quo if not given.
        of: Outcome, or actor whose value, by which parameters are ordered; the owner's value if not given.
        assume: Parameter -> value it is held at.
        lam: Precision of play; not given, play is strict. It is held fixed in payoff units.
        threads: Processor threads; 0 takes all.
        node_limit: Largest game allowed, in nodes.
        job: Told the progress; may stop the work.

    Raises:
        CaseError: The case is wrong.
        RequestError: There is no such case, posture, parameter, outcome or actor, a setting is out of its limits, or
            the equilibrium is not certified.
        UnsupportedError: The posture has an `optimal` part, or this is a game file, which has no parameters.
        Interrupted: Stopped before the equilibrium was found.
    """
    if is_game(case):
        raise UnsupportedError("a game file has no parameters to differentiate by; ask about a case")
    values = checked(lam=lam, threads=threads, node_limit=node_limit)
    found = load(case) if isinstance(case, str | Path) else case
    found.require_game()
    held = _with_ranges(with_values(found, assume or {}), found)

    from detente.study import DerivativesSettings
    from detente.study import derivatives as ask

    settings = DerivativesSettings(
        of=of, lam=values["lam"], threads=values["threads"] or None, limit=values["node_limit"]
    )
    return ask(held, posture, settings, job)


def _with_ranges(held: Case, case: Case) -> Case:
    """The case with values held, but with the ranges that the case states, over which effects are told."""
    pairs = zip(held.parameters, case.parameters, strict=True)
    return replace(held, parameters=tuple(replace(now, distribution=stated.distribution) for now, stated in pairs))
