"""The two agreements on record: what their files say, where it comes from, and what the pages say came out."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from detente import cases
from detente.case import Case, Design, load, parameters
from detente.ensemble import draw_parameters
from detente.game.settlement import Agreement
from detente.solvers.settlement import Settlement, settle
from detente.study.settle import settlement_of
from detente.study.settlement_terms import DesignTerms

DOCS = Path(__file__).parents[2] / "docs" / "cases"
RECORDS = {name: load(cases.path(name)) for name in ("ukraine-2021", "camp-david-1978")}
DEALS = {name: settlement_of(case) for name, case in RECORDS.items()}
PAGES = {
    "ukraine-2021": (DOCS / "minsk-ii.md").read_text(encoding="utf-8"),
    "camp-david-1978": (DOCS / "camp-david-1978.md").read_text(encoding="utf-8"),
}
MINSK, SINAI = RECORDS["ukraine-2021"], RECORDS["camp-david-1978"]
DESIGNS = [(name, design.name) for name, deal in DEALS.items() for design in deal.designs]
DRAWS = 1000
"""As many as the commands on the pages try."""
HALF = 0.0051
"""Half a unit in the last place of a rounded hundredth."""
every_record = pytest.mark.parametrize("name", RECORDS)
every_design = pytest.mark.parametrize(("name", "design"), DESIGNS, ids=[f"{a}-{b}" for a, b in DESIGNS])


def terms(case: Case, design: str) -> DesignTerms:
    deal = settlement_of(case)
    return DesignTerms(case, deal, deal.design(design))


def at_base(case: Case, design: str, **values: float) -> Agreement:
    theta = case.base_theta()[None].copy()
    for name, value in values.items():
        theta[:, case.parameter_names.index(name)] = value
    return terms(case, design).agreement(theta)


def holds(agreement: Agreement) -> np.ndarray:
    found = settle(agreement, best=False, count=False, reach=False, guarantee=False)
    return np.asarray(found.signed & found.exists)


@pytest.fixture(scope="module")
def worlds() -> dict[tuple[str, str], Agreement]:
    drawn = {name: draw_parameters(case, 0, 0, DRAWS) for name, case in RECORDS.items()}
    return {(name, design): terms(RECORDS[name], design).agreement(drawn[name]) for name, design in DESIGNS}


@pytest.fixture(scope="module")
def found(worlds) -> dict[tuple[str, str], Settlement]:
    return {key: settle(item, best=False, count=False, reach=False) for key, item in worlds.items()}


def rows(text: str, width: int) -> dict[str, list[str]]:
    """Rows of tables of some width whose first cell is a name in backticks: name -> the other cells."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:2] == "| "]
    return {row[0].strip("`"): row[1:] for row in cells if len(row) == width and row[0][:1] == "`"}


def percent(cell: str) -> float:
    return float(cell.removesuffix("%")) / 100


# ---- what the files say
def test_all_thirteen_points_became_steps():
    named = {
        step.id: {int(n) for n in re.findall(r"\d+", step.says.split(":")[0])} for step in DEALS["ukraine-2021"].steps
    }
    assert set().union(*named.values()) == set(range(1, 14))
    for step in DEALS["ukraine-2021"].steps:
        assert int(step.source.split("¶")[1]) in named[step.id]


def test_prerequisites_are_those_of_the_text():
    after = {step.id: set(step.after) for step in DEALS["ukraine-2021"].designs[0].steps}
    assert after["border_begins"] == {"local_elections"}
    assert {"border_begins", "constitutional_status"} <= after["border_completed"]
    assert after["prisoners"] == {"heavy_weapons"}
    assert after["withdrawal"] == {"monitoring"}  # the text gives it no date, only an observer


@every_record
def test_every_step_and_design_says_what_it_is_and_where_it_comes_from(name: str):
    case = RECORDS[name]
    known = {*case.sources, "judgment"}
    for step in DEALS[name].steps:
        assert len(step.says) > 20
        assert step.done
        assert step.source.split("¶")[0].strip() in known
        assert any(step.benefit)
    for design in DEALS[name].designs:
        assert len(design.about) > 20
        assert design.source.split("¶")[0].strip() in known


@every_design
def test_every_number_is_a_parameter_with_range_and_source(name: str, design: str):
    case = RECORDS[name]
    used = terms(case, design).rests_on
    assert len(used) > 20
    for item in case.parameters:
        if item.name in used:
            low, high = item.distribution.low, item.distribution.high
            assert low < high
            assert abs(item.value - (low + high) / 2) <= 0.1 * (high - low)
            assert item.source.split("¶")[0].strip() in {*case.sources, "judgment"}
            assert len(item.about) > 25


