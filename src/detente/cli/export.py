"""`detente export`: the game of one posture for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.app import default
from detente.cli.options import Assume, CaseArgument, NodeLimit, assumptions


def export(
    case: CaseArgument,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write, such as game.efg.")] = None,
    posture: Annotated[
        str | None, typer.Option("--posture", "-p", metavar="NAME", help="Which posture; the status quo if not given.")
    ] = None,
    assume: Assume = None,
    node_limit: NodeLimit = default("node_limit"),
) -> None:
    """Write the game of one posture, at base values, in Gambit's .efg format."""
    from detente import app

    text = app.export(case, posture, assume=assumptions(assume), node_limit=node_limit)
    if output is None:
        typer.echo(text, nl=False)
        return
    app.write_text(app.writable(output), text)
    typer.echo(f"Wrote {output}", err=True)
