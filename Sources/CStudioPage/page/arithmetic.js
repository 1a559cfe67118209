// How one number of a map arises: the window beneath it, times the filter, summed; or the largest or mean of a window.

import { api, slice, tensor } from './api.js';
import { el, explain, problem, select } from './dom.js';
import { css, prefersBlack, scaleFor, short } from './colours.js';
import { loadMaps } from './maps.js';
import { commonScale } from './filters.js';

/** Padding before the first row or column, as Keras counts it. */
export function paddingBefore(padding, size, window, stride) {
  if (padding !== 'same') return 0;
  const outputs = Math.ceil(size / stride);
  return Math.floor(Math.max((outputs - 1) * stride + window - size, 0) / 2);
}

const numbers = text => (text?.match(/\d+/g) ?? []).map(Number);
const setting = (layer, name) => layer.settings.find(([key]) => key === name)?.[1];

/** The window of a layer that this page can follow, or null: plain 2D convolutions and poolings. */
export function windowOf(layer) {
  if (layer.pooling) {
    const { type, window, strides, padding } = layer.pooling;
    return { type, window, strides, padding };
  }
  const { filters } = layer, dilation = numbers(setting(layer, 'dilation') ?? setting(layer, 'dilation_rate'));
  const groups = numbers(setting(layer, 'groups'))[0] ?? 1;
  if (layer.class !== 'Conv2D' || !filters || dilation.some(one => one > 1) || groups > 1) return null;
  const strides = numbers(setting(layer, 'strides') ?? setting(layer, 'stride'));
  return { type: 'sum', window: [filters.height, filters.width], padding: setting(layer, 'padding') ?? 'valid',
    strides: strides.length === 2 ? strides : [strides[0] ?? 1, strides[0] ?? 1] };
}

/** The numbers beneath a window; null in the padding. */
export function cut({ shape: [height, width], data }, top, left, rows, columns) {
  return Array.from({ length: rows * columns }, (_, at) => {
    const y = top + Math.floor(at / columns), x = left + at % columns;
    return y < 0 || x < 0 || y >= height || x >= width ? null : data[y * width + x];
  });
}

/** Numbers in coloured squares; a table for screen readers too. */
function squares(values, columns, scale, name) {
  const rows = [];
  for (let at = 0; at < values.length; at += columns) rows.push(values.slice(at, at + columns));
  const cell = value => {
    const part = value === null ? null : (value - scale.low) / (scale.high - scale.low || 1);
    const isLight = part === null || prefersBlack(scale.table, part);
    const td = el('td', { class: part === null ? 'outside' : isLight ? 'on-light' : 'on-dark' }, value === null ? '0' : short(value));
    if (part !== null) td.style.backgroundColor = css(scale.table, part);
    return td;
  };
  return el('table', { class: 'squares' }, el('caption', {}, name), el('tbody', {}, rows.map(row => el('tr', {}, row.map(cell)))));
}

const sign = text => el('span', { class: 'operator', 'aria-hidden': 'true' }, text);
const total = list => list.reduce((sum, one) => sum + one, 0);

