"""An order of an agreement's steps as a game in the case language, with parties that may be spoilers.

Before each move the parties that may leave say one after another, seen by all, whether they go on. What leaving and
completing are worth is that of the settlement, with each number a parameter, so that the file stands by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.axes import Floats
from detente.case import Case, Hidden, SettlementSection, loads
from detente.errors import CaseError, RequestError
from detente.game.settlement import Agreement
from detente.study.hidden_terms import Odds, Spoilers
from detente.study.results_settle import Move
from detente.study.settlement_terms import DesignTerms

MOST_PLAYED = 14
"""Most moves an order may have to be played as a game."""
LONGEST_WORD = 56
"""Letters of a move and a party together, in the name of a variable."""
SINCERE, SPOILER = "sincere", "spoiler"
GO_ON, LEAVE, COLLAPSES = "go_on", "leave", "collapses"
POSTURE = "agreed_order"


@dataclass(frozen=True)
class Turn:
    """One move of the order, as the game has it.

    Attributes:
        steps: Numbers of its steps.
        name: The steps, as a word.
        choices: Variable -> the party that says there whether it goes on, in the order in which they speak.
        collapse: Variable of the chance that the process collapses after it; empty if there is none.
    """

    steps: tuple[int, ...]
    name: str
    choices: dict[str, str]
    collapse: str


@dataclass(frozen=True, eq=False)
class OrderGame:
    """The game of an order.

    Attributes:
        text: The case file.
        case: The same, read.
        turns: Its moves.
        theta: [1 + draws, params] the game's parameters at base values, and in each world.
    """

    text: str
    case: Case
    turns: tuple[Turn, ...]
    theta: Floats


@dataclass(frozen=True, eq=False)
class Deal:
    """What every order of a design shares.

    Attributes:
        settlement: The settlement.
        terms: The design.
        agreements: Who is a spoiler -> the agreement at base values (first) and in each world.
        odds: How likely each party with hidden aims is sincere.
    """

    settlement: SettlementSection
    terms: DesignTerms
    agreements: dict[Spoilers, Agreement]
    odds: tuple[Odds, ...]

    @property
    def sincere(self) -> Agreement:
        """The agreement if nobody is a spoiler."""
        return self.agreements[frozenset()]

    @cached_property
    def hidden(self) -> dict[str, Hidden]:
        """Party -> what is not known about it."""
        return {item.party: item for item in self.settlement.hidden}


def order_game(deal: Deal, order: Sequence[Move]) -> OrderGame:
    """The game of one order.

    Args:
        deal: The agreement, for all types and worlds.
        order: Its moves, as names of steps.

    Raises:
        RequestError: The order has too many moves, or names of the case and of the game clash.
    """
    if len(order) > MOST_PLAYED:
        raise RequestError(
            f"An order of {len(order)} moves is too long to be played as a game; at most {MOST_PLAYED} can be. Put "
            "steps together that nobody would take apart."
        )
    return _Writer(deal, order).game()


class _Writer:
    """Writes the game of one order, and collects its numbers."""

    def __init__(self, deal: Deal, order: Sequence[Move]):
        self._deal, self._terms = deal, deal.terms
        self._parties = deal.terms.parties
        number = {name: k for k, name in enumerate(deal.terms.steps)}
        self._order = [tuple(number[name] for name in move) for move in order]
        self._numbers: dict[str, tuple[Floats, str]] = {}
        setting = deal.terms.design.setting
        self._discounted, self._collapses = setting.discount is not None, setting.collapse is not None
        self._turns = tuple(self._turn(k) for k in range(len(order)))

    def game(self) -> OrderGame:
        types = list(self._types())
        timeline = list(self._timeline())
        payoffs = [line for party in self._parties for line in self._payoffs(party)]
        case = self._terms.case
        design, settlement = self._terms.design, self._deal.settlement
        name = re.sub(r"[^a-z0-9]+", "-", f"{case.name}-{design.name}".lower())[:58].strip("-")
        about = (
            f"Made by `detente settle` from the case {case.name}: one order of the steps of the design {design.name}, "
            "played by parties whose aims are hidden. Before each move whoever may leave says whether it goes on, one "
            "after the other, seen by all. Whoever leaves ends the process; what can be undone with profit is undone. "
            "Every number is the value that the case has at its base values."
        )
        lines = [
            f"case: {name}-order",
            f"title: {quoted(f'{settlement.title or case.title}: one order of {design.name}, with hidden aims')}",
            f"summary: {quoted(about)}",
            f"owner: {self._parties[0]}",
            "actors:",
            *(f"  {party}: {quoted(case.actor(party).name)}" for party in self._parties),
            "types:",
            *types,
            "timeline:",
            *timeline,
            "payoffs:",
            *payoffs,
            "outcomes:",
            *self._outcomes(),
            "postures:",
            f"  {POSTURE}:",
            "    status_quo: true",
            "    about: The order as agreed; each decides at each move whether it goes on.",
        ]
        place = lines.index("types:")
        lines[place:place] = ["parameters:", *self._declared()]
        text = "\n".join(lines) + "\n"
        try:
            made = loads(text, f"{name}-order.case.yaml")
        except CaseError as error:
            problem = str(error).splitlines()[0]
            raise RequestError(
                f"The game of an order of '{design.name}' cannot be written with the names of this case ({problem}). "
                "Shorter names of parties, or other ones, will do."
            ) from error
        theta = np.stack([self._numbers[column][0] for column in made.parameter_names], axis=1)
        return OrderGame(text, made, self._turns, theta)

    # ----------------------------------------------------------------------- who speaks when
    def _turn(self, k: int) -> Turn:
        steps = self._order[k]
        agreement = self._deal.sincere
        if agreement.exit == "any":
            who = range(len(self._parties))
        else:
            who = sorted({party for step in steps for party in agreement.performers[step]})
        names = [self._terms.steps[step].replace(".", "_") for step in steps]
        word = "_and_".join(names)[: LONGEST_WORD - max(map(len, self._parties))].strip("_") or "step"
        choices = {f"m{k + 1}_{word}_{self._parties[i]}": self._parties[i] for i in who}
        last = k == len(self._order) - 1
        return Turn(steps, word, choices, f"after_m{k + 1}" if self._collapses and not last else "")

    def _types(self) -> Iterator[str]:
        for odds in self._deal.odds:
            about = f"chance that {odds.party} is sincere: {odds.told}"
            prior = self._number(f"p_sincere_{odds.party}", about, np.append(odds.base, odds.draws))
            yield f"  {odds.party}.aims:"
            yield f"    {SINCERE}: {prior}"
            yield f"    {SPOILER}: rest"

    def _timeline(self) -> Iterator[str]:
        says = {step.id: step.says for step in self._terms.design.steps}
        for k, turn in enumerate(self._turns):
            names = [self._terms.steps[step] for step in turn.steps]
            about = f"Move {k + 1}, {' together with '.join(names)}: {' '.join(says[name] for name in names)}"
            for variable, party in turn.choices.items():
                yield f"  - decision: {variable}"
                yield f"    by: {party}"
                yield f"    options: [{GO_ON}, {LEAVE}]"
                yield f"    ends: [{LEAVE}]"
                yield f"    about: {quoted(about)}"
            if turn.collapse:
                chance = np.asarray(self._deal.sincere.collapse)
                yield f"  - event: {turn.collapse}"
                yield f"    options: [{COLLAPSES}, {GO_ON}]"
                yield "    odds:"
                yield f"      {COLLAPSES}: {self._number('collapse', 'chance that the process collapses', chance)}"
                yield f"      {GO_ON}: rest"
                yield f"    ends: [{COLLAPSES}]"

    def _reached(self, k: int) -> str:
        """Condition that moves 1 to k are complete; empty if they always are."""
        last = ""
        for place, turn in enumerate(self._turns[:k]):
            for variable in turn.choices:
                last = variable
            if turn.collapse and place < k - 1:
                last = turn.collapse
        return f"{last} == {GO_ON}" if last else ""

    def _stops(self, k: int) -> list[str]:
        """Conditions, one of which holds if the process ends with k moves complete, short of the last."""
        found = [f"{variable} == {LEAVE}" for variable in self._turns[k].choices]
        if k and self._turns[k - 1].collapse:
            found.append(f"{self._turns[k - 1].collapse} == {COLLAPSES}")
        return found

    def _outcomes(self) -> Iterator[str]:
        done = self._reached(len(self._turns))
        if done:
            yield f"  completed: {done}"
        for k in range(len(self._turns)):
            if self._stops(k):
                yield f"  stops_after_{k}: {' or '.join(self._stops(k))}"

    # ----------------------------------------------------------------------- what it is worth
    def _payoffs(self, party: str) -> Iterator[str]:
        terms = list(self._terms_of(party))
        yield f"  {party}:" if terms else f"  {party}: []"
        for name, condition, value in terms:
            yield f"    - term: {name}"
            if condition:
                yield f"      when: {condition}"
            yield f"      value: {value}"

    def _terms_of(self, party: str) -> Iterator[tuple[str, str, str]]:
        """(name, condition, value) of each addend of a party's payoff."""
        for k, turn in enumerate(self._turns):
            if self._touches(party, turn.steps):
                yield f"m{k + 1}_{turn.name}", self._reached(k + 1), self._worth(party, k)
        for k in range(len(self._turns)):
            stops = self._stops(k)
            if stops and self._can_change(k):
                yield f"undoing_after_{k}", " or ".join(stops), self._undoing(party, k)
            own = [variable for variable, speaker in self._turns[k].choices.items() if speaker == party]
            for variable in own:
                if self._can_grab(party, k):
                    yield f"grab_after_{k}", f"{variable} == {LEAVE}", self._grab(party, k)
                if self._fined(party):
                    yield f"penalty_after_{k}", f"{variable} == {LEAVE}", f"-({self._penalty(party, k)})"
        hidden = self._deal.hidden.get(party)
        all_steps = self._terms.design.setting.stop is None or len(self._order) == len(self._all_moves())
        paid = party in self._terms.design.setting.dividend or (hidden is not None and hidden.dividend is not None)
        if paid and all_steps:
            yield "dividend", self._reached(len(self._turns)), self._dividend(party)

    def _all_moves(self) -> list[int]:
        bundled = {k for group in self._deal.sincere.bundles for k in group[1:]}
        return [k for k in range(self._deal.sincere.num_steps) if k not in bundled]

    def _hidden_in(self, steps: Sequence[int], what: str) -> Callable[[str], bool]:
        bases = {self._terms.design.steps[k].base for k in steps}
        return lambda party: party in self._deal.hidden and bool(bases & getattr(self._deal.hidden[party], what).keys())

    def _touches(self, party: str, steps: Sequence[int]) -> bool:
        given = any(party in self._terms.design.steps[k].benefit for k in steps)
        return given or self._hidden_in(steps, "benefit")(party)

    def _done(self, k: int) -> list[int]:
        return [step for move in self._order[:k] for step in move]

    def _can_change(self, k: int) -> bool:
        return any(self._deal.sincere.undoer[step] is not None for step in self._done(k))

    def _can_grab(self, party: str, k: int) -> bool:
        hidden, done = self._deal.hidden.get(party), self._done(k)
        given = party in self._terms.design.setting.grab
        given |= any(party in self._terms.design.steps[step].grab for step in done)
        return given or (hidden is not None and (hidden.grab is not None or self._hidden_in(done, "grab_step")(party)))

    def _fined(self, party: str) -> bool:
        hidden = self._deal.hidden.get(party)
        return party in self._terms.design.setting.guarantee or (hidden is not None and hidden.guarantee is not None)

    def _worth(self, party: str, k: int) -> str:
        i, steps, about = self._place(party), list(self._order[k]), f"what move {k + 1} is worth to {party}"
        depends = [party] if self._hidden_in(steps, "benefit")(party) else []
        return self._by_type(
            f"worth_m{k + 1}_{party}",
            about,
            depends,
            lambda deal: self._faded(deal, k) * deal.benefit[:, steps, i].sum(1),
        )

    def _undoing(self, party: str, k: int) -> str:
        i, done = self._place(party), self._done(k)
        sincere = self._deal.sincere
        undoable = [step for step in done if sincere.undoer[step] is not None]
        own = [party] if self._hidden_in(undoable, "benefit")(party) else []
        others = [
            name
            for name in self._deal.hidden
            if name != party
            and self._hidden_in([s for s in undoable if sincere.undoer[s] == self._place(name)], "benefit")(name)
        ]
        about = f"what undoing changes for {party} if the process ends with {k} moves complete"
        return self._by_type(
            f"undoing_{k}_{party}",
            about,
            own + others,
            lambda deal: self._faded(deal, k) * (deal.kept - deal.benefit)[:, done, i].sum(1),
        )

    def _grab(self, party: str, k: int) -> str:
        i, done, hidden = self._place(party), self._done(k), self._deal.hidden.get(party)
        depends = hidden is not None and (hidden.grab is not None or self._hidden_in(done, "grab_step")(party))

        def value(deal: Agreement) -> Floats:
            found = np.asarray(deal.grab)[:, i] + np.asarray(deal.grab_step)[:, done, i].sum(1)
            return self._faded(deal, k) * (1.0 - np.asarray(deal.peacekeepers)) * np.maximum(0.0, found)

        about = f"what {party} seizes by leaving after {k} moves"
        return self._by_type(f"grab_{k}_{party}", about, [party] if depends else [], value)

    def _penalty(self, party: str, k: int) -> str:
        i, hidden = self._place(party), self._deal.hidden.get(party)
        depends = [party] if hidden is not None and hidden.guarantee is not None else []
        name = f"penalty_{k}_{party}" if self._discounted else f"penalty_{party}"
        about = f"what leaving costs {party}, times the chance that it is seen"

        def value(deal: Agreement) -> Floats:
            return self._faded(deal, k) * np.asarray(deal.monitoring)[:, i] * np.asarray(deal.guarantee)[:, i]

        return self._by_type(name, about, depends, value)

    def _dividend(self, party: str) -> str:
        i, hidden = self._place(party), self._deal.hidden.get(party)
        depends = [party] if hidden is not None and hidden.dividend is not None else []
        last = len(self._order) - 1

        def value(deal: Agreement) -> Floats:
            return self._faded(deal, last) * np.asarray(deal.dividend)[:, i]

        return self._by_type(f"dividend_{party}", f"what completion is worth to {party}", depends, value)

    def _faded(self, deal: Agreement, k: int) -> Floats:
        """[draws] what a unit after k moves counts at the outset."""
        return np.power(np.asarray(deal.discount), k)

    def _place(self, party: str) -> int:
        return self._parties.index(party)

    # ----------------------------------------------------------------------- numbers
    def _by_type(self, name: str, about: str, depends: Sequence[str], value: Callable[[Agreement], Floats]) -> str:
        """A number that rests on who is a spoiler, as an expression over parameters."""
        return self._choice(name, about, list(depends), frozenset(), value)

    def _choice(
        self, name: str, about: str, depends: list[str], spoilers: Spoilers, value: Callable[[Agreement], Floats]
    ) -> str:
        if not depends:
            agreement = self._deal.agreements[spoilers]
            suffix = "".join(f"_{SPOILER}_{party}" for party in sorted(spoilers))
            said = f"{about} (spoiler: {', '.join(sorted(spoilers))})" if spoilers else about
            return self._number(name + suffix, said, value(agreement))
        party, *others = depends
        yes = self._choice(name, about, others, spoilers, value)
        no = self._choice(name, about, others, spoilers | {party}, value)
        brackets = (f"({text})" if others else text for text in (yes, no))
        return f"{next(brackets)} if {party}.aims == {SINCERE} else {next(brackets)}"

    def _number(self, name: str, about: str, values: Floats) -> str:
        self._numbers[name] = (np.asarray(values, dtype=np.float64), about)
        return name

    def _declared(self) -> Iterator[str]:
        for name, (values, about) in self._numbers.items():
            yield f"  {name}:"
            yield f"    value: {float(values[0])!r}"
            if name.startswith("p_sincere_"):
                yield "    range: [0, 1]"
            yield f"    about: {quoted(about)}"
            yield "    source: judgment"


def quoted(text: str) -> str:
    """Text as a quoted YAML value."""
    return json.dumps(text, ensure_ascii=False)
