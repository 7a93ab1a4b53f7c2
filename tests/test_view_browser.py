"""A debate's page in a real browser: nothing leaves it, everyone can read it, nothing hostile runs.

Without Chromium these tests fail: a page that nobody has looked at is not known to work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pyoxigraph import NamedNode, Store

from browser import find
from sicetnon import query
from sicetnon.view import draw

pytestmark = pytest.mark.browser

CASES = Path(__file__).parent / "cases" / "view"
THREADS = {"debate": "limits-of-deep-learning-theory", "hostile": "hostile"}
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ATTACK = "</title><script>window.hacked=99</script><!--]]>\u2028\u202e\"'\\"
# The share of the explorer's canvas whose pixels differ from its background.
INK = """() => {
  const canvas = document.querySelector('#explorer canvas');
  const copy = document.createElement('canvas');
  Object.assign(copy, { width: canvas.width, height: canvas.height });
  const pen = copy.getContext('2d', { willReadFrequently: true });
  pen.drawImage(canvas, 0, 0);
  const { data } = pen.getImageData(0, 0, copy.width, copy.height);
  let ink = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 40) ink += 1;
  return ink / (data.length / 4);
}"""


class Opened:
    """A page with a record of all that it asked for, said and threw."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.trouble: list[str] = []
        self.page.on("console", lambda message: self.trouble.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self.trouble.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self._asked(request.url, address))
        self.page.goto(address)

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith(("data:", "blob:")) and url.split("#")[0] != address.split("#")[0]:
            self.trouble.append(f"request: {url}")

    def settle(self) -> None:
        self.page.wait_for_timeout(350)


Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find()
    if path is None:
        pytest.fail("no Chromium for the browser tests: run `make browser`", pytrace=False)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    file = query.load("memorization-debate", "view")
    found = {}
    for case, thread in THREADS.items():
        store = Store()
        store.load(path=str(CASES / f"{case}.ttl"), to_graph=NamedNode("urn:case"))
        tension = f"https://w3id.org/sicetnon/id/thread/{thread}/tension/memorization"
        text = query.bind(file.text, {"tension": NamedNode(tension)})
        triples: Any = store.query(text, use_default_graph_as_union=True)
        title = ATTACK if case == "hostile" else file.title
        target = tmp_path_factory.mktemp("view") / f"{case}.html"
        target.write_text(draw(triples, title, f"{text}\n# {title}", "html"), encoding="utf-8")
        found[case] = target.as_uri()
    return found


@pytest.fixture
def opened(browser: Browser, addresses: dict[str, str]) -> Iterator[Open]:
    contexts: list[BrowserContext] = []
    pages: list[Opened] = []

    def start(case: str = "debate", at: str = "", wide: int = 1400, **options: Any) -> Opened:
        size = {"width": wide, "height": 900}
        calm: Any = {"viewport": size, "reduced_motion": "reduce", **options}
        contexts.append(browser.new_context(**calm))
        pages.append(Opened(contexts[-1], addresses[case] + at))
        return pages[-1]

    yield start
    trouble = [line for one in pages for line in one.trouble]
    for context in contexts:
        context.close()
    assert not trouble


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("at", ["", "#sel=claim-tail-necessary", "#view=explorer&sel=relation-19"])
def test_axe_finds_nothing(opened: Open, scheme: str, at: str) -> None:
    one = opened(at=at, color_scheme=scheme)
    one.settle()
    result = Axe().run(one.page, options={"runOnly": {"type": "tag", "values": WCAG}})
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("case", ["debate", "hostile"])
@pytest.mark.parametrize("wide", [320, 768, 1400])
def test_no_sideways_scroll(opened: Open, case: str, wide: int) -> None:
    page = opened(case, wide=wide).page
    assert sideways(page) <= 0
    page.evaluate("Page.choose([...document.querySelectorAll('#map a.node')].pop().dataset.id)")
    assert sideways(page) <= 0


def test_without_script_map_legend_and_text_are_there(opened: Open) -> None:
    page = opened(java_script_enabled=False).page
    expect(page.locator("#map svg .node.claim").first).to_be_visible()
    expect(page.locator(".legend")).to_be_visible()
    expect(page.locator(".tools")).to_be_hidden()
    expect(page.locator("#panel")).to_be_hidden()
    entry = page.locator("#claim-tail-necessary")
    expect(entry).to_contain_text("a learner that does not memorize its rare examples")
    expect(entry).to_contain_text("directly contradicts the need to memorize")
    page.locator('#map a[href="#claim-tail-necessary"]').click()
    expect(entry).to_be_in_viewport()


