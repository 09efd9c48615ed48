"""The evidence of a case as rows of a table, which `evidence_table` reads back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from detente.exchange.evidence_header import INDICATOR, ITEM, OWN

if TYPE_CHECKING:
    from detente.case import Case, EvidenceItem, EvidenceSection, Expression, Indicator, Judged

DAYS = ("happened", "reported", "until")
ALWAYS = ("id", "happened", "reported", "says", "source", "reliability", "credibility", "group")
ORDER = (
    *(
        "id",
        "analyst",
        "kind",
        "happened",
        "reported",
        "title",
        "says",
        "source",
        "cite",
        "reliability",
        "credibility",
        "r",
    ),
    *("group", "rho", "move", "can_stage", "real", "gain", "cost", "threshold", "seen_as", "until", "about"),
)
LIKELIHOOD_AFTER = "move"
JUDGMENT = "judgment"
BETWEEN = " | "
"""What stands between the citations of several sources in one cell."""


def evidence_rows(case: Case) -> list[list[str]]:
    """Header and rows of the matrix of a case: items by day of report, then indicators; words and marks as written.

    Columns without anything in them are left out. Judgments of further analysts are rows of their own.

    Raises:
        ValueError: The case has no evidence.
    """
    section = case.evidence
    if section is None:
        raise ValueError("the case has no evidence")
    labels = next(item.labels for item in case.types if item.name == section.about)
    records = _records(case, section)
    absent = [label for label in labels if any(f"absent: {label}" in record for record in records)]
    kept = [name for name in ORDER if name in ALWAYS or any(name in record for record in records)]
    at = next((k for k, name in enumerate(kept) if ORDER.index(name) > ORDER.index("rho")), len(kept))
    header = [*kept[:at], *labels, *(f"absent: {label}" for label in absent), *kept[at:]]
    return [header, *([record.get(name, "") for name in header] for record in records)]


def _records(case: Case, section: EvidenceSection) -> list[dict[str, str]]:
    whose = section.judged_by or (OWN if section.analysts else "")
    given: set[str] = set()
    records: list[dict[str, str]] = []
    for item in section.items:
        record = _item(case, item, whose, bool(section.indicators))
        if item.group and item.group not in given and item.group in section.groups:
            given.add(item.group)
            record["rho"] = repr(section.groups[item.group].rho)
        records.append(record)
        for analyst, judged in section.analysts.items():
            if item.id in judged:
                kind = {"kind": ITEM} if section.indicators else {}
                records.append({"id": item.id, "analyst": analyst, **kind, **_likelihood(judged[item.id])})
    return records + [_indicator(case, item, whose) for item in section.indicators]


def _item(case: Case, item: EvidenceItem, whose: str, kinds: bool) -> dict[str, str]:
    record = {"id": item.id, "reported": item.reported.isoformat(), **_likelihood(item.likelihood)}
    if whose:
        record["analyst"] = whose
    if kinds:
        record["kind"] = ITEM
    if item.happened != item.reported:
        record["happened"] = item.happened.isoformat()
    facts = {
        "title": item.title,
        "says": item.says,
        "source": item.source,
        "cite": _cite(case, item.source),
        "reliability": item.reliability,
        "credibility": item.credibility,
        "group": item.group,
        "about": item.about,
        "move": f"{item.decision}={item.option}" if item.is_move else "",
    }
    if not item.reliability and not item.credibility and item.r != 1.0:
        facts["r"] = repr(item.r)
    record.update({name: text for name, text in facts.items() if text})
    record.update({f"absent: {label}": repr(value) for label, value in item.absent.items()})
    if item.staging is not None:
        record["can_stage"] = item.staging.actor
        record["real"] = ", ".join(item.staging.real)
        record["gain"] = _amounts(item.staging.gain)
        record["cost"] = _amounts(item.staging.cost)
        record["threshold"] = repr(item.staging.threshold)
    return record


def _indicator(case: Case, item: Indicator, whose: str) -> dict[str, str]:
    record = {"id": item.id, "kind": INDICATOR, "says": item.says, **_likelihood(item.likelihood)}
    if whose:
        record["analyst"] = whose
    facts = {
        "title": item.title,
        "source": item.source,
        "cite": _cite(case, item.source),
        "seen_as": item.seen_as,
        "until": "" if item.until is None else item.until.isoformat(),
        "about": item.about,
    }
    return {**record, **{name: text for name, text in facts.items() if text}}


def _likelihood(cells: Mapping[str, Judged]) -> dict[str, str]:
    return {label: judged.text or _range(judged) for label, judged in cells.items()}


def _range(judged: Judged) -> str:
    return repr(judged.point) if judged.low == judged.high else f"{judged.low!r} to {judged.high!r}"


def _amounts(cells: Mapping[str, Expression]) -> str:
    texts = {label: str(expression.text) for label, expression in cells.items()}
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return "; ".join(f"{label}: {text}" for label, text in texts.items())


def _cite(case: Case, source: str) -> str:
    """What a citation cites: the sources in the order of its parts, set apart by `BETWEEN`."""
    ids = [part.split()[0].rstrip(",;") for part in source.split(";") if part.strip()]
    return BETWEEN.join(case.sources.get(id, "") for id in ids if id != JUDGMENT)


def template_rows(labels: Sequence[str]) -> list[list[str]]:
    """A table to start from: the header, two items of one origin, one that says nothing, and an indicator."""
    header = ["id", "kind", "happened", "reported", "says", "source", "reliability", "credibility", "group", "rho"]
    marks = [["++", "0", "-"], ["likely", "0.4", "0.2-0.4"], ["0", "0", "0"], ["0.6", "0.3", "0.1"]]

    def cells(row: int) -> list[str]:
        return [marks[row][min(k, 2)] for k in range(len(labels))]

    return [
        [*header, *labels, "about"],
        [
            *("first_report", ITEM, "2021-11-30", "2021-12-03", "What was reported, in one sentence of your own."),
            *("Name of a paper, 3 December 2021, p. 1", "B", "2", "one_origin", "0.8", *cells(0)),
            "Why these likelihoods, as of that day.",
        ],
        [
            *(
                "same_story",
                ITEM,
                "2021-11-30",
                "2021-12-04",
                "The same, from another paper that quotes the same people.",
            ),
            *("Name of another paper, 4 December 2021", "B", "2", "one_origin", "", *cells(1), ""),
        ],
        [
            *("says_nothing", ITEM, "", "2021-12-07", "Something that every type would make equally likely."),
            *("judgment", "A", "1", "", "", *cells(2), ""),
        ],
        [
            *("what_to_watch", INDICATOR, "", "", "Something not seen yet; the cells say how likely it will be seen."),
            *("judgment", "", "", "", "", *cells(3), ""),
        ],
    ]


HELP_ROWS = (
    ("column", "what stands in it"),
    ("id", "A name of the item: letters, digits and '_'."),
    ("kind", "item, or indicator for what has not been seen yet and is worth watching for."),
    ("analyst", "Who judged the row, if there are several; nothing, or 'case', for your own judgment."),
    ("happened", "Day of what it tells; leave it out if it is the day of the report."),
    ("reported", "Day on which it could be known. The timeline goes by it."),
    ("title", "What to call it in answers, instead of its id."),
    ("says", "What it tells, in one or two sentences of your own."),
    ("source", "Where it stands, or 'judgment'."),
    ("reliability", "Grade of the source, A to F. F: cannot be judged."),
    ("credibility", "Grade of the information, 1 to 6. 6: cannot be judged."),
    ("group", "Reports of one origin have the same word here."),
    ("rho", "Probability that the reports of the group copy one origin; once per group."),
    ("r", "How much the item counts, 0 to 1, instead of the grades."),
    ("one column per type", "How likely the item is if that is the aim."),
    ("", "A number above 0 and at most 1: 0.3 or 30%"),
    ("", "A range: 0.2-0.4"),
    ("", "A mark: ++ very likely, + likely, 0 says nothing, - unlikely, -- very unlikely"),
    ("", "A word: almost no chance, very unlikely, unlikely, roughly even chance, likely, very likely, almost certain"),
    ("seen_as", "Of an indicator: the id of the item by which it was seen in the end."),
    ("until", "Of an indicator: the last day on which it is worth watching for."),
    ("absent: TYPE", "Probability of its absence, judged apart; what does not add up to 1 is repaired and shown."),
    ("ANALYST: TYPE", "Another analyst's judgment, beside yours instead of in rows of its own."),
    ("about", "Why these likelihoods, as of that day."),
)
"""The second sheet of the template."""
