"""`audit`: verdicts, shares, what a claim turns on, and when it cannot be judged, against numbers on paper."""

from __future__ import annotations

import json
from textwrap import indent

import numpy as np
import pytest

import detente
from detente.case import loads
from detente.errors import Interrupted, RequestError
from detente.study import AuditSettings, ClaimAnswer, audit
from detente.study.worlds import Worlds
from study.small_cases import THREE, TWO, deterrence, p_star, parameter_text, small_case
from study.test_compare import StopAt

FAST = AuditSettings(draws=60, sweep_points=33, starts=0, threads=1)
SILENCE_PAYS = "value(DEF, silence) > value(DEF, candor)"


def claims(**held: str) -> str:
    return "".join(
        f"{name}:\n  says: For tests.\n  source: book\n  holds_when: >-\n    {text}\n" for name, text in held.items()
    )


def audited(case, settings: AuditSettings = FAST) -> dict[str, ClaimAnswer]:
    return {item.id: item for item in audit(case, settings).claims}


def quantity(text: str, postures=TWO, **numbers) -> float:
    """A quantity of the claim language at base values."""
    case = deterrence(postures, claims=claims(asked=f"{text} > 0"), **numbers)
    (value,) = audited(case, AuditSettings(draws=1, sweep_points=2, starts=0, threads=1))["asked"].quantities.values()
    return value


# ---- verdicts


@pytest.mark.parametrize(("belief", "verdict"), [(0.3, "fails"), (0.6, "holds")])
def test_verdict_share_and_switch(belief: float, verdict: str):
    case = deterrence(TWO, p=(belief, 0.02, 0.98), W=(0.4, 0.1, 0.9), claims=claims(pays=SILENCE_PAYS))
    answer = audit(case, FAST)
    (item,) = answer.claims
    assert item.at_base == verdict
    above = answer.draws[:, 0] > p_star()
    np.testing.assert_array_equal(item.holds, above)
    assert item.share == pytest.approx(above.mean())
    assert item.share_bounds == pytest.approx((above.mean(), above.mean()))
    (turns,) = item.turns_on
    assert (turns.parameter, turns.base) == ("p", belief)
    assert turns.switches == pytest.approx((p_star(),), abs=1e-3)
    other = (0.98 - p_star()) / 0.96 if verdict == "fails" else (p_star() - 0.02) / 0.96
    assert turns.share == pytest.approx(other, abs=2 / 33)
    assert item.quantities["value(DEF, candor)"] == pytest.approx(-(1 - belief))
    assert item.by_assumption == ()
    assert not item.reason


def test_at_most_three_parameters_the_most_decisive_first():
    numbers = {"p": (0.3, 0.02, 0.98), "G": (1.0, 0.3, 2.0), "C": (0.8, 0.1, 5.0), "d": (0.2, -0.5, 0.9)}
    item = audited(deterrence(TWO, **numbers, claims=claims(pays=SILENCE_PAYS)))["pays"]
    assert len(item.turns_on) == 3
    shares = [entry.share for entry in item.turns_on]
    assert shares == sorted(shares, reverse=True)
    places = {entry.parameter: entry.switches for entry in item.turns_on}
    known = {"p": p_star(), "G": 0.44 / 0.7, "C": 0.8 / 0.3 - 1, "d": 0.46}
    for name, switches in places.items():
        low, high = numbers[name][1:]
        assert switches == pytest.approx((known[name],), abs=1e-3 * (high - low)), name


def test_a_tie_is_neither_more_nor_less():
    """Where nobody attacks, silence and the best signal are worth the same: noise never decides."""
    case = deterrence(
        THREE,
        p=(0.6, 0.5, 0.9),
        claims=claims(
            more="value(DEF, calibrated) > value(DEF, silence)",
            least="value(DEF, calibrated) >= value(DEF, silence)",
            less="value(DEF, calibrated) < value(DEF, silence)",
        ),
    )
    found = audited(case, AuditSettings(draws=20, sweep_points=5, starts=0, threads=1))
    assert [(found[name].at_base, found[name].share) for name in ("more", "least", "less")] == [
        ("fails", 0.0),
        ("holds", 1.0),
        ("fails", 0.0),
    ]


def test_quantities_are_those_of_the_paper():
    assert quantity("action_value(CHL, challenge, attack, silence)") == pytest.approx(0.7 * 1.0 - 0.3 * 0.8)
    assert quantity("action_value(CHL, challenge, attack, silence | firm)") == pytest.approx(0.46)
    assert quantity("action_value(CHL, challenge, attack, candor | firm)") == pytest.approx(-0.8)
    assert quantity("action_value(CHL, challenge, attack, candor | limited)") == pytest.approx(1.0)
    assert quantity("action_value(CHL, challenge, hold)") == pytest.approx(0.2)
    assert quantity("value(DEF, silence | firm)") == pytest.approx(-0.4)
    assert quantity("probability(respond == severe, silence)") == pytest.approx(0.3)
    assert quantity("probability(attacked, candor)") == pytest.approx(0.7)
    assert quantity("probability(attacked, candor | firm)") == pytest.approx(0.0, abs=1e-9)
    assert quantity("probability(firm, silence | attacked)") == pytest.approx(0.3)


