"""The answer of `check` for a terminal: findings with their place in the file, then the size of the game."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from detente.report.terminal import blank, draw, paragraph, preformatted, table
from detente.report.views import pick
from detente.report.words import Words, counted, listed

if TYPE_CHECKING:
    from rich.console import RenderableType

    from detente.errors import Diagnostic


def render_check(
    diagnostics: Sequence[Diagnostic],
    sizes: Mapping[str, Any] | None = None,
    name: str = "",
    width: int = 80,
    *,
    color: bool = False,
    game: Mapping[str, Any] | None = None,
    evidence: Mapping[str, int] | None = None,
) -> str:
    """What `detente check` prints.

    Args:
        diagnostics: Everything that was found.
        sizes: Per posture its size: nodes, terminals, infosets; None if the case does not compile.
        name: Name of the case or its file.
        width: Columns of the terminal.
        color: Whether bold is passed on as terminal codes.
        game: Of a game file, what kind of game it holds.
        evidence: How many items of evidence there are, by kind.
    """
    parts: list[RenderableType] = []
    for item in diagnostics:
        parts += [preformatted(item.render()), blank()]
    errors = sum(item.severity == "error" for item in diagnostics)
    warnings = len(diagnostics) - errors
    parts.append(paragraph(verdict(name, errors, warnings), "bold"))
    if sizes:
        words = Words()
        rows = [
            [
                words.posture(posture),
                *(f"{int(pick(size, key, default=0)):,}" for key in ("nodes", "terminals", "infosets")),
            ]
            for posture, size in sizes.items()
        ]
        parts += [blank(), table(["Posture", "nodes", "endings", "information sets"], rows)]
    if evidence:
        parts += [blank(), paragraph(evidence_words(evidence))]
    if game:
        parts += [blank(), paragraph(game_words(game))]
    return draw(parts, width, color)


def evidence_words(evidence: Mapping[str, int]) -> str:
    """How much evidence a case holds, in one sentence."""
    kinds = [counted(evidence["moves"], "move")] if evidence["moves"] else []
    kinds += [f"{evidence['staged']} that can be staged"] if evidence["staged"] else []
    which = f" ({listed(kinds)} among them)" if kinds else ""
    more = [counted(evidence[f"{name}s"], name) for name in ("indicator", "group", "analyst") if evidence[f"{name}s"]]
    return f"Evidence: {listed([counted(evidence['items'], 'item') + which, *more])}."


def game_words(game: Mapping[str, Any]) -> str:
    """What kind of game a file holds, in one sentence."""
    sees = "everybody sees every move" if game["perfect_information"] else "some moves are not seen"
    size = ", ".join(
        (
            counted(game["nodes"], "node"),
            counted(game["terminals"], "ending"),
            counted(game["infosets"], "information set"),
        )
    )
    players = listed([str(name) for name in game["player_names"][:8]])
    more = f" and {len(game['player_names']) - 8} more" if len(game["player_names"]) > 8 else ""
    return f"Players: {players}{more}. {size}; {sees}, and every player remembers what it did."


def verdict(name: str, errors: int, warnings: int) -> str:
    """Whether the case is sound, in one sentence."""
    name = name or "The case"
    if errors:
        found = [counted(errors, "error")] + ([counted(warnings, "warning")] if warnings else [])
        return f"{name} cannot be used yet: {listed(found)}."
    return f"{name} is sound" + (f", with {counted(warnings, 'warning')}." if warnings else ".")
