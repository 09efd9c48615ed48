"""The words of `settle`."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from detente.report import render_settle
from detente.report.terminal import NARROWEST
from detente.report.views_settle import (
    blocked_sentence,
    design_words,
    guarantee_sentence,
    headline,
    move_words,
    spread_sentence,
    step_words,
    verdict,
    verdict_sentence,
)
from detente.study.results_settle import Quantiles, SettleAnswer
from report import factory_settle


@pytest.fixture(scope="module")
def deal() -> SettleAnswer:
    return factory_settle.settle_answer()


@pytest.fixture(scope="module")
def text(deal: SettleAnswer) -> str:
    return render_settle(deal, 200)


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_it_stays_inside_the_terminal(deal: SettleAnswer, width: int) -> None:
    text = render_settle(deal, width)
    assert max(map(len, text.splitlines())) <= max(width, NARROWEST)
    assert "\x1b" not in text


def test_the_designs_are_compared_first(deal: SettleAnswer, text: str) -> None:
    table = text.split("THE DESIGNS")[1].split("holds in:")[0]
    share = f"{round(100 * deal.designs[0].share)} %"
    assert re.search(rf"Minsk II +gets stuck +{share} +80 % +0\.25 +0\n", table)
    assert re.search(r"New format +holds +\d+ % +80 % +0 +6\n", table)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.03, "There is almost no chance that “Minsk II” would hold"),
        (0.3, "It is unlikely that “Minsk II” would hold"),
        (0.5, "There is a roughly even chance that “Minsk II” would hold"),
        (0.0, "“Minsk II” holds in none of the worlds tried"),
        (1.0, "“Minsk II” holds in every world tried"),
    ],
)
def test_the_headline_words_follow_the_share(deal: SettleAnswer, share: float, said: str) -> None:
    first = replace(deal.designs[0], share=share)
    assert headline(replace(deal, designs=(first, *deal.designs[1:]))).startswith(said)


def test_the_headline_names_the_best_design(deal: SettleAnswer) -> None:
    assert "“New format” holds most often of the 3 designs" in headline(deal)
    assert "No other design would hold more often." in headline(replace(deal, designs=deal.designs[::-1]))


def test_the_order_is_numbered_with_what_each_step_has_to_spare(text: str) -> None:
    part = text.split("\nMINSK II\n")[1].split("\nMINSK II WITH")[0]
    rows = re.findall(r"^(\d)\. ([A-Z][a-z ]+?) {2,}(.*?) {2,}(\S+)$", part, re.MULTILINE)
    assert [(number, name) for number, name, _, _ in rows] == [
        ("1", "Ceasefire"),
        ("2", "Withdraw arms"),
        ("3", "Prisoners"),
        ("4", "Special status"),
        ("5", "Elections"),
        ("6", "Border control"),
    ]
    assert rows[3][2:] == ("Ukraine", "−0.20")
    assert "The order that comes closest" in part
    assert "The order with the most to spare" in text.split("\nNEW FORMAT\n")[1]


def test_a_block_says_where_who_how_much_and_why(deal: SettleAnswer) -> None:
    found = blocked_sentence(deal, deal.designs[0].blocked[0])
    assert found == (
        "After ceasefire, withdraw arms and prisoners, special status is blocked: Ukraine would rather leave, by 0.2. "
        "Ukraine: costs still to come +0.6, what can be seized +0.35, benefits still to come −0.25, the dividend −0.2."
    )
    most = replace(deal.designs[0].blocked[0], completed=tuple(factory_settle.SAYS)[:4])
    said = blocked_sentence(deal, most, tuple(factory_settle.SAYS))
    assert said.startswith("With all done but elections and border control, special status is blocked")
    start = replace(deal.designs[0].blocked[0], completed=(), who=("RUS", "UKR"), terms={})
    assert blocked_sentence(deal, start).startswith("At the very start, special status is blocked: Russia and Ukraine")


def test_remedies_guarantees_and_turning_points_are_listed(text: str) -> None:
    part = text.split("\nMINSK II\n")[1].split("\nMINSK II WITH")[0]
    assert "• A guarantee of 0.25 to both parties (cost 0.25)" in part
    assert "• Russia 0, Ukraine 0.4" in part
    assert "• Cost status: 0.42 (below it “holds”, above it “does not hold”; base 0.6)" in part
    assert "Nearest values for the opposite verdict: Cost status 0.42 instead of 0.6" in part
    assert "in 9 % of worlds no guarantee suffices" in part


@pytest.mark.parametrize(
    ("fields", "said", "word"),
    [
        ({}, "no order of its steps carries itself, and Ukraine would not sign.", "gets stuck"),
        ({"believed_at_base": True}, "those who believe in its completion, and Ukraine would not", "believed only"),
        ({"exists_at_base": True}, "would carry itself, but Ukraine would not sign.", "not signed"),
        ({"exists_at_base": True, "holds_at_base": True}, "it holds: every party would sign", "holds"),
        ({"entered": {"RUS": True, "UKR": True}}, "no order of its steps carries itself.", "gets stuck"),
    ],
)
def test_verdicts(deal: SettleAnswer, fields: dict[str, bool], said: str, word: str) -> None:
    design = replace(deal.designs[0], **fields)  # type: ignore[arg-type]
    assert said in verdict_sentence(deal, design)
    assert verdict(design) == word


def test_guarantees_that_do_not_exist_are_said_so(deal: SettleAnswer) -> None:
    never = replace(
        deal.designs[0], guarantee=None, guarantee_over_worlds=Quantiles(None, None, None, none_suffices=1.0)
    )
    assert guarantee_sentence(never) == (
        "At the base values no guarantee suffices. In 100 % of worlds no guarantee suffices."
    )
    assert "no guarantee is needed" in guarantee_sentence(deal.designs[2])
    assert spread_sentence(Quantiles(0.1, 0.2, None, 0.3)).startswith(
        "Over the worlds the median is 0.2 (5-95 %: 0.1 to ∞)"
    )


def test_steps_and_what_was_done(text: str) -> None:
    assert "• Prisoners (Russia and Ukraine): All prisoners are released and exchanged. In fact: Several large" in text


def test_names_of_steps_and_designs() -> None:
    assert step_words("withdraw_arms.2") == "Withdraw arms, part 2"
    assert move_words(("elections", "border_control")) == "Elections together with border control"
    assert design_words("minsk_ii_with_guarantor") == "Minsk II with guarantor"
    assert design_words("civil_plan") == "Civil plan"


def test_hidden_aims_say_how_far_it_gets_and_what_steps_reveal() -> None:
    text = render_settle(factory_settle.hidden_answer(), 300)
    said = "Before the first step Russia is sincere with probability 40 % (the evidence as of 2021-12-08)."
    assert said in text
    end = round(100 * 0.92**6)
    assert (
        f"Of the 2 orders tried the best for the party that gains least is carried to its end with probability {end} %"
        in text
    )
    assert "90 % if Russia is “sincere” and 12 % if Russia is “spoiler”." in text
    assert re.search(r"2\. Withdraw arms +85 % +75–95 % +48 %", text)
    assert re.search(r"6\. Border control +61 % +51–71 % +–", text)
    assert "What exposes least first: 61 %; What exposes most first: 26 %." in text
    assert "Certified in 290 of 300 worlds." in text
    assert "An order of 6 steps was played." in text


def test_an_interrupted_answer_says_so(deal: SettleAnswer) -> None:
    text = render_settle(replace(deal, interrupted=True, draws_done=40), 200)
    assert "Interrupted: this answer rests on the 40 worlds finished of 300 asked for." in text


def test_hostile_text_cannot_steer_the_terminal() -> None:
    text = render_settle(factory_settle.hostile_answer(), 80)
    assert "\x1b" not in text
    assert "\u202e" not in text
