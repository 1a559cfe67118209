// Max and average pooling of the same map, side by side.

import { api, tensor } from './api.js';
import { el, field, newest, problem, select } from './dom.js';
import { drawMap, scaleFor, shapeText } from './colours.js';
import { state, withPicture } from './store.js';
import { poolingLesson } from './texts.js';

const sizes = most => Array.from({ length: most }, (_, at) => [String(at + 1), `${at + 1} × ${at + 1}`]);

function shown(name, values, scale) {
  const canvas = el('canvas', { class: 'pixels', role: 'img', 'aria-label': `${name}, ${shapeText(values.shape)}` });
  drawMap(canvas, values, scale);
  return el('figure', {}, canvas, el('figcaption', {}, el('strong', {}, name), el('br'), el('span', { class: 'soft' }, shapeText(values.shape))));
}

export function createPooling() {
  const body = el('div', { class: 'stack' }), tools = el('div', { class: 'row' });
  let layer = null, map = 0, window = '2', stride = '2';

  const refresh = newest(async () => {
    if (!layer) return;
    try {
      const answer = await withPicture(picture => api.pooling(state.model.name, layer,
        { picture, map, window: `${window},${window}`, strides: `${stride},${stride}`, padding: 'valid' }));
      const input = tensor(answer.input), scale = scaleFor(input.data);
      body.replaceChildren(el('div', { class: 'three' },
        shown(`Map ${map}`, input, scale), shown('Max', tensor(answer.max), scale), shown('Average', tensor(answer.average), scale)),
      el('p', { class: 'hint' }, `Map ${map} of ${layer}, all three on the same scale of colours.`));
    } catch (error) {
      body.replaceChildren(problem(error));
    }
  });
  function showTools(height) {
    const most = Math.min(height, 8);
    window = String(Math.min(Number(window), most));
    stride = String(Math.min(Number(stride), most));
    tools.replaceChildren(
      field('Window', select(sizes(most), window, value => { window = value; refresh(); })),
      field('Stride', select(sizes(most), stride, value => { stride = value; refresh(); })));
  }
  return {
    element: el('div', { class: 'stack' }, tools, body, poolingLesson()),
    /** Shows a map; for a pooling layer's map, the map that it reads, and its own window. */
    follow(chosen, chosenMap) {
      const [height] = chosenMap.values.shape;
      if (chosen.pooling && chosen.from.length === 1) {
        layer = chosen.from[0];
        window = String(chosen.pooling.window[0]);
        stride = String(chosen.pooling.strides[0]);
      } else layer = chosen.name;
      map = chosenMap.index;
      showTools(chosen.pooling ? Math.max(height, Number(window), Number(stride)) : height);
      refresh();
    },
  };
}
