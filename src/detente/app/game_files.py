"""What can be asked of a game file (``.efg``, ``.nfg``): solve it, check it, write it in the other form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from detente.app.jobs import Job
from detente.app.settings import checked
from detente.errors import CaseError, Diagnostic, RequestError

if TYPE_CHECKING:
    from detente.exchange import GameFile
    from detente.game import BuiltGame
    from detente.study import GameAnswer

    Game: TypeAlias = GameFile | BuiltGame | str | Path

SUFFIXES = (".efg", ".nfg")
FORMATS = ("efg", "nfg")


def is_game(source: object) -> bool:
    """Whether a question is about a game: the name of a game file, one that was read, or one built in Python."""
    if isinstance(source, str | Path):
        return str(source).lower().endswith(SUFFIXES)
    return type(source).__name__ in ("GameFile", "BuiltGame")  # without loading the rooms they live in


def game_of(source: Game, node_limit: int | None = None) -> GameFile:
    """The game a user means.

    Raises:
        GameFileError: The file is wrong.
        SizeError: It is larger than the limit.
    """
    from detente.exchange import GameFile, as_file, load_game

    if isinstance(source, str | Path):
        return load_game(source, limit=checked(node_limit=node_limit)["node_limit"])
    return source if isinstance(source, GameFile) else as_file(source)


def refuse(source: object, question: str, **given: object) -> None:
    """Refuse what has no meaning for a game file.

    Args:
        source: The game file.
        question: What was asked.
        given: Option -> its value; anything but None, False and empty counts as given.

    Raises:
        RequestError: An option was given.
    """
    used = [f"--{name}" for name, value in given.items() if value]
    if used:
        name = source if isinstance(source, str | Path) else "a game"
        verb = "does" if len(used) == 1 else "do"
        raise RequestError(
            f"{' and '.join(used)} {verb} not go with {question} of {name}: postures, parameters and payoff terms "
            "belong to cases (.case.yaml), and a game file has only a tree with numbers."
        )


def solve_game(
    source: Game,
    *,
    lam: float | None = None,
    method: str | None = None,
    starts: int | None = None,
    threads: int | None = None,
    node_limit: int | None = None,
    all_equilibria: bool = False,
    job: Job | None = None,
) -> GameAnswer:
    """What does each player do in a game?

    Args:
        source: A game file, or a game.
        lam: Precision of play; not given, play is strict.
        method: How to look for an equilibrium.
        starts: Starting points from which other equilibria are looked for.
        threads: Processor threads; 0 takes all.
        node_limit: Largest game allowed, in nodes.
        all_equilibria: Look for every equilibrium.
        job: Told the progress; may stop the work.

    Raises:
        GameFileError: The file is wrong.
        RequestError: A setting is out of its limits.
        Interrupted: Stopped before anything was finished.
    """
    values = checked(lam=lam, method=method, starts=starts, threads=threads)
    file = game_of(source, node_limit)

    from detente.study import SolveGameSettings
    from detente.study import solve_game as ask

    values["threads"] = values["threads"] or None
    return ask(file, SolveGameSettings(**values, all_equilibria=all_equilibria), job)


def diagnose_game(source: Game, node_limit: int | None = None) -> tuple[list[Diagnostic], dict[str, Any] | None]:
    """What is wrong with a game file, and what kind of game it holds; the latter None if it cannot be used."""
    try:
        file = game_of(source, node_limit)
    except CaseError as error:
        return list(error.diagnostics), None

    from detente.study import game_size

    about = {"kind": file.kind, "title": file.title, "player_names": list(file.game.shape.players)}
    return list(file.warnings), {**about, **game_size(file), "perfect_recall": True}


def export_game(
    source: Game,
    form: str | None = None,
    *,
    full: bool = False,
    node_limit: int | None = None,
) -> str:
    """A game in the form of a ``.efg`` or ``.nfg`` file.

    Args:
        source: A game file, or a game.
        form: ``efg`` or ``nfg``; by default the other one for a file, ``efg`` for a game.
        full: Whether a table lists what players would do where they rule it out themselves.
        node_limit: Largest game allowed, in nodes.

    Raises:
        GameFileError: The file is wrong.
        SizeError: As a table it would be too large.
        RequestError: There is no such form.
    """
    from detente.exchange import write_efg, write_nfg

    file = game_of(source, node_limit)
    if form is None:
        form = "nfg" if file.kind == "efg" and isinstance(source, str | Path) else "efg"
    return write_efg(file) if checked_form(form) == "efg" else write_nfg(file, full=full)


def checked_form(form: str) -> str:
    """The form if it is one.

    Raises:
        RequestError: It is not.
    """
    if form not in FORMATS:
        raise RequestError(f"games can be written as {' or '.join(FORMATS)}, not as '{form}'.")
    return form


def posture_as_table(case: Any, compiled: Any, theta: Any) -> str:
    """The game of a posture as an ``.nfg`` file.

    Args:
        case: The case.
        compiled: The compiled posture.
        theta: Parameter values.

    Raises:
        RequestError: The owner judges some probabilities otherwise than the other players do.
        SizeError: The table would be too large.
    """
    from detente.exchange import write_nfg
    from detente.game import BuiltGame

    numbers = compiled.numbers(theta[None])
    if numbers.judged_chance is not None:
        raise RequestError(
            "an .nfg file has one probability for all players, but a prior of this case is judged otherwise by the "
            "owner (`as_judged_by_owner`). Remove that judgment from the case to export it."
        )
    labels = tuple(replace(label, decision=str(label), sees=()) for label in compiled.infoset_labels)
    endings = ("",) * compiled.shape.num_terminals
    game = BuiltGame(compiled.shape, numbers, labels, compiled.edge_label, endings)
    title = f"{case.title or case.name}, posture {compiled.posture.name}"
    return write_nfg(game, title=title, comment=f"case {case.name}, sha256 {case.sha256}")
