"""Pages are valid HTML and CSS, by the checker that the W3C runs (Nu): it reads HTML as browsers do, and ARIA too.

It comes with `npm install --prefix tests/validator`, and needs Java.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.server_release import fetch
from tests.test_pages_browser import KINDS

JAR = Path(__file__).parent / "validator" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
STYLE = Path(__file__).parent.parent / "server" / "static" / "style.css"
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="java is not installed (default-jre-headless)"),
    pytest.mark.skipif(not JAR.exists(), reason="the checker is not installed (npm install --prefix tests/validator)"),
]


def check(*files):
    """Return what the checker says of some files, one line for each complaint."""
    done = subprocess.run(["java", "-Xss4m", "-jar", str(JAR), "--format", "json", "--stdout", "--also-check-css",
                           "--Werror", *map(str, files)], capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["messages"]
    return [f"{Path(one.get('url', '')).name}:{one.get('lastLine')}: {one['message']} | {one.get('extract', '')[:120]}"
            for one in found if one["type"] != "info" or one.get("subType") == "warning"]


def test_every_kind_of_page_is_valid(site, static_site, tmp_path):
    for number, path in enumerate(KINDS):
        name = f"{number}-{path.partition('?')[0].replace('/', '-') or 'home'}.html"
        (tmp_path / name).write_bytes(fetch(site, f"/{path}", headers={"Accept": "text/html"}).body)
    policy = r'<meta http-equiv="Content-Security-Policy"[^>]*>\n'  # 'self' of a bare file is nothing
    for name in ("index.html", "sparql.html", "search.html", "404.html"):
        text = (static_site / name).read_text(encoding="utf-8")
        (tmp_path / f"static-{name}").write_text(re.sub(policy, "", text), encoding="utf-8")
    young = r"::highlight\(.*"  # CSS Custom Highlight API, which the checker does not know yet
    (tmp_path / STYLE.name).write_text(re.sub(young, "", STYLE.read_text(encoding="utf-8")), encoding="utf-8")
    complaints = check(*sorted(tmp_path.iterdir()))
    assert not complaints, "\n".join(complaints)
