"""`detente settle`: which agreement would hold? `detente settlement import`: one from a table of its steps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.app import default
from detente.cli.options import (
    Assume,
    CaseArgument,
    Draws,
    Json,
    Output,
    Quick,
    Seed,
    Threads,
    TimeBudget,
    assumptions,
    option,
)


def settle(
    case: CaseArgument,
    designs: Annotated[
        list[str] | None, typer.Option("--design", metavar="NAME", help="Only this design. May be repeated.")
    ] = None,
    draws: Draws = None,
    quick: Quick = False,
    seed: Seed = default("seed"),
    orders: Annotated[int, option("orders")] = default("orders"),
    chosen_for: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="PARTY",
            help="Under hidden aims, the party that the best order is best for; if not given, the weakest one.",
        ),
    ] = None,
    hidden_draws: Annotated[int | None, option("hidden_draws", shown="100, or 20 with --quick")] = None,
    game: Annotated[
        Path | None,
        typer.Option("--game", metavar="FILE", help="Write the game of the best order under hidden aims as a case."),
    ] = None,
    assume: Assume = None,
    threads: Threads = default("threads"),
    time_budget: TimeBudget = default("time_budget"),
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Say of each design of an agreement whether it would hold, where it gets stuck, and what would mend it."""
    from detente import app
    from detente.cli import asking
    from detente.report import render_settle

    values = assumptions(assume)
    answer, job = asking.ask(
        lambda job: app.settle(
            case,
            designs=designs,
            draws=draws,
            quick=quick,
            seed=seed,
            orders=orders,
            chosen_for=chosen_for,
            hidden_draws=hidden_draws,
            assume=values,
            threads=threads,
            game=game,
            job=job,
        ),
        time_budget,
        output,
    )
    asking.deliver(lambda width, color: render_settle(answer, width, color=color), answer.to_json, as_json, output)
    asking.finish(job, output)


settlement = typer.Typer(
    name="settlement", help="Make settlements from other sources.", no_args_is_help=True, rich_markup_mode=None
)


@settlement.command("import", short_help="A case from a table of steps.")
def import_steps(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A table of steps (.csv).")],
    name: Annotated[
        str | None, typer.Option("--case", metavar="NAME", help="Name of the case; that of the table if not given.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; NAME.case.yaml if not given.")
    ] = None,
) -> None:
    """Write a case with a settlement made from a table of its steps, every number a named parameter with a range."""
    from detente import app

    path = app.import_settlement(table, name, output)
    typer.echo(f"Wrote {path}. `detente settle {path}` says whether it would hold.")


@settlement.callback()
def _group() -> None:
    """Make settlements from other sources."""
