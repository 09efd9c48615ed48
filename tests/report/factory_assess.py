"""An answer of `assess` without a case: what the report on evidence is tested and looked at with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from detente.evidence import Evidence, Item, Prior, influence, read_likelihood, reliability
from detente.evidence import timeline as evidence_timeline
from detente.study.results_assess import (
    AnalystDisagreement,
    AssessAnswer,
    AssessedDay,
    AssessedIndicator,
    AssessedItem,
    AssessedMove,
    AssessedStaged,
    CoherenceRepair,
    ScoredDay,
    Scores,
    Statement,
    TypeBand,
)
from report.factory import HOSTILE, manifest

LABELS = ("subjugate", "compel", "pressure")
TITLES = {"subjugate": "Subjugate Ukraine", "compel": "Compel talks", "pressure": "Pressure on the West"}
# id, reported, grade, group, cells, what it says
ROWS = (
    ("spring_buildup", "2021-04-01", "B2", "", ("0.6", "0.6", "0.55"), "Forces gather near the border in spring."),
    ("june_summit", "2021-06-16", "A1", "", ("0.4", "0.6", "0.6"), "The presidents meet in Geneva."),
    ("july_essay", "2021-07-12", "A1", "", ("++", "0", "+"), "An essay denies that Ukraine is a nation of its own."),
    ("forces_stay", "2021-11-01", "B2", "", ("likely", "0.5", "0.4"), "Equipment of the spring stays in place."),
    ("winter_buildup", "2021-11-10", "A2", "", ("0.8", "0.8", "0.78"), "Troops mass again."),
    ("plans_reported", "2021-12-03", "B2", "briefings", ("likely", "0.4", "0.3"), "Plans for up to 175,000 troops."),
    ("plans_repeated", "2021-12-04", "B2", "briefings", ("likely", "0.4", "0.3"), "The same plans, in another paper."),
    ("leaders_call", "2021-12-07", "A1", "", ("0.5", "0.6", "0.6"), "The presidents speak by video."),
    ("draft_treaties", "2021-12-17", "A1", "", ("0.5", "0.7", "0.6"), "Draft treaties with sweeping demands."),
    ("january_talks", "2022-01-10", "A1", "", ("0.4", "0.6", "0.6"), "Talks in Geneva, Brussels and Vienna."),
    ("cyberattack", "2022-01-14", "C3", "", ("+", "0", "0"), "Websites of the government are defaced."),
    ("belarus_forces", "2022-01-18", "A2", "", ("++", "0", "-"), "Forces arrive in Belarus for an exercise."),
    ("written_answers", "2022-01-26", "A1", "", ("0.5", "0.5", "0.5"), "The answers to the drafts are handed over."),
    ("blood_supplies", "2022-01-28", "B2", "briefings", ("++", "-", "--"), "Blood is moved to the forces."),
    ("warning", "2022-02-11", "B2", "briefings", ("very likely", "0.4", "0.3"), "An attack could come any day."),
    ("pull_back", "2022-02-15", "C4", "", ("0.5", "0.6", "0.5"), "A pull-back of some forces is shown."),
    ("estimate", "2022-02-18", "A2", "", ("0.8", "0.4", "0.2"), "169,000 to 190,000 are near the border."),
    ("recognition", "2022-02-21", "A1", "", ("0.7", "0.3", "0.1"), "The two areas are recognized as states."),
)
SILENT = {
    "winter_buildup": "Every aim does it about as often in equilibrium: those who would attack and those who bluff.",
    "plans_repeated": "Others of its origin already say as much.",
    "written_answers": "Every type makes it about equally likely.",
}


def evidence() -> Evidence:
    items = [
        Item(
            id,
            date.fromisoformat(day),
            tuple(map(read_likelihood, cells)),
            r=reliability(grade[0], grade[1]),
            group=group,
        )
        for id, day, grade, group, cells, _ in ROWS
    ]
    return Evidence.of(LABELS, items, rho={"briefings": 0.8})


def prior() -> Prior:
    return Prior.of({"subjugate": (0.1, 0.3), "compel": (0.3, 0.5), "pressure": (0.3, 0.5)})


def assess_answer(draws: int = 200) -> AssessAnswer:
    """A complete answer, worked out from `ROWS` as far as bands, influence and bits go."""
    known, before = evidence(), prior()
    found = evidence_timeline(known, before, draws=draws)
    days = tuple(
        AssessedDay(
            day.isoformat(),
            {
                label: TypeBand(
                    *(float(getattr(found, name)[i, k]) for name in ("point", "lower", "upper", "p05", "p95"))
                )
                for k, label in enumerate(LABELS)
            },
            tuple(row[0] for row in ROWS if row[1] == day.isoformat()),
        )
        for i, day in enumerate(found.days)
    )
    return AssessAnswer(
        case="ukraine-2021",
        title="Russia's buildup on Ukraine's border",
        manifest=manifest(draws),
        about="RUS.aim",
        actor="Russia",
        labels=dict(TITLES),
        as_of="2022-02-21",
        prior={
            "subjugate": TypeBand(0.2, 0.1, 0.3, 0.11, 0.29),
            "compel": TypeBand(0.4, 0.3, 0.5, 0.31, 0.49),
            "pressure": TypeBand(0.4, 0.3, 0.5, 0.31, 0.49),
        },
        timeline=days,
        items=_items(known, before),
        moves=_moves(),
        watch=_watch(),
        statements=_statements(),
        repairs=(CoherenceRepair("cyberattack", "compel", 0.5, 0.4, 0.55, 0.9),),
        disagreements=_disagreements(),
        analysts=("case", "ann", "bob"),
        scores=_scores(days),
        precision=8.0,
        posture="telegraph_limits",
        draws=draws,
        draws_done=draws,
        effective=0.43 * draws,
        excluded=0.012,
        interrupted=False,
        notes=("Bands rest on 200 draws.",),
        staged=(
            AssessedStaged(
                "pull_back",
                "RUS",
                "pooling",
                {"subjugate": 0.1, "compel": 0.5, "pressure": 0.4},
                {"subjugate": 1.0, "compel": 0.0, "pressure": 1.0},
                1.0,
                "Staging is cheap against what being believed is worth, so every aim shows a pull-back.",
            ),
        ),
        analyst="pooled",
        owner="USA",
    )


def _items(known: Evidence, before: Prior) -> tuple[AssessedItem, ...]:
    found = influence(known, before)
    items = []
    for i, (id, day, grade, group, _, says) in enumerate(ROWS):
        assert known.ids[i] == id
        shift = {label: float(found.shift[i, k]) for k, label in enumerate(LABELS)}
        kind = "move" if id == "winter_buildup" else "staged" if id == "pull_back" else "judged"
        items.append(
            AssessedItem(
                id=id,
                happened=day,
                reported=day,
                says=says,
                source="nyt2021 p. 3",
                grade=grade,
                r=float(known.r[i]),
                group=group,
                kind=kind,
                strategic=kind != "judged",
                likelihood={
                    label: (float(known.low[i, k]), float(known.point[i, k]), float(known.high[i, k]))
                    for k, label in enumerate(LABELS)
                },
                shift=shift,
                influence=float(found.influence[i]),
                diagnosticity=float(found.diagnosticity[i]),
                added=float(found.added[i]),
                silent=SILENT.get(id, ""),
                about="judged as of the day",
            )
        )
    return tuple(items)


def _moves() -> tuple[AssessedMove, ...]:
    alike = {
        "subjugate": TypeBand(0.81, 0.4, 0.99, 0.6, 0.95),
        "compel": TypeBand(0.8, 0.4, 0.99, 0.58, 0.95),
        "pressure": TypeBand(0.78, 0.3, 0.99, 0.55, 0.94),
    }
    return (
        AssessedMove(
            "winter_buildup",
            "winter",
            "mass",
            "RUS",
            alike,
            1.04,
            True,
            "Attackers and bluffers both mass, so massing tells nothing.",
        ),
    )


def _watch() -> tuple[AssessedIndicator, ...]:
    def one(id: str, says: str, bits: float, value: float | None, chance: float, up: float) -> AssessedIndicator:
        after = {"subjugate": up, "compel": (1 - up) * 0.7, "pressure": (1 - up) * 0.3}
        absent = {"subjugate": 0.5, "compel": 0.3, "pressure": 0.2}
        rows = {label: (0.2, 0.3, 0.4) for label in LABELS}
        seen = None if value is None else "dual_track" if value > 0 else "ambiguous"
        return AssessedIndicator(id, says, bits, value, chance, rows, after, absent, "ambiguous", seen, "ambiguous")

    return (
        one("field_hospitals", "Field hospitals are set up within reach of the border.", 0.21, 0.034, 0.5, 0.93),
        one("embassy_leaves", "Diplomats and families are brought home.", 0.18, 0.0, 0.35, 0.9),
        one("reserves_called", "Reservists are called up by decree.", 0.11, 0.021, 0.2, 0.95),
        one("pipeline_talks", "Talks on gas transit are resumed.", 0.07, 0.004, 0.25, 0.6),
        one("parliament_vote", "Parliament is asked for troops abroad.", 0.02, 0.0, 0.6, 0.75),
    )


def _statements() -> tuple[Statement, ...]:
    return (
        Statement(
            "2021-12-08",
            "On what had been reported by 8 December 2021 it is unlikely that Russia's aim is to subjugate Ukraine "
            "(31 %, 5-95 % band 16-42 %).",
            "Confidence is low.",
            "It rests on few items, and two of them have one origin.",
            "low",
            "compel",
        ),
        Statement(
            "2022-02-21",
            "On what had been reported by 21 February 2022 it is very likely that Russia's aim is to subjugate Ukraine "
            "(88 %, 5-95 % band 76-94 %).",
            "Confidence is moderate.",
            "The items that move it most come from graded sources of several origins.",
            "moderate",
            "subjugate",
        ),
    )


def _disagreements() -> tuple[AnalystDisagreement, ...]:
    def rows(*points: tuple[float, float, float]) -> dict[str, dict[str, tuple[float, float, float]]]:
        names = ("case", "ann", "bob")
        return {
            who: {label: (p * 0.9, p, min(1.0, p * 1.1)) for label, p in zip(LABELS, own, strict=True)}
            for who, own in zip(names, points, strict=True)
        }

    return (
        AnalystDisagreement("belarus_forces", 2.6, True, rows((0.85, 0.5, 0.3), (0.9, 0.3, 0.1), (0.4, 0.5, 0.6))),
        AnalystDisagreement("july_essay", 1.4, False, rows((0.87, 0.5, 0.67), (0.9, 0.3, 0.5), (0.7, 0.6, 0.6))),
        AnalystDisagreement("cyberattack", 0.3, False, rows((0.67, 0.5, 0.5), (0.7, 0.5, 0.5), (0.65, 0.55, 0.5))),
    )


def _scores(days: tuple[AssessedDay, ...]) -> Scores:
    scored = tuple(ScoredDay(day.date, 2 * (1 - day.type["subjugate"].point) ** 2, 0.5, 7) for day in days)
    return Scores("subjugate", "2022-02-24", 0.03, 0.13, 0.7, 0.9, 0.96, 1.61, scored)


def bare_answer() -> AssessAnswer:
    """The same without game, indicators, analysts and truth; all in one day."""
    answer = assess_answer(40)
    items = tuple(replace(item, kind="judged", strategic=False, silent="") for item in answer.items[:1])
    return replace(
        answer,
        items=items,
        timeline=answer.timeline[:1],
        moves=(),
        staged=(),
        watch=(),
        repairs=(),
        disagreements=(),
        analysts=(),
        analyst="",
        scores=None,
        precision=None,
        posture="",
        effective=None,
        excluded=0.0,
        notes=(),
        statements=answer.statements[-1:],
        owner="",
    )


def hostile_answer() -> AssessAnswer:
    """Every text tries to break out of the page or the terminal."""
    answer = assess_answer(40)
    bad = HOSTILE
    return replace(
        answer,
        title=bad,
        actor=bad,
        labels=dict.fromkeys(LABELS, bad),
        items=tuple(replace(item, id=bad, says=bad, source=bad, about=bad, silent=bad) for item in answer.items),
        timeline=tuple(replace(day, items=(bad,)) for day in answer.timeline),
        watch=tuple(replace(item, indicator=bad, says=bad) for item in answer.watch),
        statements=tuple(replace(item, likelihood=bad, confidence=bad, why=bad) for item in answer.statements),
        moves=tuple(replace(item, note=bad) for item in answer.moves),
        staged=tuple(replace(item, note=bad) for item in answer.staged),
        notes=(bad,),
    )
