"""`compare --given-evidence`: play goes on from what was observed; by hand, by enumeration; nothing twice."""

from __future__ import annotations

import json
import math
import re
from datetime import date
from itertools import product

import numpy as np
import pytest

from detente.case import Case, loads
from detente.errors import RequestError
from detente.game import terminal_probability
from detente.report import render_compare
from detente.study import AssessSettings, CompareAnswer, CompareSettings, assess, compare
from detente.study import partner as second
from detente.study.given import Given
from detente.study.strategic import play_sums
from detente.study.watch import Unwatched
from detente.study.worlds import Worlds

SMALL = {"sweep_points": 5, "region_points": 0, "envelope_points": 0, "starts": 0, "start_worlds": 0, "threads": 1}

STRAIT = """
case: strait
title: Landing craft gather
owner: BLU
actors:
  RED: Red
  BLU: Blue
parameters:
  p_strong:
    value: 0.3
    range: [0.2, 0.4]
  cost_weak:
    value: 0.4
    range: [0.3, 0.6]
  fight:
    value: 0.6
    range: [0.4, 0.8]
  prize:
    value: 1.5
    range: [1.4, 2.6]
types:
  RED.kind:
    strong: p_strong
    weak: rest
timeline:
  - decision: mass
    by: RED
    options: [gather, stay]
    ends: [stay]
  - decision: answer
    by: BLU
    options: [hold_back, resist]
payoffs:
  RED:
    - term: gathered
      when: mass == gather and RED.kind == weak
      value: -cost_weak
    - term: won
      when: answer == hold_back
      value: prize
    - term: beaten
      when: answer == resist and RED.kind == weak
      value: -1
  BLU:
    - term: lost
      when: answer == hold_back
      value: -fight
    - term: fought
      when: answer == resist and RED.kind == strong
      value: -prize
outcomes:
  given_up: answer == hold_back
postures:
  open_hand:
    status_quo: true
  firm:
    commit:
      answer: resist
  chosen:
    commit:
      answer: optimal
evidence:
  about: RED.kind
  items:
    craft:
      move: mass=gather
      reported: 2031-02-01
"""


def fixed(text: str) -> str:
    return re.sub(r"    range: .*\n", "", text)


def asked(case: Case, draws: int = 4, **more: object) -> CompareAnswer:
    return compare(case, CompareSettings(draws=draws, given_evidence=True, **(SMALL | more)))  # type: ignore[arg-type]


def sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


def gathering(p: float, cost: float, fight: float, prize: float, precision: float = 30.0) -> tuple[float, float]:
    """How often the strong and the weak gather at a finite precision: a fixed point found by bisection.

    Payoffs are divided by each side's range over all endings.
    """
    low, high = 0.0, 1.0
    gather = (0.5, 0.5)
    for _ in range(200):
        back = 0.5 * (low + high)  # probability that Blue holds back
        red = precision / (prize + cost + 1.0)
        gather = sigmoid(red * back * prize), sigmoid(red * (back * prize - (1 - back) - cost))
        strong = p * gather[0] / (p * gather[0] + (1 - p) * gather[1])
        if sigmoid(precision / prize * (strong * prize - fight)) > back:
            low = back
        else:
            high = back
    return gather


def by_hand(p: float, cost: float, fight: float, prize: float) -> tuple[float, float]:
    """Probability of the strong type once they have gathered, and probability that they gather."""
    strong, weak = gathering(p, cost, fight, prize)
    chance = p * strong + (1 - p) * weak
    return p * strong / chance, chance


# ------------------------------------------------------------------ a signaling game by hand


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

HIDDEN = """
case: hidden
title: What was readied out of sight
owner: BLU
actors:
  RED: Red
  BLU: Blue
parameters:
  a:
    value: 0.3
    range: [0.2, 0.4]
  b:
    value: 0.15
  c:
    value: 0.2
  d:
    value: 0.35
  sees_ready:
    value: 0.7
  sees_bare:
    value: 0.2
  readying:
    value: 0.3
    range: [0.1, 0.5]
  harm:
    value: 0.9
  nerve_cost:
    value: 0.5
types:
  RED.kind:
    hard: 1
    soft: 1
  BLU.nerve:
    calm: 1
    tense: 1
joint:
  - types: [RED.kind, BLU.nerve]
    weights:
      - [hard, calm, a]
      - [hard, tense, b]
      - [soft, calm, c]
      - [soft, tense, d]
timeline:
  - decision: prepare
    by: RED
    options: [ready, bare]
    seen_by: []
  - event: leak
    options: [signs, silence]
    given: [prepare]
    table:
      ready:
        signs: sees_ready
        silence: rest
      bare:
        signs: sees_bare
        silence: rest
    seen_by: [BLU]
  - decision: show
    by: RED
    options: [parade, quiet]
  - decision: answer
    by: BLU
    options: [retreat, stand]
payoffs:
  RED:
    - term: effort
      when: prepare == ready
      value: readying if RED.kind == hard else -readying
    - term: shown
      when: show == parade
      value: 0 if RED.kind == hard else -nerve_cost * readying
    - term: way
      when: answer == retreat
      value: 1
  BLU:
    - term: lost
      when: answer == retreat
      value: -nerve_cost if BLU.nerve == tense else -harm
    - term: struck
      when: answer == stand and prepare == ready
      value: -1 if RED.kind == hard else -harm
outcomes:
  retreat: answer == retreat
postures:
  usual:
    status_quo: true
  stand:
    commit:
      answer: stand
  open_books:
    disclose:
      BLU.nerve: all
evidence:
  about: RED.kind
  items:
    parade:
      move: show=parade
      reported: 2031-02-01
    speech:
      reported: 2031-02-01
      likelihood:
        hard: 0.6
        soft: 0.3
"""


