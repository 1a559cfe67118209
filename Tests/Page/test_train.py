"""Train: a network from blocks, its errors, its training, and what comes after."""

import struct
import zlib

from selenium.webdriver.common.by import By


def studio(user):
    user.open("train")
    user.until(lambda: user.all(".block .block-shape") and user.all(".block .block-shape")[0].text, "checked blocks")
    return user


def blocks(user):
    # At once: an answer of the server may replace elements meanwhile.
    return user.run("return [...document.querySelectorAll('.block-head strong')].map(one => one.textContent)")


def recipe(user, name):
    user.choose(user.labelled("Begin with"), name)


def small(user):
    """A training of few steps."""
    if user.all("option[value=shapes]"):
        user.choose(user.labelled("Data"), "shapes")
    user.type_number(user.labelled("Batch"), 1000)


def test_shapes_and_the_error_of_a_too_small_image(user):
    studio(user)
    recipe(user, "One convolution")
    user.until(lambda: blocks(user) == ["Convolution", "Pooling", "Flatten", "Classes"])
    # 28 pixels, a kernel of 5 without padding, 16 filters; 5 · 5 · 1 · 16 weights and 16 biases.
    user.until_text("24 × 24 × 16 · 416 parameters", ".block-shape")
    user.until_text("12 × 12 × 16", ".block-shape")
    user.until_text("2304", ".block-shape")
    kernel = user.all("input[aria-label='Kernel, height']")[0]
    user.type_number(kernel, 40)
    block = user.until(lambda: user.all(".block.wrong"), "the error at its block")[0]
    message = block.find_element(By.CSS_SELECTOR, ".problem").text
    assert "40" in message and "28" in message
    assert not user.named("button", "Start training").is_enabled()
    user.type_number(kernel, 5)
    user.until(lambda: not user.all(".block.wrong"))
    assert user.named("button", "Start training").is_enabled()


def test_blocks_are_added_moved_and_removed(user):
    studio(user)
    recipe(user, "No convolution")
    user.until(lambda: blocks(user) == ["Flatten", "Dense", "Classes"])
    user.click(user.named("[aria-label='Add a block'] button", "Dropout"))
    assert blocks(user) == ["Flatten", "Dense", "Dropout", "Classes"]
    user.click(user.one("[aria-label='Move up block 3, Dropout']"))
    assert blocks(user) == ["Flatten", "Dropout", "Dense", "Classes"]
    assert user.focused().get_attribute("aria-label") == "Move up block 2, Dropout"
    user.run("""
      const [from, to] = arguments, data = new DataTransfer();
      const send = (name, one) => one.dispatchEvent(new DragEvent(name, {bubbles: true, cancelable: true, dataTransfer: data}));
      send('dragstart', from); send('dragover', to); send('drop', to);
    """, user.all(".grip")[2], user.all(".block")[0])
    assert blocks(user) == ["Dense", "Flatten", "Dropout", "Classes"]
    user.click(user.one("[aria-label='Remove block 1, Dense']"))
    assert blocks(user) == ["Flatten", "Dropout", "Classes"]


def test_a_training_from_start_to_run(user, screenshot):
    studio(user)
    recipe(user, "One convolution")
    small(user)
    user.type_number(user.labelled("Epochs"), 2)
    start = user.named("button", "Start training")
    user.until(start.is_enabled)
    user.click(start)
    user.until_text("of 2, batch", ".session-status", 60)
    user.until(lambda: user.all(".chart .line, .chart .dot"), "the first point of the curves")
    user.until(lambda: user.all(".kernels li"), "filters while it trains")
    screenshot("train-light")
    user.until_text("Finished", ".session-status", 120)
    user.until(start.is_enabled)
    table = user.all("figure .more summary")[0]
    user.click(table)
    rows = user.all("figure .data tbody tr")
    assert [row.find_element(By.CSS_SELECTOR, "th").text for row in rows] == ["1", "2"]
    user.one("[aria-label='Name of the run']").send_keys("tested")
    user.click(user.named("button", "Keep as a run"))
    user.until_text("Kept as", ".notice")
    user.click(user.named(".notice a", "Show it"))
    user.until_text("tested", "#run-title")
    user.open("look", model="training")
    user.until(lambda: user.all(".map"), "maps of the trained network")


def test_a_training_is_stopped_and_another_compared(user):
    studio(user)
    recipe(user, "One convolution")
    small(user)
    user.type_number(user.labelled("Epochs"), 50)
    start = user.named("button", "Start training")
    user.until(start.is_enabled)
    user.click(start)
    user.until_text("of 50, batch", ".session-status", 60)
    # A page that comes later sees it too.
    user.open("train")
    user.until(lambda: user.all(".chart .line"), "curves after a reload")
    user.click(user.named("button", "Stop"))
    user.until_text("Stopped", ".session-status", 60)


def test_a_training_is_stopped_while_its_data_is_prepared(user):
    studio(user)
    recipe(user, "One convolution")
    small(user)
    start = user.named("button", "Start training")
    user.until(start.is_enabled)
    user.click(start)
    # The pictures of this set are drawn, which takes a while.
    user.click(user.named("button", "Stop"))
    user.until_text("Stopped after", ".session-status")
    user.until(start.is_enabled)
    assert "before the training began" in user.text(".session-status")
    assert not [one for one in user.all("button") if one.text in ("Stop", "Keep as a run")]
    assert "training" not in [one["name"] for one in user.server.get("models")["models"]]
    assert user.all(".problem") == []


def gray_png(value, side=16):
    """A PNG file of one gray."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes([value]) * side for _ in range(side))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def test_files_of_a_folder_that_are_not_used_are_shown(user, tmp_path):
    for name, level in ("Möwe", 200), ("a~b", 20):
        (tmp_path / "Vögel" / name).mkdir(parents=True)
        for number in range(20):
            (tmp_path / "Vögel" / name / f"möwe~{number}.png").write_bytes(gray_png(level + number))
    (tmp_path / "Vögel" / "Möwe" / "notes.txt").write_text("not a picture")
    (tmp_path / "Vögel" / "a~b" / "half.png").write_bytes(gray_png(30)[:-30])
    studio(user)
    recipe(user, "One convolution")
    user.choose(user.labelled("Data"), "")
    folder = user.labelled("Folder on this machine")
    folder.send_keys(str(tmp_path / "Vögel"))
    user.type_number(user.labelled("Epochs"), 1)
    user.type_number(user.labelled("Size of pictures"), 16)
    start = user.named("button", "Start training")
    user.until(start.is_enabled)
    user.click(start)
    user.until_text("Finished", ".session-status", 60)
    user.until_text("2 files of the folder are not used.", ".notice")
    user.click(user.named(".notice summary", "Which, and why"))
    first, second = [one.text for one in user.all(".notice li")]
    assert first == "Möwe/notes.txt: it is neither a PNG nor a JPEG file"
    assert second.startswith("a~b/half.png: ")


def test_sources(user):
    studio(user)
    for language, word in (("swift", "import Strata"), ("python", "import keras")):
        text = user.ask("""{
          const { api } = await import('./api.js'), { defaults } = await api.trainOptions();
          const { datasets: [{ name }] } = await api.trainOptions();
          return (await api.source({ ...defaults, dataset: name })).%s;
        }""" % language)
        assert word in text
        label = f"Download as a {'Swift' if language == 'swift' else 'Python'} program"
        user.click(user.one(f"[aria-label='{label}']"))
    assert user.all(".problem") == []
