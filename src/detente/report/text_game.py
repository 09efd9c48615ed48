"""The answer of `solve` for a game file, for a terminal: names are shown as they stand in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.terminal import blank, bullet, draw, heading, paragraph, table
from detente.report.text_refined import refinement_parts
from detente.report.text_solve import certificate_words
from detente.report.views import solve_view
from detente.report.words import Words, counted, cut, number, one_line, sentence

if TYPE_CHECKING:
    from rich.console import RenderableType

    from detente.study.results_game import GameAnswer, OtherGameEquilibrium
    from detente.study.results_solve import InfosetAnswer

MOST_SETS = 40
MOST_OUTCOMES = 20
MOST_BELIEFS = 6
MOST_OTHERS = 20
LONGEST_NAME = 40
NOISE = 1e-7  # share of the largest value below which a value is shown as 0
USED = 5e-7  # probabilities below it are not listed

METHODS = {
    "logit": "by following the logit branch to its end",
    "backward_induction": "by backward induction",
    "support": "by a search over supports",
}


class FileWords(Words):
    """Words that leave the names of a file as they are: an underscore or a dot in them means nothing."""

    def actor(self, id: str) -> str:
        """Name of a player."""
        return one_line(id)

    def outcome(self, name: str) -> str:
        """Name of an outcome."""
        return one_line(name)

    def label(self, name: str) -> str:
        """Name of an action."""
        return one_line(name)

    def variable(self, name: str) -> str:
        """Name of an information set."""
        return one_line(name)


def render_game(answer: GameAnswer, width: int = 80, *, color: bool = False) -> str:
    """What `detente solve` prints for a game file.

    Args:
        answer: What `solve` found.
        width: Columns of the terminal.
        color: Whether bold is passed on as terminal codes.
    """
    parts: list[RenderableType] = [paragraph(answer.title or answer.file, "bold"), paragraph(_size(answer)), blank()]
    how = METHODS.get(answer.method, "")
    at = f" at precision {number(answer.lam)}" if answer.lam is not None else ""
    parts.append(paragraph(f"Solved {how}{at}. {sentence(answer.status)}"))
    parts.append(paragraph(certificate_words(solve_view(answer))))
    rows = [[cut(name, LONGEST_NAME), number(value, 6)] for name, value in answer.values.items()]
    parts += [heading("Expected payoffs"), table(["Player", "payoff"], rows)]
    parts += _outcomes(answer) + _play(answer)
    if answer.equilibria is not None:
        from detente.report.text_equilibria import equilibria_parts

        parts += equilibria_parts(answer.equilibria, FileWords())
    elif answer.others:
        parts += [heading("Other equilibria met on the way")]
        parts += [bullet(_other(item)) for item in answer.others[:MOST_OTHERS]]
        if len(answer.others) > MOST_OTHERS:
            parts.append(paragraph(f"{counted(len(answer.others) - MOST_OTHERS, 'more')} not shown."))
    parts += refinement_parts(answer.refinements)
    if answer.notes:
        parts += [heading("Notes"), *(bullet(text) for text in answer.notes)]
    return draw(parts, width, color)


def _size(answer: GameAnswer) -> str:
    size = answer.size
    sees = "everybody sees every move" if size["perfect_information"] else "some moves are not seen"
    return (
        f"{counted(size['players'], 'player')}, {counted(size['nodes'], 'node')}, "
        f"{counted(size['infosets'], 'information set')}; {sees}."
    )


def _outcomes(answer: GameAnswer) -> list[RenderableType]:
    used = [(name, share) for name, share in answer.outcomes.items() if share > USED]
    if not used:
        return []
    used.sort(key=lambda pair: -pair[1])
    rows = [[cut(name, LONGEST_NAME), probability(share)] for name, share in used[:MOST_OUTCOMES]]
    parts = [heading("Odds of the outcomes"), table(["Outcome", "probability"], rows)]
    if len(used) > MOST_OUTCOMES:
        parts.append(paragraph(f"{counted(len(used) - MOST_OUTCOMES, 'more outcome')} with positive probability."))
    return parts


def _play(answer: GameAnswer) -> list[RenderableType]:
    """Every information set of a small game; of a large one those that play reaches."""
    shown = list(answer.infosets)
    if len(shown) > MOST_SETS:
        shown = [item for item in shown if item.reach > 0][:MOST_SETS]
    parts: list[RenderableType] = []
    noise = NOISE * max((abs(value) for item in shown for value in item.action_values.values()), default=0.0)
    for item in shown:
        parts += _infoset(item, noise)
    left = len(answer.infosets) - len(shown)
    if left:
        parts += [blank(), paragraph(f"{counted(left, 'more information set')} not shown; --json lists them all.")]
    return parts


def _infoset(item: InfosetAnswer, noise: float) -> list[RenderableType]:
    name = item.decision if item.decision.startswith(item.actor) else f"{item.actor} at {item.decision}"
    reach = "not reached" if item.reach <= 0 else f"reached with probability {probability(item.reach)}"
    rows = [
        [cut(action, LONGEST_NAME), probability(share), number(value if abs(value) > noise else 0.0, 6)]
        for (action, share), value in zip(item.strategy.items(), item.action_values.values(), strict=True)
    ]
    parts: list[RenderableType] = [
        heading(f"{name} ({reach})", upper=False),
        table(["Action", "probability", "value"], rows),
    ]
    if len(item.beliefs) > 1:
        shown = item.beliefs[:MOST_BELIEFS]
        text = "; ".join(f"{belief['history']} {_share(belief['probability'])}" for belief in shown)
        rest = len(item.beliefs) - len(shown)
        more = f"; and {counted(rest, 'other node')}" if rest else ""
        parts.append(paragraph(f"Believes: {text}{more}.", indent=2))
    return parts


def _share(belief: float | None) -> str:
    return "(undefined)" if belief is None else probability(belief)


def probability(share: float) -> str:
    """A probability to four digits; only an exact one is shown as 1."""
    return "0.9999" if 0.9999 < share < 1 - USED else number(share, 4)


def _other(item: OtherGameEquilibrium) -> str:
    values = ", ".join(f"{one_line(name)} {number(value, 6)}" for name, value in item.values.items())
    used = [(name, share) for name, share in item.outcomes.items() if share > USED]
    used.sort(key=lambda pair: -pair[1])
    odds = ", ".join(f"{one_line(name)} {probability(share)}" for name, share in used[:MOST_BELIEFS])
    return f"{values}{f' ({odds})' if odds else ''}; from {counted(item.hits, 'start')}."
