"""Every diagnostic code of the case language, with a title and an explanation; the docs are made from it.

C0xx names and structure, C1xx reading the file, C2xx expressions and claims as text, C4xx postures,
C5xx claims, C7xx evidence. C3xx belong to the compiler, which keeps its own table.
"""

from __future__ import annotations

from collections.abc import Mapping

from detente.case.expression import EXPRESSION_CODES

_STRUCTURE: Mapping[str, tuple[str, str]] = {
    "C001": ("unknown section", "The name at the left margin is not a section of a case file."),
    "C003": (
        "unknown key",
        "The key means nothing in this kind of entry. Where the key looks like a piece of an expression, YAML has cut "
        "the expression at a comma or a bracket: put it in quotes, or on a line of its own in block style.",
    ),
    "C004": ("something is missing", "A section or key without which the entry means nothing is not there."),
    "C005": ("wrong kind of value", "A single value, a list or a mapping stands where another of the three belongs."),
    "C006": ("not a number", "Base values, ranges and correlations are written as plain numbers, such as 0.3 or 1e-3."),
    "C007": ("number not finite or too large", "Infinity and not-a-number are no values; numbers go up to 1e12."),
    "C008": ("not one of the legal words", "Only a few words make sense here, and this is none of them."),
    "C009": (
        "not a name",
        "Names are letters, digits and '_', start with a letter, have at most 64 characters, and do not start with "
        "two underscores. Types are written ACTOR.name.",
    ),
    "C010": (
        "reserved word",
        "Words of the case language (none, rest, all, optimal, type, nothing, and, or, not, in, if, else, with, true, "
        "false) and names of functions and quantities cannot name anything else.",
    ),
    "C011": (
        "name already taken",
        "Actors, variables, parameters and labels share one name space, so that an expression can be read in one way "
        "only. Labels may be shared by variables.",
    ),
    "C012": ("no such actor", "The word is not the id of an actor, nor `all` or `none` where those are allowed."),
    "C013": ("no such variable", "The word is not a decision, event or type of this case, or is not one that fits."),
    "C014": ("no such label", "The word is not one of the labels of the variable."),
    "C015": ("no such parameter", "The word is not a parameter. Entries of tables are written table[label]."),
    "C016": (
        "no such source",
        "A citation starts with the id of a source declared under `sources`, or is `judgment`. Several citations are "
        "separated by semicolons.",
    ),
    "C017": ("no such outcome", "`not_modelled` lists outcomes that are declared under `outcomes`."),
    "C018": ("no such posture", "`extends` lists other postures of the case."),
    "C019": ("no such decision", "`commit` and `allow` are about decisions of the posture's owner."),
    "C020": ("value outside its range", "The base value is one of the plausible values, so the range must hold it."),
    "C021": ("not a range", "A range is two numbers in brackets, the lower one first."),
    "C022": (
        "distribution incomplete or impossible",
        "uniform and triangular need a range; normal and beta need a range and `sd`. The sd of a beta distribution "
        "cannot exceed what its mean and range leave room for.",
    ),
    "C023": (
        "not a correlation",
        "Correlations lie strictly between -1 and 1, are stated once for a pair, and relate two single parameters "
        "that both have a range.",
    ),
    "C024": (
        "correlations contradict one another",
        "The matrix of all correlations is not positive definite: if a goes with b and b with c, then a cannot go "
        "strongly against c.",
    ),
    "C025": (
        "per-option table does not fit",
        "A parameter with `of` has one number for each label of that variable (and may have one for `none` if the "
        "variable can be skipped); without `of` it has a single number.",
    ),
    "C026": ("`rest` given twice", "`rest` stands for one minus all other weights, so only one label can have it."),
    "C027": (
        "weights make no sense",
        "Weights are 0 or more and not all 0; with `rest` they sum to 1 at most. Checked at base values.",
    ),
    "C028": (
        "row or weight missing",
        "Every label needs a weight, and every combination of labels that can occur needs a row; the row of a skipped "
        "variable is called none.",
    ),
    "C029": ("no options", "A decision, event or type needs at least one label."),
    "C030": ("event without sound odds", "An event has either `odds`, or `given` together with `table`."),
    "C031": (
        "joint prior does not fit",
        "A joint prior names two or more types, each in one joint prior only; a row has one label for each and then "
        "a weight.",
    ),
    "C034": ("variable comes later", "The timeline is read from top to bottom; entries rest on earlier ones only."),
    "C035": ("too much of something", "Case files come from strangers, so everything in them has a limit."),
    "C036": ("parameter without effect", "Nothing depends on it: a forgotten term, or a leftover."),
    "C038": ("never reached", "No history reaches this entry, so it is always skipped."),
    "C039": ("option never offered", "No history satisfies the condition under which the option is offered."),
    "C040": ("term never applies", "No finished history satisfies the condition of this payoff term."),
    "C041": ("outcome never occurs", "No finished history satisfies the condition of this outcome."),
    "C042": ("not a name of a case", "A case is named with small letters, digits and '-', such as ukraine-2021."),
    "C043": ("not a date", "Dates are written year-month-day."),
    "C044": ("actor without a payoff", "An actor that decides but gains and loses nothing acts at random."),
    "C045": (
        "weights may exceed 1",
        "At some values inside the ranges nothing is left for `rest`. A draw with such values cannot be solved.",
    ),
    "C046": (
        "not an entry of the timeline",
        "Every entry starts with exactly one of decision, event, reveal and rounds.",
    ),
    "C047": (
        "portfolio cannot be put together",
        "Write `choose: any of [a, b, c]`; `at_least` and `at_most` bound how many of them are combined.",
    ),
    "C048": ("vote that ends the game", "Votes are cast at the same time, so no single one can end the game."),
    "C049": ("continuation without a range", "What follows an ending that is not modelled is not known to a number."),
    "C050": (
        "block of rounds cannot be played",
        "A block has at least one entry and is played 1 to 12 times. Its discount factor is a parameter whose range "
        "lies in 0 to 1: what a payoff of the next round is worth now.",
    ),
    "C051": (
        "cannot be carried",
        "`carry` lists variables that the block itself sets, each once; as a mapping, it gives each the label that "
        "round 1 starts from, or none.",
    ),
    "C052": ("more than one block of rounds", "A timeline has one block of rounds at most, and no blocks inside it."),
    "C053": (
        "rounds too large",
        "Written out, the rounds would have more entries (60) or payoff terms (1,000) than the language allows.",
    ),
    "C054": (
        "not a time of payment",
        "With rounds, a term says `paid: per_round` or `paid: final`; without rounds every term is paid once.",
    ),
}

