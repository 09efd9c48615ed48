"""Claims: sentences to audit, with the comparison of quantities that would make them true."""

from __future__ import annotations

from collections.abc import Mapping

from detente.case.bind_parameters import text_of
from detente.case.context import Context
from detente.case.expression import Expression
from detente.case.model import Case, Claim
from detente.case.names import NAME
from detente.case.schema import RawClaim
from detente.case.syntax import Word


def bind_claims(context: Context, case: Case) -> Case:
    """The case with its section ``claims``."""
    outcomes = {item.name: item.when for item in case.outcomes}
    claims = [_claim(context, word, raw, outcomes) for word, raw in context.sections.claims.items()]
    return case.with_claims(tuple(item for item in claims if item is not None))


def _claim(context: Context, word: Word, raw: RawClaim, outcomes: Mapping[str, Expression]) -> Claim | None:
    if not NAME.match(word):
        hint = "Use letters, digits and '_', starting with a letter, such as `C1`."
        context.findings.error("C009", f"'{word[:60]}' cannot be the id of a claim", word.span, hint)
    if (raw.holds_when is None) == (raw.cannot_judge is None):
        hint = "Give `holds_when:` with a comparison, or `cannot_judge:` with the reason."
        problem = "neither 'holds_when' nor 'cannot_judge'" if raw.holds_when is None else "both of them"
        context.findings.error("C501", f"the claim '{word}' has {problem}", word.span, hint)
        return None
    source = context.cite(raw.source)
    holds_when = context.claim(raw.holds_when, outcomes) if raw.holds_when is not None else None
    return Claim(
        id=str(word),
        says=text_of(raw.says),
        source=source,
        holds_when=holds_when,
        cannot_judge=text_of(raw.cannot_judge) if raw.cannot_judge is not None else None,
        about=text_of(raw.about),
        span=word.span,
    )
