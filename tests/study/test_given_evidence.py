"""`compare --given-evidence`: play goes on from what was observed; by hand, by enumeration; nothing twice."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from detente.case import loads
from detente.study import AssessSettings, CompareSettings, assess, compare
from detente.study.given import Given
from detente.study.worlds import Worlds
from study.given_cases import SMALL, STRAIT, asked, by_hand, fixed, gathering


def test_the_subgame_by_hand():
    found = asked(loads(fixed(STRAIT)), draws=2)
    strong, _ = by_hand(0.3, 0.4, 0.6, 1.5)
    assert 0.32 < strong < 0.9  # the move tells something
    assert found.given is not None
    assert found.given.posterior["RED.kind"]["strong"] == pytest.approx(strong, abs=1e-8)
    assert found.given.prior["RED.kind"]["strong"] == pytest.approx(0.3, abs=1e-12)
    values = {item.name: item.base_value for item in found.postures}
    assert values["firm"]["BLU"] == pytest.approx(-strong * 1.5, abs=1e-7)
    best = max(-0.6, -strong * 1.5)
    assert values["open_hand"]["BLU"] == pytest.approx(best, abs=1e-7)
    assert values["chosen"]["BLU"] == pytest.approx(best, abs=1e-7)
    assert values["firm"]["RED"] == pytest.approx(-(1 - strong) * 1.4, abs=1e-7)
    assert found.given.moves[0].actor == "RED"
    assert found.given.effective_draws == pytest.approx(2.0)


def test_worlds_weigh_by_what_they_explain():
    case = loads(STRAIT)
    found = asked(case, draws=12)
    rows = [by_hand(*(float(row[case.parameter_index(name)]) for name in PARAMETERS)) for row in found.draws]
    strong, chance = np.array(rows).T
    weight = chance / chance.sum()
    given = found.given
    assert given is not None
    assert given.effective_draws == pytest.approx(1.0 / (weight**2).sum(), rel=1e-7)
    assert given.effective_draws < 11.99
    assert given.posterior["RED.kind"]["strong"] == pytest.approx(weight @ strong, rel=1e-7)
    fight, prize = (found.draws[:, case.parameter_index(name)] for name in ("fight", "prize"))
    firm = next(item for item in found.postures if item.name == "firm")
    np.testing.assert_allclose(firm.values[:, 1], -strong * prize, atol=1e-6)
    assert firm.value["BLU"].mean == pytest.approx(weight @ (-strong * prize), rel=1e-6)
    yields = strong * prize > fight + 1e-9
    assert yields.any()
    assert not yields.all()
    shared = weight @ np.where(yields, 0.0, 1 / 3)
    assert firm.best_share == pytest.approx(shared, abs=1e-9)
    assert given.shares["firm"] == pytest.approx(np.where(yields, 0.0, 1 / 3).mean(), abs=1e-12)
    pair = next(item for item in found.paired if {item["posture"], item["versus"]} == {"firm", "open_hand"})
    sign = 1.0 if pair["posture"] == "firm" else -1.0
    gap = -strong * prize - np.maximum(-fight, -strong * prize)
    assert sign * pair["mean"] == pytest.approx(weight @ gap, abs=1e-7)


PARAMETERS = ("p_strong", "cost_weak", "fight", "prize")


def test_sweeps_play_the_past_again():
    case = loads(STRAIT)
    found = asked(case, draws=2)
    sweep = next(item for item in found.sweeps if item.parameter == "cost_weak")
    for place, cost in enumerate(sweep.points):
        strong, _ = by_hand(0.3, float(cost), 0.6, 1.5)
        assert sweep.values["firm"][place] == pytest.approx(-strong * 1.5, abs=1e-6)
    assert np.ptp(sweep.values["firm"]) > 0.01  # the dearer the bluff, the more a move tells


# ------------------------------------------------------------------ nothing twice, nothing out of nothing


def test_a_move_and_its_likelihood_say_the_same():
    strong, weak = gathering(0.3, 0.4, 0.6, 1.5)
    judged = f"likelihood:\n        strong: {strong!r}\n        weak: {weak!r}"
    moved = asked(loads(fixed(STRAIT)), draws=2).given
    told = asked(loads(fixed(STRAIT).replace("move: mass=gather", judged)), draws=2).given
    assert moved is not None
    assert told is not None
    assert told.posterior["RED.kind"]["strong"] == pytest.approx(moved.posterior["RED.kind"]["strong"], abs=1e-8)
    assert told.moves == ()
    assert told.items == ("craft",)
    assert moved.items == ()


def test_other_items_move_the_types_after_the_move():
    more = "    photos:\n      reported: 2031-02-02\n      likelihood:\n        strong: 0.2\n        weak: 0.8\n"
    found = asked(loads(fixed(STRAIT) + more), draws=2)
    strong, _ = by_hand(0.3, 0.4, 0.6, 1.5)
    shifted = strong * 0.2 / (strong * 0.2 + (1 - strong) * 0.8)
    assert found.given is not None
    assert found.given.posterior["RED.kind"]["strong"] == pytest.approx(shifted, abs=1e-8)
    firm = next(item for item in found.postures if item.name == "firm")
    assert firm.base_value["BLU"] == pytest.approx(-shifted * 1.5, abs=1e-7)
    before = asked(loads(fixed(STRAIT) + more), draws=2, as_of=date(2031, 2, 1)).given
    assert before is not None
    assert before.items == ()
    assert before.posterior["RED.kind"]["strong"] == pytest.approx(strong, abs=1e-8)


MIXED = """    photos:
      reported: 2031-02-02
      reliability: B
      credibility: 3
      group: papers
      likelihood:
        strong: likely
        weak: [0.2, 0.4]
    cable:
      reported: 2031-02-03
      group: papers
      likelihood:
        strong: 0.7
        weak: 0.4
    pull_back:
      reported: 2031-02-04
      likelihood:
        strong: 0.1
        weak: 0.6
      can_stage: RED
      real: weak
      gain: fight
      cost: cost_weak
  groups:
    papers:
      rho: 0.6
  analysts:
    second_reader:
      photos:
        strong: "+"
        weak: "0"
