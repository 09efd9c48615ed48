"""One item of evidence: its days, its source, and how likely it is under each label."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from detente.case import schema_evidence as raw
from detente.case.bind_evidence_move import MoveReader
from detente.case.bind_parameters import text_of
from detente.case.context import Context
from detente.case.declared import Variable
from detente.case.expression import Expression
from detente.case.findings import quoted
from detente.case.model import Case
from detente.case.model_evidence import EvidenceGroup, EvidenceItem, Judged, Staging
from detente.case.names import advice
from detente.case.span import Span
from detente.case.syntax import Block, Items, Tree, Word
from detente.errors import RequestError
from detente.evidence import CANNOT_BE_JUDGED, read_likelihood, reliability

_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\Z")
_STAGING = ("real", "gain", "cost", "threshold")
_FORMS = "Write a number above 0 and at most 1, a range [low, high], a word of ICD 203, or a mark in quotes: '++'."


class ItemBinder:
    """Binds the items of one section.

    Args:
        context: The case being bound.
        case: The case as far as it is bound.
        about: The type that is judged.
    """

    def __init__(self, context: Context, case: Case, about: Variable):
        self._context = context
        self._moves = MoveReader(context, case)
        self._report = context.findings.error
        self._about = about

    # ----------------------------------------------------------------------- small parts
    def id(self, word: Word) -> bool:
        """Whether a word can be an id; notes an error if not."""
        if _ID.match(word):
            return True
        hint = "Use letters, digits, '_', '-' and '.', at most 64 of them."
        self._report("C709", f"{quoted(word)} cannot be an id", word.span, hint)
        return False

    def day(self, word: Word) -> datetime.date | None:
        """The day that is written, or None after noting that it is none."""
        try:
            if len(word) != len("2021-12-08"):
                raise ValueError
            return datetime.date.fromisoformat(word)
        except ValueError:
            hint = "Write year, month and day: 2021-12-08."
            self._report("C043", f"{quoted(word)} is not a date", word.span, hint)
            return None

    def share(self, word: Word, what: str) -> float:
        """A number from 0 to 1; 0 after noting that it is none."""
        value = float(word)
        if not 0.0 <= value <= 1.0:
            message = f"{what} is {word}, which is not in [0, 1]"
            self._report("C020", message, word.span, "It is a probability: write a number from 0 to 1.")
            return 0.0
        return value

    def judged(self, words: list[Word], span: Span) -> Judged | None:
        """One likelihood, or None after noting what is wrong with it."""
        span = words[0].span if words else span
        if len(words) not in (1, 2):
            self._report("C701", f"a range of likelihoods is two numbers, not {len(words)}", span, _FORMS)
            return None
        text = " to ".join(str(word) for word in words)
        if len(words) == 1 and text == "0" and words[0].plain:
            hint = 'Say how unlikely it is, such as 0.01. The mark that says nothing is "0", in quotes.'
            self._report("C701", "a likelihood of 0 would rule a label out for good", span, hint)
            return None
        try:
            found = read_likelihood(words[0] if len(words) == 1 else [float(word) for word in words])
        except (RequestError, ValueError) as problem:
            why = str(problem) if isinstance(problem, RequestError) else f"{quoted(text)} is not a range of numbers"
            self._report("C701", why.partition(";")[0], span, _FORMS)
            return None
        return Judged(found.low, found.point, found.high, text)

    def likelihoods(self, given: Mapping[Word, list[Word]], span: Span) -> dict[str, Judged]:
        """Label -> likelihood, in the order of the labels, after noting labels that are missing or unknown."""
        found: dict[str, Judged] = {}
        legal = True
        for word, words in given.items():
            legal &= self._context.names.label(word, self._about)
            made = self.judged(words, word.span)
            if made is not None:
                found[str(word)] = made
        missing = [label for label in self._about.labels if label not in {str(word) for word in given}]
        if missing and legal:
            place = next(iter(given)).span if given else span
            message = f"the likelihood leaves out {', '.join(missing)}"
            self._report("C702", message, place, "Every label needs one; 0.5 for all says nothing.")
        return {label: found[label] for label in self._about.labels if label in found}

    def likelihoods_of(self, tree: Tree, span: Span) -> dict[str, Judged] | None:
        """The same from a part of the file that has not been looked at."""
        if not isinstance(tree, Block):
            hint = f"Write a likelihood for each of {', '.join(self._about.labels)} under it."
            self._report("C005", "expected a likelihood per label", tree.span, hint)
            return None
        words: dict[Word, list[Word]] = {}
        for label, value in tree.items():
            ends = list(value) if isinstance(value, Items) else [value]
            if not ends or any(not isinstance(end, Word) or end.null for end in ends):
                self._report("C701", f"'{label}' has no likelihood", label.span, _FORMS)
                return None
            words[label] = ends
        return self.likelihoods(words, span)

    def warn_of_lone_groups(self, groups: Mapping[str, EvidenceGroup], items: Iterable[EvidenceItem]) -> None:
        """Warn of groups with fewer than two reports, which change nothing."""
        members = Counter(item.group for item in items)
        for name, group in groups.items():
            if members[name] < 2:
                message = f"the group '{name}' has {members[name]} item{'' if members[name] == 1 else 's'}"
                hint = "A group says that two or more reports share an origin; add them, or remove the group."
                self._context.findings.warning("C712", message, group.span, hint)

    def check_moves(self, items: Iterable[EvidenceItem]) -> None:
        """Note moves that cannot have happened together."""
        self._moves.check_together(item for item in items if item.is_move)

    # ----------------------------------------------------------------------- the item
    def item(self, word: Word, entry: raw.RawItem, groups: Mapping[str, EvidenceGroup]) -> EvidenceItem | None:
        """The item, or None after noting what is wrong."""
        before = self._context.findings.count
        reported = self.day(entry.reported)
        happened = reported if entry.happened is None else self.day(entry.happened)
        if reported is not None and happened is not None and reported < happened:
            message = f"'{word}' was reported on {reported}, before it happened on {happened}"
            self._report("C705", message, entry.reported.span, "Exchange the two days, or correct one of them.")
        if entry.group is not None and str(entry.group) not in groups:
            hint = advice(entry.group, groups, "groups") + " Declare it under `groups:` of the evidence."
            self._report("C706", f"no group is named {quoted(entry.group)}", entry.group.span, hint)
        weight = self._weight(word, entry)
        source = self._context.cite(entry.source)
        likelihood, decision, option = self._says(word, entry)
        absent = self._absent(entry)
        staging = self._staging(word, entry)
        if self._context.findings.count > before or reported is None or happened is None:
            return None
        return EvidenceItem(
            id=str(word),
            happened=happened,
            reported=reported,
            title=text_of(entry.title),
            says=text_of(entry.says),
            source=source,
            reliability=str(entry.reliability or "").upper(),
            credibility=str(entry.credibility or ""),
            r=weight,
            group=str(entry.group or ""),
            likelihood=likelihood,
            absent=absent,
            decision=decision,
            option=option,
            staging=staging,
            about=text_of(entry.about),
            span=word.span,
        )

    def _weight(self, word: Word, entry: raw.RawItem) -> float:
        grades = [grade for grade in (entry.reliability, entry.credibility) if grade is not None]
        if entry.r is not None:
            if grades:
                message = f"'{word}' has grades and a weight `r` of its own"
                self._report("C704", message, entry.r.span, "Keep one of the two.")
            return self.share(entry.r, "r")
        if not grades:
            return 1.0
        source = str(entry.reliability or "F")
        information = str(entry.credibility or "6")
        try:
            return reliability(source, information, unjudged=CANNOT_BE_JUDGED)
        except RequestError as problem:
            first, _, way = str(problem).partition("; ")
            place = grades[-1] if "information" in first else grades[0]
            self._report("C704", first, place.span, way[:1].upper() + way[1:] + ".")
            return 0.0

    def _says(self, word: Word, entry: raw.RawItem) -> tuple[dict[str, Judged], str, str]:
        if (entry.likelihood is None) == (entry.move is None):
            what = "neither a likelihood nor a move" if entry.move is None else "both a likelihood and a move"
            hint = "Give `likelihood:` with a value per label, or `move: decision=option`."
            self._report("C703", f"the item '{word}' has {what}", word.span, hint)
            return {}, "", ""
        if entry.likelihood is not None:
            return self.likelihoods(entry.likelihood, word.span), "", ""
        for key in ("absent", "can_stage", "group"):
            if getattr(entry, key) is not None:
                message = f"'{key}' goes with a judged likelihood, not with a move"
                self._report("C703", message, word.span, "The game says how likely a move is, and who would make it.")
        assert entry.move is not None
        return {}, *self._moves.read(entry.move)

    def _absent(self, entry: raw.RawItem) -> dict[str, float]:
        found: dict[str, float] = {}
        for word, number in (entry.absent or {}).items():
            self._context.names.label(word, self._about)
            found[str(word)] = self.share(number, f"the probability of absence under '{word}'")
        return found

    # ----------------------------------------------------------------------- staging
    def _staging(self, word: Word, entry: raw.RawItem) -> Staging | None:
        if entry.can_stage is None:
            given = [key for key in _STAGING if getattr(entry, key) is not None]
            if given:
                message = f"{', '.join(given)}: about staging, but nobody can stage '{word}'"
                self._report("C708", message, word.span, f"Add `can_stage: {self._about.actor}`, or remove it.")
            return None
        if not self._context.names.actor(entry.can_stage):
            return None
        if str(entry.can_stage) != self._about.actor:
            message = f"{entry.can_stage} does not know {self._about.name}, so its staging says nothing about it"
            self._report("C708", message, entry.can_stage.span, f"Write `can_stage: {self._about.actor}`.")
        absent = [key for key in ("real", "gain", "cost") if getattr(entry, key) is None]
        if absent:
            hint = "Say of which labels it is true, what being believed is worth, and what staging costs."
            message = f"'{word}' can be staged, but {' and '.join(absent)} is missing"
            self._report("C708", message, entry.can_stage.span, hint)
            return None
        assert entry.real is not None
        assert entry.gain is not None
        assert entry.cost is not None
        for label in entry.real:
            self._context.names.label(label, self._about)
        real = tuple(label for label in self._about.labels if label in entry.real)
        if len(real) in (0, len(self._about.labels)):
            hint = "List at least one label, and leave out at least one that could stage it."
            self._report("C708", "a staged item is true of some labels and not of others", entry.real[0].span, hint)
        threshold = 0.5 if entry.threshold is None else self.share(entry.threshold, "the threshold")
        if entry.threshold is not None and not 0.0 < threshold < 1.0:
            hint = "Write a number strictly between 0 and 1."
            self._report("C708", f"the threshold is {entry.threshold}", entry.threshold.span, hint)
        gain, cost = self._amounts(entry.gain, "gain"), self._amounts(entry.cost, "cost")
        return Staging(str(entry.can_stage), real, gain, cost, threshold)

    def _amounts(self, given: Word | dict[Word, Word], what: str) -> dict[str, Expression]:
        """Label -> amount; one for all, one per label, or a table of parameters over the labels."""
        if isinstance(given, Word):
            table = str(given) in self._context.tables and self._context.tables[str(given)].variable == self._about.name
            texts = {
                label: Word.make(f"{given}[{label}]", given.span) if table else given for label in self._about.labels
            }
        else:
            for word in given:
                self._context.names.label(word, self._about)
            texts = {str(word): value for word, value in given.items()}
            missing = [label for label in self._about.labels if label not in texts]
            if missing:
                place = next(iter(given)).span if given else self._about.span
                self._report("C702", f"the {what} leaves out {', '.join(missing)}", place, "Every label needs one.")
        made = {label: self._amount(text, what) for label, text in texts.items()}
        return {label: value for label, value in made.items() if value is not None}

    def _amount(self, word: Word, what: str) -> Expression | None:
        expression = self._context.number(word, literals=None)
        if expression is None:
            return None
        value = self._context.at_base(expression)
        least = value > 0 if what == "cost" else value >= 0
        if not (least and value < float("inf")):
            rule = "above 0: what is free to stage says nothing" if what == "cost" else "0 or more"
            self._report("C708", f"the {what} {quoted(word)} is {value:g} at base values", word.span, f"It is {rule}.")
        return expression
