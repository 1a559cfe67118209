"""Try: pictures from the data set, files, the clipboard and the pen."""

import base64
import os

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

from user import PICTURE


def percent(text):
    return float(text.replace("<", "").replace(">", "").replace("%", ""))


def shown_prediction(user):
    rows = user.all(".bars li")
    return {row.find_element(By.CSS_SELECTOR, ".bar-name").text:
            percent(row.find_element(By.CSS_SELECTOR, ".bar-value").text) for row in rows}


def model_of(user):
    return user.server.get("models")["models"][0]


def test_a_picture_of_the_data_set(user, screenshot):
    user.open("try")
    user.one(".answer-name")
    user.idle()
    model = model_of(user)
    picture = user.server_picture()
    answer = user.server.get(f"models/{model['name']}/predict", picture=picture)
    best = model["classes"][answer["best"]]
    assert user.text(".answer-name") == best
    shown = shown_prediction(user)
    assert list(shown) == model["classes"]
    for name, probability in zip(model["classes"], answer["probabilities"]):
        assert abs(shown[name] - probability * 100) <= 0.11
    assert best in user.live()
    user.until(lambda: user.all(".sample img"))
    sample = user.all(".sample")[3]
    user.click(sample)
    assert sample.get_attribute("aria-selected") == "true"
    user.until(lambda: picture not in user.driver.current_url, "the address of the new picture")
    user.idle()
    screenshot("try-light")


def test_the_address_brings_the_picture_back(user):
    user.open("try", model=model_of(user)["name"])
    user.one(".answer-name")
    assert user.server_picture().replace(":", "%3A") in user.driver.current_url
    number = user.server_picture().split(":")[1]
    user.until_text(f"test picture {number}", "figcaption")


def test_a_file(user, tmp_path):
    user.open("try")
    user.one(".answer-name")
    user.click(user.named(".segmented label", "File"))
    data, index = user.server_picture().split(":")
    png, _ = user.server.bytes(f"api/datasets/{data}/test/{index}.png")
    picture = tmp_path / "mine.png"
    picture.write_bytes(png)
    chooser = user.driver.find_element(By.CSS_SELECTOR, "input[type=file]")
    chooser.send_keys(str(picture))
    user.until_text("mine.png", "figcaption")
    user.idle()
    other = tmp_path / "notes.txt"
    other.write_text("no picture")
    chooser.send_keys(str(other))
    user.until_text("notes.txt is not a picture", ".problem")


def test_a_picture_from_the_clipboard(user):
    user.open("try")
    user.one(".answer-name")
    data, index = user.server_picture().split(":")
    png, _ = user.server.bytes(f"api/datasets/{data}/test/{index}.png")
    user.run("""
      const bytes = Uint8Array.from(atob(arguments[0]), one => one.charCodeAt(0)), data = new DataTransfer();
      data.items.add(new File([bytes], 'pasted.png', {type: 'image/png'}));
      document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));
    """, base64.b64encode(png).decode())
    user.until_text("pasted.png", "figcaption")


def test_drawing(user, screenshot):
    user.open("try")
    user.one(".answer-name")
    user.click(user.named(".segmented label", "Draw"))
    pad = user.one("canvas.pad")
    before = shown_prediction(user)
    action = ActionChains(user.driver, duration=10).move_to_element_with_offset(pad, -60, -60).click_and_hold()
    for x, y in ((120, 0), (0, 120), (-120, 0), (0, -120)):
        action = action.move_by_offset(x, y)
    action.release().perform()
    user.until(lambda: shown_prediction(user) != before, "another prediction for the drawing")
    ink = "return [...arguments[0].getContext('2d').getImageData(140, 80, 1, 1).data]"
    assert user.run(ink, pad) == [255, 255, 255, 255]
    screenshot("draw-light", whole=False)
    user.click(user.named("button", "Invert"))
    assert user.run(ink, pad) == [0, 0, 0, 255]
    user.click(user.named("button", "Undo"))
    assert user.run(ink, pad) == [255, 255, 255, 255]
    assert not user.named("button", "Undo").is_enabled()


def test_a_forgotten_picture_is_sent_again(user):
    user.open("try")
    user.one(".answer-name")
    user.click(user.named(".segmented label", "Draw"))
    user.click(user.one("canvas.pad"))
    user.until(lambda: PICTURE not in user.driver.current_url.replace("%3A", ":"))
    # The server keeps 64 pictures.
    user.expected_messages = ["404"]
    user.ask("""{
      const { api } = await import('./api.js'), canvas = document.createElement('canvas');
      canvas.width = canvas.height = 8;
      const image = await new Promise(done => canvas.toBlob(done));
      for (let at = 0; at < 70; at++) await api.sendPicture(image);
    }""")
    user.click(user.named("nav a", "Look inside"))
    user.until_text("Drawing", ".now")
    user.until(lambda: user.all(".map"), "maps of the drawing")
    assert user.all(".problem") == []


def test_errors_are_shown_in_words(user):
    user.open("try")
    user.one(".answer-name")
    user.until(lambda: user.all(".sample img"))
    user.expected_messages = ["ERR_BLOCKED_BY_CLIENT"]
    user.driver.execute_cdp_cmd("Network.enable", {})
    user.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/predict*"]})
    user.click(user.all(".sample")[5])
    user.until_text("The server does not answer. Is strata serve still running?", ".problem")
    user.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    user.click(user.all(".sample")[6])
    user.one(".answer-name")


def test_the_files_of_the_binary_are_those_of_the_folder(server):
    """What is served is what stands in the sources, with the headers that keep it closed."""
    folder = os.path.join(os.path.dirname(__file__), "../../Sources/CStudioPage/page")
    for name in sorted(os.listdir(folder)):
        body, headers = server.bytes(name)
        with open(os.path.join(folder, name), "rb") as file:
            assert body == file.read(), name
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
