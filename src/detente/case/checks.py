"""What a sound case can still get wrong: conditions that never hold, options nobody reaches, missing rows.

Everything here follows from labels alone, whatever the posture. What takes the tree of a posture is
left to the compiler: whether a mover sees what its options rest on (rule 3), whether a rule picks an
option that is not offered, and what never happens because of a posture or an impossible type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from detente.case.expression import ExpressionError, TableEntry, resolve
from detente.case.findings import Findings
from detente.case.model import Case, Decision, Event, Term
from detente.case.reach import Entry, Reach
from detente.case.span import Span

SKIPPED = "none"

Repeated = TypeVar("Repeated", Decision | Event, Term)


def check(case: Case, findings: Findings) -> None:
    """Note what cannot happen (warnings) and what is missing where it can (errors)."""
    reach = Reach(case)
    for entries in _together([item for item in case.timeline if isinstance(item, (Decision, Event))]):
        _entry(reach, entries, findings)
    lacking: set[Span] = set()
    for entry in case.events:
        _rows(reach, entry, entry.given, entry.table, f"the event '{entry.name}'", entry.span, findings, lacking)
    for posture in case.postures:
        for name, rule in posture.commit.items():
            if not rule.optimal:
                what = f"'{posture.name}' for '{name}'"
                _rows(reach, case.decision(name), rule.by, rule.table, what, rule.span, findings, lacking)
    for terms in _together(case.terms):
        _term(reach, terms, findings)
    for outcome in case.outcomes:
        if reach.satisfiable(outcome.when) is False:
            hint = "No finished history satisfies its condition."
            findings.warning("C041", f"the outcome '{outcome.name}' never occurs", outcome.span, hint)


def _together(items: Sequence[Repeated]) -> list[list[Repeated]]:
    """What stands in the file once together: the copies of an entry or a term in all rounds."""
    groups: dict[tuple[str, str], list[Repeated]] = {}
    for item in items:
        owner = item.player if isinstance(item, Term) else ""
        groups.setdefault((owner, item.base or item.name), []).append(item)
    return list(groups.values())


def _entry(reach: Reach, entries: list[Entry], findings: Findings) -> None:
    """What never happens, in no round if the entry is repeated."""
    answers = [reach.options(item) for item in entries]
    known = [item for item in answers if item is not None]
    if len(known) < len(answers):
        return
    entry, name = entries[0], entries[0].base or entries[0].name
    offered = {option for _, options in known for option in options}
    if not any(reached for reached, _ in known):
        hint = "Every history ends before it: look at `ends` above."
        findings.warning("C038", f"'{name}' is never reached", entry.span, hint)
    elif not offered:
        hint = "No history up to here satisfies its `when`; remove the entry or correct the condition."
        findings.warning("C038", f"the condition of '{name}' can never hold", entry.span, hint)
    else:
        for option in entry.options:
            if option not in offered:
                hint = "No history up to here satisfies its condition."
                message = f"the option '{option}' of '{name}' can never be chosen"
                findings.warning("C039", message, entry.span, hint)


def _rows(
    reach: Reach,
    entry: Entry,
    by: tuple[str, ...],
    rows: Mapping[tuple[str, ...], object],
    what: str,
    span: Span,
    findings: Findings,
    lacking: set[Span],
) -> None:
    """Rows a table lacks although their labels can occur together; noted once for all rounds."""
    found = reach.keys(entry, by) if by and span not in lacking else None
    if found is None:
        return
    missing = sorted({tuple(label or SKIPPED for label in key) for key in found} - rows.keys())
    if missing:
        shown = "; ".join(", ".join(key) for key in missing[:4]) + ("; ..." if len(missing) > 4 else "")
        hint = f"Rows are indexed by {', '.join(by)}; `none` is the row for a variable that was skipped."
        lacking.add(span)
        findings.error("C028", f"the table of {what} has no row for: {shown}", span, hint)


def _term(reach: Reach, terms: list[Term], findings: Findings) -> None:
    """A payoff term, in all rounds if it is repeated."""
    if all(item.when is not None and reach.satisfiable(item.when) is False for item in terms):
        term = terms[0]
        hint = "No finished history satisfies its `when`."
        message = f"the term '{term.base or term.name}' of {term.player} never applies"
        findings.warning("C040", message, term.span, hint)
        return
    for term in terms:
        if not any(isinstance(node, TableEntry) for node in term.value.walk()):
            continue
        for history in reach.finished(term.when, term.value) or ():
            try:
                resolve(term.value, history)
            except ExpressionError as error:
                findings.error(error.code, error.message, term.span, error.hint)
                return
