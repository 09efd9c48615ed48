"""Every equilibrium found, for a terminal: shared by `solve --all` of a case and of a game file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.report.terminal import bullet, heading, paragraph, table
from detente.report.words import Words, counted, level, listed, percent

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_SHOWN = 40
MOST_DIFFERENCES = 8
MOST_ACTIONS = 12
MOST_COLUMNS = 6  # players and outcomes of one table
SAME = 5e-7  # closer numbers print alike

KINDS = {
    "sequential": "sequential",
    "backward_induction": "subgame perfect",
    "nash": "Nash only",
}


def equilibria_parts(answer: Any, words: Words) -> list[RenderableType]:
    """The section "All equilibria found".

    Args:
        answer: An `EquilibriaAnswer`.
        words: What actors, outcomes and options are called.
    """
    found = answer.equilibria
    parts: list[RenderableType] = [heading("All equilibria found")]
    complete = "The list is complete" if answer.complete else "The list is a lower bound"
    parts.append(paragraph(f"{counted(len(found), 'equilibrium', 'equilibria')} found. {complete}: {answer.why}"))
    if not found:
        return parts
    shown = found[:MOST_SHOWN]
    names = _telling(found)
    head = ["No.", "kind", *(words.actor(name) for name in found[0].values), *(words.outcome(name) for name in names)]
    rows = [[_mark(k, item), KINDS.get(item.kind, item.kind), *_numbers(item, names)] for k, item in enumerate(shown)]
    parts.append(table(head, rows))
    if any(item.principal for item in shown):
        parts.append(paragraph("* has the endings of the principal answer."))
    for k, item in enumerate(shown):
        if not item.principal and item.differs:
            parts.append(bullet(f"{k + 1} differs from the principal answer: {_differences(item, words)}."))
    if len(found) > MOST_SHOWN:
        parts.append(paragraph(f"{counted(len(found) - MOST_SHOWN, 'more equilibrium', 'more equilibria')} not shown."))
    wide = [item for item in answer.components if item.dimension or item.actions]
    if wide:
        parts.append(heading("Components"))
        parts += [bullet(_component(item, words)) for item in wide[:MOST_SHOWN]]
    return parts


def comparison_parts(answer: Any, owner: str, words: Words) -> list[RenderableType]:
    """The section "Over all equilibria" of a comparison.

    Args:
        answer: An `EquilibriaComparison`.
        owner: Whose values are shown.
        words: What postures and outcomes are called.
    """
    parts: list[RenderableType] = [heading("Over all equilibria"), paragraph(_lead(answer, words))]
    if answer.depends:
        leaders = listed(words.posture(name) for name in answer.leaders_sequential)
        if answer.depends_sequential:
            parts.append(paragraph(f"It does so among sequential equilibria too: {leaders} can lead."))
        else:
            parts.append(paragraph(f"Among sequential equilibria it does not: {leaders}."))
    rows = [
        [
            words.posture(item.posture),
            _interval(item.value, level),
            _interval(item.value_sequential, level),
            str(item.found),
            "complete" if item.complete else "lower bound",
        ]
        for item in answer.postures
    ]
    parts.append(table(["Posture", f"value to {words.the(owner)}", "sequential only", "found", "list"], rows))
    for item in answer.postures:
        odds = _ranges({words.outcome(name): pair for name, pair in item.outcomes.items()}, percent)
        if odds:
            parts.append(bullet(f"{words.posture(item.posture)}: {odds}."))
    if answer.interrupted:
        parts.append(paragraph("The search was stopped early; other equilibria may have been missed."))
    return parts


def _lead(answer: Any, words: Words) -> str:
    """Whether the lead depends on which equilibrium is played."""
    complete = all(item.complete for item in answer.postures)
    known = "over all Nash equilibria" if complete else "over the equilibria found, which need not be all"
    leaders = listed(words.posture(name) for name in answer.leaders)
    if answer.depends:
        text = f"At base values the lead depends on which equilibrium is played ({known}): {leaders} can lead."
    else:
        text = f"At base values the lead does not depend on which equilibrium is played ({known}): {leaders}."
    if not answer.worlds:
        return text
    return f"{text} It does in {answer.depends_in} of {counted(answer.worlds, 'drawn world')} looked at."


def _interval(pair: tuple[float, float], say: Any) -> str:
    low, high = (say(value) for value in pair)
    return low if low == high else f"{low} to {high}"


def _mark(number: int, item: Any) -> str:
    return f"{number + 1} *" if item.principal else str(number + 1)


def _telling(found: Any) -> list[str]:
    """Outcomes that tell the equilibria apart, as many as a table has room for; all if there are few."""
    names = list(found[0].outcomes)
    room = max(2, MOST_COLUMNS - len(found[0].values))
    if len(names) > room:
        names = [n for n in names if max(i.outcomes[n] for i in found) - min(i.outcomes[n] for i in found) > SAME]
    return names[:room]


def _numbers(item: Any, names: list[str]) -> list[str]:
    return [level(value) for value in item.values.values()] + [percent(item.outcomes[name]) for name in names]


def _differences(item: Any, words: Words) -> str:
    shown = item.differs[:MOST_DIFFERENCES]
    rest = len(item.differs) - len(shown)
    more = f"; and at {counted(rest, 'other set')}" if rest else ""
    return "; ".join(choice_words(choice, words) for choice in shown) + more


def choice_words(choice: Any, words: Words) -> str:
    """What is done at one information set, as a phrase."""
    played = {label: share for label, share in choice.strategy.items() if share > SAME}
    if len(played) == 1:
        what = f"“{words.label(next(iter(played)))}”"
    else:
        what = ", ".join(f"“{words.label(label)}” {percent(share)}" for label, share in played.items())
    where = situation(choice, words)
    return f"{words.actor(choice.actor)} at {where}: {what}" + ("" if choice.reached else " (not reached)")


def situation(item: Any, words: Words) -> str:
    """An information set as a phrase."""
    seen = ", ".join(f"{words.variable(name)} “{words.label(label)}”" for name, label in item.sees.items())
    return words.variable(item.decision) + (f" having seen {seen}" if seen else "")


def _component(item: Any, words: Words) -> str:
    size = "of unknown dimension" if item.dimension is None else f"of dimension {item.dimension}"
    text = f"Equilibrium {item.base + 1} stands for a connected set {size}"
    ranges = _ranges({words.actor(name): pair for name, pair in item.values.items()}, level)
    odds = _ranges({words.outcome(name): pair for name, pair in item.outcomes.items()}, percent)
    text += f"; payoffs {ranges}" if ranges else "; payoffs are the same throughout"
    text += f"; odds {odds}" if odds else ""
    actions = _first_of_two(item.actions)
    shown = actions[:MOST_ACTIONS]
    if shown:
        each = (
            f"{words.actor(a.actor)} at {situation(a, words)} “{words.label(a.action)}” {percent(a.low)} to "
            f"{percent(a.high)}"
            for a in shown
        )
        rest = len(actions) - len(shown)
        text += "; varying: " + "; ".join(each) + (f"; and {counted(rest, 'other action')}" if rest else "")
    return text + "."


def _first_of_two(actions: Any) -> list[Any]:
    """The actions that vary, without the second of two at one set: it is what the first leaves."""
    sets: dict[str, list[Any]] = {}
    for action in actions:
        sets.setdefault(f"{action.actor} {action.decision} {action.sees}", []).append(action)
    return [action for group in sets.values() for action in (group[:1] if len(group) == 2 else group)]


def _ranges(pairs: Mapping[str, tuple[float, float]], say: Any) -> str:
    wide = {name: pair for name, pair in pairs.items() if pair[1] - pair[0] > SAME}
    return ", ".join(f"{name} {say(low)} to {say(high)}" for name, (low, high) in wide.items())
