"""`settle`: which agreement would hold? And a settlement from a table of its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from detente.app.assumptions import outside_range, with_values
from detente.app.jobs import Job
from detente.app.settings import checked, default
from detente.app.workspace import SUFFIX, load, writable, write_text
from detente.errors import RequestError

if TYPE_CHECKING:
    from detente.case import Case, SettlementSection
    from detente.study import SettleAnswer

MOST_TABLE_BYTES = 1_000_000
QUICK_HIDDEN_DRAWS = 20
NO_GAME = (
    "there is no game to write: hidden aims were not played out. The settlement needs a key `hidden:` that says who "
    "may be a spoiler, and the order at most 14 moves."
)


def settle(
    case: Case | str | Path,
    *,
    designs: Sequence[str] | None = None,
    draws: int | None = None,
    quick: bool = False,
    seed: int | None = None,
    orders: int | None = None,
    chosen_for: str | None = None,
    hidden_draws: int | None = None,
    assume: Mapping[str, float] | None = None,
    threads: int | None = None,
    game: str | Path | None = None,
    job: Job | None = None,
) -> SettleAnswer:
    """Which agreement would hold: is there an order of its steps that all would rather follow than break?

    Args:
        case: A case with a settlement, a path, or the name of a shipped case.
        designs: Names of the designs asked about; all if not given.
        draws: Plausible worlds to try; 1,000 if not given, 100 with `quick`.
        quick: A first look: fewer worlds, coarser sweeps, single changes only as remedies.
        seed: Which sequence of draws.
        orders: How many of the best orders to list, and to play out under hidden aims.
        chosen_for: Under hidden aims, the party that the best order is to be best for; ``weakest``, if not given, for
            whoever gains least by the agreement.
        hidden_draws: Under hidden aims, worlds in which orders are played; 100 if not given, 20 with `quick`.
        assume: Parameter -> value it is held at.
        threads: Processor threads; 0 takes all.
        game: File to which the game of the best order under hidden aims is written, as `write_order_game` does.
        job: Told the progress; may stop the work.

    Raises:
        CaseError: The case is wrong.
        RequestError: The case has no settlement, there is no such design or parameter, or a setting is out of limits.
        Interrupted: Stopped before anything was finished.
    """
    if draws is None and quick:
        draws = default("quick_draws")
    if hidden_draws is None and quick:
        hidden_draws = QUICK_HIDDEN_DRAWS
    sizes = checked(draws=draws, seed=seed, orders=orders, hidden_draws=hidden_draws, threads=threads)
    sizes["threads"] = sizes["threads"] or None
    found = load(case) if isinstance(case, str | Path) else case
    held = with_values(found, assume or {})
    if game is not None:
        _about_one_design(held.settlement, tuple(designs or ()))
        writable(Path(game))

    from detente.study import SettleSettings
    from detente.study import settle as ask

    chosen = SettleSettings.quick(**sizes) if quick else SettleSettings(**sizes)
    names = tuple(dict.fromkeys(designs or ())) or None
    chosen = replace(chosen, designs=names, chosen_for=chosen_for or chosen.chosen_for)
    answer = ask(held, chosen, job)
    if game is not None and answer.interrupted and answer.designs[0].completion is None:
        answer = replace(answer, notes=("Stopped before an order was played, so no game was written.", *answer.notes))
    elif game is not None:
        write_order_game(answer, game)
    if not assume:
        return answer
    manifest = replace(answer.manifest, settings={**answer.manifest.settings, "set": dict(assume)})
    said = ", ".join(f"{name} = {value:g}" for name, value in assume.items())
    notes = (f"Assumed, instead of what the case says: {said}.", *outside_range(found, assume), *answer.notes)
    return replace(answer, manifest=manifest, notes=notes)


def write_order_game(answer: SettleAnswer, output: str | Path) -> Path:
    """Write the case file of the game that a design's best order is under hidden aims.

    Args:
        answer: What `settle` found about one design.
        output: File to write; what is there is overwritten.

    Returns:
        The file written.

    Raises:
        RequestError: The answer is about several designs, or no order was played out under hidden aims.
    """
    _one_design(tuple(item.name for item in answer.designs))
    found = answer.designs[0].completion
    if found is None:
        raise RequestError(NO_GAME)
    return write_text(writable(Path(output)), found.game)


def _about_one_design(settlement: SettlementSection | None, asked: tuple[str, ...]) -> None:
    """Refuse to write the game of an order before any work is done, where it is clear that there will be none."""
    if settlement is None:
        return
    if not settlement.hidden:
        raise RequestError(NO_GAME)
    _one_design(tuple(dict.fromkeys(asked)) or settlement.design_names)


def _one_design(names: tuple[str, ...]) -> None:
    if len(names) != 1:
        listed = ", ".join(names)
        raise RequestError(f"the game of an order is that of one design: name it with --design, one of {listed}.")


def import_settlement(table: str | Path, name: str | None = None, output: str | Path | None = None) -> Path:
    """Write a case file with a settlement made from a table of its steps (CSV).

    Args:
        table: The table; its columns are documented with the section ``settlement``.
        name: Name of the case; that of the table if not given.
        output: File to write; ``NAME.case.yaml`` in the current folder if not given. Nothing is overwritten.

    Returns:
        The file written.

    Raises:
        RequestError: The table cannot be read, a cell is wrong (row and column are named), or the file exists.
    """
    from detente.case import case_from_steps, loads

    source = Path(table)
    try:
        if source.stat().st_size > MOST_TABLE_BYTES:
            raise RequestError(f"{source} has more than {MOST_TABLE_BYTES:,} bytes; a list of steps is far smaller.")
        text = source.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise RequestError(f"{source} cannot be read: {error}.") from error
    word = name or source.stem.lower().replace("_", "-").replace(" ", "-")
    made = case_from_steps(text, word, source.name)
    loads(made, f"{word}{SUFFIX}")
    path = Path(output) if output is not None else Path(f"{word}{SUFFIX}")
    if path.exists():
        raise RequestError(f"{path} exists already; choose another name or remove it first.")
    return write_text(writable(path), made)
