"""The report in headless Chromium: no messages on the console, charts drawn, phone, dark mode,
keyboard, print."""

import base64
import os
import re

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from overbuild.report import write_report

CHARTS = 11


@pytest.fixture(scope="module")
def address(base, fiber, folder):
    file = folder / "browser.html"
    write_report([base, fiber], file, start=2025)
    return file.as_uri()


@pytest.fixture(scope="module")
def browser():
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for each in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                 *(["--no-sandbox"] if os.geteuid() == 0 else [])):
        options.add_argument(each)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    yield driver
    driver.quit()


@pytest.fixture
def page(browser, address):
    def show(width=1280, dark=False):
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
        browser.get(address)
        return browser
    yield show
    assert browser.get_log("browser") == []  # every test: nothing on the console


def colours(browser):
    """Number of different colours that each canvas has."""
    return browser.execute_script("""
        return [...document.querySelectorAll("canvas")].map((canvas) => {
          const copy = document.createElement("canvas");
          [copy.width, copy.height] = [canvas.width, canvas.height];
          const context = copy.getContext("2d", { willReadFrequently: true });
          context.drawImage(canvas, 0, 0);
          const pixels = context.getImageData(0, 0, copy.width, copy.height).data;
          return new Set(new Uint32Array(pixels.buffer)).size; })""")


def keep(browser, name):
    """A picture of the whole page, where OVERBUILD_SCREENSHOTS names a folder."""
    if os.environ.get("OVERBUILD_SCREENSHOTS"):
        size = browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        picture = browser.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True, "clip": {**size, "scale": 1}})
        with open(os.path.join(os.environ["OVERBUILD_SCREENSHOTS"], name + ".png"), "wb") as file:
            file.write(base64.b64decode(picture["data"]))


