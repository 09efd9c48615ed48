"""Every diagnostic code that an expression or a claim can cause, with a title and an explanation."""

from __future__ import annotations

from collections.abc import Mapping

EXPRESSION_CODES: Mapping[str, tuple[str, str]] = {
    "C201": (
        "expression too long",
        "An expression may have 500 characters. Split a payoff into several terms, or name part of it as an outcome.",
    ),
    "C202": (
        "expression nested too deeply",
        "Parentheses, signs and chains of operators may be nested 40 levels deep. Split the expression.",
    ),
    "C203": ("expression has too many parts", "An expression may have 300 numbers, names and operators together."),
    "C204": (
        "character not allowed",
        "Expressions are written in plain ASCII: names, numbers, + - * / ** ( ) [ ] , . and comparisons.",
    ),
    "C205": (
        "not part of the language",
        "Case files come from strangers, so the language is small on purpose: no text in quotes, no attributes, "
        "no functions beyond min, max, exp, log, sqrt, abs, count, happened, ever, always and "
        "count_rounds, no lambda and no loops.",
    ),
    "C206": ("expression cannot be read", "Something is missing or stands in the wrong place."),
    "C207": ("number cannot be read", "Numbers are written 12, 0.5 or 1e-3, and must be finite."),
    "C208": (
        "exponent not allowed",
        "The exponent of ** is a literal number between -8 and 8, or the name of a parameter.",
    ),
    "C209": (
        "no such function",
        "The functions are min, max, exp, log, sqrt, abs, count and happened; with rounds also ever, always and "
        "count_rounds.",
    ),
    "C210": ("wrong number of arguments", "Each function says how many arguments it takes."),
    "C211": (
        "dotted name not allowed",
        "Three dotted names exist, with one dot each: a type (RUS.aim), one ballot of a vote (vote.DEU) and an item "
        "of a portfolio (package.talks). Variables of rounds are called move.2, previous.move and last.move, and their "
        "ballots and items package.2.talks. Nothing else has attributes.",
    ),
    "C212": ("list in the wrong place", "A list [a, b] of labels may only stand to the right of `in` or `not in`."),
    "C213": (
        "index not allowed",
        "A per-option table is indexed by its variable, level_cost[winter], or by one label, level_cost[mass].",
    ),
    "C214": (
        "reserved word",
        "Words such as none, rest, all and optimal have a meaning in case files and are no names of your own.",
    ),
    "C215": ("name begins with two underscores", "Names may not begin with two underscores."),
    "C220": ("no such name", "The name is not declared in this case, or not available here."),
    "C221": ("label of another variable", "A variable is compared with its own labels only."),
    "C222": ("variable compared with a number", "Variables have labels, not numbers; count(...) gives a number."),
    "C223": (
        "condition where a number is expected",
        "A condition is not a number. Write `1 if CONDITION else 0`, or give the term a `when`.",
    ),
    "C224": (
        "number where a condition is expected",
        "A condition says what happened, for example `move == assault`.",
    ),
    "C225": (
        "number without a name",
        "Every number in a case is a named parameter with a range and a source, so that it can be disputed and swept. "
        "Only 0, 1 and -1 may be written out, besides exponents, the thresholds of count(...) and those of claims.",
    ),
    "C226": (
        "table indexed with the wrong variable",
        "A per-option table belongs to the variable named by its `of`, and is indexed by it or by one of its labels.",
    ),
    "C227": ("label without its variable", "A label says nothing alone: compare it with its variable."),
    "C228": (
        "labels have no order",
        "Variables can be compared with labels through == != in and not in. They have no order, are not "
        "compared with each other, and such comparisons are not chained.",
    ),
    "C229": ("variable comes later", "A condition may only speak of what has already been decided at that point."),
    "C230": ("parameter in a condition", "Conditions speak of the history. Parameters belong in values."),
    "C231": (
        "`!=` on a variable that can be skipped",
        "`!=` and `not in` are true where the variable was skipped. Add `happened(variable) and ...` if that is "
        "not meant.",
    ),
    "C232": (
        "variable used as a number",
        "In a value, a variable may only stand in the condition of an if-else or index a table.",
    ),
    "C233": ("table without an index", "A per-option table needs an index, as in level_cost[winter]."),
    "C234": ("no such item of the portfolio", "package.item asks whether an item is part of the portfolio chosen."),
    "C235": (
        "condition mapping cannot be read",
        "Under `when:`, a mapping gives for each variable one of its labels or a list of them; all must hold.",
    ),
    "C236": ("label belongs to several variables", "Write the variable: `RUS.aim == subjugate`."),
    "C237": (
        "variable of another round",
        "A variable of a block of rounds is set once in every round. Inside the block its bare name means this round, "
        "and previous.x the round before, for what the block's `carry` lists. Outside, say which round is meant: "
        "move.2, last.move, or all of them in ever(...), always(...) and count_rounds(...).",
    ),
    "C238": (
        "all rounds cannot be looked at here",
        "ever(...), always(...) and count_rounds(...) belong where all rounds are over: outcomes, claims, final payoff "
        "terms and entries behind the block.",
    ),
    "C240": (
        "table indexed by a skipped variable",
        "The term counts where its variable was skipped, so the table has no entry. Give the term a `when` that "
        "rules this out, or the table an entry named none.",
    ),
    "C241": ("condition not decided", "The condition rests on a variable that has not been reached, or on parameters."),
    "C242": ("expression not a function of the parameters", "It still rests on the history or on an unknown name."),
    "C250": (
        "not a claim",
        "A claim is a comparison of quantities, such as `value(USA, ambiguous) > value(USA, open)`, or several "
        "joined by and, or, not.",
    ),
    "C251": ("no such actor", "The first argument of value, action_value and misjudged is an actor of the case."),
    "C252": ("no such posture", "The quantity names a posture that the case does not declare."),
    "C253": ("no such decision", "action_value needs a decision of that actor."),
    "C254": ("no such option", "action_value needs one of the options of the decision."),
    "C255": ("no such type", "share_of_types needs a private type, such as RUS.aim."),
    "C256": (
        "quantity not written correctly",
        "The quantities are value(ACTOR, posture), probability(event, posture), action_value(ACTOR, decision, option, "
        "posture), share_of_types(ACTOR.type, comparison), misjudged(ACTOR, posture) and settles(design). The first "
        "three may end in `| condition` and `, with parameter = expression`.",
    ),
    "C257": ("quantity outside a claim", "Quantities such as value(...) are available in claims only."),
    "C258": (
        "`type` not allowed here",
        "`type` stands for the running label inside share_of_types(...), and must be used there.",
    ),
    "C259": ("no such design", "settles(...) names a design of the section `settlement`, which the case has to have."),
}
