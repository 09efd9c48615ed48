"""`detente audit`: does the argument hold?"""

from __future__ import annotations

from detente.app import default
from detente.cli.options import (
    Assume,
    CaseArgument,
    Draws,
    Json,
    NodeLimit,
    Output,
    Quick,
    Seed,
    Threads,
    TimeBudget,
    assumptions,
)


def audit(
    case: CaseArgument,
    draws: Draws = None,
    quick: Quick = False,
    seed: Seed = default("seed"),
    assume: Assume = None,
    threads: Threads = default("threads"),
    time_budget: TimeBudget = default("time_budget"),
    node_limit: NodeLimit = default("node_limit"),
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Say of each claim whether it holds, in how many plausible worlds, and what it turns on."""
    from detente import app
    from detente.cli import asking
    from detente.report import render_audit

    answer, job = asking.ask(
        lambda job: app.audit(
            case,
            draws=draws,
            quick=quick,
            seed=seed,
            assume=assumptions(assume),
            threads=threads,
            node_limit=node_limit,
            job=job,
        ),
        time_budget,
        output,
    )
    asking.deliver(lambda width, color: render_audit(answer, width, color=color), answer.to_json, as_json, output)
    asking.finish(job, output)
