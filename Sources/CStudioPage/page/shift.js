// What happens when the picture moves: how much each layer's output changes.

import { api } from './api.js';
import { breakable, el, field, newest, problem } from './dom.js';
import { drawMap, percent, scaleFor } from './colours.js';
import { imageOf } from './picture.js';
import { className, state, withPicture } from './store.js';
import { loadMaps } from './maps.js';
import { invarianceLesson } from './texts.js';

const quiet = ['input', 'preprocessing', 'augmentation', 'dropout', 'flatten'];

const moved = (by, back, forth) =>
  (by === 0 ? 'not moved' : `${Math.abs(by)} ${Math.abs(by) === 1 ? 'pixel' : 'pixels'} ${by < 0 ? back : forth}`);

function side(name, picture, prediction, canvas) {
  return el('div', { class: 'side' }, el('h3', {}, name), picture,
    prediction ? el('p', {}, el('strong', {}, className(prediction.best)), el('br'), percent(prediction.probabilities[prediction.best])) : null,
    canvas);
}

function changeRow({ name, change }) {
  const text = change === null ? '0 everywhere' : percent(change);
  return el('li', { vars: { p: Math.min(change ?? 0, 1) } }, el('span', { class: 'bar-name' }, breakable(name)),
    el('span', { class: 'bar-track', 'aria-hidden': 'true' }, el('span', { class: 'bar-fill' })), el('span', { class: 'bar-value' }, text));
}

/** The map before and after, on one scale. */
async function mapsBefore(layer, map, move) {
  const after = (await loadMaps(layer.name, map.index, move)).maps[0];
  const scale = scaleFor(Float32Array.of(map.low, map.high, after.low, after.high));
  return [map, after].map((one, at) => {
    const canvas = el('canvas', { class: 'pixels', role: 'img', 'aria-label': `Map ${map.index} of ${layer.name} ${at ? 'after' : 'before'}` });
    drawMap(canvas, one.values, scale);
    return canvas;
  });
}

export function createShift() {
  const body = el('div', { class: 'stack', 'aria-live': 'off' });
  const range = (label, value, oninput) => el('input', { type: 'range', min: -6, max: 6, value, oninput, 'aria-label': label });
  const right = range('Move right, in pixels', 2, () => refresh()), down = range('Move down, in pixels', 0, () => refresh());
  const rightText = el('output', { class: 'hint' }), downText = el('output', { class: 'hint' });
  let focus = null;

  async function load() {
    const { model } = state, dx = Number(right.value), dy = Number(down.value);
    rightText.textContent = moved(dx, 'left', 'right');
    downText.textContent = moved(dy, 'up', 'down');
    const [{ before, after, layers }, one, other, maps] = await Promise.all([
      withPicture(picture => api.shift(model.name, { picture, dx, dy })),
      withPicture(picture => api.input(model.name, picture)),
      withPicture(picture => api.input(model.name, picture, dx, dy)),
      focus ? mapsBefore(focus.layer, focus.map, { dx, dy }) : [null, null]]);
    const shown = layers.filter(layer => !quiet.includes(model.layers.find(entry => entry.name === layer.name)?.kind));
    body.replaceChildren(
      el('div', { class: 'sides' },
        side('Before', imageOf(one, 'The picture as it is', { class: 'pixels' }), before, maps[0]),
        side('After', imageOf(other, 'The picture, moved', { class: 'pixels' }), after, maps[1])),
      ...(focus ? [el('p', { class: 'hint' }, `Below the pictures: map ${focus.map.index} of ${focus.layer.name}. Choose another above.`)] : []),
      el('div', {}, el('h3', {}, 'How much each layer changes'),
        el('p', { class: 'hint' }, 'The sum of all differences, as a part of the sum of all numbers before.')),
      el('ol', { class: 'bars changes' }, shown.map(changeRow)));
  }
  const refresh = newest(async () => {
    try {
      await load();
    } catch (error) {
      body.replaceChildren(problem(error));
    }
  });
  return {
    element: el('div', { class: 'stack' },
      el('div', { class: 'two-fields' },
        field('Left or right', right, null), field('Up or down', down, null), rightText, downText),
      body, invarianceLesson()),
    show() {
      const [height, width] = state.model.inputs[0].shape;
      const most = size => Math.min(8, Math.max((size ?? 32) - 1, 0));
      [right.min, right.max, down.min, down.max] = [-most(width), most(width), -most(height), most(height)];
      refresh();
    },
    /** The map to show before and after; null for none. */
    follow(layer, map) {
      focus = map ? { layer, map } : null;
      if (map) refresh();
    },
  };
}
