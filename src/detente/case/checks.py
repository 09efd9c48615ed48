"""What a sound case can still get wrong: conditions that never hold, options nobody reaches, missing rows.

Everything here follows from labels alone, whatever the posture. What takes the tree of a posture is
left to the compiler: whether a mover sees what its options rest on (rule 3), whether a rule picks an
option that is not offered, and what never happens because of a posture or an impossible type.
"""

from __future__ import annotations

from collections.abc import Mapping

from detente.case.expression import ExpressionError, TableEntry, resolve
from detente.case.findings import Findings
from detente.case.model import Case, Decision, Event, Term
from detente.case.reach import Entry, Reach
from detente.case.span import Span

SKIPPED = "none"


def check(case: Case, findings: Findings) -> None:
    """Note what cannot happen (warnings) and what is missing where it can (errors)."""
    reach = Reach(case)
    for entry in case.timeline:
        if isinstance(entry, (Decision, Event)):
            _entry(reach, entry, findings)
        if isinstance(entry, Event):
            _rows(reach, entry, entry.given, entry.table, f"the event '{entry.name}'", entry.span, findings)
    for posture in case.postures:
        for name, rule in posture.commit.items():
            if not rule.optimal:
                what = f"'{posture.name}' for '{name}'"
                _rows(reach, case.decision(name), rule.by, rule.table, what, rule.span, findings)
    for term in case.terms:
        _term(reach, term, findings)
    for outcome in case.outcomes:
        if reach.satisfiable(outcome.when) is False:
            hint = "No finished history satisfies its condition."
            findings.warning("C041", f"the outcome '{outcome.name}' never occurs", outcome.span, hint)


def _entry(reach: Reach, entry: Entry, findings: Findings) -> None:
    found = reach.options(entry)
    if found is None:
        return
    reached, offered = found
    if not reached:
        hint = "Every history ends before it: look at `ends` above."
        findings.warning("C038", f"'{entry.name}' is never reached", entry.span, hint)
    elif not offered:
        hint = "No history up to here satisfies its `when`; remove the entry or correct the condition."
        findings.warning("C038", f"the condition of '{entry.name}' can never hold", entry.span, hint)
    else:
        for option in entry.options:
            if option not in offered:
                hint = "No history up to here satisfies its condition."
                message = f"the option '{option}' of '{entry.name}' can never be chosen"
                findings.warning("C039", message, entry.span, hint)


def _rows(
    reach: Reach,
    entry: Entry,
    by: tuple[str, ...],
    rows: Mapping[tuple[str, ...], object],
    what: str,
    span: Span,
    findings: Findings,
) -> None:
    """Rows a table lacks although their labels can occur together."""
    found = reach.keys(entry, by) if by else None
    if found is None:
        return
    missing = sorted({tuple(label or SKIPPED for label in key) for key in found} - rows.keys())
    if missing:
        shown = "; ".join(", ".join(key) for key in missing[:4]) + ("; ..." if len(missing) > 4 else "")
        hint = f"Rows are indexed by {', '.join(by)}; `none` is the row for a variable that was skipped."
        findings.error("C028", f"the table of {what} has no row for: {shown}", span, hint)


def _term(reach: Reach, term: Term, findings: Findings) -> None:
    if term.when is not None and reach.satisfiable(term.when) is False:
        hint = "No finished history satisfies its `when`."
        message = f"the term '{term.name}' of {term.player} never applies"
        findings.warning("C040", message, term.span, hint)
    elif any(isinstance(node, TableEntry) for node in term.value.walk()):
        for history in reach.finished(term.when, term.value) or ():
            try:
                resolve(term.value, history)
            except ExpressionError as error:
                findings.error(error.code, error.message, term.span, error.hint)
                return
