"""`detente new`: a case to start from."""

from __future__ import annotations

from typing import Annotated

import typer


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits and hyphens.")],
) -> None:
    """Write NAME.case.yaml, a commented starter case, into the current folder."""
    from detente import app

    path = app.new_case(name)
    typer.echo(f"Wrote {path}. Next: detente check {path}")