def enumerated(case: Case) -> dict[tuple[str, str, str, str], float]:
    """Joint posterior over (kind, nerve, prepare, leak) at base values, history by history."""
    worlds = Worlds(case)
    game = worlds.game(case.status_quo)
    theta = case.base_theta()[None]
    ends = np.eye(game.compiled.shape.num_terminals)
    reach = play_sums(worlds, game, theta, 30.0, ends, Unwatched())[0][0]
    mass: dict[tuple[str, str, str, str], float] = {}
    for history, share in zip(game.compiled.histories, reach, strict=True):
        if history["show"] == "parade":
            key = tuple(str(history[name]) for name in ("RED.kind", "BLU.nerve", "prepare", "leak"))
            mass[key] = mass.get(key, 0.0) + float(share) * (0.6 if key[0] == "hard" else 0.3)  # type: ignore[index]
    total = sum(mass.values())
    return {key: share / total for key, share in mass.items()}


def test_unseen_moves_and_correlated_types_by_enumeration():
    case = loads(HIDDEN)
    found = asked(case, draws=3)
    belief = enumerated(case)

    def share(**wanted: str) -> float:
        places = {"kind": 0, "nerve": 1, "prepare": 2, "leak": 3}
        return sum(p for key, p in belief.items() if all(key[places[name]] == label for name, label in wanted.items()))

    both = share(kind="hard", nerve="calm") * share(kind="soft", nerve="tense")
    crossed = share(kind="hard", nerve="tense") * share(kind="soft", nerve="calm")
    assert both > 1.5 * crossed  # types hang together, so marginals would not do
    value = {"usual": 0.0, "stand": 0.0}
    retreat = 0.0
    for nerve, leak in product(("calm", "tense"), ("signs", "silence")):
        reach = share(nerve=nerve, leak=leak)
        stand = -sum(
            share(kind=kind, nerve=nerve, prepare="ready", leak=leak) * harm
            for kind, harm in (("hard", 1.0), ("soft", 0.9))
        )
        back = -reach * (0.5 if nerve == "tense" else 0.9)
        value["stand"] += stand
        value["usual"] += max(stand, back)
        retreat += reach if back > stand else 0.0
    assert 0.01 < retreat < 0.99
    by_name = {item.name: item for item in found.postures}
    for name, expected in value.items():
        assert by_name[name].base_value["BLU"] == pytest.approx(expected, abs=1e-7)
    assert by_name["usual"].base_outcomes["retreat"] == pytest.approx(retreat, abs=1e-7)
    # nobody is left to see it
    assert by_name["open_books"].base_value["BLU"] == pytest.approx(value["usual"], abs=1e-7)


def test_what_was_not_seen_is_told():
    case = loads(fixed(HIDDEN))
    given = asked(case, draws=2).given
    belief = enumerated(case)
    assert given is not None
    assert set(given.unseen) == {"prepare", "leak"}
    ready = sum(p for key, p in belief.items() if key[2] == "ready")
    assert given.unseen["prepare"]["ready"] == pytest.approx(ready, abs=1e-9)
    hard = sum(p for key, p in belief.items() if key[0] == "hard")
    assert given.posterior["RED.kind"]["hard"] == pytest.approx(hard, abs=1e-9)
    calm = sum(p for key, p in belief.items() if key[1] == "calm")
    assert given.posterior["BLU.nerve"]["calm"] == pytest.approx(calm, abs=1e-9)


