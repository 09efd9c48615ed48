"""Which names a case declares. One name space for all."""

from __future__ import annotations

from detente.case import schema
from detente.case.declare_moves import add_variable, declare_labels, declare_move
from detente.case.declare_rounds import declare_rounds
from detente.case.declared import BEFORE_ALL, Names, Variable
from detente.case.findings import Findings, quoted
from detente.case.names import NAME, RESERVED
from detente.case.sections import RawBlock, Sections
from detente.case.syntax import Word

DECLARING = frozenset({"actors", "parameters", "types", "timeline", "postures", "outcomes"})


def declare(sections: Sections, findings: Findings) -> Names:
    """Collect every name of a case, noting clashes."""
    names = Names(findings)
    names.broken |= sections.broken
    names.unreadable |= sections.unreadable & DECLARING
    names.has_rounds = any(isinstance(entry, RawBlock) for entry in sections.timeline)
    for word, title in sections.actors.items():
        if names.take(word, "actor"):
            names.actors[str(word)] = str(title)
    for word, raw in sections.parameters.items():
        if names.take(word, "parameter"):
            if raw.of is None:
                names.scalars.add(str(word))
            else:
                names.tables[str(word)] = raw.of
        else:
            names.broken.add(str(word))
    for word, raw_type in sections.types.items():
        _declare_type(names, word, raw_type, findings)
    position = 0
    for entry in sections.timeline:
        if isinstance(entry, RawBlock):
            position = declare_rounds(names, entry, position, findings)
        else:
            declare_move(names, names.game, entry, position, findings)
            position += 1
    return names


def _declare_type(names: Names, word: Word, raw: schema.RawType, findings: Findings) -> None:
    actor, dot, own = word.partition(".")
    if not dot or not NAME.match(own) or own in RESERVED:
        hint = "Write the actor, a dot and a name, such as `RUS.aim`."
        findings.error("C009", f"{quoted(word)} cannot be the name of a type", word.span, hint)
        names.broken.add(str(word))
        return
    if not names.actor(Word.make(actor, word.at(0, len(actor)))):
        names.broken.add(str(word))
        return
    labels = declare_labels(names, raw.prior, word, findings)
    add_variable(names, names.game, Variable(str(word), "type", actor, labels, BEFORE_ALL, False, False, word.span))
