"""Look inside: layers, maps, fields, sums, movement, pooling, Grad-CAM."""

import math
import re

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select


ACTIVATIONS = {"relu": lambda x: max(x, 0), "tanh": math.tanh}


def model_of(user):
    name = user.server.get("models")["models"][0]["name"]
    return user.server.get(f"models/{name}")


def first(model, kind):
    return next(layer for layer in model["layers"] if layer["kind"] == kind)


def open_layer(user, layer):
    user.open("look", layer=layer["name"])
    user.until_text(layer["name"], "#layer-title")
    user.until(lambda: user.all(".map"), "feature maps")
    user.idle()


def test_the_chain_has_each_layer_with_its_shape(user, screenshot):
    model = model_of(user)
    open_layer(user, first(model, "convolution"))
    items = user.driver.find_elements(By.CSS_SELECTOR, ".chain-item")
    shown = [(one.find_element(By.CSS_SELECTOR, ".chain-name").get_attribute("textContent"),
              one.find_element(By.CSS_SELECTOR, ".chain-shape").get_attribute("textContent")) for one in items]
    assert shown == [(one["name"], " × ".join("?" if size is None else str(size) for size in one["output"]))
                     for one in model["layers"]]
    screenshot("look-light")


def test_maps_and_the_receptive_field_of_a_place(user):
    model = model_of(user)
    layer = [one for one in model["layers"] if one["kind"] == "pooling"][-1]
    open_layer(user, layer)
    assert len(user.all(".map")) == min(layer["maps"], 64)
    side = user.one("aside")
    row, column = user.labelled("Row", side), user.labelled("Column", side)
    user.set_range(row, 1)
    user.set_range(column, 2)
    frame = side.find_elements(By.CSS_SELECTOR, ".frame")[1]
    box = {name: float(frame.get_attribute(name)) for name in ("x", "y", "width", "height")}
    field = layer["field"]
    assert box == {
        "y": field["start"][0] + field["stride"][0], "x": field["start"][1] + 2 * field["stride"][1],
        "height": field["size"][0], "width": field["size"][1]}
    assert f"depends on {field['size'][0]} × {field['size'][1]} pixels" in side.text
    # Down is down in the picture.
    row.send_keys(Keys.ARROW_DOWN)
    assert row.get_attribute("value") == "2" and column.get_attribute("value") == "2"
    column.send_keys(Keys.ARROW_LEFT)
    assert row.get_attribute("value") == "2" and column.get_attribute("value") == "1"


def number(text):
    return float(text.replace("−", "-"))


def test_the_sum_on_the_page_is_the_number_in_the_map(user):
    model = model_of(user)
    layer = first(model, "convolution")
    open_layer(user, layer)
    card = user.section("How this number arises")
    value = number(user.text(".readout").split(":")[1])
    sum_line = card.find_elements(By.CSS_SELECTOR, "p:has(> strong)")[-1].text
    total = number(card.find_elements(By.CSS_SELECTOR, "p > strong")[-1].text)
    activated = re.search(r"makes it (\S+)\.$", sum_line)
    assert (number(activated.group(1)) if activated else total) == pytest.approx(value, abs=2e-3, rel=5e-3)
    if activated:
        name = dict(map(tuple, layer["settings"]))["activation"]
        assert number(activated.group(1)) == pytest.approx(ACTIVATIONS[name](total), abs=2e-3)


def test_a_pooled_number_is_the_largest_or_the_mean_of_its_window(user):
    model = model_of(user)
    layer = first(model, "pooling")
    open_layer(user, layer)
    card = user.section("How this number arises")
    window = [number(one.text) for one in card.find_elements(By.CSS_SELECTOR, "td")]
    expected = max(window) if layer["pooling"]["type"] == "max" else sum(window) / len(window)
    assert number(user.text(".readout").split(":")[1]) == pytest.approx(expected, rel=1e-2)


def test_filters_and_patches_of_a_map(user):
    model = model_of(user)
    layer = first(model, "convolution")
    open_layer(user, layer)
    user.until(lambda: user.all(".kernels li"))
    assert len(user.all(".kernels li")) == min(layer["filters"]["count"], 64)
    user.click(user.all(".map")[1])
    assert "Map 1" in user.text("aside")
    assert user.all(".kernels li")[1].get_attribute("class") == "chosen"
    card = user.section("What excites this map most")
    user.until(lambda: "largest values of map 1" in card.text or "no such patches" in card.text, "patches of map 1", 60)


