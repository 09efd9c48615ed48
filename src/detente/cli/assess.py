"""`detente assess`: what do they want?"""

from __future__ import annotations

from typing import Annotated

import typer

from detente.app import default
from detente.cli.options import (
    Assume,
    CaseArgument,
    Draws,
    Json,
    NodeLimit,
    Output,
    Seed,
    Threads,
    TimeBudget,
    assumptions,
    option,
)


def assess(
    case: CaseArgument,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Use only what had been reported by this day.")
    ] = None,
    draws: Draws = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A first look: 100 draws, and no decisions behind what to watch.")
    ] = False,
    seed: Seed = default("seed"),
    precision: Annotated[float, option("precision")] = default("precision"),
    analyst: Annotated[
        str | None,
        typer.Option("--analyst", metavar="NAME", help="Whose judgments to use: an analyst, case, or pooled for all."),
    ] = None,
    assume: Assume = None,
    threads: Threads = default("threads"),
    time_budget: TimeBudget = default("time_budget"),
    node_limit: NodeLimit = default("node_limit"),
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Say how likely each hidden aim was, day by day, what moved it, what tells nothing, and what to watch."""
    from detente import app
    from detente.cli import asking
    from detente.report import render_assess

    values = assumptions(assume)
    answer, job = asking.ask(
        lambda job: app.assess(
            case,
            as_of=as_of,
            draws=draws,
            quick=quick,
            seed=seed,
            precision=precision,
            analyst=analyst,
            assume=values,
            threads=threads,
            node_limit=node_limit,
            job=job,
        ),
        time_budget,
        output,
    )
    asking.deliver(lambda width, color: render_assess(answer, width, color=color), answer.to_json, as_json, output)
    asking.finish(job, output)
