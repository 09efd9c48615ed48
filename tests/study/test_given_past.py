"""`compare --given-evidence`: what is past, seen or unseen, and what of it is left out or refused."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import product

import numpy as np
import pytest

from detente import second as starting
from detente.case import Case, loads
from detente.errors import RequestError
from detente.game import terminal_probability
from detente.report import render_compare
from detente.study import CompareSettings, compare
from detente.study import partner as second
from detente.study.given import Given
from detente.study.strategic import play_sums
from detente.study.watch import Unwatched
from detente.study.worlds import Worlds
from study.given_cases import SMALL, STRAIT, asked, by_hand, fixed, gathering, sigmoid

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
    monkeypatch.setattr(starting.os, "cpu_count", lambda: 2)
    shared = compare(case, CompareSettings(**(SMALL | {"draws": 60, "given_evidence": True, "threads": 2}))).to_json()  # type: ignore[arg-type]
    assert json.dumps(shared["postures"]) == json.dumps(alone["postures"])
    assert json.dumps(shared["given"]) == json.dumps(alone["given"])
