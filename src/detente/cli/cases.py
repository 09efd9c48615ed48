"""`detente cases`: which crises and published models come with Detente?"""

from __future__ import annotations

import typer

from detente.cli.options import Json


def cases(as_json: Json = False) -> None:
    """List the cases that come with Detente."""
    from detente import app
    from detente.cli import asking

    shipped = app.shipped_cases()
    if as_json:
        rows = [{"name": item.name, "group": item.group, "title": item.title, "as_of": item.as_of} for item in shipped]
        typer.echo(asking.dump({"schema": "detente.cases/1", "cases": rows}))
        return
    width = max((len(item.name) for item in shipped), default=0)
    for number, group in enumerate(dict.fromkeys(item.group for item in sorted(shipped, key=lambda item: item.group))):
        typer.echo(("\n" if number else "") + f"{group.capitalize()}:")
        for item in shipped:
            if item.group == group:
                typer.echo(f"  {item.name:<{width}}  {item.as_of:<10}  {item.title}".rstrip())
