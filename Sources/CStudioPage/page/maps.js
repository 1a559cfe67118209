// The feature maps of one layer, to choose one from.

import { api, slice, tensor } from './api.js';
import { button, choice, el } from './dom.js';
import { drawMap, limits, scaleFor, short } from './colours.js';
import { state, withPicture } from './store.js';

/** All sources of a layer's maps, asked for in parts. */
export async function loadMaps(layer, first, move = {}) {
  const answer = await withPicture(picture => api.output(state.model.name, layer, { picture, first, count: 64, ...move }));
  if (answer.kind !== 'maps') return answer;
  const values = tensor(answer.values);
  return { ...answer, maps: answer.maps.map((one, at) => ({ ...one, index: first + at, values: slice(values, at) })) };
}

const label = ({ index, low, high, problem }) =>
  `Map ${index}: ${problem ?? `${short(low)} to ${short(high)}`}`;

function tile(map, preview) {
  const canvas = el('canvas', { class: 'pixels', 'aria-hidden': 'true' });
  drawMap(canvas, map.values, map.problem ? scaleFor([0, 1]) : undefined);
  return el('div', {
    class: map.problem ? 'map silent' : 'map', 'aria-label': label(map), title: label(map),
    onpointerenter: () => preview(map), onpointerleave: () => preview(null),
  }, canvas, el('span', { class: 'map-index', 'aria-hidden': 'true' }, String(map.index)));
}

/** The map to begin with: the one with the largest value. */
export const strongest = maps =>
  maps.reduce((best, one) => (!one.problem && one.high > best.high ? one : best), maps[0]);

/**
 * A grid of maps. `choose(map)` for a choice, `preview(map or null)` while the pointer is on one.
 * Returns the nodes and chooses the map `wanted`, or the strongest.
 */
export function mapGrid(answer, layer, wanted, choose, preview) {
  const list = el('div', { class: 'maps', 'aria-label': `Feature maps of ${layer.name}` });
  const maps = [...answer.maps];
  const show = chosen => {
    const items = maps.map(map => tile(map, preview));
    choice(list, items, maps.indexOf(chosen), at => choose(maps[at]));
    list.replaceChildren(...items);
  };
  const more = button('', async () => {
    more.disabled = true;
    const next = await loadMaps(layer.name, maps.length);
    maps.push(...next.maps);
    show(null);
    update();
  });
  const update = () => {
    more.hidden = maps.length >= answer.total;
    more.disabled = false;
    more.textContent = `Show more (${maps.length} of ${answer.total})`;
  };
  const first = maps.find(map => map.index === wanted) ?? strongest(maps);
  show(first);
  update();
  choose(first);
  return [list, more];
}

/** A row of numbers as a strip of squares. */
export function rowPicture(values) {
  const size = values.data.length, columns = Math.min(size, Math.ceil(Math.sqrt(size * 4)));
  const rows = Math.ceil(size / columns), all = new Float32Array(rows * columns).fill(NaN);
  all.set(values.data);
  const canvas = el('canvas', { class: 'pixels', role: 'img', 'aria-label': `${size} numbers as colours` });
  const scale = drawMap(canvas, { shape: [rows, columns], data: all }, scaleFor(values.data));
  return { canvas, scale, limits: limits(values.data) };
}
