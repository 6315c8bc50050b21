"""The pages in a real browser: the path of a reader, the editor, and what assistive technology finds."""

import shutil

import pytest

from tests.server_release import serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install playwright)")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
KINDS = ("", "page/person/dmitry-peskov", "page/state/RUS", "page/org/menafn", "page/statement/5e900040bec38a6c-881",
         "page/proposition/57f7de19a608d5b1bcb7", "page/agreement/871007b8ba97c362-1597",
         "page/article/5e900040bec38a6c", "page/office/us-deputy-secretary-of-state", "explore", "explore?view=matrix",
         "explore?view=network", "explore?view=timeline",
         "search?q=russia", "sparql", "ns", "ns/stance", "dumps/", "nowhere",
         "sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%205")


@pytest.fixture(scope="module")
def browser():
    """Return a browser that is closed in the end."""
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(released):
    """Return the address of a server for browsers."""
    with serving(released) as (found, _):
        yield found


@pytest.fixture
def complaints():
    """Return what pages complained of, or asked of other sites; empty in the end."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def tab(browser, address, complaints):
    """Return a page that remembers complaints."""
    context = browser.new_context()
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((address, "data:"))
            else complaints.append(request.url))
    page.set_default_timeout(10_000)
    page.goto(address)
    yield page
    context.close()


def test_a_reader_gets_from_a_name_to_the_other_side_and_to_the_very_words(tab):
    tab.get_by_label("A person, a state, a body").press_sequentially("peskov")
    tab.get_by_role("option", name="Dmitry Peskov").wait_for()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/page/person/dmitry-peskov")
    tab.locator("#said li", has_text="denies:").locator("a.gist").click()
    tab.get_by_role("heading", level=1, name="Dmitry Peskov denies: these reports").wait_for()
    tab.get_by_role("link", name="North Korea: deliver arms or munitions → Russia").first.click()
    tab.locator("#positive").get_by_role("link", name="Kurt Campbell").wait_for()
    tab.locator("#positive li", has_text="Kurt Campbell").get_by_role("link", name="in the article").last.click()
    tab.wait_for_url("**/page/article/871007b8ba97c362#m-*")
    words = tab.evaluate("[...CSS.highlights.get('fragment')].map((range) => range.toString()).join()")
    assert "Campbell noted that" in words
    tab.go_back()
    tab.get_by_role("heading", level=1, name="North Korea: deliver arms").wait_for()


def test_an_example_runs_in_the_editor_at_our_endpoint(tab, address):
    tab.goto(f"{address}sparql")
    tab.get_by_role("link", name="Who contradicts whom").click()
    tab.locator(".yasr table tbody tr").first.wait_for()
    assert "Dmitry Peskov" in tab.locator(".yasr table").inner_text()


def test_the_editor_completes_our_own_terms(tab, address):
    tab.goto(f"{address}sparql")
    tab.locator(".CodeMirror").wait_for()
    tab.evaluate("""document.querySelector('.CodeMirror').CodeMirror.setValue(
        'PREFIX asa: <https://example.org/ns#> SELECT * { ?s asa:onBe')""")
    tab.evaluate("""{const editor = document.querySelector('.CodeMirror').CodeMirror;
        editor.focus(); editor.setCursor(0, 999); editor.autocomplete()}""")
    tab.locator(".CodeMirror-hints li", has_text="onBehalfOf").wait_for()


def test_pages_work_without_scripts(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("header input[name=q]").fill("peskov")
    page.locator("header button").click()
    page.get_by_role("link", name="Dmitry Peskov").first.click()
    page.wait_for_url("**/page/person/dmitry-peskov")
    page.goto(f"{address}sparql")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("heading", level=1, name="Result").wait_for()
    context.close()


@pytest.fixture(scope="module")
def reader(browser):
    """Return a page that many tests use one after the other."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    yield context.new_page()
    context.close()


def faults(page, rules):
    """Return the serious faults that axe finds by some rules, with the elements that have them."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = axe.Axe().run(page, context={"exclude": [["#editor"]]}, options=options).response["violations"]
    return [(rule["id"], node["html"][:120]) for rule in found if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"][:3]]


@pytest.mark.parametrize("path", KINDS)
def test_assistive_technology_finds_no_serious_fault(reader, address, path):
    reader.emulate_media(color_scheme="light")
    reader.goto(address + path)
    assert faults(reader, ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]) == []


@pytest.mark.parametrize("path", ["", "page/statement/5e900040bec38a6c-881", "page/article/5e900040bec38a6c", "sparql",
                                  "explore?view=matrix"])
def test_words_can_be_read_in_the_dark(reader, address, path):
    reader.emulate_media(color_scheme="dark")
    reader.goto(address + path)
    assert faults(reader, {"type": "rule", "values": ["color-contrast"]}) == []


def test_a_narrow_screen_needs_no_scrolling_aside(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    wide = []
    for path in KINDS:
        page.goto(address + path)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
    context.close()
    assert wide == []
