"""Games in the formats of other programs, and evidence in spreadsheets: read, written, and what may be wrong."""

from __future__ import annotations

from detente.exchange.codes import EXCHANGE_CODES
from detente.exchange.efg import to_efg
from detente.exchange.evidence_rows import DAYS, HELP_ROWS, evidence_rows, template_rows
from detente.exchange.evidence_table import EvidenceTable, TableEntry, evidence_table
from detente.exchange.evidence_yaml import case_of_evidence, case_with_evidence
from detente.exchange.normal_form import normal_form
from detente.exchange.reading import GAME_SUFFIXES, as_file, is_game_file, load_game, read_game
from detente.exchange.recall import history
from detente.exchange.records import ExactNumbers, FileNode, FileOutcome, FileSet, FileTable, FileTree, GameFile
from detente.exchange.spreadsheet import SUFFIXES, Sheet, csv_text, read_sheet, sheet_of_text, workbook_bytes
from detente.exchange.table_codes import TABLE_CODES
from detente.exchange.write_efg import write_efg
from detente.exchange.write_nfg import write_nfg

__all__ = [
    "DAYS",
    "EXCHANGE_CODES",
    "GAME_SUFFIXES",
    "HELP_ROWS",
    "SUFFIXES",
    "TABLE_CODES",
    "EvidenceTable",
    "ExactNumbers",
    "FileNode",
    "FileOutcome",
    "FileSet",
    "FileTable",
    "FileTree",
    "GameFile",
    "Sheet",
    "TableEntry",
    "as_file",
    "case_of_evidence",
    "case_with_evidence",
    "csv_text",
    "evidence_rows",
    "evidence_table",
    "history",
    "is_game_file",
    "load_game",
    "normal_form",
    "read_game",
    "read_sheet",
    "sheet_of_text",
    "template_rows",
    "to_efg",
    "workbook_bytes",
    "write_efg",
    "write_nfg",
]
