"""`compare`: shares, ties, bounds, switches, commitments and interruption, on cases that can be worked out by hand."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

import detente
from detente.app import Job
from detente.errors import Interrupted, RequestError
from detente.study import CompareSettings, compare
from detente.study.played import Played
from detente.study.worlds import Worlds
from study.small_cases import THREE, TWO, deterrence, meeting, p_star, parameter_text, small_case

LEAN = {"sweep_points": 5, "region_points": 0, "envelope_points": 0, "starts": 0, "start_worlds": 0, "threads": 1}


def lean(draws: int = 20, **changes) -> CompareSettings:
    return CompareSettings(**{**LEAN, "draws": draws, **changes})


def by_name(answer) -> dict:
    return {item.name: item for item in answer.postures}


# ---- bytes and form


def test_same_seed_gives_the_same_bytes_and_another_seed_others():
    settings = lean(40, region_points=3, envelope_points=9, starts=5, start_worlds=1)
    texts = [json.dumps(compare(deterrence(THREE), settings).to_json()) for _ in range(2)]
    assert texts[0] == texts[1]
    other = compare(deterrence(THREE), lean(40, seed=1, region_points=3, envelope_points=9, starts=5, start_worlds=1))
    assert json.dumps(other.to_json()["postures"]) != json.dumps(json.loads(texts[0])["postures"])


def test_json_has_the_documented_fields():
    settings = lean(10, region_points=3, envelope_points=9, starts=5, sweep_points=9)
    found = compare(deterrence(THREE, W=(0.4, 0.1, 0.9)), settings).to_json()
    assert set(found) >= {
        *("schema", "case", "manifest", "owner", "postures", "leading", "tied_share", "selection_sensitive"),
        *("statement", "tipping_points", "certificate", "interrupted", "draws_done", "confidence", "paired"),
        *("none_in_range", "sweeps", "region", "envelope", "notes", "actors", "status_quo", "leading_tied"),
    }
    assert set(found["manifest"]) >= {"case_sha256", "version", "seed", "draws"}
    assert set(found["certificate"]) >= {"max_regret", "max_belief_residual", "uncertified"}
    (point,) = found["tipping_points"]
    assert set(point) == {"parameter", "base", "switch", "from", "to", "resolution", "marked"}
    for posture in found["postures"]:
        assert set(posture) >= {
            *("name", "value", "value_by_type", "outcomes", "best_share", "best_share_bounds", "regret_p90"),
            *("needs_commitment", "abandon_gain", "equilibria_range", "base_value"),
        }
        assert set(posture["value"]) == {"CHL", "DEF"}
        for band in (*posture["value"].values(), *posture["outcomes"].values(), *posture["value_by_type"].values()):
            assert set(band) == {"mean", "p05", "p95"}
    assert found["region"]["x"] == "p"
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_numbers_of_the_comparison_itself():
    """Bands, regret and paired differences are those of the values per draw."""
    answer = compare(deterrence(THREE, L=(1.0, 0.5, 1.5)), lean(80))
    owner = {name: item.values[:, 1] for name, item in by_name(answer).items()}
    best = np.max(list(owner.values()), axis=0)
    for item in answer.postures:
        band = item.value["DEF"]
        assert band.mean == pytest.approx(owner[item.name].mean())
        assert (band.p05, band.p95) == pytest.approx(tuple(np.quantile(owner[item.name], [0.05, 0.95])))
        assert item.regret_p90 == pytest.approx(np.quantile(best - owner[item.name], 0.9))
    for entry in answer.paired:
        gaps = owner[entry["posture"]] - owner[entry["versus"]]
        assert entry["mean"] == pytest.approx(gaps.mean())
        assert entry["mc_error"] == pytest.approx(gaps.std(ddof=1) / np.sqrt(80))
        assert entry["share_better"] == pytest.approx((gaps > 0).mean(), abs=1e-12)
    assert {entry["versus"] for entry in answer.paired} == {"calibrated", "silence"}


def test_monte_carlo_error_covers_the_difference_known_on_paper():
    """Silence against candor with everything fixed but p, uniform on [0, 0.4], where every attack comes."""
    answer = compare(deterrence(TWO, p=(0.3, 0.0, 0.4)), lean(400, sweep_points=3))
    (entry,) = answer.paired
    assert (entry["posture"], entry["versus"]) == ("silence", "candor")
    assert entry["mean"] == pytest.approx(-0.2 * 0.4, abs=3.5 * entry["mc_error"])  # -W p on average
    assert entry["mc_error"] == pytest.approx(0.4 * 0.4 / np.sqrt(12 * 400), rel=0.1)


# ---- shares and ties


def test_shares_split_ties_and_add_to_one():
    answer = compare(deterrence(THREE), lean(60))
    assert sum(item.best_share for item in answer.postures) == pytest.approx(1.0, abs=1e-12)
    above = (answer.draws[:, 0] > p_star()).mean()
    assert 0.2 < above < 0.8
    assert answer.tied_share == pytest.approx(above)
    assert answer.leading == "calibrated"
    assert answer.leading_tied == ()
    assert all(item.best_share_bounds == (item.best_share, item.best_share) for item in answer.postures)


def test_twins_tie_everywhere_and_are_both_named():
    answer = compare(deterrence(TWO, more_postures="twin:\n  about: the same once more\n", p=(0.9, 0.6, 0.98)), lean())
    assert [item.best_share for item in answer.postures] == [0.5, 0.0, 0.5]
    assert answer.leading_tied == ("silence", "twin")
    assert answer.tied_share == 1.0
    assert "silence" in answer.statement
    assert "twin" in answer.statement
    assert "in every world tried" in answer.statement


def test_rounding_never_makes_one_of_two_equal_postures_better():
    """A lottery over options that are worth the same: q k + (1 - q) k is k but for the last bit (rule 14)."""
    case = small_case(
        parameter_text({"q": (0.3, 0.1, 0.9), "k": (0.1, 0.05, 0.3)}),
        timeline="- decision: move\n  by: DEF\n  options: [a, b]\n",
        payoffs="DEF:\n  - term: k\n    value: k\n",
        postures="quiet:\n  status_quo: true\n  commit:\n    move: a\n"
        "lottery:\n  commit:\n    move:\n      a: q\n      b: rest\n",
    )
    answer = compare(case, lean(200, sweep_points=3))
    assert answer.tied_share == 1.0
    assert answer.tipping_points == ()
    assert [entry["share_better"] for entry in answer.paired] == [0.0]


def test_value_by_type_is_that_of_each_type():
    found = by_name(compare(deterrence(THREE, p=(0.2, 0.05, 0.4), W=(0.4, 0.1, 0.9)), lean(50)))
    for name, item in found.items():
        for label, band in item.value_by_type.items():
            assert band.p05 <= band.mean <= band.p95, (name, label)
    assert found["silence"].base_value_by_type == pytest.approx({"firm": -0.4, "limited": -1.0}, abs=1e-7)
    assert found["candor"].base_value_by_type == pytest.approx({"firm": 0.0, "limited": -1.0}, abs=1e-7)
    shown = (1 - 0.2 / p_star()) / 0.8  # a limited defender is shown for what it is this often
    assert found["calibrated"].base_value_by_type == pytest.approx({"firm": 0.0, "limited": -shown}, abs=1e-5)
    assert found["silence"].value_by_type["limited"].mean == pytest.approx(-1.0, abs=1e-7)


# ---- what could not be certified


def test_a_world_that_cannot_be_certified_is_left_out_of_everything_and_bounds_the_shares(monkeypatch):
    case, settings = deterrence(TWO), lean(25)
    whole = compare(case, settings)
    bad = 7
    honest = Worlds.play

    def play(self, posture, theta, *arguments, **options) -> Played:
        played = honest(self, posture, theta, *arguments, **options)
        if posture.name == "candor":
            played.certified[(theta == whole.draws[bad]).all(axis=1)] = False
        return played

    monkeypatch.setattr(Worlds, "play", play)
    answer = compare(case, settings)
    kept = np.arange(25) != bad
    np.testing.assert_array_equal(answer.certified, kept)
    assert answer.certificate.uncertified == pytest.approx(1 / 25)
    for before, after in zip(whole.postures, answer.postures, strict=True):
        assert np.isnan(after.values[bad]).all()
        np.testing.assert_array_equal(after.values[kept], before.values[kept])
        assert after.value["DEF"].mean == pytest.approx(before.values[kept, 1].mean())
        best = sum(
            before.values[i, 1] == max(item.values[i, 1] for item in whole.postures) for i in np.flatnonzero(kept)
        )
        assert after.best_share == pytest.approx(best / 24)
        assert after.best_share_bounds == pytest.approx((best / 25, (best + 1) / 25))
    assert any("1 worlds could not be certified" in note for note in answer.notes)
    assert "could not be certified" in answer.confidence


# ---- abandoning a posture (rule 16)


@pytest.mark.parametrize(
    ("assume", "posture", "gains"),
    [
        ({}, "undisclosed", {"firm": (0.4, "reveal"), "limited": (0.0, "")}),
        ({}, "revealed", {"firm": (0.0, ""), "limited": (0.0, "")}),
        ({"p": 0.6}, "undisclosed", {"firm": (0.0, ""), "limited": (0.0, "")}),
        ({"p": 0.6}, "revealed", {"firm": (0.0, ""), "limited": (1.0, "conceal")}),
        ({}, "announced_odds", {"firm": (0.0, ""), "limited": (0.0, "")}),
        ({"q": 0.4}, "announced_odds", {"firm": (0.6 * 0.15, "break"), "limited": (0.4 * 0.15, "break")}),
    ],
    ids=["silent_attacked", "open_weak", "silent_safe", "open_strong", "odds_deter", "odds_fail"],
)
def test_gain_from_abandoning_a_posture_of_the_tutorial_case(assume, posture, gains):
    """By hand: attacked, a firm type saves W by revealing itself; deterred, a limited type saves L by hiding."""
    answer = detente.compare("deterrence-101", draws=2, assume=assume, postures=[posture, "calibrated"])
    found = by_name(answer)[posture]
    for label, (gain, how) in gains.items():
        assert found.abandon_gain[label]["gain"] == pytest.approx(gain, abs=1e-7)
        assert found.abandon_gain[label]["how"] == how
    assert found.needs_commitment == any(gain > 0 for gain, _ in gains.values())


def test_a_calibrated_signal_needs_commitment():
    """The limited type whose turn it is to be shown would rather send the signal that keeps it safe: that saves L."""
    answer = detente.compare("deterrence-101", draws=2, postures=["calibrated", "undisclosed"])
    found = by_name(answer)["calibrated"]
    assert found.needs_commitment
    assert found.abandon_gain["limited"]["gain"] == pytest.approx((1 - 0.3 / p_star()) / 0.7, abs=1e-5)
    assert found.abandon_gain["limited"]["how"] == "break"
    assert found.abandon_gain["firm"]["gain"] == 0.0


# ---- published rules: the leader's game (leader up or down, follower left or right)

LEADER = {
    "timeline": """\
        - decision: lead
          by: DEF
          options: [up, down]
          seen_by: none
        - decision: follow
          by: CHL
          options: [left, right]
        """,
    "payoffs": """\
        DEF:
          - term: up_left
            when: lead == up and follow == left
            value: two
          - term: up_right
            when: lead == up and follow == right
            value: four
          - term: down_left
            when: lead == down and follow == left
            value: 1
          - term: down_right
            when: lead == down and follow == right
            value: three
        CHL:
          - term: matched
            when: (lead == up and follow == left) or (lead == down and follow == right)
            value: 1
        """,
    "postures": """\
        free:
          status_quo: true
        bound:
          commit:
            lead: down
        lottery:
          commit:
            lead:
              up: q
              down: rest
        best:
          commit:
            lead: optimal
        only_up:
          allow:
            lead: [up]
        dearer:
          set:
            two: four
        """,
}
LEADER_NUMBERS = {"two": 2.0, "three": 3.0, "four": 4.0, "q": (0.49, 0.0, 1.0)}


@pytest.fixture(scope="module")
def leader():
    case = small_case(parameter_text(LEADER_NUMBERS), **LEADER)
    return compare(case, lean(12, sweep_points=64))


@pytest.mark.parametrize(
    ("posture", "owner", "follower"),
    [
        ("free", 2.0, 1.0),  # up is dominant, and is answered with left
        ("bound", 3.0, 1.0),
        ("lottery", 3.49, 0.51),  # right is best while up has less than even odds: 4 q + 3 (1 - q)
        ("best", 3.0, 1.0),
        ("only_up", 2.0, 1.0),
        ("dearer", 4.0, 1.0),
    ],
)
def test_published_rules_are_worth_what_the_leader_gets_on_paper(leader, posture, owner, follower):
    found = by_name(leader)[posture].base_value
    assert found == pytest.approx({"DEF": owner, "CHL": follower}, abs=1e-7)


def test_best_pure_rule_is_named_and_a_lottery_can_beat_it(leader):
    (rule,) = by_name(leader)["best"].optimal["rule"]
    assert (rule["decision"], rule["option"]) == ("lead", "down")
    assert by_name(leader)["bound"].needs_commitment
    assert by_name(leader)["bound"].abandon_gain["any"]["gain"] == pytest.approx(1.0, abs=1e-7)  # up against right
    assert not by_name(leader)["free"].needs_commitment


def test_lottery_beats_the_best_pure_rule_up_to_even_odds():
    case = small_case(parameter_text(LEADER_NUMBERS), **LEADER)
    answer = compare(case, lean(5, sweep_points=64, postures=("free", "lottery", "best")))
    places = [(round(point.switch, 2), point.before, point.after) for point in answer.tipping_points]
    assert places[-1] == (0.5, "lottery", "best")
    assert answer.tipping_points[-1].switch == pytest.approx(0.5, abs=1e-3)


def test_best_rule_equals_every_rule_tried_in_turn():
    """Severe or protest by type, published: four rules, and the best of them by brute force."""
    rules = [(firm, limited) for firm in ("severe", "protest") for limited in ("severe", "protest")]
    listed = "".join(
        f"{firm}_{limited}:\n  commit:\n    respond:\n      by: [DEF.resolve]\n"
        f"      table:\n        firm: {firm}\n        limited: {limited}\n"
        for firm, limited in rules
    )
    numbers = {"p": (0.3, 0.02, 0.98), "G": (1.0, 0.5, 1.5), "C": (0.8, 0.3, 1.3), "d": 0.2, "L": 1.0, "W": 0.4}
    case = small_case(
        parameter_text({**numbers, "B": (0.15, 0.05, 0.3), "E": (0.1, 0.0, 0.9)}),
        types="DEF.resolve:\n  firm: p\n  limited: rest\n",
        timeline="""\
            - decision: challenge
              by: CHL
              options: [attack, hold]
            - decision: respond
              by: DEF
              options: [severe, protest]
              when: challenge == attack
            """,
        payoffs="""\
            CHL:
              - term: gain
                when: respond == protest
                value: G
              - term: beaten
                when: respond == severe
                value: -C
              - term: peace
                when: challenge == hold
                value: d
            DEF:
              - term: bored
                when: challenge == hold
                value: -E
              - term: loss
                when: respond == protest
                value: B - L
              - term: war
                when: respond == severe
                value: -W if DEF.resolve == firm else -L
            """,
        postures="open:\n  status_quo: true\nbest:\n  commit:\n    respond: optimal\n" + listed,
    )
    answer = compare(case, lean(60, sweep_points=3))
    found = by_name(answer)
    each = np.array([found[f"{firm}_{limited}"].values[:, 1] for firm, limited in rules])
    np.testing.assert_allclose(found["best"].values[:, 1], each.max(axis=0), atol=1e-9)
    assert len(set(each.argmax(axis=0))) > 1


# ---- switches (rule 20)


def race(**numbers):
    """An owner that may take a sure thing or a product that peaks in the middle of its range."""
    return small_case(
        parameter_text({"x": (0.5, 0.0, 1.0), "t": 0.1875, "idle": (0.5, 0.0, 1.0), **numbers}),
        timeline="- decision: move\n  by: DEF\n  options: [sure, product]\n",
        payoffs="""\
            DEF:
              - term: sure
                when: move == sure
                value: t
              - term: product
                when: move == product
                value: x * (1 - x)
              - term: idle
                value: idle
            """,
        postures="""\
            safe:
              status_quo: true
              commit:
                move: sure
            bold:
              commit:
                move: product
            """,
    )


def test_every_switch_of_a_parameter_is_found_in_order():
    answer = compare(race(), lean(10, sweep_points=64))
    assert [(point.before, point.after) for point in answer.tipping_points] == [("safe", "bold"), ("bold", "safe")]
    assert [point.switch for point in answer.tipping_points] == pytest.approx([0.25, 0.75], abs=1e-3)
    assert all(point.parameter == "x" and point.base == 0.5 for point in answer.tipping_points)
    assert all(point.resolution <= 1e-3 for point in answer.tipping_points)
    assert answer.none_in_range == ("idle",)


def test_no_switch_inside_the_ranges():
    answer = compare(race(x=(0.5, 0.3, 0.7)), lean(10, sweep_points=64))
    assert answer.tipping_points == ()
    assert answer.none_in_range == ("x", "idle")
    assert answer.leading == "bold"
    assert "in every world tried" in answer.statement


def test_a_touch_without_a_change_is_no_switch():
    """x (1 - x) just reaches 1/4 in the middle: a tie at one point is not a regime."""
    answer = compare(race(t=0.25, x=(0.4, 0.0, 1.0)), lean(10, sweep_points=65))
    assert answer.leading == "safe"
    assert all(point.before != point.after for point in answer.tipping_points)
    assert len(answer.tipping_points) in (0, 2)  # the tie is 2e-3 wide at 1e-6 of the range, wider than the resolution
    assert all(abs(point.switch - 0.5) < 2e-3 for point in answer.tipping_points)


def test_a_switch_that_selection_causes_is_marked():
    """Both meetings are equilibria on both sides of high = 1, where the branch goes over from one to the other."""
    case = meeting(high=(1.2, 0.55, 1.5))
    answer = compare(case, lean(10, sweep_points=32, starts=20))
    assert [(point.before, point.after, point.marked) for point in answer.tipping_points] == [
        ("quiet, bound", "bound", "selection")
    ]
    assert answer.tipping_points[0].switch == pytest.approx(1.0, abs=0.02)
    assert by_name(answer)["quiet"].equilibria_range == pytest.approx((1.2, 3.0), abs=1e-6)


@pytest.mark.parametrize(("high", "sensitive"), [(0.8, True), (1.2, False)], ids=["may_fall", "may_only_draw_level"])
def test_another_equilibrium_that_would_take_the_lead_away_is_reported(high: float, sensitive: bool):
    """Left free, the two may meet in the east, which costs the owner its bonus; bound to the west they do not."""
    answer = compare(meeting(high=high), lean(4, starts=20))
    assert answer.selection_sensitive == sensitive
    assert by_name(answer)["quiet"].equilibria_range == pytest.approx((high, 3.0), abs=1e-6)
    assert by_name(answer)["bound"].equilibria_range == pytest.approx((3.0, 3.0), abs=1e-6)


# ---- stopping


class StopAt:
    """Says stop from some point of a stage on."""

    def __init__(self, stage: str, done: int):
        self.place, self.stopped = (stage, done), False

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage == self.place[0] and done >= self.place[1]:
            self.stopped = True


def test_stopped_while_worlds_are_tried_answers_with_those_done():
    case = deterrence(TWO)
    answer = compare(case, lean(300), StopAt("worlds", 100))
    assert answer.interrupted
    assert 100 <= answer.draws_done < 300
    assert answer.tipping_points == ()
    assert answer.manifest.draws == 300
    whole = compare(case, lean(300))
    assert not whole.interrupted
    assert whole.draws_done == 300
    for item, other in zip(answer.postures, whole.postures, strict=True):
        np.testing.assert_array_equal(item.values, other.values[: answer.draws_done])
    json.dumps(answer.to_json(), allow_nan=False)
    assert any("Stopped" in note for note in answer.notes)


@pytest.mark.parametrize(("stage", "done"), [("compile", 1), ("base values", 1)])
def test_stopped_before_anything_is_done(stage: str, done: int):
    with pytest.raises(Interrupted):
        compare(deterrence(TWO), lean(), StopAt(stage, done))


def test_stopped_before_the_sweeps_keeps_every_draw():
    answer = compare(deterrence(TWO, W=(0.4, 0.1, 0.9)), lean(20), StopAt("sweeps", 0))
    assert answer.interrupted
    assert answer.draws_done == 20
    assert answer.sweeps == answer.tipping_points == ()
    assert sum(item.best_share for item in answer.postures) == pytest.approx(1.0)


def test_a_spent_time_budget_stops_like_a_person(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("detente.app.jobs.time", SimpleNamespace(monotonic=lambda: clock[0]))

    def listener(stage: str, done: int, total: int) -> None:
        if stage == "worlds" and done > 0:
            clock[0] = 100.0

    answer = detente.compare(deterrence(TWO), draws=300, job=Job(time_budget=50.0, listener=listener))
    assert answer.interrupted
    assert 0 < answer.draws_done < 300


def test_questions_that_make_no_sense_are_refused():
    with pytest.raises(RequestError):
        compare(deterrence(TWO), lean(0))
    with pytest.raises(RequestError):
        compare(deterrence(TWO), lean(5, postures=("silenc",)))
