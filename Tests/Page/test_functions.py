"""Small functions of the page's modules, in the browser, with numbers from arithmetic."""

import json

import pytest

CASES = [
    # The window's place under "same" padding, as Keras defines it.
    ("arithmetic.js", "paddingBefore('valid', 28, 3, 1)", 0),
    ("arithmetic.js", "paddingBefore('same', 28, 3, 1)", 1),
    ("arithmetic.js", "paddingBefore('same', 28, 3, 2)", 0),
    ("arithmetic.js", "paddingBefore('same', 7, 2, 2)", 0),
    ("arithmetic.js", "paddingBefore('same', 28, 5, 2)", 1),
    ("arithmetic.js", "cut({shape: [2, 2], data: [1, 2, 3, 4]}, -1, 0, 2, 3)", [None, None, None, 1, 2, None]),
    ("arithmetic.js", "windowOf({class: 'Conv2D', settings: [['strides', '2 × 1'], ['padding', 'same']], "
                      "filters: {height: 3, width: 5}})",
     {"type": "sum", "window": [3, 5], "padding": "same", "strides": [2, 1]}),
    ("arithmetic.js", "windowOf({class: 'Conv2D', settings: [['dilation', '2 × 2']], filters: {height: 3, width: 3}})", None),
    ("arithmetic.js", "windowOf({class: 'Dense', settings: [], filters: null})", None),
    ("inspector.js", "fieldAt({size: [10, 8], stride: [4, 2], start: [-1, 0]}, 2, 3)",
     {"top": 7, "left": 6, "height": 10, "width": 8}),
    ("chart.js", "ticks(0, 1)", [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ("chart.js", "ticks(1, 12, 8)", [2, 4, 6, 8, 10, 12]),
    ("chart.js", "ticks(0.29, 2.21)", [0.5, 1, 1.5, 2]),
    ("chart.js", "range([{values: [0.5, 1]}], 'accuracy')", [0.47, 1]),
    ("chart.js", "pathOf([{epoch: 0.5, x: 1, y: 2}, {epoch: 1, x: 3, y: 4}, {epoch: 1.5, x: 5, y: 6}], true)", "M1.0 2.0L3.0 4.0M5.0 6.0"),
    ("blocks.js", "reordered(['a', 'b', 'c'], 0, 2)", ["b", "c", "a"]),
    ("blocks.js", "reordered(['a', 'b', 'c'], 2, 1)", ["a", "c", "b"]),
    ("dom.js", "[moved('ArrowDown', 1, 7, 3), moved('ArrowUp', 1, 7, 3), moved('End', 1, 7, 3), moved('x', 1, 7, 3)]",
     [4, 0, 6, None]),
    ("api.js", "parseEvent('id: 3\\nevent: batch\\ndata: {\"a\":\\ndata: 1}')", {"name": "batch", "data": {"a": 1}}),
    ("api.js", "parseEvent(': still here')", None),
    # 1 and -2 as little-endian 32-bit floats.
    ("api.js", "((one) => [one.shape, [...one.data]])(tensor({shape: [2], float32: 'AACAPwAAAMA='}))", [[2], [1, -2]]),
    ("api.js", "[...slice({shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6)}, 1).data]", [4, 5, 6]),
    ("colours.js", "limits([3, NaN, -1, Infinity])", [-1, 3]),
    ("colours.js", "((one) => [one.low, one.high])(scaleFor([-1, 3]))", [-3, 3]),
    ("colours.js", "((one) => [one.low, one.high])(scaleFor([0, 3]))", [0, 3]),
    ("colours.js", "[...channelOf({shape: [1, 2, 2], data: [1, 2, 3, 4]}, 1).data]", [2, 4]),
    ("colours.js", "[[0, 0, 0], [118, 118, 118], [255, 0, 0], [0, 0, 255]].map(one => prefersBlack(one, 0))",
     [False, True, True, False]),
    ("colours.js", "[short(0.123456), short(-12345), short(0), short(0.000012), percent(0.9999), percent(0.0005), percent(1)]",
     ["0.123", "−12300", "0", "1.2e−5", "> 99.9 %", "< 0.1 %", "100.0 %"]),
    ("store.js", "parseRoute('#/look?model=a%20b&layer=c')", {"view": "look", "values": {"model": "a b", "layer": "c"}}),
    ("prediction.js", "shownClasses([0.1, 0.7, 0.2])", [0, 1, 2]),
    ("prediction.js", "shownClasses([...Array(20).keys()])", [19, 18, 17, 16, 15, 14, 13, 12, 11, 10]),
    ("chain.js", "sheet([28, 28, 32], 28)", {"isRow": False, "w": 56, "h": 56, "behind": 5}),
    ("chain.js", "sheet([7, 14, 1], 28)", {"isRow": False, "w": 40, "h": 28, "behind": 0}),
]


def rounded(value):
    return json.loads(json.dumps(value), parse_float=lambda text: round(float(text), 9))


def test_functions(user):
    user.open("try")
    for module, expression, expected in CASES:
        names = user.ask(f"{{ return Object.keys(await import('./{module}')) }}")
        value = user.ask(f"{{ const {{{', '.join(names)}}} = await import('./{module}'); return {expression} }}")
        assert rounded(value) == rounded(expected), expression


@pytest.mark.parametrize("split", [1, 7, 60])
def test_events_arrive_in_parts(user, split):
    user.open("try")
    text = ": hello\r\n\r\nevent: start\r\ndata: {\"n\": 1}\r\n\r\nevent: end\r\ndata: {\"n\": 2}\r\n\r\n"
    events = user.ask("""{
      const { eventsOf } = await import('./api.js'), bytes = new TextEncoder().encode(%s), found = [];
      const body = new ReadableStream({ start(stream) {
        for (let at = 0; at < bytes.length; at += %d) stream.enqueue(bytes.slice(at, at + %d));
        stream.close();
      } });
      for await (const event of eventsOf({ body })) found.push(event);
      return found;
    }""" % (json.dumps(text), split, split))
    assert events == [{"name": "start", "data": {"n": 1}}, {"name": "end", "data": {"n": 2}}]