def test_a_click_on_a_claim_shows_text_quote_sources_and_relations(opened: Open) -> None:
    page = opened().page
    page.locator('#map a[data-id="claim-tail-necessary"]').click()
    panel = page.locator("#panel")
    for words in (
        "When the data are a mixture with a long tail",
        "a learner must memorize what it has seen once",
        "version 2, Perspectives, block 1",
        "Long-tail theory",
        "Does Learning Require Memorization?",
        "3 for, 2 against",
        "Stable training generalizes without memorizing",
        "supports Necessary",
    ):
        expect(panel).to_contain_text(words)
    panel.get_by_role("link", name="Stable training generalizes without memorizing").click()
    expect(panel).to_contain_text("the gap between training and test error is small")
    assert "sel=claim-stability" in page.url


def test_a_click_on_a_line_or_its_sign_shows_what_it_rests_on(opened: Open) -> None:
    page = opened().page
    page.locator('#map [data-sign="relation-19"]').click()
    panel = page.locator("#panel")
    for words in (
        "contradicts",
        "stated",
        "directly contradicts the need to memorize",
        "version 2, Tensions, block 2",
        "Train faster, generalize better",
        "If no single example changes the result much",
        "a learner that does not memorize its rare examples",
    ):
        expect(panel).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.evaluate(
        """document.querySelector('#map a[data-id="relation-16"] path')
           .dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))"""
    )
    expect(panel).to_contain_text("confidence 0.55")