def test_the_joint_of_the_tree_is_the_posterior():
    case = loads(HIDDEN)
    worlds = Worlds(case, given=Given())
    compiled = worlds.game(case.status_quo).compiled
    chance = compiled.numbers(case.base_theta()[None]).chance
    reach = terminal_probability(compiled.shape, chance, np.ones((1, int(compiled.shape.action_start[-1]))))[0]
    belief = enumerated(case)
    for history, share in zip(compiled.histories, reach, strict=True):
        assert history["show"] == "parade"
        key = tuple(str(history[name]) for name in ("RED.kind", "BLU.nerve", "prepare", "leak"))
        assert share == pytest.approx(belief[key], abs=1e-12)  # type: ignore[index]


def test_a_belief_of_now_moves_one_type_and_keeps_the_rest_conditional():
    case = loads(HIDDEN)
    worlds = Worlds(case, given=Given())
    game = worlds.game(case.status_quo)
    belief = {"RED.kind": np.array([[0.5, 0.5]])}
    chance = game.compiled.numbers(case.base_theta()[None], belief).chance[0, game.root_edges]
    plain = game.compiled.numbers(case.base_theta()[None]).chance[0, game.root_edges]
    kinds = game.root_labels("RED.kind")
    for label in (0, 1):
        assert chance[kinds == label].sum() == pytest.approx(0.5, abs=1e-12)
        np.testing.assert_allclose(
            chance[kinds == label] / 0.5, plain[kinds == label] / plain[kinds == label].sum(), atol=1e-12
        )


def test_the_owners_own_judgment_learns_as_well():
    plain = "    strong: p_strong\n    weak: rest\n"
    judged = "    prior:\n      strong: p_strong\n      weak: rest\n"
    judged += "    as_judged_by_owner:\n      strong: own\n      weak: rest\n"
    text = fixed(STRAIT).replace(plain, judged).replace("  prize:\n", "  own:\n    value: 0.6\n  prize:\n")
    found = asked(loads(text), draws=2)
    strong, weak = gathering(0.3, 0.4, 0.6, 1.5)
    own = 0.6 * strong / (0.6 * strong + 0.4 * weak)
    firm = next(item for item in found.postures if item.name == "firm")
    assert firm.base_value["BLU"] == pytest.approx(-own * 1.5, abs=1e-7)
    believed, _ = by_hand(0.3, 0.4, 0.6, 1.5)
    assert firm.base_value["RED"] == pytest.approx(-(1 - believed) * 1.4, abs=1e-7)


def test_a_reported_secret_is_one_no_more():
    more = "    depots:\n      move: prepare=ready\n      reported: 2031-02-01\n"
    found = asked(loads(fixed(HIDDEN) + more), draws=2)
    assert found.given is not None
    assert set(found.given.unseen) == {"leak"}
    belief = {key: p for key, p in enumerated(loads(fixed(HIDDEN))).items() if key[2] == "ready"}
    hard = sum(p for key, p in belief.items() if key[0] == "hard") / sum(belief.values())
    assert found.given.posterior["RED.kind"]["hard"] == pytest.approx(hard, abs=1e-9)
    stand = next(item for item in found.postures if item.name == "stand")
    assert stand.base_value["BLU"] == pytest.approx(-hard - 0.9 * (1 - hard), abs=1e-7)
    told = "prepare = ready was out of sight of Blue when it was made; reported, it counts as known to all."
    assert told in found.notes


VOTES = """
case: votes
title: Two votes at once, one of which is known
owner: CAN
actors:
  ANN: Ann
  BOB: Bob
  CAN: Can
parameters:
  p:
    value: 0.4
  keen:
    value: 0.1
  dull:
    value: -0.05
  worth:
    value: 0.7
types:
  ANN.mind:
    for_it: p
    against: rest
timeline:
  - decision: vote
    by: [ANN, BOB]
    options: [aye, no]
  - decision: act
    by: CAN
    options: [go, wait]
payoffs:
  ANN:
    - term: own
      when: vote.ANN == aye
      value: keen if ANN.mind == for_it else dull
  BOB:
    - term: own
      when: vote.BOB == aye
      value: dull
  CAN:
    - term: with_ann
      when: act == go
      value: worth if ANN.mind == for_it else -worth
    - term: with_bob
      when: act == go and vote.BOB == aye
      value: worth
outcomes:
  going: act == go
evidence:
  about: ANN.mind
  items:
    VOTE
"""


