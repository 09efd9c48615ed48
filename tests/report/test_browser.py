"""The page in a real browser: nothing overflows, nothing is fetched, dark is dark."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from detente.report import render_report
from report import factory, factory_assess, factory_settle

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="needs Chromium"),
]

PROBE = """
<script>
window.addEventListener("load", function () {
  var wide = document.documentElement.scrollWidth - window.innerWidth;
  var svgs = Array.prototype.slice.call(document.querySelectorAll("svg"));
  var svg = svgs.find(function (item) { return item.getClientRects().length; });
  var text = svg.querySelector("text");
  document.title = "overflow=" + wide + " paper=" + getComputedStyle(document.documentElement).backgroundColor +
    " ink=" + getComputedStyle(text).fill + " shown=" + svg.parentNode.className +
    " loaded=" + performance.getEntriesByType("resource").length +
    " button=" + document.getElementById("theme").textContent;
});
</script>
"""


def look(page: str, folder: Path, width: int, dark: bool) -> dict[str, str]:
    """What the browser makes of the page."""
    # The page's own policy would forbid the probe, so it is taken out for this test only.
    probed = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace("</body>", PROBE + "</body>")
    path = folder / "page.html"
    path.write_text(probed, encoding="utf-8")
    command = [str(BROWSER), "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    command += [f"--window-size={width},1000", "--dump-dom", path.as_uri()]
    if dark:
        command.insert(1, "--blink-settings=preferredColorScheme=0")
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
    title = re.search(r"<title>(.*?)</title>", done.stdout)
    assert title is not None
    return dict(re.findall(r"(\w+)=(.*?)(?= \w+=|$)", title[1]))


@pytest.mark.parametrize("width", [500, 1200])
def test_nothing_overflows_and_the_fitting_chart_is_shown(page: str, tmp_path: Path, width: int) -> None:
    seen = look(page, tmp_path, width, dark=False)
    assert int(seen["overflow"]) <= 0
    assert seen["shown"] == ("narrow" if width < 700 else "wide")
    assert seen["loaded"] == "0"


@pytest.mark.parametrize("width", [500, 1200])
def test_sections_on_intent_and_settlements_fit_any_screen(tmp_path: Path, width: int) -> None:
    case = replace(factory.case(), postures=(), outcomes=(), not_modelled=())
    intent_and_deal = render_report(
        None, None, None, case, assess=factory_assess.assess_answer(), settle=factory_settle.settle_answer()
    )
    seen = look(intent_and_deal, tmp_path, width, dark=False)
    assert int(seen["overflow"]) <= 0
    assert seen["shown"] == ("narrow" if width < 700 else "wide")
    assert seen["loaded"] == "0"


def test_light_and_dark_follow_the_reader(page: str, tmp_path: Path) -> None:
    light = look(page, tmp_path, 1200, dark=False)
    dark = look(page, tmp_path, 1200, dark=True)
    assert (light["paper"], light["ink"]) == ("rgb(255, 255, 254)", "rgb(86, 93, 104)")
    assert (dark["paper"], dark["ink"]) == ("rgb(21, 24, 29)", "rgb(169, 176, 187)")
    assert (light["button"], dark["button"]) == ("Dark", "Light")


def test_hostile_text_runs_nothing(hostile_page: str, tmp_path: Path) -> None:
    seen = look(hostile_page, tmp_path, 500, dark=False)
    assert seen["loaded"] == "0"
    assert int(seen["overflow"]) <= 0
