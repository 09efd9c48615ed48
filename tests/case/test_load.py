"""A sound case: every section of the language becomes what it says."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from detente.case import Case, Decision, Event, Reveal, Span, diagnose, holds, load, loads
from detente.errors import CaseError, RequestError

FILE = Path(__file__).parent / "whole.case.yaml"


@pytest.fixture(scope="module")
def case() -> Case:
    return load(FILE)


def test_identity(case: Case):
    assert (case.name, case.as_of, case.summary) == ("whole-language", "2021-12-08", "Two lines of prose.")
    assert case.sources == {"book": "Somebody (1960). Something.", "page": "Somebody else (1970). https://example.org"}
    assert case.actor_ids == ("RUS", "USA", "UKR")
    assert case.owner == "USA"
    assert case.sha256 == hashlib.sha256(FILE.read_bytes()).hexdigest()
    assert case.text == FILE.read_text(encoding="utf-8")
    assert case.file == str(FILE)


def test_parameters(case: Case):
    prize = case.parameter("prize")
    assert prize.distribution.kind == "uniform"
    assert not prize.distribution.stated
    assert prize.about == "what it is worth"
    assert (prize.source, prize.confidence) == ("book ¶9; page", "low")
    assert prize.correlated == (("p_firm", 0.5),)
    assert case.parameter("p_firm").correlated == (("prize", 0.5),)
    kinds = [case.parameter(name).distribution.kind for name in ("p_firm", "p_firm_true", "p_leak", "p_leak_open")]
    assert kinds == ["triangular", "beta", "normal", "fixed"]
    assert case.parameter("p_leak").distribution.sd == 0.1
    assert np.array_equal(case.base_theta(), [item.value for item in case.parameters])
    assert case.base_theta()[case.parameter_index("prize")] == 1.0


def test_tables_become_parameters(case: Case):
    mass = case.parameter("level_cost[mass]")
    assert (mass.table, mass.label, mass.value) == ("level_cost", "mass", 0.2)
    assert (mass.distribution.low, mass.distribution.high) == (0.1, 0.3)
    assert case.parameter("level_cost[hold]").distribution.kind == "fixed"
    assert case.tables["level_cost"].variable == "buildup"
    assert case.tables["answer_cost"].labels == ("severe", "protest", "none")
    assert case.parameter("tool_cost[talks+arms]").value == 0.4


def test_types(case: Case):
    resolve = case.type("USA.resolve")
    assert resolve.labels == ("firm", "limited")
    assert str(resolve.weights[0]) == "p_firm"
    assert resolve.weights[1] is None
    assert resolve.judged is not None
    assert str(resolve.judged[0]) == "p_firm_true"
    assert case.types_of_owner == (resolve,)
    assert case.joints[0].types == ("RUS.aim", "USA.resolve")
    assert [(key, str(weight)) for key, weight in case.joints[0].rows] == [
        (("subjugate", "firm"), "p_firm"),
        (("subjugate", "limited"), "1 - p_firm"),
        (("pressure", "limited"), "1"),
    ]


def test_timeline(case: Case):
    kinds = [type(item).__name__ for item in case.timeline]
    assert [kind[0] for kind in kinds] == list("DDEREDDDRRDD")
    buildup, prepare = case.decision("buildup"), case.decision("prepare")
    assert buildup.seen_by == {"RUS", "USA"}
    assert prepare.seen_by == {"USA"}
    assert case.decision("respond").ends == {"severe", "protest"}
    assert case.decision("move").ends == {"withdraw"}
    assert set(case.decision("move").offered) == {"assault"}
    assert case.variables[:3] == ("RUS.aim", "USA.resolve", "buildup")


def test_events(case: Case):
    leak, weather = case.events
    assert leak.given == ("prepare",)
    assert [str(weight) for weight in leak.table["nothing_done",]] == ["0", "1"]
    assert leak.table["covert",][1] is None
    assert ("none",) in leak.table
    assert weather.given == ()
    assert [str(weight) for weight in weather.table[()]] == ["1", "1"]
    assert weather.when is not None
    assert holds(weather.when, {"buildup": "mass", "prepare": "covert"})
    assert not holds(weather.when, {"buildup": "hold", "prepare": None})


def test_reveals_of_a_vote_are_one_per_ballot(case: Case):
    reveals = [item for item in case.timeline if isinstance(item, Reveal)]
    assert [item.variable for item in reveals] == ["prepare", "vote.USA", "vote.UKR"]
    assert reveals[1].to == {"RUS", "USA", "UKR"}


def test_portfolios(case: Case):
    package = case.decision("package")
    assert package.options == (
        "nothing",
        "talks",
        "sanctions",
        "arms",
        "talks+sanctions",
        "talks+arms",
        "sanctions+arms",
    )
    assert package.items == ("talks", "sanctions", "arms")
    assert package.contents["talks+arms"] == {"talks", "arms"}


def test_votes(case: Case):
    usa, ukr = case.decision("vote.USA"), case.decision("vote.UKR")
    assert (usa.actor, ukr.actor) == ("USA", "UKR")
    assert usa.ballot == ukr.ballot == "vote"
    assert usa.when is not None
    assert holds(usa.when, {"package": "talks+arms"})


def test_payoffs_and_outcomes(case: Case):
    assert [(term.player, term.name) for term in case.terms] == [
        ("RUS", "prize"), ("RUS", "buildup"), ("USA", "tools"), ("USA", "after"), ("UKR", "own_vote"),
    ]  # fmt: skip
    assert case.outcome("attack").about == "Russia attacks."
    assert holds(case.outcome("quiet").when, {"move": "withdraw"})
    assert case.not_modelled[0].continuation == ("after_war", "level_cost[mass]", "level_cost[hold]")


def test_postures(case: Case):
    assert case.status_quo.name == "ambiguous"
    telegraph = case.posture("telegraph")
    assert [str(weight) for weight in telegraph.commit["respond"].table[()]] == ["0", "1"]
    assert telegraph.disclose == {"USA.resolve": {"RUS", "USA", "UKR"}, "prepare": {"USA"}}
    assert case.posture("opened").disclose == {"buildup": {"UKR", "RUS", "USA"}}
    assert case.posture("opened").allow == {"package": ("nothing", "talks", "sanctions", "talks+sanctions")}
    assert case.posture("narrow").allow == {"package": ("nothing", "talks+arms")}
    assert case.posture("searching").commit["respond"].optimal
    assert case.posture("searching").needs_search
    assert case.posture("calibrated").disclose == {"USA.resolve": "optimal"}
    assert {item.owner for item in case.postures} == {"USA"}


def test_extending_postures_adds_their_edits(case: Case):
    both = case.posture("both")
    assert both.extends == ("telegraph", "opened")
    assert set(both.commit) == {"respond"}
    assert set(both.disclose) == {"USA.resolve", "prepare", "buildup"}
    assert {name: str(value) for name, value in both.set.items()} == {"p_leak": "p_leak_open", "prize": "1"}
    assert not both.status_quo


def test_published_rules(case: Case):
    commit = case.posture("by_type").commit
    assert commit["respond"].by == ("USA.resolve",)
    firm, limited = commit["respond"].table["firm",], commit["respond"].table["limited",]
    assert [str(weight) for weight in firm] == ["1", "0"]
    assert [weight if weight is None else str(weight) for weight in limited] == ["p_leak", None]
    package = commit["package"].table[()]
    assert package[0] is None
    assert [str(weight) for weight in package[1:]] == ["p_leak", *["0"] * 5]
    assert set(commit) == {"respond", "package", "vote.USA"}


def test_claims(case: Case):
    first, second, third = case.claims
    assert first.holds_when is not None
    assert second.holds_when is not None
    assert third.holds_when is None
    assert third.cannot_judge == "no settlement in this case"


def test_a_sound_case_has_no_warnings(case: Case):
    assert case.warnings == ()


def test_places(case: Case):
    lines = case.text.split("\n")
    for item in (*case.timeline, *case.terms, *case.postures, *case.claims, *case.outcomes, *case.parameters):
        assert isinstance(item.span, Span)
        name = getattr(item, "name", None) or getattr(item, "id", None) or getattr(item, "variable", "")
        shown = lines[item.span.line - 1][item.span.column - 1 :][: item.span.length]
        base = str(name).partition("[")[0].partition(".")[0]
        assert shown == base or getattr(item, "table", None)


def test_unknown_names_are_answered_with_a_suggestion(case: Case):
    with pytest.raises(RequestError, match="Did you mean 'telegraph'"):
        case.posture("telegraf")
    with pytest.raises(RequestError, match="no parameter is named 'prise'"):
        case.parameter_index("prise")
    with pytest.raises(RequestError, match="no variable"):
        case.labels_of("nothing")


def test_text_and_file_give_the_same_case(case: Case):
    again = loads(FILE.read_bytes(), name=str(FILE))
    assert again.sha256 == case.sha256
    assert again.postures == case.postures
    assert again.timeline == case.timeline
    assert isinstance(again.timeline[0], Decision)
    assert isinstance(again.timeline[2], Event)


def test_line_ends_and_byte_order_mark_do_not_matter(case: Case):
    text = "\ufeff" + case.text.replace("\n", "\r\n")
    again = loads(text.encode())
    assert again.postures == case.postures
    assert again.terms[0].span == case.terms[0].span


def test_diagnose_gives_case_and_warnings(tmp_path: Path):
    text = FILE.read_text(encoding="utf-8").replace("  after_war:", "  spare:\n    value: 3\n  after_war:")
    file = tmp_path / "warned.case.yaml"
    file.write_text(text, encoding="utf-8")
    case, found = diagnose(file)
    assert case is not None
    assert [item.code for item in found] == ["C036"]
    assert case.warnings == tuple(found)
    assert found[0].source == "  spare:"


def test_errors_are_raised(tmp_path: Path):
    with pytest.raises(CaseError, match="does not exist"):
        load(tmp_path / "nowhere.case.yaml")