@pytest.mark.parametrize("place", [0, 1])
def test_one_vote_of_two_at_once(place: int):
    """Ann's vote is past when Bob's is open; once Bob's is known, Ann's is past as well."""
    name = ("ANN", "BOB")[place]
    case = loads(VOTES.replace("VOTE", f"ballot:\n      move: vote.{name}=aye\n      reported: 2031-02-01"))
    found = asked(case, draws=2)
    given = found.given
    assert given is not None
    lot = found.postures[0].base_value["CAN"]
    aye, nay = (sigmoid(30.0 * gain / 0.15) for gain in (0.1, -0.05))  # Ann's range is 0.15
    if name == "ANN":
        mind = 0.4 * aye / (0.4 * aye + 0.6 * nay)
        assert given.unseen == {}
        assert given.posterior["ANN.mind"]["for_it"] == pytest.approx(mind, abs=1e-8)
        assert lot == pytest.approx(max(0.0, 0.7 * (2 * mind - 1)), abs=1e-7)  # Bob then votes no
    else:
        assert given.unseen["vote.ANN"]["aye"] == pytest.approx(0.4 * aye + 0.6 * nay, abs=1e-8)
        assert given.posterior["ANN.mind"]["for_it"] == pytest.approx(0.4, abs=1e-9)
        value = sum(
            max(0.0, 0.7 * (0.4 * a - 0.6 * b) + 0.7 * (0.4 * a + 0.6 * b)) for a, b in ((aye, nay), (1 - aye, 1 - nay))
        )
        assert lot == pytest.approx(value, abs=1e-7)


# ------------------------------------------------------------------ postures that come too late, and wrong questions


def test_postures_that_contradict_the_past_are_left_out():
    text = fixed(STRAIT).replace("owner: BLU", "owner: RED")
    text = text.replace("answer: resist\n", "mass: stay\n").replace("answer: optimal\n", "mass: gather\n")
    found = asked(loads(text), draws=2)
    assert [item.name for item in found.postures] == ["open_hand", "chosen"]
    assert found.given is not None
    assert [item.posture for item in found.given.left_out] == ["firm"]
    assert "Posture 'firm' is left out: it contradicts mass = gather, and its rule is another." in found.notes


def test_a_rule_for_what_is_past_comes_too_late():
    text = HIDDEN.replace("owner: BLU", "owner: RED").replace("      answer: stand\n", "      prepare: bare\n")
    text = text.replace("      BLU.nerve: all\n", "      RED.kind: all\n")
    found = asked(loads(text), draws=2)
    assert "What 'stand' says of 'prepare' comes too late: that is past, and was played as before." in found.notes
    values = {item.name: item.base_value["RED"] for item in found.postures}
    assert values["stand"] == pytest.approx(values["usual"], abs=1e-9)


@pytest.mark.parametrize(
    ("text", "more", "message"),
    [
        (STRAIT.partition("evidence:")[0], {}, "no evidence to go by"),
        (STRAIT, {"given_evidence": False, "as_of": date(2031, 3, 1)}, "goes with --given-evidence"),
        (STRAIT.replace("ends: [stay]", "ends: [stay, gather]"), {}, "the game is over"),
        (
            STRAIT.replace("owner: BLU", "owner: RED").replace("answer: resist", "mass: stay"),
            {"postures": ("firm",)},
            "every posture asked about contradicts",
        ),
        (
            STRAIT.replace("    status_quo: true", "    status_quo: true\n    commit:\n      answer: optimal"),
            {},
            "leaves something to be found",
        ),
    ],
)
def test_wrong_questions_are_refused(text: str, more: dict[str, object], message: str):
    text = text.replace("  chosen:\n    commit:\n      answer: optimal\n", "")
    settings = CompareSettings(**(SMALL | {"draws": 2, "given_evidence": True} | more))  # type: ignore[arg-type]
    case = loads(text)
    with pytest.raises(RequestError, match=message):
        compare(case, settings)


def test_it_is_told_in_words():
    text = render_compare(asked(loads(HIDDEN), draws=3))
    assert "GIVEN WHAT HAD BEEN REPORTED BY 1 FEB 2031" in text
    assert "Has happened: Red: show = parade. 1 other item on RED.kind counts." in text
    assert re.search(r"effective of\s+3 worlds", text)


def test_the_second_process_plays_the_same_past(monkeypatch: pytest.MonkeyPatch):
    case = loads(HIDDEN)
    settings = CompareSettings(**(SMALL | {"draws": 60, "given_evidence": True}))  # type: ignore[arg-type]
    alone = compare(case, settings).to_json()
    monkeypatch.setattr(second, "ENOUGH", 0)
    monkeypatch.setattr(second, "kernels_are_compiled", lambda: True)
    monkeypatch.setattr(second.os, "cpu_count", lambda: 2)
    shared = compare(case, CompareSettings(**(SMALL | {"draws": 60, "given_evidence": True, "threads": 2}))).to_json()  # type: ignore[arg-type]
    assert json.dumps(shared["postures"]) == json.dumps(alone["postures"])
    assert json.dumps(shared["given"]) == json.dumps(alone["given"])
