"""Every diagnostic code of the compiler, with a title and an explanation; the docs are generated from it."""

from __future__ import annotations

from collections.abc import Mapping

COMPILER_CODES: Mapping[str, tuple[str, str]] = {
    "C301": (
        "a mover's options rest on something it has not seen",
        "Two histories look the same to the actor who moves, yet offer it different options, or ask it to move in only "
        "one of them. An actor would then learn the hidden fact from its own menu. Let the actor see what its options "
        "depend on (`seen_by`, a `reveal`, `disclose` in a posture), or make them independent of it.",
    ),
    "C302": (
        "decision without options",
        "A decision is reached after a history in which none of its options is offered. Give it an option that is "
        "always offered, narrow its `when`, or let the posture's `allow` keep one.",
    ),
    "C303": (
        "committed to an option that is not offered",
        "A posture's published rule picks an option that the case does not offer after some history, or that the "
        "posture's own `allow` removes. Make the rule a table on what the option depends on.",
    ),
    "C304": (
        "published rule rests on something its mover has not seen",
        "A rule can only be followed by an actor who knows which row of it applies. Index the table by variables "
        "the mover sees at that decision.",
    ),
    "C305": (
        "table has no row for a history",
        "An event or a published rule is indexed by variables that take labels, or are skipped (row `none`), in a "
        "combination that the table does not list. Add the row.",
    ),
    "C306": (
        "case too large",
        "The tree would have more nodes than the limit. Let branches end earlier (`ends`), skip moves that do not "
        "matter after some history (`when`), limit portfolios (`at_most`), or raise the limit.",
    ),
    "C307": (
        "value cannot be worked out for a history",
        "A payoff term or a weight applies after a history for which it is not defined, such as a per-option table "
        "indexed by a variable that was skipped there. Give the term a `when` that rules this out.",
    ),
    "C308": (
        "best mixed rule not available here",
        "`commit: optimal mixed` is found where every other actor's answer to the published rule is a best response of "
        "its own: the owner moves only where it is bound, and what is best for one of the others does not rest on what "
        "another does. Elsewhere the answer to a rule is a game in itself. Write out a rule, or let `optimal` try the "
        "pure ones.",
    ),
    "C311": (
        "option that is never taken or offered",
        "In no posture can play reach a point at which the option is offered.",
    ),
    "C312": (
        "payoff term that never applies",
        "The condition of the term holds after no history of any posture.",
    ),
    "C313": (
        "outcome that never occurs",
        "The condition of the outcome holds after no history of any posture, so its probability is zero by "
        "construction.",
    ),
    "C314": (
        "condition that never holds",
        "The `when` of a move, event or reveal holds after no history of any posture, so it never takes place.",
    ),
    "C315": (
        "condition that always holds",
        "The `when` of a move, event or reveal holds after every history that reaches it in every posture. It can be "
        "left out, or it does not say what was meant.",
    ),
}
