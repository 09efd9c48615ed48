from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from detente.case import Case, loads
from detente.report import render_report
from detente.report.assumptions import assumption_rows, citation
from detente.report.glossary import GLOSSARY
from detente.study import CompareAnswer
from report import factory

REAL = """
case: small
title: A small case
as_of: 2021-12-08
owner: DEF
actors:
  CHA: Challenger
  DEF: Defender
parameters:
  p: {value: 0.3, range: [0.1, 0.9], about: belief that the defender is firm}
  q: {value: 0.5, range: [0.1, 0.9], about: odds of a severe answer}
  loss: {value: 1.0, range: [0.5, 1.5], about: what an attack costs}
types:
  DEF.resolve:
    firm: p
    limited: rest
timeline:
  - decision: challenge
    by: CHA
    options: [attack, hold]
    ends: [hold]
  - decision: respond
    by: DEF
    options: [severe, protest]
    when: challenge == attack
payoffs:
  CHA:
    - term: gain
      when: respond == protest
      value: loss
    - term: beaten
      when: respond == severe
      value: -loss
  DEF:
    - term: harm
      when: challenge == attack
      value: -loss
      about: what it suffers
outcomes:
  attacked: challenge == attack
postures:
  undisclosed:
    status_quo: true
  lottery:
    commit:
      respond:
        severe: q
        protest: rest
"""


class Page(HTMLParser):
    """Collects elements, attributes and text, and checks that elements close in order."""

    VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in {"script", "style"}:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_the_page_is_well_formed_and_has_every_section(page: str) -> None:
    read = Page(page)
    assert page.startswith("<!DOCTYPE html>")
    assert not read.open
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    wanted = ["postures", "worth", "endings", "changes", "beliefs", "argument"]
    wanted += ["play", "assumptions", "model", "limits", "trust", "reading"]
    assert [id for id in ids if id in wanted] == wanted
    targets = {
        attributes["href"][1:] for tag, attributes in read.tags if (attributes.get("href") or "").startswith("#")
    }
    assert targets <= set(ids)


def test_the_answer_and_its_confidence_come_first(page: str, answer: CompareAnswer) -> None:
    text = Page(page).text
    assert text.index(answer.statement) < text.index(answer.confidence) < text.index("What each posture is worth")


def test_every_assumption_is_there_with_range_source_and_confidence(page: str, case: Case) -> None:
    text = Page(page).text
    for item in case.parameters:
        assert item.name in text
    assert text.count("uniform assumed") == 6
    assert "stent2021\u00a0¶14" in page
    assert "moderate" in text


def test_every_word_is_explained_and_nothing_unmodelled_is_hidden(page: str) -> None:
    text = Page(page).text
    for entry in GLOSSARY:
        assert entry.meaning in text
    assert "After a full invasion this case no longer applies." in text
    assert "Some ninety thousand troops" in text


def test_claims_and_play_are_told(page: str) -> None:
    text = Page(page).text
    assert "It holds at the base values and in 62 % of worlds." in text
    assert "Cannot be judged in this model: settlements are not available yet in this version." in text
    assert (
        "Having seen that Russia's aim is “subjugate”, spring is “mass”, it chooses “mass” 80 %, “hold” 20 %." in text
    )
    assert "ab" * 32 in text


def test_charts_are_named_drawn_twice_and_backed_by_tables(page: str) -> None:
    read = Page(page)
    charts = [attributes for tag, attributes in read.tags if tag == "svg"]
    assert len(charts) >= 20
    assert all(item["role"] == "img" and item["aria-labelledby"] for item in charts)
    assert page.count('<div class="wide">') == page.count('<div class="narrow">') == len(charts) // 2
    assert page.count("<summary>The numbers</summary>") >= 8


def test_every_color_of_a_chart_changes_in_the_dark(page: str) -> None:
    known = set(re.findall(r'svg \[fill="(#[0-9a-f]{6})"\]', page))
    for svg in re.findall(r"<svg.*?</svg>", page, re.S):
        used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{3,6}|[a-z]+)"', svg)) - {"none", "transparent"}
        assert used <= known


