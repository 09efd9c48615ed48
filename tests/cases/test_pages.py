"""The pages about the shipped cases name what is in the files, and nothing else."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from detente import cases, models
from detente.case import Case, load
from detente.compiler import compile_posture

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "cases"
SHIPPED = {name: load(cases.path(name)) for name in cases.names("crises")}
MODELS = {name: load(cases.path(name)) for name in cases.names("published models")}
MODEL_OF = {name: models.get(key) for key in models.names() for name in models.get(key).cases}
LANGUAGE = {"package", "commit", "not_modelled", "about", "misjudged", "settles", "as_judged_by_owner", "compare"}
LANGUAGE |= {"settlement"}
every_case = pytest.mark.parametrize("name", SHIPPED)


def page(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def known(case: Case) -> set[str]:
    """Every name that a file gives to something."""
    found = {*case.actor_ids, *case.posture_names, *case.tables, *(claim.id for claim in case.claims)}
    found |= {item.name for item in (*case.parameters, *case.types, *case.outcomes, *case.terms)}
    for entry in case.timeline:
        found |= {
            getattr(entry, "name", ""),
            getattr(entry, "base", ""),
            *getattr(entry, "options", ()),
            *getattr(entry, "items", ()),
        }
    found |= {item.base for item in case.terms}
    if case.settlement is not None:
        found |= {*case.settlement.design_names, *(step.id for step in case.settlement.steps)}
    return found | {label for item in case.types for label in item.labels}


@every_case
def test_page_names_nothing_that_is_not_there(name):
    words = set(re.findall(r"`([A-Za-z_][A-Za-z0-9_.]*)`", page(name)))
    assert words - known(SHIPPED[name]) - LANGUAGE == set()


@every_case
def test_page_names_every_actor_posture_and_claim(name):
    case, text = SHIPPED[name], page(name)
    designs = () if case.settlement is None or case.has_game else case.settlement.design_names
    for wanted in (*(case.posture_names if case.has_game else designs), *(claim.id for claim in case.claims)):
        assert wanted in text
    assert all(actor.name.lower() in text.lower() for actor in case.actors)


@pytest.mark.parametrize("name", MODELS)
def test_case_of_a_model_has_the_page_of_the_model(name):
    case = MODELS[name]
    text = (DOCS / "models" / f"{MODEL_OF[name].key}.md").read_text(encoding="utf-8")
    for wanted in (name, *case.posture_names, *(claim.id for claim in case.claims)):
        assert f"`{wanted}`" in text
    authors = re.findall(r"(\w+), (?:\w\.|\w\.-\w\.)", MODEL_OF[name].citation)
    assert any(author in case.text for author in authors)


def test_every_case_that_a_model_names_is_shipped():
    assert set(MODEL_OF) == set(MODELS)


def test_crisis_page_places_every_mechanism():
    text = page("ukraine-2021")
    assert all(re.search(rf"\bM{number}\b", text) for number in range(1, 17))


def test_crisis_page_gives_the_size_of_the_tree():
    case = SHIPPED["ukraine-2021"]
    sizes = [compile_posture(case, posture).size.terminals for posture in case.postures]
    assert f"between {min(sizes)} and {max(sizes)} endings" in page("ukraine-2021")


def test_drawing_is_up_to_date():
    script = runpy.run_path(str(FOLDER / "draw_ukraine_2021.py"))
    assert script["drawing"]() == (FOLDER / "ukraine-2021-tree.svg").read_text(encoding="utf-8")


def test_drawing_shows_every_decision():
    drawing = (FOLDER / "ukraine-2021-tree.svg").read_text(encoding="utf-8")
    case = SHIPPED["ukraine-2021"]
    assert all(f">{entry.name}<" in drawing for entry in case.timeline if hasattr(entry, "name"))
