"""The pages in a real browser: the path of a reader, the editor, and what assistive technology finds."""

import re
import shutil
import subprocess
import sys

import pytest

from tests.hostile import TEXTS
from tests.server_release import serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install playwright)")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # as if there were no network
KINDS = ("", "page/person/dmitry-peskov", "page/state/RUS", "page/org/menafn", "page/statement/5e900040bec38a6c-881",
         "page/proposition/57f7de19a608d5b1bcb7", "page/agreement/871007b8ba97c362-1597",
         "page/article/5e900040bec38a6c", "page/office/us-deputy-secretary-of-state", "explore", "explore?view=matrix",
         "explore?view=network", "explore?view=timeline",
         "search?q=russia", "sparql", "ns", "ns/stance", "dumps/", "release/", "nowhere",
         "sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%205")


@pytest.fixture(scope="module")
def browser():
    """Return a browser that is closed in the end."""
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def live(released):
    """Return the address of a server for browsers."""
    with serving(released) as (found, _):
        yield found


@pytest.fixture(scope="module")
def plain(static_site):
    """Return the address of a plain web host with the site as files."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(static_site)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        found = re.search(r"http://[\d.:]+/", process.stdout.readline())
        yield found.group()
        process.terminate()


@pytest.fixture
def complaints():
    """Return what pages complained of, or asked of other sites; empty in the end."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture(params=["live", "static"])
def address(request):
    """Return the address of the site, from our server or from a plain web host."""
    return request.getfixturevalue("live" if request.param == "live" else "plain")


def listen(page, address, complaints):
    """Remember errors, breaches of the policy among them, and requests to other sites."""
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((address, "data:"))
            else complaints.append(request.url))


@pytest.fixture
def tab(browser, address, complaints):
    """Return a page that remembers complaints."""
    context = browser.new_context()
    page = context.new_page()
    listen(page, address, complaints)
    page.set_default_timeout(10_000)
    page.goto(address)
    yield page
    context.close()


def test_a_reader_gets_from_a_name_to_the_other_side_and_to_the_very_words(tab):
    tab.get_by_label("A person, a state, a body").press_sequentially("peskov")
    tab.get_by_role("option", name="Dmitry Peskov").wait_for()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile(r"/page/person/dmitry-peskov(\.html)?$"))
    tab.locator("#said li", has_text="denies:").locator("a.gist").click()
    tab.get_by_role("heading", level=1, name="Dmitry Peskov denies: these reports").wait_for()
    tab.get_by_role("link", name="North Korea: deliver arms or munitions → Russia").first.click()
    tab.locator("#positive").get_by_role("link", name="Kurt Campbell").wait_for()
    tab.locator("#positive li", has_text="Kurt Campbell").get_by_role("link", name="in the article").first.click()
    tab.wait_for_url(re.compile(r"/page/article/871007b8ba97c362(\.html)?#m-"))
    words = tab.evaluate("[...CSS.highlights.get('fragment')].map((range) => range.toString()).join()")
    assert "Campbell noted that" in words
    tab.go_back()
    tab.get_by_role("heading", level=1, name="North Korea: deliver arms").wait_for()


def open_editor(tab):
    """Go to the query page, and wait for the editor."""
    tab.get_by_role("link", name="Query", exact=True).click()
    tab.locator("#editor .CodeMirror").wait_for()


def run(tab, query):
    """Run a query in the editor."""
    tab.evaluate("(text) => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", query)
    tab.locator(".yasqe_queryButton").click()


def test_an_example_runs_in_the_editor(tab):
    open_editor(tab)
    tab.get_by_role("link", name="Who contradicts whom").click()
    tab.locator(".yasr table tbody tr").first.wait_for()
    assert "Dmitry Peskov" in tab.locator(".yasr table").inner_text()