def test_nothing_is_loaded_from_anywhere(page: str, hostile_page: str) -> None:
    for text in (page, hostile_page):
        for tag, attributes in Page(text).tags:
            assert tag not in {
                "img",
                "link",
                "iframe",
                "object",
                "embed",
                "base",
                "form",
                "image",
                "use",
                "foreignobject",
            }
            assert not {"src", "srcset", "xlink:href", "style", "background", "action"} & set(attributes)
            assert not any(name.startswith("on") for name in attributes)
            href = attributes.get("href")
            assert href is None or href.startswith(("#", "https://", "http://"))
        assert "@import" not in text
        assert not re.search(r"url\((?!#)", text)


def test_the_policy_allows_the_page_its_own_script_and_style_only(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert "default-src &#39;none&#39;" in policy[1] or "default-src 'none'" in policy[1]
    for tag in ("script", "style"):
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)
        assert len(found) == 1
        digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]


def test_text_from_a_case_stays_text(hostile_page: str) -> None:
    read = Page(hostile_page)
    assert [tag for tag, _ in read.tags].count("script") == 1
    assert "alert(1)</script>" not in hostile_page
    assert "<script>alert(1)</script>" in read.text
    assert "{{ 7*7 }}" in read.text
    assert "\x1b" not in hostile_page
    assert "\u202e" not in hostile_page
    links = [attributes["href"] for tag, attributes in read.tags if tag == "a" and attributes["href"][:1] != "#"]
    assert links == ["http://evil.example/x.png", "https://good.example/a"]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See https://a.example/b?c=d.", ["https://a.example/b?c=d"]),
        ("javascript:alert(1) data:text/html,x //a.example file:///etc/passwd", []),
        ("HTTPS://a.example <https://b.example/>", ["https://b.example/"]),
    ],
)
def test_only_web_addresses_become_links(text: str, links: list[str]) -> None:
    pieces = citation(text)
    assert [piece.href for piece in pieces if piece.href] == links
    assert "".join(piece.text for piece in pieces) == text


def test_equal_answers_give_equal_bytes(page: str) -> None:
    again = render_report(factory.compare_answer(), factory.audit_answer(), factory.solve_answer(), factory.case())
    assert again == page


def test_a_small_answer_makes_a_small_page(answer: CompareAnswer, case: Case) -> None:
    bare = replace(
        answer,
        postures=tuple(replace(item, outcomes={}, value_by_type={}) for item in answer.postures[:1]),
        leading=answer.postures[0].name,
        leading_tied=(),
        tipping_points=(),
        sweeps=(),
        region=None,
        envelope=None,
        interrupted=True,
        draws_done=10,
    )
    text = Page(render_report(bare, None, None, case)).text
    assert "None changes the best posture on its own." in text
    assert "Interrupted: this answer rests on the 10 worlds finished" in text
    assert "Does the argument hold?" not in text


def test_assumptions_the_answer_turns_on_come_first(answer: CompareAnswer, case: Case) -> None:
    rows = assumption_rows(case, answer)
    decisive = [row.decisive for row in rows]
    assert decisive == sorted(decisive, reverse=True)
    assert rows[0].turns == "yes, at 0.279"
    assert {row.name: row.range for row in rows}["one"] == "fixed"


def test_the_page_does_not_tell_where_the_case_lay(answer: CompareAnswer, case: Case) -> None:
    for file in ("/home/someone/secret/x.case.yaml", "C:\\Users\\someone\\secret\\x.case.yaml"):
        text = render_report(answer, None, None, replace(case, file=file))
        assert "someone" not in text
        assert "x.case.yaml" in text


def test_a_real_case_is_told_in_words(answer: CompareAnswer) -> None:
    told = loads(REAL)
    names = {"undisclosed": "telegraph_limits", "lottery": "ambiguous"}
    postures = tuple(replace(item, name=name) for name, item in zip(names, answer.postures, strict=False))
    told_answer = replace(
        answer, postures=postures, leading="undisclosed", leading_tied=(), tipping_points=(), region=None
    )
    text = Page(render_report(replace(told_answer, sweeps=(), envelope=None), None, None, told)).text
    for part in (
        "Bound at “respond” to “severe” with odds q, “protest” with odds the rest.",
        "Challenger: challenge",
        "Options: attack, hold. Seen by everyone.",
        "Only when challenge == attack.",
        "Defender's resolve: firm (p), limited (the rest)",
        "What an attack costs",
    ):
        assert part in text