def test_every_parameter_of_the_sinai_is_used():
    used = set().union(*(terms(SINAI, design.name).rests_on for design in DEALS["camp-david-1978"].designs))
    assert used == set(SINAI.parameter_names)


def test_the_settlement_touches_no_posture():
    used = set().union(*(terms(MINSK, design.name).rests_on for design in DEALS["ukraine-2021"].designs))
    assert not used & set().union(*(parameters(term.value) for term in MINSK.terms))


def test_the_sinai_is_worth_one():
    parts = ("el_arish_worth", "interim_worth", "oil_worth", "settlements_worth", "final_worth")
    base = dict(zip(SINAI.parameter_names, SINAI.base_theta(), strict=True))
    assert sum(base[part] for part in parts) == pytest.approx(1.0)


def test_claims_ask_about_designs_that_are_there():
    said = {claim.id: str(getattr(claim.holds_when, "text", "")) for claim in MINSK.claims}
    asked = {name: text for name, text in said.items() if "settles" in text}
    assert set(asked) == {"C7", "C8"}
    assert asked["C7"].startswith("not settles(minsk_ii)")
    assert asked["C8"].startswith("settles(new_format)")


# ---- the answer, by another way
def carried(agreement: Agreement, moves: tuple[tuple[int, ...], ...]) -> bool:
    """Whether an order carries itself, set by set from the definition on the page about settlements; one world."""
    total = agreement.benefit[0].sum(axis=0) + np.asarray(agreement.dividend)[0]
    kept, parties = agreement.kept[0], range(agreement.num_parties)

    grabs, more = np.asarray(agreement.grab)[0], np.asarray(agreement.grab_step)[0]
    let_pass = 1.0 - float(np.asarray(agreement.peacekeepers)[0])
    penalty = (np.asarray(agreement.monitoring) * np.asarray(agreement.guarantee))[0]

    def leaving(done: frozenset[int], party: int) -> float:
        grab = grabs[party] + sum(more[step, party] for step in done)
        return sum(kept[step, party] for step in done) + let_pass * max(0.0, grab) - penalty[party]

    reached, front = {frozenset[int]()}, [frozenset[int]()]
    while front:
        done = front.pop()
        if any(leaving(done, party) > total[party] + 1e-12 for party in parties):
            continue
        for move in moves:
            after = done | set(move)
            ready = all(set(agreement.prerequisites[step]) <= done for step in move)
            if ready and not done & set(move) and after not in reached:
                reached.add(after)
                front.append(after)
    return frozenset(range(agreement.num_steps)) in reached


@every_design
def test_verdict_at_base_values_follows_from_the_definition(name: str, design: str):
    agreement = at_base(RECORDS[name], design)
    answer = settle(agreement, best=False, count=False, reach=False, guarantee=False)
    assert agreement.exit == "any"
    assert carried(agreement, answer.moves) == bool(answer.exists[0])


def test_worth_of_the_agreement_adds_up():
    """What Minsk II is worth to Kyiv, summed by hand from the table on the page of base values."""
    kyiv = settle(at_base(MINSK, "minsk_ii")).value[0, 1]
    security = 0.06 + 0.01 + 0.02 + 0.15 + 0.10  # fire, weapons, observers, forces, border
    status = 0.10 + 0.5 * 0.36  # autonomy, and half a veto
    vote = 0.05 * 0.25 - 0.10 * 0.75
    rest = -0.02 - 0.04 + 0.03 + 0.01 - 0.03  # dialog, amnesty, prisoners, relief, payments
    assert kyiv == pytest.approx(security - status + vote + rest + 0.08, abs=1e-12)


def test_without_a_veto_the_agreement_is_worth_more_to_kyiv_and_less_to_moscow():
    with_veto, without = (settle(at_base(MINSK, "minsk_ii", veto_reach=reach)).value[0] for reach in (0.5, 0.2))
    assert without[1] - with_veto[1] == pytest.approx(0.3 * 0.36)
    assert with_veto[0] - without[0] == pytest.approx(0.3 * 0.34)


def test_a_guarantor_matters_in_both_records(worlds):
    for key in (("ukraine-2021", "minsk_ii_with_guarantor"), ("camp-david-1978", "as_concluded")):
        assert holds(worlds[key]).mean() > holds(worlds[key].changed(guarantee=0.0)).mean() + 0.02


