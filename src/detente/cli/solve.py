"""`detente solve`: what would each side do?"""

from __future__ import annotations

from typing import Annotated

import typer

from detente.app import default
from detente.cli.options import (
    Assume,
    CaseArgument,
    Json,
    NodeLimit,
    Output,
    Threads,
    TimeBudget,
    assumptions,
    option,
)


def solve(
    case: CaseArgument,
    posture: Annotated[
        str | None, typer.Option("--posture", "-p", metavar="NAME", help="Which posture; the status quo if not given.")
    ] = None,
    assume: Assume = None,
    lam: Annotated[float | None, option("lam")] = default("lam"),
    method: Annotated[str, option("method")] = default("method"),
    starts: Annotated[int, option("starts")] = default("starts"),
    why: Annotated[
        str | None,
        typer.Option(
            "--why", metavar="DECISION", help="Only this decision, with its reasons payoff term by payoff term."
        ),
    ] = None,
    threads: Threads = default("threads"),
    time_budget: TimeBudget = default("time_budget"),
    node_limit: NodeLimit = default("node_limit"),
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Say what each side would do under one posture, at base values, and how far to trust it."""
    from detente import app
    from detente.cli import asking
    from detente.report import render_solve

    answer, job = asking.ask(
        lambda job: app.solve(
            case,
            posture,
            assume=assumptions(assume),
            lam=lam,
            method=method,
            starts=starts,
            why=why,
            threads=threads,
            node_limit=node_limit,
            job=job,
        ),
        time_budget,
        output,
    )
    asking.deliver(lambda width, color: render_solve(answer, width, color=color), answer.to_json, as_json, output)
    asking.finish(job, output)