export function createArithmetic() {
  const body = el('div', { class: 'stack' });
  const lesson = explain('Can I check this?',
    'Yes: multiply each number of the window by the weight in the same place, add the products over all channels, and add the bias. If the layer has an activation, it is applied to the sum at last: ReLU makes negative sums 0.',
    'Places outside the image are padding, and count as 0.');
  let model = null, channel = 0, filters = null, filtersOf = null, inputs = new Map(), turn = 0;

  const inputMaps = async name => {
    if (!inputs.has(name)) inputs.set(name, loadMaps(name, 0));
    return inputs.get(name);
  };
  async function kernels(layer) {
    if (filtersOf !== layer) [filters, filtersOf] = [api.filters(model.name, layer.name, { first: 0, count: 64 }), layer];
    return filters;
  }
  function pooled(values, shape, geometry, value) {
    const inside = values.filter(one => one !== null);
    return [el('div', { class: 'sum' }, squares(values, shape[1], scaleFor(inside), 'Window'), sign('→'),
      el('p', {}, geometry.type === 'max' ? 'The largest of them: ' : 'Their mean: ', el('strong', {}, short(value))))];
  }
  async function convolved(layer, map, maps, top, left, geometry, value) {
    const answer = await kernels(layer), [rows, columns] = geometry.window;
    const kernel = slice(tensor(answer.values), map.index), channels = kernel.shape[2];
    const bias = answer.bias ? tensor(answer.bias).data[map.index] : 0;
    const weights = one => Array.from({ length: rows * columns }, (_, at) => kernel.data[at * channels + one]);
    const windows = maps.map(one => cut(one.values, top, left, rows, columns));
    const sums = windows.map((window, one) => total(window.map((number, at) => (number ?? 0) * weights(one)[at])));
    channel = Math.min(channel, channels - 1);
    const strongest = scaleFor(maps.flatMap(one => [one.low, one.high]));
    const draw = () => shown.replaceChildren(
      squares(windows[channel], columns, strongest, 'Window'), sign('×'),
      squares(weights(channel), columns, commonScale(kernel.data), 'Filter'), sign('→'),
      el('p', {}, channels > 1 ? `Channel ${channel} gives ` : 'Products add up to ', el('strong', {}, short(sums[channel]))));
    const shown = el('div', { class: 'sum' });
    draw();
    const sum = total(sums) + bias;
    return [
      channels > 1 ? el('label', { class: 'inline' }, 'Channel',
        select(Array.from({ length: channels }, (_, at) => [String(at), String(at)]), String(channel), one => {
          channel = Number(one);
          draw();
        })) : null,
      shown,
      el('p', {}, `${channels > 1 ? `All ${channels} channels` : 'With the bias'}: ${short(total(sums))} + bias ${short(bias)} = `,
        el('strong', {}, short(sum)),
        Math.abs(sum - value) > 1e-3 * Math.max(1, Math.abs(sum))
          ? `; the activation ${setting(layer, 'activation') ?? ''} makes it ${short(value)}.` : '.')];
  }
  async function draw(layer, map, row, column) {
    const geometry = windowOf(layer), mine = ++turn;
    const hide = () => { body.closest('section').hidden = true; };
    if (!geometry || layer.from.length !== 1 || geometry.window[0] > 7 || geometry.window[1] > 7 || map.index >= 64) return hide();
    const answer = await inputMaps(layer.from[0]);
    if (mine !== turn) return undefined;
    if (answer.kind !== 'maps' || answer.maps.length < answer.total) return hide();
    const [height, width] = answer.maps[0].values.shape;
    const [rows, columns] = geometry.window;
    const top = row * geometry.strides[0] - paddingBefore(geometry.padding, height, rows, geometry.strides[0]);
    const left = column * geometry.strides[1] - paddingBefore(geometry.padding, width, columns, geometry.strides[1]);
    const value = map.values.data[row * map.values.shape[1] + column];
    const nodes = geometry.type === 'sum'
      ? await convolved(layer, map, answer.maps, top, left, geometry, value)
      : pooled(cut(answer.maps[map.index].values, top, left, rows, columns), [rows, columns], geometry, value);
    if (mine !== turn) return undefined;
    lesson.hidden = geometry.type !== 'sum';
    body.closest('section').hidden = false;
    body.replaceChildren(...[el('p', { class: 'hint' }, `Row ${row}, column ${column} of map ${map.index}, from ${layer.from[0]}:`), ...nodes].filter(Boolean));
    return undefined;
  }
  return {
    element: el('div', { class: 'stack' }, body, lesson),
    reset(newModel) {
      model = newModel;
      inputs = new Map();
      filtersOf = null;
    },
    show(layer, map, row, column) {
      if (map) draw(layer, map, row, column).catch(error => body.replaceChildren(problem(error)));
    },
  };
}
