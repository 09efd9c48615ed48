"""The sections of the page on intent and on settlements."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from detente.report import render_report
from detente.report.assumptions import assumption_rows
from report import factory, factory_assess, factory_settle


class Checked(HTMLParser):
    """Elements that close in order, ids that occur once, and links that lead somewhere."""

    VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.scripts = 0
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [(found["href"] or "")[1:]] if (found.get("href") or "").startswith("#") else []
        self.scripts += tag == "script"
        assert not any(name.startswith("on") for name in found)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [dict(attrs)["id"] or ""] if "id" in dict(attrs) else []

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def bare_case():
    return replace(factory.case(), postures=(), outcomes=(), not_modelled=(), question="", parameters=(), sources={})


@pytest.fixture(scope="module")
def whole() -> str:
    return render_report(
        factory.compare_answer(),
        factory.audit_answer(),
        factory.solve_answer(),
        factory.case(),
        assess=factory_assess.assess_answer(),
        settle=factory_settle.settle_answer(),
    )


@pytest.fixture(scope="module")
def intent() -> str:
    return render_report(None, None, None, bare_case(), assess=factory_assess.assess_answer())


@pytest.fixture(scope="module")
def deal() -> str:
    return render_report(None, None, None, bare_case(), settle=factory_settle.settle_answer())


@pytest.mark.parametrize("page", ["whole", "intent", "deal"])
def test_pages_are_sound(page: str, request: pytest.FixtureRequest) -> None:
    text = request.getfixturevalue(page)
    assert "built-in" not in text
    found = Checked(text)
    assert len(found.ids) == len(set(found.ids))
    assert set(found.links) <= set(found.ids)
    assert found.scripts == 1


def test_a_whole_page_has_all_sections_and_all_answers_on_top(whole: str) -> None:
    ids = Checked(whole).ids
    for id in ("postures", "worth", "changes", "intent", "settlement", "assumptions", "limits"):
        assert id in ids
    top = whole.split('aria-labelledby="answer-heading"')[1].split("</section>")[0]
    assert "dual track" in top
    assert "subjugate Ukraine" in top
    assert "“Minsk II” would hold" in top


def test_a_page_on_intent_alone_speaks_of_no_posture(intent: str) -> None:
    ids = Checked(intent).ids
    assert "intent" in ids
    assert not {"postures", "worth", "changes", "settlement", "limits", "assumptions"} & set(ids)
    assert '<p class="question">What does Russia want?</p>' in intent
    for figure in ("intent-days", "intent-items", "intent-watch", "intent-analysts"):
        assert figure in ids


def test_intent_shows_what_says_nothing_and_every_item_with_its_source(intent: str) -> None:
    for id, why in factory_assess.SILENT.items():
        assert f"<strong>{id.replace('_', ' ').capitalize()}</strong>" in intent
        assert why in intent
    record = intent.split("The record: every item")[1]
    for row in factory_assess.ROWS:
        assert row[-1] in record
    assert "nyt2021 p. 3" in record


def test_confidence_stands_in_a_paragraph_of_its_own(intent: str) -> None:
    assert "<p>Confidence is moderate.</p>" in intent


def test_a_page_on_a_settlement_alone(deal: str) -> None:
    ids = Checked(deal).ids
    assert not {"postures", "worth", "intent", "limits"} & set(ids)
    for k in range(3):
        assert f"lattice-{k}" in ids
        assert f"slack-{k}" in ids
    assert "is blocked: Ukraine would rather leave, by 0.2." in deal
    assert "A guarantee of 0.25 to both parties (cost 0.25)" in deal
    assert "In fact: Several large exchanges" in deal


def test_the_table_of_assumptions_says_which_verdicts_turn_on_one(whole: str) -> None:
    settle = factory_settle.settle_answer()
    turned = replace(
        settle,
        designs=tuple(
            replace(item, turns_on=(replace(item.turns_on[0], parameter="p_leak"),)) for item in settle.designs[:1]
        ),
    )
    rows = {row.name: row for row in assumption_rows(factory.case(), None, turned)}
    assert rows["p_leak"].turns == "yes: “Minsk II” at 0.42"
    assert rows["p_leak"].decisive
    assert not rows["p_firm"].decisive
    both = {row.name: row for row in assumption_rows(factory.case(), factory.compare_answer(60), turned)}
    assert both["p_firm"].turns.startswith("yes, at ")


def test_hidden_aims_have_a_part_of_their_own() -> None:
    page = render_report(None, None, None, bare_case(), settle=factory_settle.hidden_answer())
    assert "hidden-0" in Checked(page).ids
    assert "<h4>If aims are hidden</h4>" in page
    assert page.count("If aims are hidden") == 1


def test_a_report_needs_an_answer() -> None:
    with pytest.raises(ValueError, match="needs an answer"):
        render_report(None, None, None, bare_case())


def test_hostile_text_stays_text() -> None:
    page = render_report(
        None,
        None,
        None,
        factory.hostile_case(),
        assess=factory_assess.hostile_answer(),
        settle=factory_settle.hostile_answer(),
    )
    found = Checked(page)
    assert found.scripts == 1
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "\x1b" not in page


def test_equal_answers_give_equal_pages(intent: str) -> None:
    again = render_report(None, None, None, bare_case(), assess=factory_assess.assess_answer())
    assert again == intent