_READING: Mapping[str, tuple[str, str]] = {
    "C100": ("file cannot be read", "It does not exist, is not a file, or may not be read."),
    "C101": ("not UTF-8 text", "A case file is UTF-8 text without control characters."),
    "C102": ("tab used for indentation", "YAML is indented with spaces."),
    "C103": ("not valid YAML", "The text cannot be read as YAML at the place shown."),
    "C104": ("nested too deeply", "No part of the language is nested more than a few levels deep."),
    "C105": ("anchor or alias", "YAML's anchors (&a) and aliases (*a) can make a small file huge; they are refused."),
    "C106": ("tag", "YAML's tags (!x) could ask for anything to be built; they are refused."),
    "C107": ("too many values", "A case file has a few thousand values, and texts of a few thousand characters."),
    "C108": ("more than one document", "A case file is one YAML document; '---' starts another."),
    "C109": ("key is not a word", "Mappings and lists cannot be keys."),
    "C110": ("key given twice", "A mapping has each key once; which of the two is meant cannot be told."),
    "C111": ("not a case", "The file is empty, or holds something other than sections."),
    "C112": ("file too large", "Large files are refused unread, so that reading one never takes long."),
}

_POSTURES: Mapping[str, tuple[str, str]] = {
    "C401": (
        "not exactly one status quo",
        "One posture stands for carrying on as before; others are compared with it.",
    ),
    "C402": ("somebody else's decision", "An actor can bind only itself: postures commit the owner's decisions."),
    "C403": ("somebody else's secret", "An actor can disclose its own types only."),
    "C404": (
        "rule rests on what its owner has not seen",
        "A published rule can only depend on what its owner has seen when it moves.",
    ),
    "C405": (
        "optimal disclosure not available here",
        "Optimal disclosure is computed for a public signal about one type of the owner with at most three labels, "
        "committed to in advance, and not together with an optimal commitment.",
    ),
    "C406": ("value of `set` not finite", "At base values the expression divides by zero or leaves its domain."),
    "C407": ("postures contradict one another", "Postures that are combined change the same thing in two ways."),
    "C408": ("postures extend one another", "Following `extends` leads back to the posture it started from."),
    "C409": ("no such option left", "`allow` must leave an option, and one that a rule of the posture picks."),
    "C410": ("posture of another owner", "All postures of a case belong to one owner."),
    "C411": (
        "best pure and best mixed rules at once",
        "The decisions of a posture whose rule is to be found are searched together, over pure rules (`optimal`) or "
        "over mixed ones (`optimal mixed`).",
    ),
}

