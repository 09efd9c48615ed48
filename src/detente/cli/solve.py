"""`detente solve`: what would each side do?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from detente.app import default
from detente.cli.options import (
    Assume,
    GameArgument,
    Json,
    NodeLimit,
    Output,
    Threads,
    TimeBudget,
    assumptions,
    option,
)


def solve(
    case: GameArgument,
    posture: Annotated[
        str | None, typer.Option("--posture", "-p", metavar="NAME", help="Which posture; the status quo if not given.")
    ] = None,
    assume: Assume = None,
    lam: Annotated[float | None, option("lam")] = default("lam"),
    method: Annotated[str, option("method")] = default("method"),
    starts: Annotated[int, option("starts")] = default("starts"),
    every: Annotated[bool, typer.Option("--all", help="List every equilibrium that is found.")] = False,
    why: Annotated[
        str | None,
        typer.Option(
            "--why", metavar="DECISION", help="Only this decision, with its reasons payoff term by payoff term."
        ),
    ] = None,
    derivatives: Annotated[
        bool,
        typer.Option("--derivatives", help="Say instead what moves the answer: derivatives by every parameter."),
    ] = False,
    of: Annotated[
        str | None,
        typer.Option(
            "--of",
            metavar="OUTCOME",
            help="With --derivatives: of an outcome's odds or an actor's value, not the owner's value.",
        ),
    ] = None,
    threads: Threads = default("threads"),
    time_budget: TimeBudget = default("time_budget"),
    node_limit: NodeLimit = default("node_limit"),
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Say what each side would do under one posture, at base values, and how far to trust it.

    CASE may also be a game file of Gambit (.efg, .nfg), which has no postures.
    """
    from detente import app
    from detente.cli import asking, slopes

    if derivatives or of is not None:
        slopes.refuse_others(derivatives, why)
        slopes.answer_derivatives(
            lambda job: app.derivatives(
                case,
                posture,
                of=of,
                assume=assumptions(assume),
                lam=lam,
                threads=threads,
                node_limit=node_limit,
                job=job,
            ),
            time_budget,
            as_json,
            output,
        )
        return
    from detente.report import render_game, render_solve

    answer, job = asking.ask(
        lambda job: app.solve(
            case,
            posture,
            assume=assumptions(assume),
            lam=lam,
            method=method,
            starts=starts,
            why=why,
            all_equilibria=every,
            threads=threads,
            node_limit=node_limit,
            job=job,
        ),
        time_budget,
        output,
    )
    render: Callable[..., str] = render_game if app.is_game(case) else render_solve
    asking.deliver(lambda width, color: render(answer, width, color=color), answer.to_json, as_json, output)
    asking.finish(job, output)