def test_keys_reach_every_control_and_walk_the_map(opened: Open) -> None:
    page = opened().page
    page.evaluate("document.activeElement.blur()")
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { const at = document.activeElement; const style = getComputedStyle(at);
            const shape = at.querySelector && at.querySelector('.shape');
            return [at.id || at.dataset.view || at.dataset.zoom || at.value || at.dataset.id
                    || at.getAttribute('href'),
                    style.outlineStyle !== 'none' || Boolean(shape
                      && getComputedStyle(shape).strokeWidth === '4px')]; }"""
        )
        stops.append(stop)
        if stop[0] == "tension-memorization":
            break
    names = [name for name, _ in stops]
    wanted = [
        "find",
        "map",
        "explorer",
        "in",
        "out",
        "fit",
        "reset",
        "supports",
        "inferred",
        "work",
    ]
    assert set(wanted) <= set(names)
    assert names[-1] == "tension-memorization"
    assert len(names) < 35
    assert all(visible for _, visible in stops), stops
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.id").startswith("answer-")
    page.keyboard.press("ArrowRight")
    here = page.evaluate("document.activeElement.dataset.id")
    assert here.startswith("claim-")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.id") == here
    page.keyboard.press("Tab")
    assert not page.evaluate("Boolean(document.activeElement.closest('#map'))")


def test_search_marks_dims_and_counts(opened: Open) -> None:
    page = opened().page
    page.locator("#find").fill("differential privacy")
    expect(page.locator("#map .node.hit")).to_have_count(1)
    expect(page.locator("#found")).to_have_text("1 entry matches")
    assert page.locator("#map .node.dim").count() > 15
    expect(page.locator("#claim-dp-cost")).to_be_visible()
    expect(page.locator("#claim-grokking")).to_be_hidden()
    assert "q=differential" in page.url
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_contain_text("Privacy costs accuracy on the tail")
    page.locator("#reset").click()
    expect(page.locator("#map .dim")).to_have_count(0)
    expect(page.locator("#panel")).to_be_hidden()
    assert "q=" not in page.url


@pytest.mark.parametrize("name", ["supports", "contradicts", "refines", "qualifies", "repliesTo"])
def test_each_stance_filters_map_and_text(opened: Open, name: str) -> None:
    page = opened().page
    lines = page.locator(f"#map a.edge.{name}")
    assert lines.count() == page.locator(f"#map a.edge.{name}:not(.off)").count() > 0
    page.locator(f'.filters [value="{name}"]').uncheck()
    expect(page.locator(f"#map a.edge.{name}:not(.off)")).to_have_count(0)
    expect(page.locator(f"#map .sign.{name}:not(.off)")).to_have_count(0)
    expect(page.locator(f"#text .relation.{name}:visible")).to_have_count(0)
    assert page.locator("#text .relation:visible").count() > 0
    assert f"off={name}" in page.url
    page.reload()
    expect(page.locator(f'.filters [value="{name}"]')).not_to_be_checked()
    expect(page.locator(f"#map a.edge.{name}:not(.off)")).to_have_count(0)


@pytest.mark.parametrize("name", ["stated", "judged", "inferred"])
def test_each_status_filters_map_and_text(opened: Open, name: str) -> None:
    page = opened().page
    assert page.locator(f"#map a.edge.{name}:not(.off)").count() > 0
    page.locator(f'.filters [value="{name}"]').uncheck()
    expect(page.locator(f"#map a.edge.{name}:not(.off)")).to_have_count(0)
    expect(page.locator(f'#text .relation[data-status="{name}"]:visible')).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("answer", "#map .node.answer"),
        ("claim", "#map .node.claim"),
        ("perspective", "#map .holder"),
        ("work", "#map .works"),
    ],
)
def test_each_kind_filters_map_text_and_explorer(opened: Open, name: str, gone: str) -> None:
    one = opened(at="#view=explorer")
    one.settle()
    before = one.page.evaluate(INK)
    one.page.locator(f'.filters [value="{name}"]').uncheck()
    one.settle()
    assert one.page.evaluate(INK) < before
    expect(one.page.locator(f"#text .card.{name}:visible")).to_have_count(0)
    one.page.locator('[data-view="map"]').click()
    assert one.page.locator(gone).count() > 0
    expect(one.page.locator(f"{gone}:visible")).to_have_count(0)


@pytest.mark.parametrize("case", ["debate", "hostile"])
def test_the_explorer_is_not_blank_and_opens_what_is_clicked(opened: Open, case: str) -> None:
    one = opened(case)
    one.page.locator('[data-view="explorer"]').click()
    one.settle()
    assert 0.02 < one.page.evaluate(INK) < 0.6
    one.page.locator("#explorer canvas").evaluate("canvas => canvas.scrollIntoView()")
    box = one.page.locator("#explorer canvas").bounding_box()
    assert box
    claim = one.page.locator("#map a.node.claim").first.get_attribute("data-id")
    at = one.page.evaluate("id => Explorer.onCanvas(Explorer.where()[id])", claim)
    one.page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    expect(one.page.locator("#panel .card.claim")).to_be_visible()
    assert f"sel={claim}" in one.page.url
    one.settle()
    assert one.page.evaluate(INK) > 0.02


def test_zoom_changes_the_map_alone(opened: Open) -> None:
    page = opened(wide=600).page
    wide = page.locator("#map > svg").get_attribute("width")
    page.locator('[data-zoom="in"]').click()
    assert float(page.locator("#map > svg").get_attribute("width") or 0) > float(wide or 0)
    page.locator('[data-zoom="fit"]').click()
    assert float(page.locator("#map > svg").get_attribute("width") or 0) < 600
    assert sideways(page) <= 0


def test_paper_has_map_text_and_works(opened: Open) -> None:
    page = opened().page
    page.emulate_media(media="print")
    for wanted in ("#map svg", "#claim-tail-necessary", "#work-long-tail", ".legend"):
        expect(page.locator(wanted).first).to_be_visible()
    for left_out in (".tools", "#panel", "#explorer"):
        expect(page.locator(left_out)).to_be_hidden()


@pytest.mark.parametrize(
    "at", ["", "#view=explorer", "#sel=__proto__&off=x.toString&q=%3Cscript%3E"]
)
def test_hostile_words_run_nothing(opened: Open, at: str) -> None:
    one = opened("hostile", at)
    one.settle()
    names = one.page.evaluate(
        "[...document.querySelectorAll('[data-entry]')].map(e => e.dataset.entry)"
    )
    assert len(names) > 20
    for name in names:
        one.page.evaluate("id => Page.choose(id)", name)
    one.page.locator("#find").fill("<img src=x onerror=window.hacked=100>")
    one.settle()
    assert one.page.evaluate("window.hacked") is None
    assert one.page.locator("iframe, img, object, embed").count() == 0
    assert re.fullmatch(r"</title><script>.* — Sic et Non", one.page.title())
