"""A browser and a server for the tests of the page: `strata serve` with a small network and its run folder."""

import base64
import http.client
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request

import pytest
from selenium import webdriver

from user import User

os.environ.setdefault("SE_OFFLINE", "true")
os.environ.setdefault("SE_AVOID_STATS", "true")


def pytest_addoption(parser):
    parser.addoption("--strata", help="the command, built with the server")
    parser.addoption("--model", help="a .keras file that tells the figures of Shapes apart")
    parser.addoption("--runs", help="its folder of runs, with at least two")
    parser.addoption("--url", help="a server that runs already, in place of those three")
    parser.addoption("--screenshots", help="a folder for pictures of each view")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """A server's address, and its answers."""

    def __init__(self, url, process=None):
        self.url = url
        self.process = process
        self.token = None

    def get(self, path, **query):
        text = urllib.parse.urlencode(query, doseq=True)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        request = urllib.request.Request(f"{self.url}/api/{path}{'?' + text if text else ''}", headers=headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def bytes(self, path):
        with urllib.request.urlopen(f"{self.url}/{path}") as answer:
            return answer.read(), answer.headers

    def wait(self):
        port = urllib.parse.urlsplit(self.url).port
        for _ in range(300):
            if self.process and self.process.poll() is not None:
                raise RuntimeError(f"strata serve ended with {self.process.returncode}")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/api/status")
                if connection.getresponse().status in (200, 401):
                    return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("strata serve does not answer within 30 s")


FIXTURES = os.path.join(os.path.dirname(__file__), "../Fixtures")


def start(config, *more):
    port = free_port()
    command = [config.getoption("strata"), "serve", config.getoption("model"), "--port", str(port), *more]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Server(f"http://127.0.0.1:{port}", process)


def stop(server):
    server.process.terminate()
    try:
        server.process.wait(20)
    except subprocess.TimeoutExpired:
        server.process.kill()


@pytest.fixture(scope="session")
def server(request):
    """With the studio and runs."""
    config = request.config
    if config.getoption("url"):
        yield Server(config.getoption("url")).wait()
        return
    server = start(config, "--studio", "--runs", config.getoption("runs"))
    yield server.wait()
    stop(server)


TOKEN = "token-of-a-test"


@pytest.fixture(scope="session")
def closed_server(request, tmp_path_factory):
    """Without the studio and runs, with a token, and with models that are not chains or take no pictures."""
    if request.config.getoption("url"):
        pytest.skip("needs a server of its own")
    folder = tmp_path_factory.mktemp("closed")
    (folder / "token").write_text(TOKEN + "\n")
    server = start(
        request.config, f"{FIXTURES}/trajectories/residual.keras", f"{FIXTURES}/golden/models/text_conv.keras",
        "--token-file", str(folder / "token"), "--runs", str(folder / "runs"))
    server.token = TOKEN
    yield server.wait()
    stop(server)


@pytest.fixture(scope="session")
def driver():
    browser, service = shutil.which("chromium"), shutil.which("chromedriver")
    if not browser or not service:
        pytest.fail("chromium and chromedriver are needed: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
        # Whatever the page asks of another host would fail, and show in the browser's log.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(service))
    driver.set_script_timeout(30)
    yield driver
    driver.quit()


def requested_hosts(driver):
    """The hosts of all requests since the last call."""
    hosts = set()
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            address = urllib.parse.urlsplit(message["params"]["request"]["url"])
            if address.scheme not in ("data", "blob", "about"):
                hosts.add(address.netloc)
    return hosts


@pytest.fixture
def user(driver, server):
    """Someone before the page, wide and light; at the end nothing has gone wrong unseen."""
    yield from visit(driver, server)


@pytest.fixture
def closed_user(driver, closed_server):
    yield from visit(driver, closed_server)


def visit(driver, server):
    driver.get("about:blank")
    driver.get_log("browser")
    driver.get_log("performance")
    user = User(driver, server)
    user.see(1280, 900, "light")
    yield user
    wrong = [entry["message"] for entry in driver.get_log("browser")
             if not any(text in entry["message"] for text in user.expected_messages)]
    assert wrong == [], "the browser's log has errors"
    assert requested_hosts(driver) <= {urllib.parse.urlsplit(server.url).netloc}
    driver.execute_script("localStorage.clear(); sessionStorage.clear()")
    # Streams of the page end with it.
    driver.get("about:blank")


@pytest.fixture
def screenshot(request, driver):
    """Saves the page as PNG, if there is a folder for it."""
    folder = request.config.getoption("screenshots")

    def save(name, whole=True):
        if not folder:
            return
        os.makedirs(folder, exist_ok=True)
        driver.execute_script("scrollTo(0, 0)")
        answer = driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole})
        with open(os.path.join(folder, f"{name}.png"), "wb") as file:
            file.write(base64.b64decode(answer["data"]))

    return save
