"""The record of evidence of the shipped crisis: complete, dated, sourced, and told on its page as it is in the file."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from detente import cases
from detente.case import EvidenceItem, load, loads
from detente.case.model_evidence import Judged
from detente.study.assess import AssessSettings, assess

PATH = cases.path("ukraine-2021")
CASE = load(PATH)
PAGE = (Path(__file__).parents[2] / "docs" / "cases" / "ukraine-2021-evidence.md").read_text(encoding="utf-8")
assert CASE.evidence is not None
RECORD = CASE.evidence
JUDGED = [item for item in RECORD.items if not item.is_move]
FIRST, LAST = date(2021, 3, 1), date(2022, 2, 24)
STATEMENTS = (date(2021, 12, 8), date(2022, 2, 18))
MONTHS = [date(2021, month, 1).strftime("%B") for month in range(1, 13)]
REQUIRED = {
    "spring_buildup": (date(2021, 3, 30), "battalion groups"),
    "spring_order_back": (date(2021, 4, 22), "back to their bases"),
    "june_summit": (date(2021, 6, 16), "Geneva"),
    "equipment_left": (date(2021, 5, 5), "80,000"),
    "july_treatise": (date(2021, 7, 12), "one people"),
    "zapad": (date(2021, 9, 16), "Zapad-2021"),
    "plan_175000": (date(2021, 12, 3), "175,000"),
    "offer_of_talks": (date(2021, 12, 7), "video call"),
    "draft_treaties": (date(2021, 12, 17), "two treaties"),
    "december_return": (date(2021, 12, 25), "10,000"),
    "geneva_talks": (date(2022, 1, 10), "Geneva"),
    "brussels_talks": (date(2022, 1, 12), "NATO-Russia Council"),
    "vienna_dead_end": (date(2022, 1, 13), "OSCE"),
    "gas_withheld": (date(2022, 1, 12), "Gazprom"),
    "sites_defaced": (date(2022, 1, 14), "sites"),
    "false_flag_warning": (date(2022, 1, 14), "stage an attack"),
    "malware": (date(2022, 1, 15), "Microsoft"),
    "belarus_forces": (date(2022, 1, 18), "Belarus"),
    "families_ordered_out": (date(2022, 1, 23), "families of its diplomats"),
    "missing_pieces": (date(2022, 1, 24), "unlikely"),
    "written_answers": (date(2022, 1, 26), "in writing"),
    "blood_supplies": (date(2022, 1, 28), "blood"),
    "macron_visit": (date(2022, 2, 8), "Macron"),
    "warning_of_11_february": (date(2022, 2, 11), "any day"),
    "claimed_pull_back": (date(2022, 2, 15), "return to their bases"),
    "scholz_visit": (date(2022, 2, 15), "Scholz"),
    "shelling": (date(2022, 2, 18), "17 February"),
    "evacuation": (date(2022, 2, 18), "civilians"),
    "count_190000": (date(2022, 2, 18), "169,000 to 190,000"),
    "recognition": (date(2022, 2, 21), "two republics"),
    "summit_in_principle": (date(2022, 2, 21), "summit"),
    "invasion": (date(2022, 2, 24), "Kyiv"),
}
"""What the record must hold: id -> day of the report and words of what it says."""


def item_of(name: str) -> EvidenceItem:
    found = RECORD.item(name)
    assert found is not None
    return found


def mean(judged: Judged) -> float:
    return judged.point


def favored(item: EvidenceItem) -> str:
    """The label under which a judged item is likeliest, or `none` if it is equally likely under all."""
    points = {label: mean(found) for label, found in item.likelihood.items()}
    best = max(points, key=lambda label: points[label])
    return best if max(points.values()) > min(points.values()) else "none"


def test_the_record_is_long_and_lies_in_its_time():
    assert len(RECORD.items) == 68
    assert min(item.happened for item in RECORD.items) >= FIRST
    assert max(item.reported for item in RECORD.items) == LAST
    assert sum(item.reported <= STATEMENTS[0] for item in RECORD.items) >= 15


@pytest.mark.parametrize(("name", "day", "words"), [(name, *found) for name, found in REQUIRED.items()])
def test_required_event_is_there(name, day, words):
    item = item_of(name)
    assert item.reported == day
    assert words in item.says


@pytest.mark.parametrize("item", RECORD.items, ids=lambda item: item.id)
def test_item_is_told_graded_and_explained(item):
    assert 40 <= len(item.says) <= 260
    assert len(item.about) >= 40
    assert re.fullmatch("[A-F]", item.reliability)
    assert re.fullmatch("[1-6]", item.credibility)
    assert item.source.split(",")[0].split(";")[0].split(" ")[0] != "judgment"


@pytest.mark.parametrize("item", RECORD.items, ids=lambda item: item.id)
def test_series_of_documents_are_cited_with_a_day_that_could_be_known(item):
    for day, month, year in re.findall(r"(\d{1,2}) (\w+) (20\d\d)", item.source):
        assert item.happened <= date(int(year), MONTHS.index(month) + 1, int(day)) <= item.reported


def test_every_source_is_used():
    parts = [part for item in RECORD.items for part in item.source.split(";")]
    in_record = {re.split(r"[,\s]", part.strip())[0] for part in parts}
    elsewhere = {name for name in CASE.sources if re.search(rf"^ *source: {name}\b", CASE.text, re.MULTILINE)}
    assert set(CASE.sources) == (in_record | elsewhere) & set(CASE.sources)
    assert in_record <= set(CASE.sources)


def test_the_essay_is_cited_for_what_it_tells():
    cited = [item.id for item in RECORD.items if "stent2021 ¶" in item.source]
    assert len(cited) >= 8
    assert all(item_of(name).reported <= STATEMENTS[0] for name in cited)


def test_the_record_points_both_ways():
    for known in (JUDGED, [item for item in JUDGED if item.reported <= STATEMENTS[0]]):
        sides = [favored(item) for item in known]
        assert sides.count("subjugate") >= 4
        assert sides.count("compel") >= 4
        assert sides.count("none") >= 3


def test_words_that_cost_nothing_say_nothing():
    for item in JUDGED:
        if item.group == "denials":
            assert favored(item) == "none"


def test_moves_follow_the_order_of_the_game():
    moves = [f"{item.decision}={item.option}" for item in RECORD.moves]
    assert moves == ["spring=mass", "summit=meet", "winter=now", "package=talks", "move=assault"]


def test_pull_backs_can_be_staged_by_those_who_stay():
    staged = {item.id: item.staging for item in RECORD.items if item.staging}
    assert list(staged) == ["december_return", "claimed_pull_back"]
    for staging in staged.values():
        assert staging.real == ("compel", "pressure")
        assert staging.threshold > 0.5
    assert "pull_back_gain" in CASE.parameter_names
    assert "pull_back_cost" in CASE.parameter_names


def test_devils_advocate_follows_the_stated_rule():
    """At most half as likely under compel as under subjugate: taken to be as likely. Nothing else is changed."""
    given = RECORD.analysts["devils_advocate"]
    expected = {
        item.id
        for item in JUDGED
        if not item.staging and mean(item.likelihood["compel"]) <= mean(item.likelihood["subjugate"]) / 2 + 1e-12
    }
    assert set(given) == expected
    assert len(expected) == 19
    for name, row in given.items():
        own = item_of(name).likelihood
        assert row["subjugate"] == row["compel"] == own["subjugate"]
        assert row["pressure"] == own["pressure"]


def test_indicators_were_unseen_and_tell_something():
    assert len(RECORD.indicators) >= 8
    for item in RECORD.indicators:
        points = [mean(found) for found in item.likelihood.values()]
        assert max(points) > 1.2 * min(points)


def test_what_was_seen_is_no_longer_watched_for():
    def left(day: date) -> set[str]:
        return {item.id for item in RECORD.unseen(day)}

    assert left(STATEMENTS[0]) == {item.id for item in RECORD.indicators}
    assert left(STATEMENTS[1]) == {"diplomats_leave", "text_negotiated", "gas_cut", "verified_pull_back"}
    assert left(date(2022, 1, 17)) - left(date(2022, 1, 18)) == {"forces_into_belarus"}
    assert left(date(2022, 1, 27)) - left(date(2022, 1, 28)) == {"blood_near_border"}


def test_truth_and_days_of_statement():
    assert (RECORD.truth, RECORD.truth_known) == ("subjugate", LAST)
    assert RECORD.statements == STATEMENTS
    assert CASE.as_of == "2021-12-08"


# ------------------------------------------------------------------------------------------ the page
def spread(judged: Judged) -> str:
    low, high = round(100 * judged.low), round(100 * judged.high)
    return str(low) if low == high else f"{low}–{high}"


def row(item: EvidenceItem) -> str:
    """How an item stands in the tables of the page."""
    if item.is_move:
        kind = f"move `{item.decision}={item.option}`"
    else:
        kind = " / ".join(spread(found) for found in item.likelihood.values())
    kind += ", can be staged" if item.staging else ""
    told = f"`{item.id}`: {item.says}"
    return f"| {item.reported} | {told} | {item.reliability}{item.credibility} | {group_of(item)} | {kind} |"


def group_of(item: EvidenceItem) -> str:
    return item.group.replace("_", " ") or "–"


def test_page_lists_every_item_as_it_is_in_the_order_of_reporting():
    listed = [line for line in PAGE.splitlines() if re.match(r"\| \d{4}-\d\d-\d\d \| `\w+`: ", line)]
    assert listed == [row(item) for item in RECORD.items]


def test_page_names_nothing_that_is_not_there():
    known = {item.id for item in (*RECORD.items, *RECORD.indicators)} | set(RECORD.groups) | set(RECORD.analysts)
    known |= {label for item in CASE.types for label in item.labels} | set(CASE.parameter_names)
    known |= {item.name for item in CASE.types} | set(CASE.posture_names) | {"ukraine-2021", "says", "about", "as_of"}
    known |= {"truth", "pooled", "case"}
    assert set(re.findall(r"`([A-Za-z_][A-Za-z0-9_.-]*)`", PAGE)) - known == set()


def test_page_speaks_of_both_days_and_every_group():
    assert "8 December 2021" in PAGE
    assert "18 February 2022" in PAGE
    assert all(f"`{name}`" in PAGE for name in (*RECORD.groups, *RECORD.analysts))
    assert all(f"`{item.id}`" in PAGE for item in RECORD.indicators)
    assert "detente assess ukraine-2021" in PAGE


# ------------------------------------------------------------------------------------------ what comes of it
def by_day(analyst: str, draws: int = 1000, case=CASE):
    """Day -> label -> band, on what had been reported by the second day of a statement."""
    settings = AssessSettings(draws=draws, as_of=STATEMENTS[1], analyst=analyst, watch=False, threads=1)
    return {date.fromisoformat(day.date): day.type for day in assess(case, settings).timeline}


@pytest.fixture(scope="module")
def found():
    return {analyst: by_day(analyst) for analyst in ("case", "pooled")}


@pytest.mark.parametrize("analyst", ["case", "pooled"])
@pytest.mark.parametrize("day", STATEMENTS)
def test_judgment_of_the_day_is_a_distribution_inside_its_bounds(found, analyst, day):
    bands = found[analyst][day]
    assert set(bands) == {"subjugate", "compel", "pressure"}
    assert sum(band.point for band in bands.values()) == pytest.approx(1.0, abs=1e-12)
    for band in bands.values():
        assert 0.0 <= band.lower <= band.p05 <= band.p95 <= band.upper <= 1.0
        assert band.lower <= band.point <= band.upper


@pytest.mark.parametrize("analyst", ["case", "pooled"])
@pytest.mark.parametrize("day", STATEMENTS)
def test_page_gives_the_numbers_of_the_run(found, analyst, day):
    def cell(band) -> str:
        return f"{100 * band.point:.0f} % ({100 * band.p05:.0f}–{100 * band.p95:.0f})"

    cells = " | ".join(cell(band) for band in found[analyst][day].values())
    assert f"| {day.day} {day:%B %Y} | `{analyst}` | {cells} |" in PAGE


@pytest.mark.parametrize("day", STATEMENTS)
def test_page_gives_the_sentences_of_the_run(day):
    """The statement in the words of ICD 203, and confidence in a sentence of its own."""
    answer = assess(CASE, AssessSettings(as_of=day, watch=False, threads=1))
    found = answer.statements[-1]
    assert answer.analyst == "case"
    plain = " ".join(PAGE.split())
    assert f"*{found.likelihood}*" in plain
    assert f"*{found.confidence} {found.why}*" in plain
    assert "likely" in found.likelihood
    assert "onfidence" not in found.likelihood


def test_page_gives_the_scores_of_the_run():
    for analyst in ("case", "pooled", "devils_advocate"):
        scores = assess(CASE, AssessSettings(analyst=analyst, watch=False, threads=1)).scores
        assert scores is not None
        assert f"| `{analyst}` | {scores.mean_brier:.3f} | {scores.mean_log:.3f} |" in PAGE


def test_page_ranks_the_indicators_as_the_run_does():
    watch = assess(CASE, AssessSettings(as_of=STATEMENTS[0], worlds=2, threads=1)).watch
    rows = re.findall(r"^\| `(\w+)` \| (0\.\d\d) \| (\d+) % \| (\d+) % \| (\d+) % \|", PAGE, re.MULTILINE)
    assert rows == [
        (
            item.indicator,
            f"{item.information:.2f}",
            *(f"{100 * share:.0f}" for share in (item.chance, item.after["subjugate"], item.after_absent["subjugate"])),
        )
        for item in watch
    ]


def test_order_of_the_items_in_the_file_does_not_matter():
    head, rest = CASE.text.split("\n  items:\n", 1)
    items, tail = rest.split("\n  indicators:\n", 1)
    blocks = re.split(r"(?m)^(?=    [a-z_0-9]+:$)", re.sub(r"(?m)^ +#.*\n", "", items + "\n"))
    turned = loads(
        f"{head}\n  items:\n{''.join(reversed([block for block in blocks if block.strip()]))}\n  indicators:\n{tail}"
    )
    assert turned.evidence is not None
    assert [item.id for item in turned.evidence.items] == [item.id for item in RECORD.items]
    before, after = by_day("case", 20), by_day("case", 20, turned)
    for day, bands in before.items():
        for label, band in bands.items():
            assert after[day][label].point == pytest.approx(band.point, abs=1e-12)
            assert after[day][label].p95 == pytest.approx(band.p95, abs=1e-12)