def changes(user):
    card = user.section("When the picture moves")
    return {row.find_element(By.CSS_SELECTOR, ".bar-name").text: row.find_element(By.CSS_SELECTOR, ".bar-value").text
            for row in card.find_elements(By.CSS_SELECTOR, ".changes li")}


def test_a_picture_that_does_not_move_changes_nothing(user):
    model = model_of(user)
    open_layer(user, first(model, "pooling"))
    card = user.section("When the picture moves")
    slider = card.find_element(By.CSS_SELECTOR, "input[type=range]")
    user.until(lambda: changes(user))
    assert any(value not in ("0.0 %", "0 everywhere") for value in changes(user).values())
    user.set_range(slider, 0)
    user.until(lambda: set(changes(user).values()) <= {"0.0 %", "0 everywhere"}, "no change")
    assert "not moved" in card.text
    user.set_range(slider, -3)
    user.until_text("3 pixels left", "output")
    name = model["name"]
    answer = user.server.get(f"models/{name}/shift", picture=user.server_picture(), dx=-3, dy=0)
    layer = first(model, "convolution")["name"]
    change = next(one["change"] for one in answer["layers"] if one["name"] == layer)
    user.until(lambda: changes(user)[layer] == f"{change * 100:.1f} %", "the server's change")


def test_max_and_average_pooling_side_by_side(user):
    model = model_of(user)
    layer = first(model, "convolution")
    open_layer(user, layer)
    height, width = layer["output"][:2]
    card = user.section("Max and average pooling")
    user.choose(user.labelled("Window", card), "3")
    user.choose(user.labelled("Stride", card), "2")
    expected = f"{(height - 3) // 2 + 1} × {(width - 3) // 2 + 1}"
    user.until(lambda: [one.text.split("\n")[1] for one in card.find_elements(By.CSS_SELECTOR, "figcaption")]
               == [f"{height} × {width}", expected, expected], "the sizes of both poolings")


def test_grad_cam_of_another_class(user):
    model = model_of(user)
    open_layer(user, first(model, "convolution"))
    card = user.section("Where the network looked")
    user.until(lambda: card.find_elements(By.CSS_SELECTOR, ".overlay"))
    user.choose(user.labelled("Class", card), "3")
    user.until(lambda: card.find_elements(By.CSS_SELECTOR, "strong")[0].text == model["classes"][3], "the chosen class")
    user.set_range(user.labelled("Opacity", card), 20)
    heat = card.find_element(By.CSS_SELECTOR, ".heat")
    assert user.run("return getComputedStyle(arguments[0]).opacity", heat) == "0.2"
    Select(user.labelled("Method", card)).select_by_value("occlusion")
    user.until(lambda: "where hiding lowers it" in card.text, "occlusion")


def test_every_layer_can_be_opened(user):
    model = model_of(user)
    open_layer(user, first(model, "convolution"))
    for layer in model["layers"]:
        item = next(one for one in user.driver.find_elements(By.CSS_SELECTOR, ".chain-item")
                    if one.find_element(By.CSS_SELECTOR, ".chain-name").get_attribute("textContent") == layer["name"])
        user.click(item)
        user.until_text(layer["name"], "#layer-title")
        user.idle()
        assert user.all(".problem") == [], layer["name"]


def test_a_model_that_tells_no_classes_apart_shows_its_maps(user):
    model = model_of(user)
    open_layer(user, first(model, "convolution"))
    user.ask("""{
      const { api } = await import('./api.js'), { chooseModel } = await import('./store.js'), { model, shift } = api;
      api.model = async name => ({ ...await model(name), classifies: false, why: 'it gives a picture back' });
      api.shift = async (...values) => ({ ...await shift(...values), before: null, after: null });
      await chooseModel('%s');
    }""" % model["name"])
    user.until_text("it gives a picture back", ".notice")
    user.idle()
    user.until(lambda: user.all(".map") and changes(user), "maps and movement")
    assert "Where the network looked" not in user.text("main")
    assert user.all(".problem") == []
    user.click(user.named("nav a", "Try"))
    user.until_text("it gives a picture back", ".outcome")