def test_the_editor_answers_queries_of_every_form(tab, complaints):
    open_editor(tab)
    for query, place, words in (
        ("ASK { ?s a <ns#Agreement> }", ".booleanResult", "True"),
        ("DESCRIBE <id/state/RUS>", ".yasr_results", "Russia"),
        ("SELECT ?g { GRAPH ?g { ?s a <ns#Article> } }", ".yasr table", "graph/article/5e900040bec38a6c"),
        ("SELECT * FROM <graph/none> { ?s ?p ?o }", ".yasr", "0 results"),
        ("SELECT * { ?s ?p }", ".yasr", "error"),
    ):
        run(tab, query)
        tab.locator(place, has_text=re.compile(words, re.IGNORECASE)).first.wait_for()
    complaints[:] = [text for text in complaints if "400" not in text]


def test_results_are_drawn_as_a_chart_and_as_a_timeline(tab):
    open_editor(tab)
    run(tab, """PREFIX schema: <https://schema.org/>
        SELECT ?day (COUNT(?s) AS ?n) { ?s <ns#inArticle>/schema:datePublished ?day } GROUP BY ?day""")
    tab.locator(".yasr table tbody tr").first.wait_for()
    for name, marks in (("Chart", "rect.bar"), ("Timeline", "circle.bar")):
        tab.get_by_role("button", name=f"Shows {name} view").click()
        tab.locator(f"svg.drawn {marks}").nth(1).wait_for()
        assert tab.locator(f"svg.drawn {marks}").count() == 2


def test_a_thing_in_a_result_leads_to_its_page(tab):
    open_editor(tab)
    run(tab, "SELECT ?who { VALUES ?who { <id/person/dmitry-peskov> } ?who a <ns#Person> }")
    tab.locator(".yasr table a").first.click()
    tab.get_by_role("heading", level=1, name="Dmitry Peskov").wait_for()


def test_the_editor_completes_things_by_their_names_and_our_own_terms(tab):
    open_editor(tab)
    tab.evaluate("""{const editor = document.querySelector('.CodeMirror').CodeMirror;
        editor.setValue('SELECT * { ?s ?p pesk'); editor.focus(); editor.setCursor(0, 999); editor.autocomplete()}""")
    tab.locator(".CodeMirror-hints li", has_text="Dmitry Peskov").click()
    text = tab.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert text == "SELECT * { ?s ?p <https://example.org/id/person/dmitry-peskov>"
    tab.evaluate("""document.querySelector('.CodeMirror').CodeMirror.setValue(
        'PREFIX asa: <https://example.org/ns#> SELECT * { ?s asa:onBe')""")
    tab.evaluate("""{const editor = document.querySelector('.CodeMirror').CodeMirror;
        editor.focus(); editor.setCursor(0, 999); editor.autocomplete()}""")
    tab.locator(".CodeMirror-hints li", has_text="onBehalfOf").wait_for()


def test_hostile_names_never_run(browser, hostile):
    context = browser.new_context()
    page, complaints = context.new_page(), []
    listen(page, hostile, complaints)
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.goto(hostile)
    for typed in ("<script", "onerror", "김정", "Песков", "شركة"):
        page.get_by_label("A person, a state, a body").fill(typed)
        page.locator(".hero .suggestions li").first.wait_for()
    for path in (*(f"page/person/{name}" for name in TEXTS), "explore?view=network", "page/article/ffffffffffffffff"):
        page.goto(hostile + path)
        page.locator("h1").wait_for()
    assert complaints == []
    page.goto(f"{hostile}sparql")
    run(page, "SELECT ?name (5 AS ?n) ('2024-01-01' AS ?day) { ?s a <ns#Person> ; rdfs:label ?name }".replace(
        "rdfs:label", "<http://www.w3.org/2000/01/rdf-schema#label>"))
    page.locator(".yasr table tbody tr").first.wait_for()
    for name in ("Chart", "Timeline"):
        page.get_by_role("button", name=f"Shows {name} view").click()
        page.locator("svg.drawn").wait_for()
    context.close()
    # the sanitiser of the editor's table reads each value in a document that runs nothing; the browser reports it
    assert [text for text in complaints if "inline event handler" not in text] == []