@pytest.mark.parametrize("belief", [0.3, 0.6], ids=["reached", "never_reached"])
def test_value_of_an_answer_by_type_whether_or_not_it_is_reached(belief: float):
    """In the tutorial case either type may answer either way, against its nature at the price B."""
    asked = {"severe | firm": -0.4, "protest | firm": -0.55, "severe | limited": -1.15, "protest | limited": -1.0}
    listed = claims(
        **{
            f"c{k}": f"action_value(DEF, respond, {text.replace(' |', ', undisclosed |')}) < 0"
            for k, text in enumerate(asked)
        }
    )
    text = detente.load("deterrence-101").text.replace("value: 0.3\n", f"value: {belief}\n", 1)
    listed = indent(listed.replace("source: book", "source: judgment"), "  ")
    found = audited(loads(text + listed), AuditSettings(draws=1, sweep_points=2, starts=0, threads=1))
    for k, value in enumerate(asked.values()):
        assert list(found[f"c{k}"].quantities.values()) == pytest.approx([value])
    assert all(found[f"c{k}"].at_base == "holds" for k in range(4))


def test_with_replaces_parameters_for_one_quantity_all_at_once():
    assert quantity("value(DEF, silence, with p = p / 2)", p=0.6) == pytest.approx(-0.3 * 0.4 - 0.7)
    assert quantity("value(DEF, candor, with p = 1 - p)") == pytest.approx(-0.3)
    assert quantity("value(CHL, candor, with G = d + 1, d = G)") == pytest.approx(0.7 * 1.2 + 0.3 * 1.0)
    assert quantity("probability(attacked, candor | limited, with p = 0.9)") == pytest.approx(1.0)
    assert quantity("value(DEF, calibrated, with p = p_star_half)", THREE, p_star_half=p_star() / 2) == pytest.approx(
        -0.5, abs=1e-6
    )


# ---- misjudgment (rule 17) and shares of types


@pytest.mark.parametrize(
    ("text", "belief", "expected"),
    [
        ("misjudged(CHL, silence)", 0.3, 0.3),  # attacks, and would not attack the firm
        ("misjudged(CHL, silence)", 0.6, 0.4),  # holds, and would attack the limited
        ("misjudged(CHL, candor)", 0.3, 0.0),
        ("misjudged(DEF, silence)", 0.3, 0.0),  # knows all it needs
        ("misjudged(CHL, calibrated)", 0.3, 0.375),  # holds against the limited that are not shown
    ],
)
def test_misjudgment_is_an_action_that_differs_from_the_one_under_full_information(text, belief, expected):
    assert quantity(text, THREE, p=belief) == pytest.approx(expected, abs=1e-5)


def test_share_of_types_counts_labels():
    case = small_case(
        parameter_text({"w1": 0.7, "w2": 0.2, "cost": (0.5, 0.0, 1.0), "prize[meek]": 0.0}).split("  prize[meek]")[0]
        + "  prize:\n    of: CHL.drive\n    value:\n      meek: 0.1\n      keen: 0.6\n      wild: 0.9\n"
        + "    about: for tests\n    source: judgment\n    confidence: low\n",
        types="CHL.drive:\n  meek: w1\n  keen: w2\n  wild: rest\n",
        timeline="- decision: challenge\n  by: CHL\n  options: [attack, hold]\n",
        payoffs="CHL:\n  - term: fight\n    when: challenge == attack\n    value: prize[CHL.drive] - cost\n",
        postures="quiet:\n  status_quo: true\n",
        claims=claims(
            most="share_of_types(CHL.drive, action_value(CHL, challenge, attack | type)"
            " > action_value(CHL, challenge, hold | type)) > 0.6",
            all_of_them="share_of_types(CHL.drive, action_value(CHL, challenge, attack | type)"
            " > action_value(CHL, challenge, hold | type)) > 0.9",
        ),
    )
    found = audited(case)
    assert (found["most"].at_base, found["all_of_them"].at_base) == ("holds", "fails")  # two labels of three
    assert found["most"].turns_on[0].switches == pytest.approx((0.6,), abs=1e-3)
    assert found["all_of_them"].turns_on[0].switches == pytest.approx((0.1,), abs=1e-3)


# ---- true by assumption (rule 17)

CHEAP = """\
    cheap:
      set:
        L: L_low
    timid:
      set:
        C: C_high
    """


def test_true_by_assumption_where_a_posture_sets_what_the_claim_is_about():
    case = deterrence(
        TWO,
        more_postures=CHEAP,
        L_low=0.1,
        C_high=9.0,
        claims=claims(
            direct="value(DEF, cheap) > value(DEF, silence)",
            through_play="value(DEF, timid) > value(DEF, silence)",
            own_cost="value(CHL, timid) < value(CHL, silence)",
            wrong="value(DEF, cheap) < value(DEF, silence)",
        ),
    )
    found = audited(case)
    assert [found[name].at_base for name in ("direct", "through_play", "own_cost", "wrong")] == [
        *("holds", "holds", "holds", "fails")
    ]
    assert found["direct"].by_assumption == ("L",)
    assert found["through_play"].by_assumption == ()  # the challenger's cost works through its choice alone
    assert found["own_cost"].by_assumption == ("C",)
    assert found["wrong"].by_assumption == ()


