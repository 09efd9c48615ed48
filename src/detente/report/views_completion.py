"""What `settle` found under hidden aims, in the form a reader is shown it: completion odds and what steps reveal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.views_settle import move_words, party_words
from detente.report.words import capital, counted, listed, percent, percent_range, plain, sentence

if TYPE_CHECKING:
    from detente.study.results_hidden import Completion, OrderOdds
    from detente.study.results_settle import DesignAnswer, Quantiles, SettleAnswer

WEAKEST = "weakest"
NAMES = {"small_first": "What exposes least first", "large_first": "What exposes most first"}


def completion_of(design: DesignAnswer) -> Completion | None:
    """What was found under hidden aims; None if it was not asked for, or no order could be played."""
    found = design.completion
    return found if found is not None and found.orders else None


def hidden_sentence(answer: SettleAnswer, found: Completion) -> str:
    """Whose aims are hidden, how likely each is sincere, and where that comes from."""
    parts = [
        f"{party_words(answer, party)} is sincere with probability {percent(share)}"
        + (f" ({plain(found.told[party])})" if found.told.get(party) else "")
        for party, share in found.sincere.items()
    ]
    return sentence(f"before the first step {listed(parts)}")


def odds_sentence(answer: SettleAnswer, found: Completion) -> str:
    """How likely the best order is completed, and by type, as one sentence."""
    best = found.best_order
    who = "the party that gains least" if found.chosen_for == WEAKEST else party_words(answer, found.chosen_for)
    among = (
        f"of the {counted(len(found.orders), 'order')} tried the best for {who}"
        if len(found.orders) > 1
        else "the order"
    )
    spread = range_words(best.completion_over_worlds)
    text = f"{among} is carried to its end with probability {percent(best.completion)}"
    text += f" ({spread} over worlds)" if spread else ""
    types = [
        f"{percent(share)} if {party_words(answer, party)} is “{plain(name)}”"
        for party, shares in best.completion_if.items()
        for name, share in shares.items()
        if share is not None
    ]
    return sentence(f"{text}: {listed(types)}" if types else text)


def comparison_sentence(found: Completion) -> str:
    """Whether small steps first do better, as one sentence; empty if there is nothing to compare."""
    parts = [
        f"{NAMES.get(item.name, capital(plain(item.name)))}: {percent(item.completion)}" for item in found.comparison
    ]
    return f"The same steps in another order: {'; '.join(parts)}." if parts else ""


def range_words(found: Quantiles) -> str:
    """A 5-95 % range of shares; empty if it is not known."""
    return "" if found.p05 is None or found.p95 is None else percent_range(found.p05, found.p95)


def step_rows(answer: SettleAnswer, order: OrderOdds) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows: how likely the process gets beyond each step, and what its completion says of hidden parties."""
    parties = list(order.steps[0].sincere) if order.steps else []
    header = ("Step", "completed", "5-95 %", *(f"{answer.parties.get(party, party)} sincere" for party in parties))
    rows = [
        (
            f"{k}. {move_words(item.move, answer.step_titles)}",
            percent(item.completed),
            range_words(item.over_worlds) or "–",
            *("–" if item.sincere[party] is None else percent(item.sincere[party] or 0.0) for party in parties),
        )
        for k, item in enumerate(order.steps, 1)
    ]
    return header, rows


def completion_notes(found: Completion) -> list[str]:
    """What to keep in mind, as sentences."""
    start = (
        []
        if found.self_enforcing
        else ["No order is self-enforcing even if all are sincere; those closest were played."]
    )
    best = found.best_order
    if best.certificate == "unsettled":
        start.append("What is played at base values could not be certified.")
    elif best.certified < best.draws:
        start.append(f"Certified in {best.certified:,} of {counted(best.draws, 'world')}.")
    return [*start, *(sentence(note) for note in found.notes)]