def test_a_site_without_a_server_searches_in_the_browser(browser, plain):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{plain}search.html?q=KIM")
    page.locator("#names a", has_text="Kim Jong Un").wait_for()
    assert page.locator("#names a", has_text="Peskov").count() == 0
    page.goto(f"{plain}search.html?q=embolden")
    page.get_by_role("link", name="Statements with these words").click()
    page.locator(".yasr table", has_text="embolden").wait_for()
    context.close()


def test_an_address_of_a_thing_leads_on_where_nobody_can_redirect(browser, plain, static_site):
    context = browser.new_context()
    page = context.new_page()
    text = (static_site / "404.html").read_text(encoding="utf-8").replace("https://example.org/", "/")
    page.route("**/id/**", lambda route: route.fulfill(status=404, body=text, content_type="text/html"))
    page.goto(f"{plain}id/person/dmitry-peskov")
    page.wait_for_url("**/page/person/dmitry-peskov.html")
    context.close()


def test_pages_of_a_plain_host_work_without_scripts(browser, plain):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{plain}search.html")
    page.get_by_role("link", name="Dmitry Peskov").click()
    page.get_by_role("link", name="these reports").first.click()
    page.get_by_role("link", name="North Korea: deliver arms or munitions → Russia").first.click()
    page.locator("#positive").get_by_role("link", name="Kurt Campbell").wait_for()
    page.goto(f"{plain}sparql.html")
    page.locator("noscript .notice").wait_for()
    context.close()


def test_pages_work_without_scripts(browser, live):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live)
    page.locator("header input[name=q]").fill("peskov")
    page.locator("header button").click()
    page.get_by_role("link", name="Dmitry Peskov").first.click()
    page.wait_for_url("**/page/person/dmitry-peskov")
    page.get_by_role("link", name="these reports").first.click()
    page.get_by_role("link", name="North Korea: deliver arms or munitions → Russia").first.click()
    page.locator("#positive li", has_text="Kurt Campbell").get_by_role("link", name="in the article").first.click()
    page.wait_for_url("**/page/article/871007b8ba97c362#m-*")
    page.goto(f"{live}explore?view=network&stance=denies")
    page.locator("svg.drawn").wait_for()
    page.get_by_text("The query behind this view").click()
    page.get_by_role("button", name="Run").click()
    page.get_by_role("heading", level=1, name="Result").wait_for()
    page.goto(f"{live}sparql")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("heading", level=1, name="Result").wait_for()
    context.close()


@pytest.fixture(scope="module")
def reader(browser, live):
    """Return a page that many tests use one after the other, and what it complained of."""
    context = browser.new_context()
    page, complaints = context.new_page(), []
    listen(page, live, complaints)
    yield page, complaints
    context.close()


def faults(page, rules):
    """Return the serious faults that axe finds by some rules, with the elements that have them."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = axe.Axe().run(page, context={"exclude": [["#editor"]]}, options=options).response["violations"]
    return [(rule["id"], node["html"][:120]) for rule in found if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"][:3]]


@pytest.mark.parametrize("path", KINDS)
def test_a_page_serves_everybody(reader, live, path):
    """Light and dark, wide and narrow: no serious fault, no scrolling aside, no complaint, nothing from elsewhere."""
    reader, complaints = reader
    complaints.clear()
    reader.emulate_media(color_scheme="light")
    reader.set_viewport_size({"width": 1200, "height": 900})
    reader.goto(live + path)
    found = faults(reader, ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    reader.emulate_media(color_scheme="dark")
    found += faults(reader, {"type": "rule", "values": ["color-contrast"]})
    reader.set_viewport_size({"width": 390, "height": 800})
    narrow = ["color-contrast", "target-size", "scrollable-region-focusable"]
    found += faults(reader, {"type": "rule", "values": narrow})
    if reader.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("wider than the screen")
    assert found + [text for text in complaints if "404" not in text] == []
