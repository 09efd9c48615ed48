"""`detente check`: is the case sound, and how big is it?"""

from __future__ import annotations

from typing import Annotated

import typer

from detente.app import default
from detente.cli.options import Json, NodeLimit
from detente.errors import RequestError


def check(
    case: Annotated[
        str | None,
        typer.Argument(metavar="CASE", help="A case file, the name of a shipped case, or a game file (.efg, .nfg)."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of case files, for editors, and leave.")
    ] = False,
    node_limit: NodeLimit = default("node_limit"),
    as_json: Json = False,
) -> None:
    """Say whether a case is sound and how big its game is under each posture."""
    from detente import app
    from detente.cli import asking

    if schema:
        typer.echo(asking.dump(app.schema()))
        return
    if case is None:
        raise RequestError("check needs a CASE: a path to a .case.yaml file, or the name of a shipped case.")
    answer = app.check(case, strict=strict, node_limit=node_limit)
    if as_json:
        typer.echo(asking.dump(answer.to_json()))
    else:
        from detente.report import render_check

        wrong = not answer.ok
        text = render_check(
            answer.diagnostics,
            answer.size,
            answer.case,
            asking.columns(),
            color=asking.color(error_stream=wrong),
            game=answer.game,
            evidence=answer.evidence,
        )
        typer.echo(text, nl=False, err=wrong)
    if not answer.ok:
        raise typer.Exit(2)
