"""`detente report`: show it to somebody."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.app import default
from detente.cli.options import (
    Assume,
    CaseArgument,
    Draws,
    NodeLimit,
    Quick,
    Seed,
    Threads,
    TimeBudget,
    assumptions,
)


def report(
    case: CaseArgument,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; CASE.html in the current folder if not given.")
    ] = None,
    draws: Draws = None,
    quick: Quick = False,
    seed: Seed = default("seed"),
    assume: Assume = None,
    threads: Threads = default("threads"),
    time_budget: TimeBudget = default("time_budget"),
    node_limit: NodeLimit = default("node_limit"),
    show: Annotated[bool, typer.Option("--open", help="Open the report in a browser afterwards.")] = False,
) -> None:
    """Write the whole answer as one HTML file that needs no network and can be sent to a colleague."""
    from detente import app
    from detente.cli import asking

    path, job = asking.ask(
        lambda job: app.write_report(
            case,
            output,
            draws=draws,
            quick=quick,
            seed=seed,
            assume=assumptions(assume),
            threads=threads,
            node_limit=node_limit,
            job=job,
        ),
        time_budget,
    )
    typer.echo(f"Wrote {path}")
    if show:
        typer.launch(str(path))
    asking.finish(job, output)
