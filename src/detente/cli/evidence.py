"""`detente evidence`: a matrix of evidence from a spreadsheet, into one, and a table to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import CaseArgument

evidence = typer.Typer(
    name="evidence", help="Evidence from and to spreadsheets.", no_args_is_help=True, rich_markup_mode=None
)

Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")]
TableOutput = Annotated[
    Path | None, typer.Option("--output", "-o", help="File to write, .csv or .xlsx; printed as CSV if not given.")
]


@evidence.command("import", short_help="A case from a table of evidence.")
def import_evidence(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A table of evidence (.csv or .xlsx).")],
    case: Annotated[
        str | None, typer.Option("--case", metavar="CASE", help="Put the evidence into this case instead of a new one.")
    ] = None,
    about: Annotated[
        str | None,
        typer.Option("--about", metavar="ACTOR.TYPE", help="What is judged, such as RUS.aim."),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook; 'evidence', or the first.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Name of a new case; that of the table if not given.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Case file to write; printed if not given.")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Make a case from a table with one row per item and one column per type, or put the table into a case."""
    from detente import app

    found = app.import_evidence(
        table, case=case, about=about, sheet=sheet, name=name, output=output, overwrite=overwrite
    )
    for note in found.notes:
        typer.echo(note, err=True)
    if found.path is None:
        typer.echo(found.text, nl=False)
        return
    analysts = found.analysts + 1 if found.analysts else 0
    counts = ((found.items, "item"), (found.indicators, "indicator"), (analysts, "analyst"))
    parts = [f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in counts if count]
    typer.echo(f"Wrote {found.path}: {', '.join(parts)} on {found.about}. Next: detente assess {found.path}")


@evidence.command("export", short_help="The evidence of a case as a table.")
def export_evidence(case: CaseArgument, output: TableOutput = None, overwrite: Overwrite = False) -> None:
    """Write the evidence of a case as a table, words and marks as they stand; `evidence import` reads it back."""
    from detente import app

    text = app.export_evidence(case, output, overwrite=overwrite)
    if output is None:
        typer.echo(text, nl=False)
    else:
        typer.echo(f"Wrote {output}", err=True)


@evidence.command("template", short_help="A table of evidence to start from.")
def template(
    types: Annotated[
        str, typer.Option("--types", metavar="NAMES", help="The types to tell apart, separated by commas.")
    ] = "attack,bargain,bluff",
    case: Annotated[
        str | None, typer.Option("--case", metavar="CASE", help="Take the types of this case instead.")
    ] = None,
    output: TableOutput = None,
    overwrite: Overwrite = False,
) -> None:
    """Write a table with an example of each kind of row, to be filled in and imported."""
    from detente import app

    text = app.evidence_template(output, types.split(","), case=case, overwrite=overwrite)
    if output is None:
        typer.echo(text, nl=False)
    else:
        typer.echo(f"Wrote {output}. Fill it in; then: detente evidence import {output} -o NAME.case.yaml", err=True)


@evidence.callback()
def _group() -> None:
    """Evidence from and to spreadsheets."""
