"""`detente compare`: which posture, and when?"""

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
    NodeLimit,
    Output,
    Postures,
    Quick,
    Seed,
    Threads,
    TimeBudget,
    assumptions,
    option,
)


def compare(
    case: CaseArgument,
    draws: Draws = None,
    quick: Quick = False,
    seed: Seed = default("seed"),
    postures: Postures = None,
    equilibria: Annotated[str, option("equilibria")] = default("equilibria"),
    given_evidence: Annotated[
        bool,
        typer.Option(
            "--given-evidence",
            help="Start from the case's evidence: observed moves have happened, all of it moves beliefs about types.",
        ),
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="With --given-evidence: only what had been reported by this day."),
    ] = None,
    precision: Annotated[float, option("precision")] = default("precision"),
    assume: Assume = None,
    threads: Threads = default("threads"),
    time_budget: TimeBudget = default("time_budget"),
    node_limit: NodeLimit = default("node_limit"),
    as_json: Json = False,
    output: Output = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Also write the report, as `detente report` does.")
    ] = None,
) -> None:
    """Say which posture serves its owner best, in how many plausible worlds, and what would change that."""
    from detente import app
    from detente.cli import asking
    from detente.report import render_compare

    values = assumptions(assume)
    if report is not None:
        app.writable(report)
    answer, job = asking.ask(
        lambda job: app.compare(
            case,
            draws=draws,
            quick=quick,
            seed=seed,
            postures=postures,
            equilibria=equilibria,
            given_evidence=given_evidence,
            as_of=as_of,
            precision=precision,
            assume=values,
            threads=threads,
            node_limit=node_limit,
            job=job,
        ),
        time_budget,
        output,
    )
    asking.deliver(lambda width, color: render_compare(answer, width, color=color), answer.to_json, as_json, output)
    asking.finish(job, output)
    if report is not None:
        path, job = asking.ask(
            lambda job: app.write_report(
                case,
                report,
                draws=draws,
                quick=quick,
                seed=seed,
                assume=values,
                threads=threads,
                node_limit=node_limit,
                comparison=answer,
                job=job,
            )
        )
        typer.echo(f"Wrote {path}", err=True)
        asking.finish(job)
