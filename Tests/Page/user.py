"""What someone does with the page, in few words."""

import time

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

PICTURE = "shapes:17"


class User:
    def __init__(self, driver, server):
        self.driver = driver
        self.server = server
        # Messages of the browser's log that a test provokes.
        self.expected_messages = []

    # What the page looks like

    def see(self, width, height, theme):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": theme},
            {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def open(self, view, **values):
        values.setdefault("picture", self.server_picture())
        query = "&".join(f"{name}={value}" for name, value in values.items() if value)
        self.driver.get("about:blank")
        self.driver.get(f"{self.server.url}/#/{view}{'?' + query if query else ''}")
        self.until(lambda: self.run("return performance.getEntriesByName('interactive').length"))
        return self

    def server_picture(self):
        return PICTURE if any(one["name"] == "shapes" for one in self.server.get("datasets")["datasets"]) \
            else "fashion_mnist:17"

    # Finding

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def ask(self, expression):
        """The value of a promise."""
        answer = self.driver.execute_async_script(
            f"const done = arguments[0]; (async () => {expression})()"
            ".then(value => done({value}), error => done({error: String(error)}))")
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def all(self, selector):
        return [one for one in self.driver.find_elements(By.CSS_SELECTOR, selector) if one.is_displayed()]

    def one(self, selector):
        return self.until(lambda: (self.all(selector) or [None])[0], selector)

    def named(self, role_selector, text):
        """The first visible element with this text."""
        return self.until(
            lambda: next((one for one in self.all(role_selector) if one.text.strip() == text), None),
            f"{role_selector} with the text {text}")

    def section(self, title):
        heading = self.named("section h2", title)
        return heading.find_element(By.XPATH, "ancestor::section[1]")

    def text(self, selector="main"):
        return self.one(selector).text

    def until(self, condition, what="the condition", seconds=20):
        end = time.monotonic() + seconds
        while True:
            try:
                value = condition()
                if value:
                    return value
            # An element may be replaced while it is looked at.
            except Exception as error:  # noqa: BLE001
                if type(error).__name__ != "StaleElementReferenceException":
                    raise
            assert time.monotonic() < end, f"{what} did not come about within {seconds} s"
            time.sleep(0.03)

    def until_text(self, text, selector="main", seconds=20):
        self.until(lambda: any(text in one.text for one in self.all(selector)), f"{text!r} in {selector}", seconds)

    def idle(self):
        """Until nothing loads any more."""
        # The first look for patches goes through a thousand pictures.
        self.until(lambda: not self.all("[aria-busy=true], .loading"), "the end of loading", 60)
        self.run("return document.fonts.ready.then(() => new Promise(requestAnimationFrame))")

    # Doing

    def click(self, element):
        self.run("arguments[0].scrollIntoView({block: 'center', inline: 'center'})", element)
        element.click()

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def choose(self, select, value):
        Select(select).select_by_value(value)

    def labelled(self, text, scope=None):
        """The control with a label of this text."""
        for label in (scope or self.driver).find_elements(By.CSS_SELECTOR, "label"):
            if label.is_displayed() and label.text.split("\n")[0].strip() == text:
                return label.find_element(By.CSS_SELECTOR, "input, select")
        raise AssertionError(f"there is no control with the label {text}")

    def set_range(self, element, value):
        self.run("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
                 element, value)

    def type_number(self, element, value):
        self.click(element)
        element.send_keys(Keys.CONTROL, "a")
        element.send_keys(str(value))

    def focused(self):
        return self.driver.switch_to.active_element

    def live(self):
        return self.run("return document.getElementById('live').textContent")
