"""Options that several commands share, made from the one table of settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from detente.app import setting
from detente.errors import RequestError


def option(name: str, *short: str, shown: str = "") -> Any:
    """The command line option of a setting, with its help and its limits."""
    item = setting(name)
    text = item.help
    if item.choices:
        text = f"{text.rstrip('.')}: {', '.join(item.choices)}."
    return typer.Option(item.flag, *short, help=text, show_default=shown or item.default is not None)


CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="A case file, or the name of a shipped case.")]
GameArgument = Annotated[
    str,
    typer.Argument(metavar="CASE", help="A case file, the name of a shipped case, or a game file (.efg, .nfg)."),
]
Draws = Annotated[int | None, option("draws", "-n", shown="1,000, or 100 with --quick")]
Seed = Annotated[int, option("seed")]
Threads = Annotated[int, option("threads")]
TimeBudget = Annotated[float | None, option("time_budget")]
NodeLimit = Annotated[int, option("node_limit")]
Quick = Annotated[bool, typer.Option("--quick", help="A first look: 100 draws, and tipping points from fewer values.")]
Assume = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PARAMETER=VALUE", help="Assume this value of a parameter. May be repeated."),
]
Postures = Annotated[
    list[str] | None,
    typer.Option("--posture", "-p", metavar="NAME", help="Only this posture. May be repeated."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the documented JSON instead of text.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write the answer to this file, as JSON if it ends in .json."),
]


def assumptions(pairs: list[str] | None) -> dict[str, float]:
    """Values of ``--set``.

    Raises:
        RequestError: One is not of the form PARAMETER=NUMBER.
    """
    values: dict[str, float] = {}
    for pair in pairs or []:
        name, equals, text = pair.partition("=")
        try:
            values[name.strip()] = float(text)
        except ValueError:
            equals = ""
        if not equals or not name.strip():
            raise RequestError(f"--set takes PARAMETER=NUMBER, as in --set p_firm=0.4; got '{pair}'.")
    return values
