"""What can be wrong with a case that only shows when its histories are played out."""

from __future__ import annotations

from collections.abc import Sequence

from detente.case import Case, Commitment, Decision, Event, Span
from detente.compiler.frontier import History
from detente.compiler.plan import Plan
from detente.errors import CaseError, Diagnostic, Severity, SizeError


def finding(
    case: Case, code: str, message: str, span: Span, hint: str = "", severity: Severity = "error"
) -> Diagnostic:
    """A finding at a place of the case file, with the line it points at."""
    lines = case.text.split("\n")
    source = lines[span.line - 1].rstrip("\r") if 0 < span.line <= len(lines) else ""
    return Diagnostic(code, severity, message, case.file, span.line, span.column, max(1, span.length), source, hint)


def told(history: History) -> str:
    """A history in words."""
    parts = [f"{name} = {label}" if label is not None else f"{name} skipped" for name, label in history.items()]
    return f"({', '.join(parts)})" if parts else "(the start)"


def hidden_condition(
    plan: Plan, entry: Decision, histories: tuple[History, History], offers: tuple[str, str], unseen: Sequence[str]
) -> CaseError:
    """Rule 3: two histories of one information set differ in what they offer."""
    message = (
        f"under posture '{plan.posture.name}', {entry.actor} cannot tell two histories apart at '{entry.name}', but "
        f"its options differ: {offers[0]} after {told(histories[0])}, {offers[1]} after {told(histories[1])}"
    )
    return CaseError([finding(plan.case, "C301", message, entry.span, _way_out(entry, unseen))])


def hidden_rule(
    plan: Plan, entry: Decision, span: Span, histories: tuple[History, History], unseen: Sequence[str]
) -> CaseError:
    """A published rule asks its mover to do different things in one information set."""
    message = (
        f"posture '{plan.posture.name}' commits {entry.actor} at '{entry.name}' to different things after histories "
        f"that {entry.actor} cannot tell apart: {told(histories[0])} and {told(histories[1])}"
    )
    return CaseError([finding(plan.case, "C304", message, span, _way_out(entry, unseen))])


def no_option(plan: Plan, entry: Decision, history: History) -> CaseError:
    """A decision is reached where nothing is offered."""
    message = (
        f"under posture '{plan.posture.name}', '{entry.name}' is reached without any option offered to {entry.actor}, "
        f"after {told(history)}"
    )
    hint = f"The options of '{entry.name}' are: {', '.join(entry.options)}. Offer one always, or narrow its `when`."
    return CaseError([finding(plan.case, "C302", message, entry.span, hint)])


def rule_not_offered(plan: Plan, entry: Decision, span: Span, history: History, option: str) -> CaseError:
    """A published rule picks an option that is not there."""
    message = (
        f"posture '{plan.posture.name}' commits {entry.actor} at '{entry.name}' to '{option}', which is not offered "
        f"after {told(history)}"
    )
    hint = "Make the commitment a table (`by`) on what the option depends on, or commit to an option always offered."
    return CaseError([finding(plan.case, "C303", message, span, hint)])


def missing_row(plan: Plan, entry: Event | Commitment, key: tuple[str, ...]) -> CaseError:
    """A table lacks the row a history needs."""
    names, name = (entry.given, entry.name) if isinstance(entry, Event) else (entry.by, entry.decision)
    row = ", ".join(f"{variable} = {label}" for variable, label in zip(names, key, strict=True))
    message = f"the table of '{name}' has no row for {row}, which happens under posture '{plan.posture.name}'"
    hint = "Add the row; `none` is the label of a variable that was skipped."
    return CaseError([finding(plan.case, "C305", message, entry.span, hint)])


def undefined_value(case: Case, what: str, history: History, span: Span, error: Exception) -> CaseError:
    """An expression has no value after a history."""
    message = f"{what} cannot be worked out after {told(history)}: {error}"
    return CaseError([finding(case, "C307", message, span, "Give it a `when` that rules this history out.")])


def too_large(plan: Plan, estimate: int, reached: str) -> SizeError:
    """The tree would pass the limit."""
    limit = plan.settings.limit
    message = (
        f"under posture '{plan.posture.name}' the game would have about {_rounded(estimate)} nodes (estimated: the "
        f"limit of {limit:,} was passed at {reached} and the rest extrapolated from a sample of histories)"
    )
    hint = (
        "End branches early (`ends`), skip moves that no longer matter (`when`), limit portfolios (`at_most`), "
        "play fewer rounds, "
        "or raise the limit."
    )
    return SizeError([finding(plan.case, "C306", message, plan.posture.span, hint)])


def _way_out(entry: Decision, unseen: Sequence[str]) -> str:
    if not unseen:
        return f"Let {entry.actor} see what '{entry.name}' depends on, or take it out of the condition."
    names = " and ".join(f"'{name}'" for name in unseen)
    return f"Let {entry.actor} see {names} before '{entry.name}' (`seen_by`, `reveal`, `disclose`), or do without it."


def _rounded(estimate: int) -> str:
    digits = len(str(estimate)) - 2
    return f"{round(estimate, -digits):,}" if digits > 0 else f"{estimate:,}"
