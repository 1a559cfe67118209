"""Runs: curves over each other, settings that differ, one in detail."""

from selenium.webdriver.common.by import By


def test_runs_are_compared(user, screenshot):
    runs = user.server.get("runs")["runs"]
    assert len(runs) >= 2
    user.open("runs")
    user.until(lambda: user.all("table.data tbody tr"))
    names = [one.text for one in user.all("section:first-child tbody th a")]
    assert names == [run["name"] for run in runs]
    boxes = user.all("tbody input[type=checkbox]")
    for box, name in zip(boxes, names):
        if box.is_selected() != (name in names[:2]):
            user.click(box)
    legend = ".legend li"
    user.until(lambda: len(user.all(legend)) == 2, "two curves")
    answer = user.server.get("runs/compare", run=names[:2])
    quantity = "loss"
    user.choose(user.labelled("Quantity"), quantity)
    user.until_text(quantity, "figcaption h3")
    values = {one["run"]: one["values"] for one in answer["curves"][quantity]}
    shown = {one.text.rsplit("\n", 1)[0].strip() if "\n" in one.text else one.text.rsplit(" ", 1)[0]:
             float(one.find_element(By.CSS_SELECTOR, "b").text) for one in user.all(legend)}
    for name in names[:2]:
        assert abs(shown[name] - values[name][-1]) <= 0.006 * abs(values[name][-1])
    settings = user.all("[aria-label='Settings that differ'] tbody th")
    assert [one.text for one in settings] == [one["setting"] for one in answer["differences"]]
    user.idle()
    screenshot("runs-light")


def test_one_run_in_detail(user):
    runs = user.server.get("runs")["runs"]
    name = next(run["name"] for run in runs if user.server.get(f"runs/{run['name']}")["classes"])
    classes = user.server.get(f"runs/{name}")["classes"]["classes"]
    user.open("runs", run=name)
    user.until_text(name, "#run-title")
    user.idle()
    rows = user.all(".confusion tbody tr")
    shown = [[int(cell.get_attribute("textContent").replace("\u202f", "")) for cell in row.find_elements(By.CSS_SELECTOR, "td")]
             for row in rows]
    assert shown == [one["takenFor"] for one in classes]
    user.click(user.named("#run-title ~ .row a, .spread a", "Look inside"))
    user.until(lambda: user.all(".map"), "maps of the run's model")
    assert user.run("return document.getElementById('model').value") == f"run:{name}"
