"""Sphinx configuration. The build is strict: every warning is an error (`make docs`)."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent))  # notebook_pages

from detente import __version__

project = "Detente"
author = "The Detente developers"
copyright = "2026, The Detente developers"
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "notebook_pages",
]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3
copybutton_prompt_text = r"\$ |>>> "
copybutton_prompt_is_regexp = True

html_theme = "furo"
html_title = f"Detente {version}"
html_static_path = ["_static"]
html_css_files = ["detente.css"]
html_show_sphinx = False

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_class_signature = "separated"
autodoc_default_options = {"members": True, "imported-members": True}
autodoc_type_aliases = {name: name for name in ("Floats", "Ints", "Bools", "Weight", "Rule")}
python_use_unqualified_type_names = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True

_CODE = re.compile(r"``[^`]+``|`[^`]+`(?!_)")
_MARKUP = re.compile(r"([*|])")


def _plain_docstring(app, what, name, obj, options, lines):
    """Docstrings are written for reading: `x` is code, and no other mark means anything."""
    text, parts, last = "\n".join(lines), [], 0
    for match in _CODE.finditer(text):
        parts += [_MARKUP.sub(r"\\\1", text[last : match.start()]), f"``{match[0].strip('`')}``"]
        if text[match.end() : match.end() + 1].isalnum():
            parts.append("\\ ")  # code ends inside a word
        last = match.end()
    parts.append(_MARKUP.sub(r"\\\1", text[last:]))
    lines[:] = "".join(parts).split("\n")


def setup(app):
    app.connect("autodoc-process-docstring", _plain_docstring, priority=100)