# ---- cannot be judged


def test_claims_that_say_so_cannot_be_judged():
    listed = "told:\n  says: A.\n  cannot_judge: nobody modelled it\n"
    answer = audit(deterrence(TWO, claims=listed), FAST)
    (told,) = answer.claims
    assert told.at_base == "cannot be judged"
    assert told.share is None
    assert told.share_bounds is None
    assert told.turns_on == ()
    assert np.isnan(told.holds).all()
    assert told.reason == "nobody modelled it"
    json.dumps(answer.to_json(), allow_nan=False)


def test_a_condition_that_never_occurs_leaves_the_claim_undefined():
    """Above p* nobody attacks, so a value given an attack has no meaning there."""
    case = deterrence(TWO, p=(0.6, 0.02, 0.98), claims=claims(given="value(DEF, silence | attacked) < 0 - W"))
    answer = audit(case, FAST)
    (item,) = answer.claims
    above = answer.draws[:, 0] > p_star()
    assert item.at_base == "cannot be judged"
    assert "never occurs" in item.reason
    assert "value(DEF, silence | attacked)" in item.reason
    np.testing.assert_array_equal(np.isnan(item.holds), above)
    assert item.undefined == pytest.approx(above.mean())
    assert item.share == 1.0  # of the worlds in which it means something
    assert item.turns_on[0].switches == pytest.approx((p_star(),), abs=1e-3)


def test_a_world_that_cannot_be_certified_widens_the_bounds(monkeypatch):
    case = deterrence(TWO, claims=claims(pays=SILENCE_PAYS))
    before = audit(case, FAST)
    honest, bad = Worlds.play, 11

    def play(self, posture, theta, *arguments, **options):
        played = honest(self, posture, theta, *arguments, **options)
        played.certified[(theta == before.draws[bad]).all(axis=1)] = False
        return played

    monkeypatch.setattr(Worlds, "play", play)
    after = audit(case, FAST)
    assert after.certificate.uncertified == pytest.approx(1 / 60)
    kept = np.delete(before.claims[0].holds, bad)
    assert np.isnan(after.claims[0].holds[bad])
    assert after.claims[0].share == pytest.approx(kept.mean())
    assert after.claims[0].share_bounds == pytest.approx((kept.sum() / 60, (kept.sum() + 1) / 60))


# ---- selection, form, stopping


def test_a_verdict_that_another_equilibrium_would_change_is_marked():
    """Both meet at one of two places; the case does not say which."""
    case = small_case(
        parameter_text({"high": 2.0}),
        timeline="- decision: go\n  by: DEF\n  options: [east, west]\n  seen_by: none\n"
        "- decision: come\n  by: CHL\n  options: [left, right]\n",
        payoffs="".join(
            f"{actor}:\n  - term: east\n    when: go == east and come == left\n    value: high\n"
            "  - term: west\n    when: go == west and come == right\n    value: 1\n"
            for actor in ("DEF", "CHL")
        ),
        postures="quiet:\n  status_quo: true\n",
        claims=claims(good="value(DEF, quiet) > 1.5", some="value(DEF, quiet) > 0"),
    )
    found = audited(case, AuditSettings(draws=2, sweep_points=2, starts=20, threads=1))
    assert found["good"].at_base == "holds"
    assert found["good"].selection_sensitive
    assert not found["some"].selection_sensitive


def test_json_has_the_documented_fields():
    answer = audit(deterrence(TWO, claims=claims(pays=SILENCE_PAYS)), FAST)
    found = answer.to_json()
    assert set(found) >= {"schema", "case", "manifest", "claims", "certificate", "interrupted", "draws_done"}
    (item,) = found["claims"]
    assert set(item) >= {
        *("id", "says", "source", "at_base", "share", "share_bounds", "undefined", "turns_on", "reason"),
        *("by_assumption", "selection_sensitive", "quantities"),
    }
    assert set(item["turns_on"][0]) == {"parameter", "base", "switches", "share"}
    assert json.dumps(found, allow_nan=False) == json.dumps(
        audit(deterrence(TWO, claims=claims(pays=SILENCE_PAYS)), FAST).to_json()
    )


def test_stopped_while_worlds_are_tried():
    case = deterrence(TWO, claims=claims(pays=SILENCE_PAYS))
    settings = AuditSettings(draws=300, sweep_points=5, starts=0, threads=1)
    answer = audit(case, settings, StopAt("worlds", 100))
    assert answer.interrupted
    assert answer.draws_done == 128
    whole = audit(case, settings)
    np.testing.assert_array_equal(answer.claims[0].holds, whole.claims[0].holds[:128])
    with pytest.raises(Interrupted):
        audit(case, settings, StopAt("compile", 1))
    with pytest.raises(RequestError):
        audit(case, AuditSettings(draws=0))
