"""Postures: what each changes, checked against what its owner can do, and merged with what it extends."""

from __future__ import annotations

import math
import re
from typing import TypeVar

from detente.case import schema
from detente.case.bind_parameters import text_of
from detente.case.bind_rounds import rule_in
from detente.case.bind_weights import row_of, rows_of, unknown_word
from detente.case.context import Context, Place
from detente.case.declared import Variable
from detente.case.expression import Number
from detente.case.findings import quoted
from detente.case.model import STATUS_QUO, Commitment, Disclosure, Posture
from detente.case.names import advice
from detente.case.posture import Edits, in_order, merge
from detente.case.sections import entry_of
from detente.case.span import Span
from detente.case.syntax import Block, Tree, Word

Part = TypeVar("Part")

OPTIMAL = "optimal"
OPTIMAL_MIXED = ("optimal", "mixed")
MAX_OPTIMAL_LABELS = 3

_ANY_OF = re.compile(r"\s*any\s+of\s*\[(?P<items>[^\[\]]*)\]\s*\Z")


class PostureBinder:
    """Binds the section ``postures``.

    Args:
        context: The case being bound.
        owner: The actor whose postures they are.
    """

    def __init__(self, context: Context, owner: str):
        self._context = context
        self._owner = owner
        self._findings = context.findings
        self._unseen: set[tuple[Span, str]] = set()

    def bind(self) -> tuple[Posture, ...]:
        """All postures, in the order of the file; one that changes nothing if the case has none."""
        raws = {str(word): (word, raw) for word, raw in self._context.sections.postures.items()}
        if not raws:
            return (Posture(STATUS_QUO, self._owner, True, "Nothing is announced or changed.", {}, {}, {}, {}),)
        own = {name: self._edits(word, raw) for name, (word, raw) in raws.items()}
        self._one_status_quo(raws)
        extends = {name: tuple(raw.extends or ()) for name, (_, raw) in raws.items()}
        merged: dict[str, Edits] = {}
        for name in in_order(extends, self._context.names.forgives, self._findings):
            parents = {word: merged[str(word)] for word in extends[name] if str(word) in merged}
            merged[name] = merge(own[name], name, parents, self._findings)
        return tuple(self._posture(word, raw, merged[name]) for name, (word, raw) in raws.items() if name in merged)

    def _posture(self, word: Word, raw: schema.RawPosture, edits: Edits) -> Posture:
        self._consistent(word, edits)
        return Posture(
            name=str(word),
            owner=self._owner,
            status_quo=raw.status_quo == "true",
            about=text_of(raw.about),
            commit=edits.commit,
            disclose=edits.disclose,
            set=edits.set,
            allow=edits.allow,
            extends=tuple(str(item) for item in raw.extends or ()),
            source=self._context.cite(raw.source),
            span=word.span,
        )

    def _one_status_quo(self, raws: dict[str, tuple[Word, schema.RawPosture]]) -> None:
        marked = [word for word, raw in raws.values() if raw.status_quo == "true"]
        if len(marked) > 1:
            message = f"'{marked[1]}' is a second status quo; the first is '{marked[0]}' in line {marked[0].span.line}"
            self._findings.error("C401", message, marked[1].span, "Mark one posture only.")
        elif not marked and not self._context.sections.broken:
            first = next(iter(raws.values()))[0]
            hint = "Write `status_quo: true` in the posture that stands for carrying on as before."
            self._findings.error("C401", "no posture is the status quo", first.span, hint)

    def _edits(self, word: Word, raw: schema.RawPosture) -> Edits:
        self._context.names.legal(word, "posture")
        if raw.owner is not None and self._context.names.actor(raw.owner) and raw.owner != self._owner:
            hint = "One actor's postures are compared at a time; the others decide in the timeline."
            message = f"'{word}' belongs to {raw.owner}, but the owner of this case is {self._owner}"
            self._findings.error("C410", message, raw.owner.span, hint)
        edits = Edits()
        for key, tree in self._general_first(raw.commit):
            edits.spans["commit", str(key)] = key.span
            self._commit(key, tree, edits)
        for key, words in self._general_first(raw.disclose):
            self._disclose(key, words, edits)
        for key, value in (raw.set or {}).items():
            edits.spans["set", str(key)] = key.span
            self._set(key, value, edits)
        for key, words in self._general_first(raw.allow):
            self._allow(key, words, edits)
        return edits

    def _general_first(self, edits: dict[Word, Part] | None) -> list[tuple[Word, Part]]:
        """Edits, those of all rounds before those of one round, which replace them there."""
        rounds = self._context.names.rounds
        return sorted((edits or {}).items(), key=lambda item: rounds is not None and rounds.of_one_round(item[0]))

    # ----------------------------------------------------------------------- commit
    def _own_decision(self, word: Word, verb: str) -> tuple[Variable, Place] | None:
        """A decision of the owner and its place; a vote stands for the owner's ballot."""
        names = self._context.names
        inside = names.rounds is not None and names.rounds.sets(word)
        shelf = self._context.shelf(Place(0, inside))
        name = f"{word}.{self._owner}" if word in shelf.ballots else str(word)
        found = shelf.variables.get(name)
        every = [*(names.rounds.own if names.rounds else ()), *names.variables.values()]
        own = [item.name for item in every if item.kind == "decision" and item.actor == self._owner]
        if found is None or found.kind != "decision":
            if not names.forgives(word):
                message = f"no decision is named {quoted(word)}"
                self._findings.error("C019", message, word.span, advice(word, own, f"decisions of {self._owner}"))
            return None
        if found.actor != self._owner:
            hint = f"{self._owner} can bind only itself; its decisions are: {', '.join(own) or 'none'}."
            self._findings.error("C402", f"{found.actor} takes '{word}', so it cannot be {verb}", word.span, hint)
            return None
        return (found, Place(found.position, inside)) if found.labels else None

    def _commit(self, key: Word, tree: Tree, edits: Edits) -> None:
        own = self._own_decision(key, "committed")
        if own is None:
            return
        decision, place = own
        name = decision.name
        edits.spans["commit", name] = key.span
        if isinstance(tree, Word) and tree == OPTIMAL:
            rule = Commitment(name, True, (), {}, key.span)
        elif isinstance(tree, Word) and tuple(tree.split()) == OPTIMAL_MIXED:
            rule = Commitment(name, True, (), {}, key.span, mixed=True)
        elif isinstance(tree, Block) and ("by" in tree or "table" in tree):
            rule = self._table_rule(key, tree, decision, place)
        else:
            forms = "an option, weights of options, `by` and `table`, `optimal`, or `optimal mixed`"
            what = f"a published rule for '{name}': {forms}"
            row = row_of(self._context, tree, decision, what, complete=False)
            rule = None if row is None else Commitment(name, False, (), {(): row}, key.span)
        if rule is None:
            return
        if not place.inside:
            edits.commit[name] = rule
            return
        for number, copy in self._copies(decision, place):
            written = rule_in(self._context, rule, number)
            if written is None:
                return
            edits.commit[copy] = written
            edits.spans["commit", copy] = key.span

    def _copies(self, decision: Variable, place: Place) -> list[tuple[int, str]]:
        """What a decision is called in the game: in each round, if it is one of the block."""
        rounds = self._context.names.rounds
        if not place.inside or rounds is None:
            return [(0, decision.name)]
        return [(number, rounds.copy(decision, number)) for number in range(1, rounds.number + 1)]

    def _table_rule(self, key: Word, tree: Block, decision: Variable, place: Place) -> Commitment | None:
        raw = entry_of(schema.RawTableRule, tree, self._findings)
        if raw is None:
            return None
        given = [self._context.variable(word, place) for word in raw.by]
        by = [item for item in given if item is not None]
        if len(by) < len(given):
            return None
        if len({item.name for item in by}) < len(by) or not by:
            hint = "List one or more variables, each once."
            self._findings.error("C404", f"the rule for '{key}' names no variable, or one twice", key.span, hint)
            return None
        before = self._findings.count
        rows = rows_of(self._context, raw.table, by, decision, "an option or weights of options", complete=False)
        if self._findings.count > before:
            return None
        return Commitment(decision.name, False, tuple(item.name for item in by), rows, key.span)

    # ----------------------------------------------------------------------- disclose
    def _disclose(self, key: Word, words: list[Word], edits: Edits) -> None:
        names = self._context.names
        found = [names.variables[item] for item in names.expand(key)]
        if not found:
            names.variable(key)
            return
        for item in found:
            edits.spans["disclose", item.name] = key.span
            if item.kind == "type" and item.actor != self._owner:
                own = [one.name for one in names.variables.values() if one.kind == "type" and one.actor == self._owner]
                hint = f"{self._owner} can disclose what it knows: {', '.join(own) or 'it has no types'}."
                message = f"'{key}' is known to {item.actor} only, so {self._owner} cannot disclose it"
                self._findings.error("C403", message, key.span, hint)
            elif any(word == OPTIMAL for word in words):
                self._optimal_disclosure(key, words, item, edits)
            else:
                audience = names.audience(words, frozenset())
                edits.disclose[item.name] = audience | ({item.actor} if item.actor else set())

    def _optimal_disclosure(self, key: Word, words: list[Word], item: Variable, edits: Edits) -> None:
        word = next(word for word in words if word == OPTIMAL)
        if len(words) > 1:
            hint = "Optimal disclosure is a public signal that everybody sees: write `optimal` alone."
            self._findings.error("C405", "`optimal` cannot be limited to some actors", word.span, hint)
        elif item.kind != "type":
            hint = f"It is available for types of {self._owner}; for '{key}' choose `all`, `none` or actors."
            self._findings.error("C405", f"'{key}' is not a type, and cannot be disclosed optimally", word.span, hint)
        elif len(item.labels) > MAX_OPTIMAL_LABELS:
            hint = f"Merge labels: at most {MAX_OPTIMAL_LABELS} can be handled."
            message = f"'{key}' has {len(item.labels)} labels, too many for optimal disclosure"
            self._findings.error("C405", message, word.span, hint)
        else:
            disclosure: Disclosure = OPTIMAL
            edits.disclose[item.name] = disclosure

    # ----------------------------------------------------------------------- set and allow
    def _set(self, key: Word, value: Word, edits: Edits) -> None:
        context = self._context
        if key not in context.parameters:
            if key in context.tables:
                hint = f"Set its entries one by one: {key}[{context.tables[str(key)].labels[0]}]."
                self._findings.error("C015", f"'{key}' is a table", key.span, hint)
            elif not context.names.forgives(key):
                unknown_word(context, key, list(context.parameters), "C015", "parameter")
            return
        expression = context.number(value)
        if expression is None:
            return
        number = context.at_base(expression)
        if not math.isfinite(number):
            message = f"{quoted(value)} is not finite at base values"
            self._findings.error("C406", message, value.span, "Check divisions, logarithms and roots.")
            return
        edits.set[str(key)] = expression

    def _allow(self, key: Word, words: list[Word], edits: Edits) -> None:
        own = self._own_decision(key, "restricted")
        if own is None:
            return
        decision, place = own
        found = _ANY_OF.match(words[0]) if len(words) == 1 else None
        if found is not None and decision.items:
            remain = self._from_items(words[0], found, decision)
        else:
            known = [word for word in words if self._context.names.label(word, decision)]
            remain = [label for label in decision.labels if label in known]
        if not remain:
            if not self._findings.failed:
                hint = "At least one option must remain."
                self._findings.error("C409", f"'{key}' is left without options", key.span, hint)
            return
        for _, name in self._copies(decision, place):
            edits.spans["allow", name] = key.span
            edits.allow[name] = tuple(remain)

    def _from_items(self, word: Word, found: re.Match[str], decision: Variable) -> list[str]:
        chosen: set[str] = set()
        for part in re.finditer(r"[^\s,]+", found["items"]):
            if part.group() in decision.items:
                chosen.add(part.group())
            else:
                span = word.at(found.start("items") + part.start(), len(part.group()))
                message = f"{quoted(part.group())} is not an item of '{decision.name}'"
                self._findings.error("C014", message, span, advice(part.group(), decision.items, "items"))
        return [label for label, items in decision.contents.items() if items <= chosen]

    # ----------------------------------------------------------------------- the whole
    def _consistent(self, word: Word, edits: Edits) -> None:
        """What only the merged posture can get wrong."""
        optimal = [name for name, item in edits.disclose.items() if item == OPTIMAL]
        search = [name for name, item in edits.commit.items() if item.optimal]
        span = word.span
        if len(optimal) > 1 or (optimal and search):
            both = ", ".join((*optimal, *search))
            hint = "Make one part `optimal` and state the others."
            self._findings.error("C405", f"'{word}' asks for {both} to be optimal at once", span, hint)
        pure = [name for name, item in edits.commit.items() if item.optimal and not item.mixed]
        mixed = [name for name, item in edits.commit.items() if item.mixed]
        if pure and mixed:
            hint = "Write `optimal mixed` for all of them: a mixed rule may be pure."
            two = f"the best pure rule for {', '.join(pure)}, and the best mixed one for {', '.join(mixed)}"
            message = f"'{word}' asks for {two}"
            self._findings.error("C411", message, span, hint)
        for name, commitment in edits.commit.items():
            self._visible(name, commitment, edits)
            remain = edits.allow.get(name)
            if remain is None:
                continue
            labels = self._context.names.variables[name].labels
            for rule in commitment.table.values():
                lost = [
                    label
                    for label, weight in zip(labels, rule, strict=True)
                    if label not in remain and weight != Number(0.0)
                ]
                if lost:
                    place = edits.spans.get(("commit", name), span)
                    hint = "Allow the option, or take it out of the rule."
                    message = f"'{word}' commits '{name}' to {lost[0]}, which its `allow` takes away"
                    self._findings.error("C409", message, place, hint)
                    break

    def _visible(self, decision: str, commitment: Commitment, edits: Edits) -> None:
        """A rule may rest only on what the owner can have seen when it moves."""
        seen = self._seen_by_owner(decision, edits)
        for name in commitment.by:
            if name not in seen:
                place = edits.spans.get(("commit", decision), commitment.span)
                if (place, name.partition(".")[0]) in self._unseen:  # said of another round already
                    continue
                self._unseen.add((place, name.partition(".")[0]))
                hint = f"What {self._owner} can see there: {', '.join(sorted(seen)) or 'nothing'}."
                message = f"the rule for '{decision}' rests on '{name}', which {self._owner} has not seen by then"
                self._findings.error("C404", message, place, hint)

    def _seen_by_owner(self, decision: str, edits: Edits) -> set[str]:
        names, owner = self._context.names, self._owner
        position = names.variables[decision].position
        seen = {item.name for item in names.variables.values() if item.actor == owner and item.position < position}
        for entry, number in self._context.entries[:position]:
            if isinstance(entry, schema.RawReveal):
                if owner in names.audience(entry.to, frozenset()):
                    seen.update(self._called(entry.reveal, number))
                continue
            word = entry.decision if isinstance(entry, schema.RawDecision) else entry.event
            for name in self._called(word, number):
                told = edits.disclose.get(name, names.audience(entry.seen_by, frozenset(names.actors)))
                if owner in told:
                    seen.add(name)
        return seen

    def _called(self, word: Word, number: int) -> tuple[str, ...]:
        """The variables of the game that a word means in a round, 0 outside of rounds."""
        rounds = self._context.names.rounds
        found = rounds.in_round(word, number) if rounds is not None and number else ()
        return found or self._context.names.game.expand(word)
