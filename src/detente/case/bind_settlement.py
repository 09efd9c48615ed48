"""The section ``settlement``: steps, the numbers around them, and designs, with every name looked up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from detente.case.bind_hidden import HiddenBinder
from detente.case.bind_parameters import text_of
from detente.case.bind_weights import unknown_word
from detente.case.context import Context
from detente.case.expression import Expression
from detente.case.findings import quoted
from detente.case.model_settlement import Design, Exit, Setting, SettlementSection, Step
from detente.case.names import advice
from detente.case.posture import in_order
from detente.case.schema_settlement import RawDesign, RawHead, RawPrices, RawStep, RawTerms
from detente.case.sections import entry_of
from detente.case.settlement_checks import Checks
from detente.case.settlement_design import Plan, written_out
from detente.case.settlement_edits import DESIGNS, Edit, Edits, merge
from detente.case.span import Span
from detente.case.syntax import Block, Tree, Word

MAX_STEPS = 60
MAX_DESIGNS = 30
MAX_PARTS = 12
THIRD = "third"
"""Written in `by` for a step that none of the parties carries out."""
NOTHING = "nothing"
ALL = "all"
AS_WRITTEN, AS_WRITTEN_ABOUT = "as_written", "The agreement as written."
"""Name of the one design of a settlement that declares none."""
EXITS: tuple[Exit, ...] = ("performer", "any")
BY_PARTY = ("dividend", "outside", "grab", "monitoring", "guarantee")
SINGLE = ("peacekeepers", "discount", "collapse")


def bind_settlement(context: Context) -> SettlementSection | None:
    """The section ``settlement``, or None if there is none or it is wrong."""
    found = context.sections.settlement
    if found is None:
        return None
    key, tree = found
    if not isinstance(tree, Block):
        hint = "Write `parties:`, `steps:` and what else there is under it."
        context.findings.error("C005", "'settlement' must be a mapping", tree.span, hint)
        return None
    return _Binder(context, key, tree).bind()


class _Binder:
    def __init__(self, context: Context, key: Word, tree: Block):
        self._context, self._findings, self._key, self._tree = context, context.findings, key, tree
        self._parties: tuple[str, ...] = ()
        self._steps: dict[str, Step] = {}
        self._raw_steps: dict[str, RawStep] = {}
        self._broken: set[str] = set()

    def bind(self) -> SettlementSection | None:
        before = self._findings.count
        head = self._head()
        raw_steps = self._entries("steps", RawStep, MAX_STEPS, required=True)
        raw_designs = self._entries("designs", RawDesign, MAX_DESIGNS)
        if head is None:
            return None
        self._bind_parties(head.parties)
        self._raw_steps = {str(word): raw for word, raw in raw_steps.items()}
        for word, raw in raw_steps.items():
            self._context.names.legal(word, "step")
            self._steps[str(word)] = self._step(word, raw)
        together, setting = self._together(head), self._setting(head)
        own = {word: self._edits(word, raw) for word, raw in raw_designs.items()}
        looks = HiddenBinder(self._context, self._party, self._known_step)
        hidden = looks.bind(self._tree.get(Word("hidden")))
        prices = self._prices(head.prices)
        source = self._context.cite(head.source)
        for raw in (*raw_steps.values(), *raw_designs.values()):
            self._context.cite(raw.source)
        if self._findings.count > before:
            return None
        base = Plan(tuple(self._steps.values()), together or (), setting)
        checks = Checks(self._context, self._key.span, self._raw_steps, hidden)
        if not checks.structure(base, head, self._key.span) or not checks.numbers(base, {}, {}):
            return None
        designs = self._designs(base, raw_designs, own, checks)
        steps = tuple(self._steps.values())
        if self._findings.count > before:
            return None
        title, about, span = text_of(head.title), text_of(head.about), self._key.span
        return SettlementSection(title, about, source, self._parties, steps, designs, span, hidden, prices)

    # ----------------------------------------------------------------------- reading
    def _head(self) -> RawHead | None:
        rest = Block({word: value for word, value in self._tree.items() if word not in ("steps", "designs", "hidden")})
        rest.span, rest.flow = self._tree.span, self._tree.flow
        return entry_of(RawHead, rest, self._findings)

    def _entries(self, name: str, model: Any, most: int, required: bool = False) -> dict[Word, Any]:
        """The entries of a mapping inside the settlement that could be read."""
        tree: Tree | None = self._tree.get(Word(name))
        if tree is None or (isinstance(tree, Word) and tree.null):
            if required:
                self._findings.error("C004", f"the key '{name}' is missing", self._key.span, f"Add `{name}:`.")
            return {}
        if not isinstance(tree, Block):
            hint = f"Write `name:` and what it is under `{name}:`."
            self._findings.error("C005", f"'{name}' must be a mapping of names", tree.span, hint)
            return {}
        if len(tree) > most:
            message = f"'{name}' has {len(tree):,} entries; at most {most} are allowed"
            self._findings.error("C035", message, tree.span, "Merge entries, or split the case in two.")
        found: dict[Word, Any] = {}
        for word, item in list(tree.items())[:most]:
            if isinstance(item, Word) and item.null:
                item = Block()
                item.span, item.flow = word.span, False
            made = entry_of(model, item, self._findings)
            if made is None:
                self._broken.add(str(word))
            else:
                found[word] = made
        return found

    def _bind_parties(self, words: Iterable[Word]) -> None:
        found: list[str] = []
        for word in words:
            if not self._context.names.actor(word):
                continue
            if word in found:
                self._findings.error("C806", f"the party '{word}' is named twice", word.span, "Name it once.")
            else:
                found.append(str(word))
        self._parties = tuple(found)

    # ----------------------------------------------------------------------- names
    def _party(self, word: Word) -> bool:
        """Whether a word names a party; notes an error if not."""
        if word in self._parties or self._context.names.forgives(word):
            return word in self._parties
        hint = advice(word, self._parties, "parties")
        what = "is an actor, but no party to this settlement" if word in self._context.names.actors else "is no party"
        self._findings.error("C802", f"{quoted(word)} {what}", word.span, hint)
        return False

    def _known_step(self, word: Word) -> bool:
        """Whether a word names a step; notes an error if not."""
        if word in self._raw_steps or word in self._broken:
            return True
        unknown_word(self._context, word, list(self._raw_steps), "C803", "step")
        return False

    def _listed(self, words: Iterable[Word], what: str) -> tuple[str, ...]:
        """Steps of a list, each once; notes what is wrong with it."""
        found: list[str] = []
        for word in words:
            if word in found:
                self._findings.error("C806", f"{what} names '{word}' twice", word.span, "Name it once.")
            elif self._known_step(word):
                found.append(str(word))
        return tuple(found)

    # ----------------------------------------------------------------------- steps
    def _step(self, word: Word, raw: RawStep) -> Step:
        by = () if [str(item) for item in raw.by] == [THIRD] and THIRD not in self._parties else self._doers(raw.by)
        after = self._prerequisites(word, raw.after)
        undo_by, undo_cost = None, None
        if raw.undo is not None:
            undo_by = str(raw.undo.by) if self._party(raw.undo.by) else None
            undo_cost = None if raw.undo.cost is None else self._context.number(raw.undo.cost)
        return Step(
            id=str(word),
            says=text_of(raw.says),
            by=by,
            benefit=self._by_party(raw.benefit),
            after=after,
            undo_by=undo_by,
            undo_cost=undo_cost,
            grab=self._by_party(raw.grab),
            source=text_of(raw.source),
            done=text_of(raw.done),
            base=str(word),
            span=word.span,
            title=text_of(raw.title),
        )

    def _doers(self, words: Iterable[Word]) -> tuple[str, ...]:
        found: list[str] = []
        for word in words:
            if word == THIRD:
                message = "`third` stands alone: a third party carries the step out, or parties do"
                self._findings.error("C802", message, word.span, "Write `by: third`, or list parties.")
            elif word in found:
                self._findings.error("C806", f"the party '{word}' is named twice", word.span, "Name it once.")
            elif self._party(word):
                found.append(str(word))
        return tuple(found)

    def _prerequisites(self, word: Word, words: list[Word] | None) -> tuple[str, ...]:
        if words is None or [str(item) for item in words] == [NOTHING]:
            return ()
        return self._listed(words, f"`after` of '{word}'")

    def _by_party(self, raw: Mapping[Word, Word] | Word | None) -> dict[str, Expression]:
        """A number per party; one number is that of every party."""
        if raw is None:
            return {}
        if isinstance(raw, Word):
            value = self._context.number(raw)
            return {} if value is None else dict.fromkeys(self._parties, value)
        found: dict[str, Expression] = {}
        for party, word in raw.items():
            value = self._context.number(word)
            if self._party(party) and value is not None:
                found[str(party)] = value
        return found

    # ----------------------------------------------------------------------- what surrounds them
    def _setting(self, raw: RawTerms) -> Setting:
        values = {name: self._term(raw, name) for name in (item.name for item in fields(Setting))}
        return Setting(**{name: value for name, (value, given) in values.items() if given})

    def _term(self, raw: RawTerms, name: str) -> tuple[Any, bool]:
        """The value of one key around the steps, and whether it is given."""
        written = getattr(raw, name)
        if written is None:
            return None, False
        if name in BY_PARTY:
            return self._by_party(written), True
        if name in SINGLE:
            return self._context.number(written), True
        if name == "exit":
            return self._exit(written), True
        return None if [str(item) for item in written] == [ALL] else self._listed(written, "`stop`"), True

    def _exit(self, word: Word) -> Exit:
        for item in EXITS:
            if item == word:
                return item
        hint = "Write `exit: performer` (who is to carry out the next step) or `exit: any` (every party)."
        self._findings.error("C008", f"{quoted(word)} says not who may leave", word.span, hint)
        return EXITS[0]

    def _together(self, raw: RawTerms) -> tuple[tuple[str, ...], ...] | None:
        if raw.together is None:
            return None
        return tuple(self._listed(group, "`together`") for group in raw.together)

    def _prices(self, raw: RawPrices | None) -> dict[str, Expression]:
        """What changes cost; they are asked for at base values only."""
        found: dict[str, Expression] = {}
        for name in RawPrices.model_fields if raw is not None else ():
            written: Word | None = getattr(raw, name)
            value = None if written is None else self._context.number(written)
            if written is None or value is None:
                continue
            price = self._context.at_base(value)
            if not (math.isfinite(price) and price >= 0.0):
                message = f"the price of `{name}` = {quoted(value.text)} is {price:g} at base values; "
                message += "it has to be 0 or more"
                self._findings.error("C807", message, written.span, "Change the parameter, or the expression.")
            found[name] = value
        return found

    # ----------------------------------------------------------------------- designs
    def _edits(self, word: Word, raw: RawDesign) -> Edits:
        self._context.names.legal(word, "design")
        edits: Edits = {}
        for name in (item.name for item in fields(Setting)):
            value, given = self._term(raw, name)
            if given:
                edits[name, ""] = Edit(value, _shown(value), f"{name}: {_shown(value)}", _place(getattr(raw, name)))
        together = self._together(raw)
        if together is not None and raw.together is not None:
            said = "; ".join(" and ".join(group) for group in together)
            called = "; ".join(" and ".join(map(self._called, group)) for group in together)
            words = f"together: {called}" if said else "nothing happens at once"
            edits["together", ""] = Edit(together, said, words, _place([w for g in raw.together for w in g], word.span))
        for key, value in (raw.set or {}).items():
            self._set(key, value, edits)
        for key, items in (raw.after or {}).items():
            if self._known_step(key):
                before = self._prerequisites(key, items)
                called = ", ".join(map(self._called, before))
                words = f"{self._called(key)} only after {called}" if before else f"{self._called(key)} at any time"
                edits["after", str(key)] = Edit(before, ", ".join(sorted(before)), words, key.span)
        for key in raw.drop or ():
            if self._known_step(key):
                edits["drop", str(key)] = Edit(None, "", f"without {self._called(key)}", key.span)
        for key, number in (raw.split or {}).items():
            self._split(key, number, edits)
        return edits

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
        if not math.isfinite(context.at_base(expression)):
            hint = "Check divisions, logarithms and roots."
            self._findings.error("C406", f"{quoted(value)} is not finite at base values", value.span, hint)
            return
        edits["set", str(key)] = Edit(expression, expression.text, f"{key} = {expression.text}", key.span)

    def _split(self, key: Word, number: Word, edits: Edits) -> None:
        if not self._known_step(key):
            return
        parts = int(float(number))
        if not 2 <= parts <= MAX_PARTS:
            hint = f"Write a number of parts from 2 to {MAX_PARTS}."
            self._findings.error("C809", f"'{key}' cannot be split into {number} parts", number.span, hint)
            return
        words = f"{self._called(key)} in {parts} parts"
        edits["split", str(key)] = Edit(parts, str(parts), words, key.span)

    def _called(self, step: str) -> str:
        """The title of a step, or its name."""
        found = self._steps.get(step)
        return (found.title if found is not None else "") or str(step)

    def _designs(
        self, base: Plan, raws: Mapping[Word, RawDesign], own: Mapping[Word, Edits], checks: Checks
    ) -> tuple[Design, ...]:
        """Every design written out; one that changes nothing if there is none."""
        if not raws and not self._tree.get(Word("designs")):
            return (_design(AS_WRITTEN, None, base, {}, {}, self._key.span),)
        extends = {str(word): tuple(raw.extends or ()) for word, raw in raws.items()}
        by_name = {str(word): edits for word, edits in own.items()}
        merged: dict[str, Edits] = {}
        for name in in_order(extends, self._broken.__contains__, self._findings, DESIGNS):
            parents = {word: merged[str(word)] for word in extends[name] if str(word) in merged}
            merged[name] = merge(by_name[name], name, parents, self._findings)
        found: list[Design] = []
        for word, raw in raws.items():
            edits = merged.get(str(word))
            plan = None if edits is None else written_out(base, edits, self._findings)
            if edits is None or plan is None or not checks.structure(plan, raw, word.span):
                continue
            replaced = {about: edit.value for (kind, about), edit in edits.items() if kind == "set"}
            if not checks.numbers(plan, replaced, edits):
                continue
            found.append(_design(str(word), raw, plan, edits, replaced, word.span))
        return tuple(found)


def _design(
    name: str, raw: RawDesign | None, plan: Plan, edits: Edits, replaced: Mapping[str, Expression], span: Span
) -> Design:
    """A design with what it says of itself; without that it is the agreement as written."""
    return Design(
        name=name,
        about=AS_WRITTEN_ABOUT if raw is None else text_of(raw.about),
        extends=() if raw is None else tuple(str(item) for item in raw.extends or ()),
        changes=tuple(edit.words for edit in edits.values()),
        steps=plan.steps,
        together=plan.together,
        setting=plan.setting,
        set=replaced,
        source="" if raw is None else text_of(raw.source),
        span=span,
        title="" if raw is None else text_of(raw.title),
    )


def _shown(value: Any) -> str:
    """A value around the steps as short text."""
    if value is None:
        return ALL
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, Mapping):
        pairs: list[tuple[str, str]] = [(str(party), item.text) for party, item in value.items()]  # pyright: ignore
        texts = {text for _, text in pairs}
        if len(texts) == 1 and len(pairs) > 1:
            return pairs[0][1]
        return ", ".join(f"{party} {text}" for party, text in pairs) or "0"
    return value if isinstance(value, str) else ", ".join(value)


def _place(written: Any, otherwise: Span | None = None) -> Span:
    """Where a value stands."""
    if isinstance(written, Word):
        return written.span
    words = list(written)
    return words[0].span if words else otherwise or Span()
