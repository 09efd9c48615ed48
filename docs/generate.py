"""Makes the pages that follow from tables in the code: `cli.md`, `settings.md`, `errors.md`.

Run ``make pages`` after changing a command, a setting or an error code. A test fails while a page is stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from detente.app import SETTINGS, Setting
from detente.app.checking import APP_CODES
from detente.case import CASE_CODES
from detente.cli.program import program
from detente.compiler import COMPILER_CODES
from detente.exchange import EXCHANGE_CODES, TABLE_CODES

HERE = Path(__file__).parent
MADE = "% Made by docs/generate.py; edit the table it is made from.\n"

CLI_INTRO = """\
# Command line

`detente COMMAND --help` says the same as this page. A CASE is a path to a `.case.yaml` file or the name of a
[shipped case](cases/index.md); `detente cases` lists them. `check`, `solve` and `export` take a
[game file](concepts/game-files.md) as well.

Answers go to standard output; progress, timings and errors go to standard error. With `--json` a command prints the
[documented JSON](json.md) instead of text; it holds no timings, so that equal runs give equal bytes.

The first Ctrl-C stops a long question and prints the answer so far, a second one leaves at once.

| exit status | means |
| --- | --- |
| 0 | answered |
| 2 | something to mend: the case, an option, a name; the message says what |
| 130 | stopped by Ctrl-C; what was finished by then is printed and marked as interrupted |
"""

SETTINGS_INTRO = """\
# Settings

Each setting is an option on the command line and an argument of the same name in Python. What a command takes is on
[its page](cli.md).
"""

ERRORS_INTRO = """\
# Error codes

`detente check` says where in the file something is wrong, shows the line, and says what would be right. Every finding
has a code that stays the same from version to version. Errors have to be mended; warnings point at something that is
legal and probably not meant.

| codes | found |
| --- | --- |
| C0xx | in the structure of the file: sections, keys, names, numbers |
| C1xx | in reading the file: size, encoding, YAML |
| C2xx | in expressions, and claims as text |
| C3xx | in playing out the histories under each posture |
| C4xx | in postures |
| C5xx | in claims |
| C6xx | in putting in the base values |
| C8xx | in settlements |
| Gxxx | in [game files](concepts/game-files.md): G1xx reading, G2xx trees, G3xx tables, G4xx memory, G5xx size |
| T1xx | in [tables of evidence](concepts/evidence-tables.md): T10x reading, T11x rows, T12x cells, T13x the case |
"""


def cli_page() -> str:
    """The page of commands."""
    group: Any = typer.main.get_command(program)
    parts = [MADE, CLI_INTRO]
    for name, command in _commands(group):
        parts.append(f"\n## detente {name}\n\n{command.help.strip()}\n\n```text\n{_usage(name, command)}\n```\n")
        rows = list(_option_rows(command))
        if rows:
            parts.append("\n| option | what it does | default |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n")
    return "".join(parts)


def _commands(group: Any, start: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its full name; those of a group one by one."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{start}{name} ")
        else:
            yield f"{start}{name}", command


def _usage(name: str, command: Any) -> str:
    words = [f"detente {name}"]
    if any(item.param_type_name == "option" for item in command.params):
        words.append("[OPTIONS]")
    for item in command.params:
        if item.param_type_name == "argument":
            words.append(str(item.metavar) if item.required else f"[{item.metavar}]")
    return " ".join(words)


def _option_rows(command: Any) -> Iterator[str]:
    for item in command.params:
        if item.param_type_name != "option" or item.name == "help":
            continue
        names = ", ".join(f"`{flag}`" for flag in sorted(item.opts, key=len, reverse=True))
        if item.metavar:
            names += f" {item.metavar}"
        default = "" if item.is_flag else _default(item)
        yield f"| {names} | {item.help} | {default} |"


def _default(item: Any) -> str:
    """The default of an option: its setting's, where it has one."""
    known = {setting.name: setting.default for setting in SETTINGS}
    value = known.get(item.name, item.default)
    return "" if value is None else f"`{value}`"


def settings_page() -> str:
    """The page of settings."""
    return MADE + SETTINGS_INTRO + "".join(_setting(item) for item in SETTINGS)


def _setting(item: Setting) -> str:
    default = "not set" if item.default is None else f"`{item.default}`"
    about = f"\n{item.about}\n" if item.about else ""
    return f"\n## {item.name}\n\n{item.help}\n{about}\nTakes {item.legal}. Default: {default}.\n"


def errors_page() -> str:
    """The page of error codes."""
    codes = {**CASE_CODES, **COMPILER_CODES, **APP_CODES, **EXCHANGE_CODES, **TABLE_CODES}
    entries = (f"\n## {code}: {title}\n\n{about}\n" for code, (title, about) in sorted(codes.items()))
    return MADE + ERRORS_INTRO + "".join(entries)


def pages() -> dict[str, str]:
    """File name -> content of every page made here."""
    return {"cli.md": cli_page(), "settings.md": settings_page(), "errors.md": errors_page()}


if __name__ == "__main__":
    for file, content in pages().items():
        (HERE / file).write_text(content, encoding="utf-8")
