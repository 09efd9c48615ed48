"""All commands put together, and what happens to errors that reach the top."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from detente.cli import assess, audit, cases, check, compare, evidence, export, new, report, settle, solve
from detente.errors import DetenteError, Interrupted

USER_ERROR = 2
INTERRUPTED = 130

program = typer.Typer(
    name="detente",
    help="Turn an argument about an international crisis into a model that can be run, checked and disputed.",
    epilog="CASE is a path to a .case.yaml file or the name of a shipped case, such as ukraine-2021.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

COMMANDS = {
    "check": (check.check, "Is the case sound, and how big is it?"),
    "compare": (compare.compare, "Which posture, and when?"),
    "audit": (audit.audit, "Does the argument hold?"),
    "solve": (solve.solve, "What would each side do?"),
    "assess": (assess.assess, "What do they want?"),
    "report": (report.report, "Show it to somebody: one HTML file."),
    "settle": (settle.settle, "Which agreement would hold?"),
    "export": (export.export, "One posture's game for other programs."),
    "new": (new.new, "Start a case of your own."),
    "cases": (cases.cases, "Which cases come with Detente?"),
}
"""Every command with its question, in the order of ``--help``."""

for _name, (_command, _question) in COMMANDS.items():
    program.command(_name, short_help=_question)(_command)
program.add_typer(evidence.evidence, short_help="Evidence from and to spreadsheets.")
program.add_typer(settle.settlement, short_help="A settlement from a table of its steps.")


def _print_version(wanted: bool) -> None:
    if wanted:
        from detente import __version__

        typer.echo(f"detente {__version__}")
        raise typer.Exit


@program.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass


def run() -> None:
    """Run the program on `sys.argv`; errors of the user end with status 2 and no traceback."""
    try:
        program()
    except Interrupted as stop:
        typer.echo(f"{stop}", err=True)
        sys.exit(INTERRUPTED)
    except DetenteError as error:
        typer.echo(f"{error}", err=True)
        sys.exit(USER_ERROR)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has left. Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
