"""`detente export`: the game of one posture for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.app import default
from detente.cli.options import Assume, GameArgument, NodeLimit, assumptions


def export(
    case: GameArgument,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write, such as game.efg.")] = None,
    posture: Annotated[
        str | None, typer.Option("--posture", "-p", metavar="NAME", help="Which posture; the status quo if not given.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="efg (a tree) or nfg (a table of plans); by default what the name of the output says, else efg for "
            "a case and for a game file the form it does not have.",
        ),
    ] = None,
    assume: Assume = None,
    node_limit: NodeLimit = default("node_limit"),
) -> None:
    """Write the game of one posture, at base values, or of a game file, in one of Gambit's formats (.efg, .nfg)."""
    from detente import app

    if form is None and output is not None and app.is_game(output):
        form = output.suffix.lower().removeprefix(".")
    text = app.export(case, posture, form=form, assume=assumptions(assume), node_limit=node_limit)
    if output is None:
        typer.echo(text, nl=False)
        return
    app.write_text(app.writable(output), text)
    typer.echo(f"Wrote {output}", err=True)
