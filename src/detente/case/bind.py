"""From a syntax tree to a case: every name looked up, every expression read, every finding noted."""

from __future__ import annotations

import datetime
from dataclasses import replace

from detente.case.bind_claims import bind_claims
from detente.case.bind_evidence import bind_evidence
from detente.case.bind_parameters import ParameterBinder, text_of
from detente.case.bind_payoffs import bind_not_modelled, bind_outcomes, bind_payoffs, warn_of_indifference
from detente.case.bind_postures import PostureBinder
from detente.case.bind_rounds import bind_rounds
from detente.case.bind_settlement import bind_settlement
from detente.case.bind_timeline import bind_timeline
from detente.case.bind_weights import bind_joints, bind_types
from detente.case.checks import check
from detente.case.context import Context
from detente.case.declare import declare
from detente.case.findings import Findings, quoted
from detente.case.model import Actor, Case
from detente.case.names import CASE_NAME, NAME
from detente.case.sections import Sections, read
from detente.case.syntax import Tree, Word


def bind(tree: Tree, findings: Findings, *, text: str, sha256: str, file: str) -> Case | None:
    """The case of a syntax tree, or None after noting what is wrong with it.

    Args:
        tree: What `syntax.parse` gave.
        findings: Where errors and warnings go.
        text: The text it was read from.
        sha256: Hash of the file.
        file: Name of the file.
    """
    sections = read(tree, findings)
    if sections is None:
        return None
    context = _context(sections, findings)
    identity = _identity(sections, findings)
    sources = _sources(sections, findings)
    owner = _owner(context)
    rounds = bind_rounds(context)
    case = Case(
        name=identity,
        title=_prose(sections, "title"),
        as_of=_date(sections, findings),
        summary=_prose(sections, "summary"),
        question=_prose(sections, "question"),
        sources=sources,
        actors=tuple(Actor(name, title) for name, title in context.names.actors.items()),
        owner=owner,
        parameters=tuple(context.parameters.values()),
        tables=context.tables,
        types=bind_types(context),
        joints=bind_joints(context),
        timeline=bind_timeline(context),
        terms=bind_payoffs(context, rounds),
        outcomes=bind_outcomes(context),
        not_modelled=bind_not_modelled(context),
        postures=PostureBinder(context, owner).bind() if owner else (),
        claims=(),
        text=text,
        sha256=sha256,
        file=file,
        rounds=rounds,
        settlement=bind_settlement(context),
    )
    context.designs = case.settlement.design_names if case.settlement is not None else None
    case = bind_claims(context, case)
    case = replace(case, evidence=bind_evidence(context, case))
    if findings.failed:
        return None
    if rounds is not None:
        once = replace(rounds, entries=tuple(context.entries_of_round), terms=tuple(context.terms_of_round))
        case = replace(case, rounds=once)
    _warn_of_unused(context)
    warn_of_indifference(context)
    check(case, findings)
    return case.with_warnings(tuple(findings.warnings))


def _context(sections: Sections, findings: Findings) -> Context:
    names = declare(sections, findings)
    binder = ParameterBinder(sections, names, findings)
    binder.bind()
    return Context(sections, names, findings, binder.parameters, binder.tables, binder.citation)


def _prose(sections: Sections, name: str) -> str:
    return text_of(sections.words.get(name))


def _identity(sections: Sections, findings: Findings) -> str:
    word = sections.words.get("case")
    if word is not None and not CASE_NAME.match(word):
        hint = "Use small letters, digits and '-', such as `ukraine-2021`."
        findings.error("C042", f"{quoted(word)} cannot be the name of a case", word.span, hint)
    return str(word or "")


def _date(sections: Sections, findings: Findings) -> str:
    word = sections.words.get("as_of")
    if word is None:
        return ""
    try:
        if len(word) != len("2021-12-08"):
            raise ValueError
        datetime.date.fromisoformat(word)
    except ValueError:
        hint = "Write year, month and day: 2021-12-08."
        findings.error("C043", f"{quoted(word)} is not a date", word.span, hint)
    return str(word)


def _sources(sections: Sections, findings: Findings) -> dict[str, str]:
    for word in sections.sources:
        if not NAME.match(word.replace("-", "_")):
            hint = "Use letters, digits, '_' and '-', such as `stent2021`."
            findings.error("C009", f"{quoted(word)} cannot be the id of a source", word.span, hint)
    return {
        str(word): text_of(raw) if isinstance(raw, Word) else " ".join(filter(None, (text_of(raw.cite), raw.url)))
        for word, raw in sections.sources.items()
    }


def _owner(context: Context) -> str:
    """The actor whose postures they are: as stated, or the one that all postures name, or the first actor."""
    names, findings = context.names, context.findings
    word = context.sections.words.get("owner")
    if word is not None:
        return str(word) if names.actor(word) else ""
    stated = [raw.owner for raw in context.sections.postures.values() if raw.owner is not None]
    if stated:
        return str(stated[0]) if names.actor(stated[0]) else ""
    if context.sections.postures:
        first = next(iter(context.sections.postures))
        hint = f"Write `owner: ACTOR` at the top, one of {', '.join(names.actors)}."
        findings.error("C004", "postures need an owner", first.span, hint)
        return ""
    return next(iter(names.actors), "")


def _warn_of_unused(context: Context) -> None:
    """Parameters that nothing depends on."""
    used_tables = {name.partition("[")[0] for name in context.used if "[" in name}
    warned: set[str] = set()
    for name, item in context.parameters.items():
        unused = item.table not in used_tables if item.table else name not in context.used
        shown = item.table or name
        if unused and shown not in warned:
            warned.add(shown)
            raw = next(word for word in context.sections.parameters if word == shown)
            hint = "Use it in a payoff, a prior, a table or a settlement, or remove it."
            context.findings.warning("C036", f"nothing depends on the parameter '{shown}'", raw.span, hint)
