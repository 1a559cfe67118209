"""What holds for the whole page: speed, keyboard, labels and contrast, width."""

import os

import pytest
from selenium.webdriver.common.keys import Keys

VIEWS = ["try", "look", "train", "runs"]
SIZES = {"wide": (1440, 900), "phone": (360, 740)}


def axe_script():
    import axe_playwright_python
    path = os.path.join(os.path.dirname(axe_playwright_python.__file__), "axe.min.js")
    with open(path, encoding="utf-8") as file:
        return file.read()


def settle(user, view):
    waits = {"try": ".answer-name", "look": ".map", "train": ".block-shape", "runs": ".legend b"}
    user.until(lambda: user.all(waits[view]), waits[view], 30)
    user.idle()


def test_interactive_within_200_ms(user):
    times = []
    for _ in range(7):
        user.open("try")
        times.append(user.run("""
          const [load] = performance.getEntriesByType('navigation'), [mark] = performance.getEntriesByName('interactive');
          return mark.startTime - load.loadEventEnd"""))
    print("interactive after load, ms:", [round(one) for one in times])
    # What else the machine does only adds to it.
    assert min(times) < 200


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_labels_contrast_and_width(user, view, theme, size, screenshot):
    user.see(*SIZES[size], theme)
    values = {}
    if view == "runs":
        values["run"] = user.server.get("runs")["runs"][0]["name"]
    user.open(view, **values)
    settle(user, view)
    for details in user.all("details"):
        user.run("arguments[0].open = true", details)
    assert user.run("return document.documentElement.scrollWidth") <= SIZES[size][0]
    user.run(axe_script())
    found = user.driver.execute_async_script(
        "axe.run(document, {resultTypes: ['violations']}).then(arguments[0])")
    assert len(found["passes"]) > 15
    assert [(one["id"], one["help"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    user.run("for (const one of document.querySelectorAll('details')) one.open = false")
    screenshot(f"{view}-{theme}-{size}")


def tab_to(user, condition, most=60):
    """Presses the tab key until the element with the focus is the one."""
    for _ in range(most):
        user.press(Keys.TAB)
        if condition(user.focused()):
            return user.focused()
    raise AssertionError("the tab key does not lead there")


def test_by_keyboard_alone(user):
    user.open("try")
    settle(user, "try")
    user.until(lambda: user.all(".sample img"))
    assert "Skip" in tab_to(user, lambda one: one.is_displayed()).text
    user.press(Keys.ENTER)
    assert user.focused().tag_name == "main"
    tab_to(user, lambda one: one.get_attribute("role") == "option")
    outline = user.run("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "the focus is to be seen"
    before = user.driver.current_url
    user.press(Keys.ARROW_RIGHT)
    user.until(lambda: user.driver.current_url != before, "another picture")
    user.run("document.querySelector('.skip').focus()")
    link = tab_to(user, lambda one: one.text == "Look inside")
    assert link.get_attribute("aria-current") is None
    user.press(Keys.ENTER)
    settle(user, "look")
    assert user.focused().tag_name == "h1" and user.focused().text == "Look inside"
    tab_to(user, lambda one: "chain-item" in one.get_attribute("class"))
    user.press(Keys.END)
    last = user.run("return document.querySelector('.chain-item:last-child .chain-name').textContent")
    user.until_text(last, "#layer-title")
    user.press(Keys.HOME, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    user.until(lambda: user.all(".map"))
    user.idle()
    tab_to(user, lambda one: "map" == one.get_attribute("class"))
    user.press(Keys.HOME)
    assert "Map 0" in user.text("aside")
    user.press(Keys.ARROW_RIGHT)
    assert "Map 1" in user.text("aside")


def test_the_switch_of_themes(user):
    user.open("try")
    background = "return getComputedStyle(document.body).backgroundColor"
    light = user.run(background)
    user.click(user.one("#theme"))
    dark = user.run(background)
    assert dark != light and user.one("#theme").get_attribute("aria-pressed") == "true"
    user.open("runs")
    assert user.run(background) == dark, "the choice is kept"
    user.click(user.one("#theme"))
    assert user.run(background) == light


def test_each_view_has_an_address_and_a_title(user):
    for view, title in zip(VIEWS, ["Try", "Look inside", "Train", "Runs"]):
        user.open(view)
        assert user.driver.title == f"{title} – Strata"
        assert user.one("nav [aria-current=page]").text == title
        assert len(user.all("h1")) == 1
    user.click(user.named("nav a", "Try"))
    user.until(lambda: user.driver.title == "Try – Strata")
    user.driver.back()
    user.until(lambda: user.driver.title == "Runs – Strata")