@pytest.mark.parametrize("width", [390, 800, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_charts_are_drawn_and_nothing_is_too_wide(page, width, dark):
    browser = page(width, dark)
    keep(browser, f"{width}-{'dark' if dark else 'light'}")
    assert browser.execute_script("return document.documentElement.dataset.charts") == str(CHARTS)
    assert len(colours(browser)) == CHARTS
    # an empty canvas has one; axes alone have fewer than lines and bands
    assert min(colours(browser)) > 20
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    too_wide = browser.execute_script("""
        return [...document.querySelectorAll("body *")]
          .filter((e) => !e.closest(".scroll, pre, .skip, .hidden"))
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
          .map((e) => e.outerHTML.slice(0, 80))""")
    assert too_wide == []


def test_logarithmic_axes_have_numbers_to_read_them_by(browser, base, folder):
    """Expenditure hardly moves in the base case: its axis spans less than a power of ten."""
    file = folder / "narrow.html"
    write_report([base], file)
    browser.get(file.as_uri())
    numbers = browser.execute_script("""
        return [...document.querySelectorAll("canvas")].flatMap((canvas) =>
          Object.values(Chart.getChart(canvas).scales)
            .filter((scale) => scale.type === "logarithmic")
            .map((scale) => scale.ticks.filter((tick) => tick.label).length))""")
    assert len(numbers) >= 4 and min(numbers) >= 2
    assert browser.get_log("browser") == []


CONTRAST = """
const linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const channel = (v) => linear(v / 255);
const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number);
  return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
const ground = (e) => { for (; e; e = e.parentElement) {
  const c = getComputedStyle(e).backgroundColor; if (!/, 0\\)$/.test(c)) return c; }
  return "rgb(255,255,255)"; };
return [...document.querySelectorAll("p, h1, h2, h3, a, th, td, caption, summary, code, li button")]
  .filter((e) => e.getClientRects().length && e.textContent.trim()).map((e) => {
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), e.outerHTML.slice(0, 80)]; })
"""


@pytest.mark.parametrize("dark", [False, True])
def test_text_has_the_contrast_that_wcag_aa_asks(page, dark):
    browser = page(dark=dark)
    for details in browser.find_elements(By.TAG_NAME, "details"):
        browser.execute_script("arguments[0].open = true", details)
    ratios = browser.execute_script(CONTRAST)
    assert len(ratios) > 300
    assert [each for each in ratios if each[0] < 4.5] == []
    ground = browser.execute_script(
        "return getComputedStyle(document.documentElement).backgroundColor")
    assert (ground == "rgb(20, 23, 26)") == dark


@pytest.mark.parametrize("dark", [False, True])
def test_colours_of_charts_stand_out(page, dark):
    browser = page(dark=dark)
    ratios = browser.execute_script(CONTRAST.split("return [...")[0] + """
        const style = getComputedStyle(document.documentElement);
        const rgb = (hex) => `rgb(${[1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))})`;
        return [0, 1, 2, 3, 4, 5, 6].map((n) => {
          const [a, b] = [light(rgb(style.getPropertyValue(`--c${n}`).trim())),
                          light(rgb(style.getPropertyValue("--panel").trim()))].sort((x, y) => y - x);
          return (a + 0.05) / (b + 0.05); })""")
    # lines; the lighter of two fills lies beside the other
    assert min(ratios[:5]) >= 3 and min(ratios) >= 2.5


def test_keys_read_values(page, base):
    browser = page()
    canvas = browser.find_element(By.ID, "coverage-canvas")
    value = browser.find_element(By.ID, "coverage-value")
    canvas.send_keys(Keys.ARROW_RIGHT)
    assert value.text.startswith("year 2025 · median 0.23")
    canvas.send_keys(Keys.END)
    assert f"year 2035 · median {float(base.series.coverage_quantile[-1, 4]):.3g}" in value.text
    canvas.send_keys(Keys.ARROW_LEFT)
    assert value.text.startswith("year 2034.75")
    for name in ("bust-time", "waterfall", "tornado", "phase"):
        browser.find_element(By.ID, f"{name}-canvas").send_keys(Keys.ARROW_RIGHT)
        assert re.search(r"\d", browser.find_element(By.ID, f"{name}-value").text), name
    assert value.get_attribute("aria-live") == "polite"


def test_the_pointer_shows_a_tooltip(page):
    browser = page()
    canvas = browser.find_element(By.ID, "bust-canvas")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", canvas)
    before = colours(browser)[2]
    webdriver.ActionChains(browser).move_to_element(canvas).perform()
    shown = browser.execute_script("const c = Chart.getChart('bust-canvas').tooltip; return "
                                   "[c.opacity, c.title, c.body]")
    assert shown[0] == 1 and shown[1][0].startswith("year 20")
    assert "bust has begun" in shown[2][0]["lines"][0]
    assert colours(browser)[2] != before


def test_the_legend_hides_parts(page):
    browser = page()
    button = browser.find_element(By.CSS_SELECTOR, "#coverage .legend button")
    before = browser.find_element(By.ID, "coverage-canvas").screenshot_as_png
    button.send_keys(Keys.ENTER)
    assert button.get_attribute("aria-pressed") == "false"
    assert browser.find_element(By.ID, "coverage-canvas").screenshot_as_png != before


def test_the_page_says_what_it_is_to_those_who_do_not_see_it(page):
    browser = page()
    checks = browser.execute_script("""
        const all = (s) => [...document.querySelectorAll(s)];
        return { lang: document.documentElement.lang, h1: all("h1").length,
          levels: all("h1, h2, h3").map((h) => +h.tagName[1]),
          unnamed: all("canvas").filter((c) => !c.getAttribute("aria-label") || c.tabIndex !== 0).length,
          headless: all("table").filter((t) => !t.caption || !t.querySelector('th[scope="col"]')).length,
          ids: all("[id]").length - new Set(all("[id]").map((e) => e.id)).size,
          links: all('a[href^="#"]').filter((a) => !document.querySelector(a.getAttribute("href"))).length,
          loaded: performance.getEntriesByType("resource").map((e) => e.name) }""")
    assert checks["lang"] == "en" and checks["h1"] == 1
    assert all(b - a <= 1 for a, b in zip(checks["levels"], checks["levels"][1:]))
    assert (checks["unnamed"], checks["headless"], checks["ids"], checks["links"]) == (0, 0, 0, 0)
    assert [each for each in checks["loaded"] if not each.startswith("data:")] == []


def test_charts_fit_the_columns_of_paper(page):
    """A4 without margins of 1 cm is 717 px wide; the window from which it is printed is wider."""
    browser = page(1280)
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 717, "height": 1050, "deviceScaleFactor": 1, "mobile": False})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    keep(browser, "paper")
    boxes = browser.execute_script("""
        const box = (e) => { const b = e.getBoundingClientRect();
          return [b.left, b.top, b.right, b.bottom]; };
        return [...document.querySelectorAll("figure")].map((figure) => {
          const canvas = figure.querySelector("canvas");
          return { figure: box(figure), canvas: box(canvas), width: canvas.width,
                   caption: box(figure.querySelector("figcaption")) }; })""")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    assert len(boxes) == CHARTS
    for each in boxes:
        figure, canvas = each["figure"], each["canvas"]
        assert figure[0] <= canvas[0] and canvas[2] <= figure[2] <= 717
        assert each["caption"][3] <= canvas[1] and canvas[3] <= figure[3]
        assert each["width"] >= 3 * 300  # enough dots for paper
    for a, b in zip(boxes, boxes[1:]):
        assert a["figure"][2] <= b["figure"][0] or a["figure"][3] <= b["figure"][1]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_assumptions_can_be_read_without_scrolling_sideways(page, width):
    browser = page(width)
    wide = browser.execute_script("""
        return [...document.querySelectorAll("#assumptions > .scroll, #scenarios > .scroll")]
          .map((e) => [e.scrollWidth, e.clientWidth])""")
    assert len(wide) == 4 and all(content <= room for content, room in wide)


def test_paper_is_light_even_in_dark_mode(page):
    browser = page(dark=True)
    browser.execute_script("""
        addEventListener("beforeprint", () => { window.seen = getComputedStyle(document.documentElement)
          .getPropertyValue("--ink").trim(); });""")
    pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF",
                                                   {"printBackground": False})["data"])
    assert pdf.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 4
    assert browser.execute_script("return window.seen") == "#1b1d1f"
    assert browser.execute_script("return document.documentElement.className") == ""
    assert min(colours(browser)) > 20