# ---- what the pages quote
def step_table(name: str) -> dict[str, list[str]]:
    width = 6 if name == "ukraine-2021" else 5
    steps = {step.id for step in DEALS[name].steps}
    return {step: cells for step, cells in rows(PAGES[name], width).items() if step in steps}


@every_record
def test_page_gives_the_worth_of_every_step(name: str):
    case = RECORDS[name]
    first: Design = DEALS[name].designs[0]
    benefit = at_base(case, first.name).benefit[0]
    table = step_table(name)
    assert set(table) == set(first.step_ids)
    for k, step in enumerate(first.steps):
        cells = table[step.id]
        by = cells[-4]
        assert by == (step.by[0] if len(step.by) == 1 else "both" if step.by else by)
        assert [float(cell) for cell in cells[-3:-1]] == pytest.approx(benefit[k].tolist(), abs=HALF)


def test_page_maps_points_as_the_file_does():
    for step in DEALS["ukraine-2021"].steps:
        points = re.findall(r"\d+", step.says.split(":")[0])
        assert re.findall(r"\d+", step_table("ukraine-2021")[step.id][0]) == points


@every_design
def test_page_gives_the_answer_on_every_design(found, name: str, design: str):
    verdict, slack, *worth, share = rows(PAGES[name], 6)[design]
    answer = settle(at_base(RECORDS[name], design), count=False, reach=False)
    assert verdict == ("yes" if answer.exists[0] and answer.signed[0] else "no")
    assert float(slack) == pytest.approx(float(np.asarray(answer.slack)[0]), abs=HALF)
    assert [float(item) for item in worth] == pytest.approx(answer.value[0].tolist(), abs=HALF)
    item = found[name, design]
    assert percent(share) == pytest.approx(float(np.mean(item.exists & item.signed)), abs=HALF)


def test_page_says_why_a_design_does_not_hold():
    text = PAGES["ukraine-2021"]
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert code
    names: dict[str, object] = {}
    exec(code[1], names)  # the page's own words
    table = {design: cells for design, cells in rows(text, 5).items() if cells[0].endswith("%")}
    assert len(table) >= 7
    for design, cells in table.items():
        assert [percent(cell) for cell in cells] == pytest.approx(names["why"](design), abs=HALF)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "design"),
    [("ukraine-2021", "minsk_ii"), ("camp-david-1978", "without_washington")],
    ids=["minsk_ii", "without_washington"],
)
def test_page_gives_what_the_opposite_would_take(name: str, design: str):
    case, ranges = RECORDS[name], {item.name: item.distribution for item in RECORDS[name].parameters}
    base = bool(holds(at_base(case, design))[0])
    table = {key: cells for key, cells in rows(PAGES[name], 3).items() if key in ranges}
    assert len(table) >= 3
    for key, (value, words) in table.items():
        side, there = words.split()
        sign, there = (1 if side == "above" else -1), float(there)
        assert float(value) == pytest.approx(case.base_theta()[case.parameter_names.index(key)])
        assert ranges[key].low < there < ranges[key].high
        assert bool(holds(at_base(case, design, **{key: there - sign * 0.006}))[0]) == base
        assert bool(holds(at_base(case, design, **{key: there + sign * 0.006}))[0]) != base


@pytest.mark.parametrize(
    ("name", "design"),
    [
        ("ukraine-2021", "minsk_ii_with_guarantor"),
        ("ukraine-2021", "new_format"),
        ("camp-david-1978", "as_concluded"),
        ("camp-david-1978", "normality_last"),
    ],
)
def test_no_single_number_turns_the_designs_of_which_the_pages_say_so(name: str, design: str):
    case, item = RECORDS[name], terms(RECORDS[name], design)
    theta = []
    for column, parameter in enumerate(case.parameters):
        if parameter.name in item.rests_on:
            for value in np.linspace(parameter.distribution.low, parameter.distribution.high, 9):
                row = case.base_theta().copy()
                row[column] = value
                theta.append(row)
    assert holds(item.agreement(np.array(theta))).all()


def test_page_gives_what_a_guarantee_would_do(found):
    needed = found["ukraine-2021", "minsk_ii"].guarantee
    text = " ".join(PAGES["ukraine-2021"].split())
    said = re.search(
        r"no guarantee at all in (\d+) % .* With one of 0.1 .* in (\d+) %, with 0.2 in (\d+) %, with 0.5 in (\d+) %",
        text,
    )
    assert said
    shares = [float(np.mean(needed <= size)) for size in (0.0, 0.1, 0.2, 0.5)]
    assert [int(part) / 100 for part in said.groups()] == pytest.approx(shares, abs=HALF)
    assert np.isfinite(needed).all()