"""


def test_all_kinds_of_items_say_what_assess_says():
    case = loads(fixed(STRAIT) + MIXED)
    given = asked(case, draws=2).given
    judged = assess(case, AssessSettings(draws=2)).timeline[-1].type
    assert given is not None
    assert given.posterior["RED.kind"]["strong"] == pytest.approx(judged["strong"].point, abs=1e-7)
    assert abs(judged["strong"].point - by_hand(0.3, 0.4, 0.6, 1.5)[0]) > 0.01


def test_staging_is_played_in_every_world():
    case = loads(STRAIT + MIXED)
    observed = Given().observed(Worlds(case))
    theta = np.repeat(case.base_theta()[None], 3, axis=0)
    theta[:, case.parameter_index("cost_weak")] = [0.3, 0.6, 0.3]
    theta[:, case.parameter_index("fight")] = [0.4, 0.4, 0.8]
    together = observed.likelihood(theta)
    for row in range(3):
        held = fixed(STRAIT + MIXED)
        held = held.replace(
            "cost_weak:\n    value: 0.4", f"cost_weak:\n    value: {theta[row, case.parameter_index('cost_weak')]}"
        )
        held = held.replace("fight:\n    value: 0.6", f"fight:\n    value: {theta[row, case.parameter_index('fight')]}")
        alone = (
            assess(
                loads(held.replace("move: mass=gather", "likelihood:\n        strong: 0.5\n        weak: 0.5")),
                AssessSettings(draws=2),
            )
            .timeline[-1]
            .type["strong"]
            .point
        )
        odds = together[row, 0] / together[row, 1] * 0.3 / 0.7
        assert odds == pytest.approx(alone / (1 - alone), rel=1e-9)
    assert len({round(float(item[0] / item[1]), 6) for item in together}) > 1


def test_a_move_that_all_make_leaves_the_prior():
    text = fixed(STRAIT).replace(" and RED.kind == weak\n      value: -cost_weak", "\n      value: -cost_weak")
    text = text.replace("answer == resist and RED.kind == weak", "answer == resist")
    found = asked(loads(text), draws=2)
    assert found.given is not None
    assert found.given.posterior["RED.kind"]["strong"] == pytest.approx(0.3, abs=1e-12)
    firm = next(item for item in found.postures if item.name == "firm")
    assert firm.base_value["BLU"] == pytest.approx(-0.3 * 1.5, abs=1e-9)


def test_before_the_first_report_the_answer_is_the_plain_one():
    case = loads(STRAIT)
    plain = compare(case, CompareSettings(draws=6, **SMALL)).to_json()  # type: ignore[arg-type]
    early = asked(case, draws=6, as_of=date(2031, 1, 1)).to_json()
    assert early["given"]["as_of"] == ""
    assert early["given"]["effective_draws"] == 6
    assert early["given"]["posterior"] == early["given"]["prior"]
    assert early["notes"].pop() == "Nothing had been reported by 2031-01-01: the comparison is that without evidence."
    for answer in (plain, early):
        del answer["given"]
        for name in ("given_evidence", "as_of"):
            del answer["manifest"]["settings"][name]
    assert json.dumps(plain) == json.dumps(early)


# ------------------------------------------------------------------ unseen moves, events and correlated types
