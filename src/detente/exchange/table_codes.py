"""Every diagnostic code of tables of evidence, with a title and an explanation; the docs are made from it."""

from __future__ import annotations

from collections.abc import Mapping

TABLE_CODES: Mapping[str, tuple[str, str]] = {
    "T100": ("table cannot be read", "It does not exist, is not a file, or may not be read."),
    "T101": ("not text", "A CSV file is text, best in UTF-8. UTF-16 and Windows-1252 are read as well."),
    "T102": (
        "table too large",
        "Tables are refused beyond limits on bytes, rows, columns, and the size of a workbook once unpacked.",
    ),
    "T103": (
        "not a table that can be read",
        "Files that end in `.csv`, `.tsv`, `.txt` or `.xlsx` can be read. Formulas are never worked out: a cell counts "
        "for the value that was saved with it.",
    ),
    "T110": (
        "header that cannot be used",
        "The first row names the columns, each once: `id`, `reported`, one column per type, and any of the others that "
        "are known. `detente evidence template` writes a table to start from.",
    ),
    "T111": ("row that does not fit the header", "A row has more cells than the header has columns."),
    "T112": ("nothing below the header", "A table of evidence has at least one item."),
    "T120": (
        "not a likelihood",
        "A likelihood is a number above 0 and at most 1, a percentage, a range such as `0.2-0.4`, a mark (`++ + 0 - "
        "--`) or a word of ICD 203. Every type needs one, or none of them where the item is a move of the game.",
    ),
    "T121": ("not a day", "Days are dates of the spreadsheet, or text such as `2021-12-03`."),
    "T122": (
        "not a grade or share",
        "Reliability is A to F, credibility 1 to 6; `r`, `rho`, `threshold` and absences are numbers from 0 to 1.",
    ),
    "T123": ("not a name", "Ids, analysts and groups are letters, digits, `_`, `-` and `.`, at most 64 of them."),
    "T124": (
        "item given twice or in two ways",
        "Several analysts may judge one item, each once; the facts about it are given once, or alike.",
    ),
    "T125": (
        "item without a judgment of the case's own",
        "Rows without an analyst, or with `case`, hold the case's own judgments. If there are none at all, those of "
        "the first analyst are taken for it; then it must have judged every item.",
    ),
    "T130": (
        "does not fit the case",
        "With `--case`, the columns of types are the labels of the type that is judged.",
    ),
    "T131": (
        "evidence section cannot be replaced",
        "The section `evidence` of the case must be in block style: each key on a line of its own, without braces.",
    ),
}
"""Code -> (title, explanation), in order."""