def test_page_gives_what_each_part_of_the_guarantor_does(worlds):
    plain, full = worlds["ukraine-2021", "minsk_ii"], worlds["ukraine-2021", "minsk_ii_with_guarantor"]
    new = worlds["ukraine-2021", "new_format"]
    ids = terms(MINSK, "minsk_ii").steps
    pairs = ("interim_status", "constitutional_status", "border_begins", "border_completed")
    large = tuple(ids.index(step) for step in (*pairs, "local_elections", "withdrawal"))
    untied = tuple(tuple(k for k in wait if k not in large) for wait in plain.prerequisites)
    watched = plain.changed(monitoring=full.monitoring)
    against_kyiv, against_moscow = (
        np.stack([moscow.guarantee[:, 0], kyiv.guarantee[:, 1]], axis=1)
        for moscow, kyiv in ((plain, full), (full, plain))
    )
    parts = [
        plain.changed(dividend=full.dividend),
        watched.changed(guarantee=full.guarantee),
        watched.changed(guarantee=against_kyiv),
        watched.changed(guarantee=against_moscow),
        new.changed(bundles=()),
        new.changed(bundles=(), prerequisites=full.prerequisites),
        plain.changed(bundles=(large,), prerequisites=untied),
    ]
    text = " ".join(PAGES["ukraine-2021"].split())
    said = re.search(
        r"from 55 to (\d+) %. .* bring it to (\d+) %, .* Moscow it is (\d+) %, without the one against Kyiv (\d+) %\."
        r".* format would hold in (\d+) % .* as well in (\d+) %, .* would hold in (\d+) %",
        text,
    )
    assert said
    assert [int(part) / 100 for part in said.groups()] == pytest.approx(
        [float(holds(p).mean()) for p in parts], abs=HALF
    )


def test_page_says_when_forces_can_leave(worlds):
    deal, ids = worlds["ukraine-2021", "minsk_ii"], terms(MINSK, "minsk_ii").steps

    def ordered(**after: tuple[str, ...]) -> float:
        more = {ids.index(step): {ids.index(item) for item in items} for step, items in after.items()}
        wait = tuple(tuple(sorted({*items, *more.get(k, ())})) for k, items in enumerate(deal.prerequisites))
        return float(holds(deal.changed(prerequisites=wait)).mean())

    forces, status, vote = "withdrawal", "constitutional_status", "local_elections"
    shares = [
        ordered(**{status: (forces,), vote: (forces,)}),
        ordered(**{forces: (status, vote)}),
        ordered(**{forces: (vote,), status: (forces,)}),
        ordered(**{forces: (status,), vote: (forces,)}),
    ]
    text = " ".join(PAGES["ukraine-2021"].split())
    said = re.search(
        r"holds in (\d+) %\), after both \((\d+) %\).* status \((\d+) %\) or .* elections \((\d+) %\)", text
    )
    assert said
    assert [int(part) / 100 for part in said.groups()] == pytest.approx(shares, abs=HALF)
    best = settle(at_base(MINSK, "minsk_ii"), count=False, reach=False, guarantee=False).best_order()
    assert best[12] == (ids.index(forces),)


def test_page_gives_what_each_part_of_washington_does(worlds):
    deal = worlds["camp-david-1978", "as_concluded"]
    parts = [deal.changed(guarantee=0.0), deal.changed(dividend=0.0), deal.changed(guarantee=0.0, dividend=0.0)]
    text = " ".join(PAGES["camp-david-1978"].split())
    said = re.search(r"holds in (\d+) % of the worlds; if only aid is, in (\d+) %; if both are, in (\d+) %", text)
    assert said
    assert [int(part) / 100 for part in said.groups()] == pytest.approx(
        [float(holds(p).mean()) for p in parts], abs=HALF
    )


@pytest.mark.parametrize(
    ("name", "design", "words"),
    [
        ("ukraine-2021", "security_first", r"makes a breach cost Kyiv (0\.\d+)"),
        ("ukraine-2021", "moscow_reading", r"A guarantee against Kyiv of (0\.\d+)"),
        ("camp-david-1978", "without_washington", r"makes a breach cost Israel (0\.\d+)"),
    ],
)
def test_page_gives_the_guarantee_that_would_mend_it(name: str, design: str, words: str):
    said = re.search(words, " ".join(PAGES[name].split()))
    assert said
    needed = float(settle(at_base(RECORDS[name], design)).guarantee[0])
    assert float(said[1]) == pytest.approx(needed, abs=HALF)
