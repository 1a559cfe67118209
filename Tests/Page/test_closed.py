"""A server with a token and without the studio, with models that are no plain chains for pictures."""

import urllib.error

import pytest
from selenium.webdriver.common.by import By


def enter(user, view, **values):
    """Opens a view, and types the token into the page's question."""
    # The first requests have none.
    user.expected_messages = ["401"]
    user.driver.get(user.server.url)
    user.run("sessionStorage.clear()")
    user.driver.get("about:blank")
    query = "&".join(f"{name}={value}" for name, value in values.items())
    user.driver.get(f"{user.server.url}/#/{view}?{query}")
    question = user.one("dialog[open]")
    assert "The server asks for its token" in question.text
    question.find_element(By.CSS_SELECTOR, "input").send_keys(user.server.token)
    user.click(user.named("dialog button", "Continue"))
    user.until(lambda: user.run("return performance.getEntriesByName('interactive').length"))


def test_the_page_asks_for_the_token(closed_user):
    enter(closed_user, "try")
    closed_user.one(".answer-name")
    # It is kept as long as the tab.
    closed_user.expected_messages = []
    closed_user.driver.get_log("browser")
    closed_user.open("look", model="residual")
    closed_user.until(lambda: closed_user.all(".map"))


def test_without_the_studio_the_page_says_how_to_turn_it_on(closed_user):
    enter(closed_user, "train")
    closed_user.until_text("strata serve --studio")
    with pytest.raises(urllib.error.HTTPError):
        closed_user.server.get("train/options")


def test_without_runs_the_page_says_so(closed_user):
    enter(closed_user, "runs")
    closed_user.until_text("no folder of runs")


def test_branches_are_named(closed_user):
    user = closed_user
    enter(user, "look", model="residual")
    user.until(lambda: user.all(".map"))
    add = next(one for one in user.driver.find_elements(By.CSS_SELECTOR, ".chain-item")
               if one.find_element(By.CSS_SELECTOR, ".chain-name").get_attribute("textContent") == "add")
    layer = next(one for one in user.server.get("models/residual")["layers"] if one["name"] == "add")
    assert len(layer["from"]) == 2
    shown = add.find_element(By.CSS_SELECTOR, ".chain-from").get_attribute("textContent")
    assert shown == f"from {', '.join(layer['from'])}"


def test_a_model_without_pictures_shows_its_layers_and_why(closed_user):
    user = closed_user
    why = user.server.get("models/text_conv")["why"]
    enter(user, "look", model="text_conv")
    user.until_text(why, ".notice")
    user.until_text("conv1d", "#layer-title")
    assert "Feature maps" not in user.text("main")
    user.click(user.named("nav a", "Try"))
    user.until_text(why, ".outcome")
    assert user.all(".problem") == []


def test_a_model_that_is_not_there(closed_user):
    user = closed_user
    enter(user, "try", model="nobody")
    user.expected_messages += ["404"]
    user.until(lambda: user.all(".problem"))
    assert "nobody" in user.all(".problem")[0].text