_CLAIMS: Mapping[str, tuple[str, str]] = {
    "C501": (
        "claim cannot be judged or dismissed",
        "A claim has either `holds_when`, a comparison of quantities, or `cannot_judge`, the reason why not.",
    ),
}

_SETTLEMENT: Mapping[str, tuple[str, str]] = {
    "C802": (
        "no such party",
        "Steps are carried out and undone by parties of the settlement, or `by: third`; benefits, dividends and the "
        "like are theirs.",
    ),
    "C803": ("no such step", "`after`, `together`, `stop`, `drop` and `split` are about steps of the settlement."),
    "C804": ("steps wait for one another", "A step is, by way of others, its own prerequisite: no order exists."),
    "C805": (
        "bundle contradicts a prerequisite",
        "Steps that happen at once cannot have to come before one another, directly or by way of other steps.",
    ),
    "C806": ("named twice", "A party or step stands twice in a list, or a step in two groups of `together`."),
    "C807": (
        "number out of range in a settlement",
        "Monitoring, peacekeepers, discount and collapse lie between 0 and 1, guarantees and costs of undoing are 0 "
        "or more, and everything is finite; wherever parameters lie in their ranges.",
    ),
    "C808": (
        "stopping set cannot be reached",
        "The steps to stop at leave out a prerequisite of one of them, or a part of a bundle.",
    ),
    "C809": (
        "too many steps or parts",
        "Orders are searched for at most 24 steps, those that happen at once counting as one; 12 where what is still "
        "to come counts less. A step is split into 2 to 12 parts.",
    ),
    "C810": ("no such design", "`extends` lists other designs of the settlement."),
    "C811": ("designs extend one another", "Following `extends` leads back to the design it started from."),
    "C812": ("designs contradict one another", "Designs that are combined change the same thing in two ways."),
    "C813": ("design changes what is not there", "A design cannot change a step that it drops, or split a bundle."),
    "C814": (
        "hidden aims make no sense",
        "At most two parties are sincere or spoilers, each described once, with the odds of sincerity given either as "
        "`sincere` or by labels of a private type of that party (`from` and `sincere_if`). A spoiler differs in "
        "something.",
    ),
}

_EVIDENCE: Mapping[str, tuple[str, str]] = {
    "C701": (
        "not a likelihood",
        "A likelihood is a number above 0 and at most 1, a range [low, high], a word of ICD 203 such as `very likely`, "
        "or one of the marks ++ + 0 - --. Put marks in quotes: YAML takes a bare `-` for a list.",
    ),
    "C702": (
        "label without a number",
        "An item, an indicator or an analyst's judgment gives a likelihood for every label of the type; so do the "
        "gains and costs of staging.",
    ),
    "C703": (
        "neither judged nor a move",
        "An item has either a `likelihood` or a `move`, whose likelihood is found in the game. `absent` and "
        "`can_stage` go with a likelihood.",
    ),
    "C704": (
        "not a grade",
        "Sources are graded A to F and information 1 to 6 (Admiralty). Instead of grades an item may have a weight `r` "
        "from 0 to 1.",
    ),
    "C705": ("reported before it happened", "An item can be reported on the day it happened, or later."),
    "C706": ("no such group", "Reports of one origin belong to a group that is declared under `groups`."),
    "C707": (
        "not a move that can have happened",
        "A move is written `decision=option`. It must be one that the status quo gets to, and all moves together must "
        "be one history of the game.",
    ),
    "C708": (
        "cannot be staged like this",
        "A staged item says who could stage it (the actor whose type is judged), of which labels it is true, what "
        "being believed is worth (0 or more) and what staging costs (above 0).",
    ),
    "C709": (
        "id taken, or not an id",
        "Items and indicators have ids of their own: letters, digits, '_', '-' and '.'. An indicator cannot have the "
        "id of an item; `case` and `pooled` are no names of analysts.",
    ),
    "C710": ("no such item to judge", "Analysts judge items of the case, and only those that are not moves."),
    "C711": (
        "no such item or analyst, or no weight",
        "`seen_as` of an indicator names an item of the case. `weights` name the case's own judgment (`case`, or who "
        "is named by `judged_by`) and analysts of the case; a weight is above 0 and at most 1,000,000.",
    ),
    "C712": ("group with fewer than two items", "A group says that reports share an origin, so it takes two of them."),
}

CASE_CODES: Mapping[str, tuple[str, str]] = {
    **_STRUCTURE,
    **_READING,
    **EXPRESSION_CODES,
    **_POSTURES,
    **_CLAIMS,
    **_EVIDENCE,
    **_SETTLEMENT,
}
"""Code -> (title, explanation), in order."""
