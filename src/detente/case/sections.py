"""Reading a syntax tree section by section, so that one bad entry hides no other error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from detente.case import schema
from detente.case.findings import Findings, quoted
from detente.case.names import NAME, advice, closest
from detente.case.schema import Section
from detente.case.span import Span
from detente.case.syntax import Block, Items, Tree, Word

Entry = TypeVar("Entry", bound=Section)

MAX_ENTRIES = {
    "sources": 500,
    "actors": 20,
    "parameters": 1_000,
    "types": 20,
    "joint": 20,
    "timeline": 60,
    "payoffs": 20,
    "outcomes": 100,
    "postures": 60,
    "claims": 200,
    "not_modelled": 100,
}
MAX_TERMS = 300

KINDS = {"decision": schema.RawDecision, "event": schema.RawEvent, "reveal": schema.RawReveal}
ROUNDS = "rounds"

RawMove: TypeAlias = schema.RawDecision | schema.RawEvent | schema.RawReveal


@dataclass(frozen=True)
class RawBlock:
    """A block of rounds: what is said about it, and the entries of one round that could be read."""

    head: schema.RawRounds
    entries: tuple[RawMove, ...]


@dataclass
class Sections:
    """The sections of a case file, each entry of the right shape. Entries that were not are in `broken`."""

    span: Span
    words: dict[str, Word] = field(default_factory=dict[str, Word])
    sources: dict[Word, schema.RawSource | Word] = field(default_factory=dict[Word, schema.RawSource | Word])
    actors: dict[Word, Word] = field(default_factory=dict[Word, Word])
    parameters: dict[Word, schema.RawParameter] = field(default_factory=dict[Word, schema.RawParameter])
    types: dict[Word, schema.RawType] = field(default_factory=dict[Word, schema.RawType])
    joint: list[schema.RawJoint] = field(default_factory=list[schema.RawJoint])
    timeline: list[RawMove | RawBlock] = field(default_factory=list[RawMove | RawBlock])
    payoffs: dict[Word, list[schema.RawTerm]] = field(default_factory=dict[Word, list[schema.RawTerm]])
    outcomes: dict[Word, schema.RawOutcome] = field(default_factory=dict[Word, schema.RawOutcome])
    postures: dict[Word, schema.RawPosture] = field(default_factory=dict[Word, schema.RawPosture])
    claims: dict[Word, schema.RawClaim] = field(default_factory=dict[Word, schema.RawClaim])
    not_modelled: list[schema.RawNotModelled] = field(default_factory=list[schema.RawNotModelled])
    settlement: tuple[Word, Tree] | None = None
    """The section ``settlement`` with its key; read where it is bound."""
    evidence: Tree | None = None
    has_game: bool = True
    """Whether the case has, or should have, a timeline and payoffs."""
    unreadable: set[str] = field(default_factory=set[str])
    """Sections that are missing or of the wrong kind."""
    broken: set[str] = field(default_factory=set[str])
    """Names of entries that could not be read: using them is no further error."""


def read(tree: Tree, findings: Findings) -> Sections | None:
    """The sections of a case, or None if the file is not a mapping of sections."""
    if not isinstance(tree, Block):
        what = "a list" if isinstance(tree, Items) else "plain text"
        hint = "A case starts with `case: NAME`; `detente new NAME` writes one to start from."
        findings.error("C111", f"the file is {what}, not a case", tree.span, hint)
        return None
    return _Reader(tree, findings).read()


class _Reader:
    def __init__(self, tree: Block, findings: Findings):
        self._tree = tree
        self._findings = findings
        self._sections = Sections(tree.span)

    def read(self) -> Sections:
        for key, value in self._tree.items():
            if key == ROUNDS:
                hint = "Rounds are an entry of the timeline: `- rounds: 3` with `block:` under it."
                self._findings.error("C001", "'rounds' is not a section", key.span, hint)
            elif key not in schema.SECTIONS:
                unknown_key(key, value, self._tree, schema.SECTIONS, "sections", self._findings, code="C001")
            else:
                self._section(key, value)
        for name in self._required():
            if name not in self._tree:
                hint = f"Add `{name}:`. {schema.SECTIONS[name]}"
                self._findings.error("C004", f"the section '{name}' is missing", self._sections.span, hint)
                self._sections.unreadable.add(name)
        return self._sections

    def _required(self) -> tuple[str, ...]:
        """Sections without which there is no case: a game, unless it asks only what needs none."""
        game = any(name in self._tree for name in schema.GAME_SECTIONS)
        other = any(name in self._tree for name in schema.OTHER_QUESTIONS)
        self._sections.has_game = game or not other
        return (*schema.REQUIRED, *schema.GAME_SECTIONS) if self._sections.has_game else schema.REQUIRED

    def _section(self, key: Word, value: Tree) -> None:
        name = str(key)
        if name == "evidence":
            self._sections.evidence = value
            return
        if name in ("case", "title", "as_of", "summary", "question", "owner"):
            check = schema.text_of if name in ("title", "summary", "question") else schema.name_of
            word = leaf(check, value, self._findings)
            if word is not None:
                self._sections.words[name] = word
        elif name == "settlement":
            self._sections.settlement = (key, value)
        elif name in ("joint", "timeline", "not_modelled"):
            for item in self._items(key, value):
                getattr(self, f"_read_{name}")(item)
        else:
            for entry, item in self._entries(key, value):
                getattr(self, f"_read_{name}")(entry, item)

    def _entries(self, key: Word, value: Tree) -> list[tuple[Word, Tree]]:
        if isinstance(value, Word) and value.null:
            return []
        if not isinstance(value, Block):
            message = f"'{key}' must be a mapping of names"
            self._findings.error("C005", message, value.span, f"Write `name: ...` under `{key}:`.")
            self._sections.unreadable.add(str(key))
            return []
        return self._limited(key, list(value.items()))

    def _items(self, key: Word, value: Tree) -> list[Tree]:
        if isinstance(value, Word) and value.null:
            return []
        if not isinstance(value, Items):
            hint = f"Start each entry under `{key}:` with '- '."
            self._findings.error("C005", f"'{key}' must be a list", value.span, hint)
            self._sections.unreadable.add(str(key))
            return []
        return self._limited(key, list(value))

    def _limited(self, key: Word, found: list[Any]) -> list[Any]:
        most = MAX_ENTRIES[str(key)]
        if len(found) > most:
            message = f"'{key}' has {len(found):,} entries; at most {most:,} are allowed"
            self._findings.error("C035", message, key.span, "Merge entries, or split the case in two.")
        return found[:most]

    def _take(self, model: type[Entry], item: Tree, name: Word | None = None) -> Entry | None:
        made = entry_of(model, item, self._findings)
        if made is None and name is not None:
            self._sections.broken.add(str(name))
        return made

    def _read_sources(self, name: Word, item: Tree) -> None:
        if isinstance(item, Word):
            word = leaf(schema.text_of, item, self._findings)
            self._sections.sources[name] = word or name
            return
        made = self._take(schema.RawSource, item, name)
        self._sections.sources[name] = made or name

    def _read_actors(self, name: Word, item: Tree) -> None:
        word = leaf(schema.text_of, item, self._findings)
        self._sections.actors[name] = word or name

    def _read_parameters(self, name: Word, item: Tree) -> None:
        if isinstance(item, Word) and item.number is not None:
            hint = f"Write `{name}:` and under it `value: {item}`, `range: [low, high]` and `about:`."
            self._findings.error("C005", f"'{name}' needs a mapping with 'value', not a bare number", item.span, hint)
            self._sections.broken.add(str(name))
            return
        made = self._take(schema.RawParameter, item, name)
        if made is not None:
            self._sections.parameters[name] = made

    def _read_types(self, name: Word, item: Tree) -> None:
        if isinstance(item, Block) and "prior" not in item:
            wrapped = Block({Word.make("prior", item.span): item})
            wrapped.span, wrapped.flow = item.span, item.flow
            item = wrapped
        made = self._take(schema.RawType, item, name)
        if made is not None:
            self._sections.types[name] = made

    def _read_joint(self, item: Tree) -> None:
        made = self._take(schema.RawJoint, item)
        if made is not None:
            self._sections.joint.append(made)

    def _read_timeline(self, item: Tree) -> None:
        if isinstance(item, Block) and ROUNDS in item and not any(kind in item for kind in KINDS):
            self._read_rounds(item)
            return
        made = self._move(item)
        if made is not None:
            self._sections.timeline.append(made)

    def _read_rounds(self, item: Block) -> None:
        head = self._take(schema.RawRounds, item)
        block = item.get(Word("block"))
        entries = [self._nested(entry) or self._move(entry) for entry in block] if isinstance(block, Items) else []
        known = [entry for entry in entries if entry is not None and not isinstance(entry, bool)]
        if head is None:
            self._sections.unreadable.add("timeline")
        else:
            self._sections.timeline.append(RawBlock(head, tuple(known)))

    def _nested(self, item: Tree) -> bool:
        """Whether an entry of a block is itself a block, which is refused."""
        if not isinstance(item, Block) or ROUNDS not in item:
            return False
        hint = "Write the inner rounds out as entries of the block."
        self._findings.error("C052", "rounds inside rounds are not part of the language", item.span, hint)
        return True

    def _move(self, item: Tree) -> RawMove | None:
        kinds = [kind for kind in KINDS if isinstance(item, Block) and kind in item]
        if not isinstance(item, Block) or len(kinds) != 1:
            hint = "Start the entry with `decision: NAME`, `event: NAME`, `reveal: VARIABLE` or `rounds: NUMBER`."
            what = "is more than one of" if len(kinds) > 1 else "is none of"
            message = f"this entry of the timeline {what} decision, event, reveal and rounds"
            self._findings.error("C046", message, item.span, hint)
            self._sections.broken.update(str(item[Word(kind)]) for kind in kinds if isinstance(item, Block))
            return None
        name = item[Word(kinds[0])]
        known = name if isinstance(name, Word) and kinds[0] != "reveal" else None
        return self._take(KINDS[kinds[0]], item, known)

    def _read_payoffs(self, name: Word, item: Tree) -> None:
        terms: list[schema.RawTerm] = []
        if not isinstance(item, Items):
            hint = "Each starts with `- term: NAME` and has a `value:`."
            self._findings.error("C005", f"the payoff of '{name}' must be a list of terms", item.span, hint)
        else:
            if len(item) > MAX_TERMS:
                self._findings.error("C035", f"more than {MAX_TERMS} terms", name.span, "Merge terms.")
            for entry in item[:MAX_TERMS]:
                made = self._take(schema.RawTerm, entry)
                if made is not None:
                    terms.append(made)
        self._sections.payoffs[name] = terms

    def _read_outcomes(self, name: Word, item: Tree) -> None:
        if isinstance(item, Word):
            wrapped = Block({Word.make("when", item.span): item})
            wrapped.span, wrapped.flow = name.span, False
            item = wrapped
        made = self._take(schema.RawOutcome, item, name)
        if made is not None:
            self._sections.outcomes[name] = made

    def _read_postures(self, name: Word, item: Tree) -> None:
        if isinstance(item, Word) and item.null:
            item = Block()
            item.span, item.flow = name.span, False
        made = self._take(schema.RawPosture, item, name)
        if made is not None:
            self._sections.postures[name] = made

    def _read_claims(self, name: Word, item: Tree) -> None:
        made = self._take(schema.RawClaim, item, name)
        if made is not None:
            self._sections.claims[name] = made

    def _read_not_modelled(self, item: Tree) -> None:
        made = self._take(schema.RawNotModelled, item)
        if made is not None:
            self._sections.not_modelled.append(made)


def entry_of(model: type[Entry], tree: Tree, findings: Findings) -> Entry | None:
    """The entry as a checked model, or None after noting what is wrong with it."""
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            _translate(model, tree, item, findings)
        return None


def leaf(check: Callable[[object], Word], tree: Tree, findings: Findings) -> Word | None:
    """One value, or None after noting what is wrong with it."""
    try:
        return check(tree)
    except PydanticCustomError as error:
        context: Any = error.context
        findings.error(context["code"], context["message"], tree.span, _HINTS.get(context["code"], ""))
        return None


def unknown_key(
    key: Word,
    value: object,
    inside: Block | None,
    legal: Mapping[str, object],
    what: str,
    findings: Findings,
    code: str = "C003",
) -> None:
    """Note a key that means nothing here, with the likely reason."""
    null = isinstance(value, Word) and value.null
    cut = inside is not None and inside.flow and null
    if cut or (not NAME.match(key) and null):
        hint = "This looks like an expression cut at a comma or bracket: put the whole expression in quotes."
    else:
        hint = advice(key, legal, what)
    kind = "section" if code == "C001" else "key"
    findings.error(code, f"unknown {kind} {quoted(key)}", key.span, hint)


def _translate(model: type[Section], tree: Tree, item: Mapping[str, Any], findings: Findings) -> None:
    path = [part for part in item["loc"] if not (isinstance(part, str) and part.startswith("<"))]
    kind, context = item["type"], item.get("ctx", {})
    if kind == "extra_forbidden":
        parent, key = _find(tree, path[:-1]), _key(tree, path)
        block = parent if isinstance(parent, Block) else None
        value = block.get(Word(path[-1])) if block is not None else None
        unknown_key(key, value, block, _fields(model, path[:-1]), "keys", findings)
    elif kind == "missing":
        parent = _find(tree, path[:-1])
        about = _fields(model, path[:-1]).get(str(path[-1])) or ""
        hint = f"Add `{path[-1]}:`. {about}"
        if isinstance(parent, Block):
            near = closest(str(path[-1]), [key for key in parent if key not in _fields(model, path[:-1])])
            hint = f"Was '{near}' meant? {hint}" if near else hint
        findings.error("C004", f"the key '{path[-1]}' is missing", parent.span, hint)
    elif kind == "case":
        findings.error(context["code"], context["message"], _find(tree, path).span, _HINTS.get(context["code"], ""))
    else:
        value = _find(tree, path)
        have = {"<mapping>": "a mapping", "<list>": "a list"}.get(schema.shape(value), "text")
        wanted = _WANTED.get(kind) or "another kind of value"
        if kind == "union_tag_invalid":
            wanted = " or ".join(_TAGS[tag.strip("'")] for tag in context["expected_tags"].split(", "))
        at = f" for '{path[-1]}'" if path and isinstance(path[-1], str) else ""
        if isinstance(value, Word) and value.null:
            have = "nothing"
        findings.error("C005", f"expected {wanted}{at}, found {have}", value.span, _HINTS["C005"])


_HINTS = {
    "C005": "Check the indentation, and what is written in the lines below.",
    "C006": "Write a plain number, such as 0.3. Expressions belong in payoffs, weights and `set`.",
    "C007": "Write a number that says how large it can be.",
    "C008": "Write `true` or `false`.",
    "C021": "Write the lower and the upper end: `range: [0.2, 0.9]`.",
    "C035": "Shorten it, or split it in two.",
}
_WANTED = {
    "dict_type": "a mapping",
    "list_type": "a list",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_TAGS = {"<mapping>": "a mapping", "<list>": "a list", "<scalar>": "a single value"}


def _fields(model: type[Section], path: list[Any]) -> dict[str, str]:
    """Key -> what it is, at a place inside an entry."""
    for part in path:
        named = {item.alias or name: item.annotation for name, item in model.model_fields.items()}
        if part in named:
            inner = _section_in(named[part])
            if inner is None:
                return {}
            model = inner
    return {item.alias or name: item.description or "" for name, item in model.model_fields.items()}


def _section_in(annotation: Any) -> type[Section] | None:
    """The kind of section that a field holds, or holds some of; None if it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next(filter(None, map(_section_in, get_args(annotation))), None)


def _find(tree: Tree, path: list[Any]) -> Tree:
    for part in path:
        if isinstance(tree, Block):
            if part not in tree:
                return tree
            tree = tree[part]
        elif isinstance(tree, Items) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
    return tree


def _key(tree: Tree, path: list[Any]) -> Word:
    parent = _find(tree, path[:-1])
    if isinstance(parent, Block):
        for key in parent:
            if key == path[-1]:
                return key
    return Word.make(str(path[-1]), parent.span)
