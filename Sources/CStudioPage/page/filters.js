// The filters of a convolution, as weights, and the patches that excite a map most.

import { api, slice, tensor } from './api.js';
import { el, empty, fill, select } from './dom.js';
import { channelOf, drawColourKernel, drawMap, limits, ramps, short } from './colours.js';
import { fittingDataset, state } from './store.js';
import { filtersLesson, patchesLesson } from './texts.js';

/** All kernels on one scale with 0 in its middle. */
export function commonScale(data) {
  const most = Math.max(...limits(data).map(Math.abs)) || 1;
  return { low: -most, high: most, table: ramps.diverging };
}

export function kernelCanvas(kernel, channel, scale) {
  const canvas = el('canvas', { class: 'pixels', 'aria-hidden': 'true' });
  if (channel === 'colour') drawColourKernel(canvas, kernel);
  else drawMap(canvas, channelOf(kernel, channel), scale);
  return canvas;
}

/** `chosen` is the map whose filter is marked. */
export function createFilters() {
  const list = el('ul', { class: 'kernels' });
  const tools = el('div', { class: 'row' });
  const note = el('p', { class: 'hint' });
  const body = el('div', { class: 'stack' });
  let values = null, total = 0, items = [], channel = '0', chosen = -1;

  function draw() {
    const scale = commonScale(values.data), [shown, height, width, channels] = values.shape;
    note.textContent = `${total} filters of ${height} × ${width} × ${channels} weights, `
      + (channel === 'colour' ? 'each in the colours of its own least to its own greatest weight'
        : `from −${short(scale.high)} (blue) to ${short(scale.high)} (orange)`)
      + (total > shown ? `; the first ${shown} are shown.` : '.');
    items = Array.from({ length: values.shape[0] }, (_, at) =>
      el('li', { 'aria-label': `Filter ${at}` }, kernelCanvas(slice(values, at), channel === 'colour' ? channel : Number(channel), scale),
        el('span', { class: 'map-index', 'aria-hidden': 'true' }, String(at))));
    list.replaceChildren(...items);
    mark(chosen);
  }
  function mark(index) {
    chosen = index;
    items.forEach((item, at) => item.classList.toggle('chosen', at === index));
  }
  async function load(model, layer) {
    const answer = await api.filters(model.name, layer.name, { first: 0, count: 64 });
    values = tensor(answer.values);
    total = answer.total;
    const channels = values.shape[3];
    channel = channels === 3 ? 'colour' : '0';
    const options = [...(channels === 3 ? [['colour', 'all, as colour']] : []),
      ...Array.from({ length: channels }, (_, at) => [String(at), `${at}`])];
    tools.replaceChildren(...(channels > 1 ? [el('label', { class: 'inline' }, 'Channel of the input',
      select(options, channel, one => { channel = one; draw(); }))] : []));
    draw();
    return [tools, list, note];
  }
  return {
    element: el('div', { class: 'stack' }, body, filtersLesson()),
    show(model, layer) {
      values = null;
      if (!layer.filters) body.replaceChildren(empty('This layer has no filters.'));
      else fill(body, () => load(model, layer), 'Loading the filters…');
    },
    mark,
  };
}

function patch({ image, label, value, picture }, classes) {
  const text = `${classes[label]}, ${short(value)}`;
  return el('li', {}, el('img', { src: image, alt: text, title: `${text}, ${picture}`, class: 'pixels' }),
    el('span', { class: 'map-index' }, short(value)));
}

/** The patches of a data set's test pictures with a map's largest values; `show(layer, map)`. */
export function createPatches() {
  const body = el('div', { class: 'stack' });
  let shown = {};
  async function load(model, layer, map, dataset) {
    const answer = await api.patches(model.name, layer.name, { dataset: dataset.name, maps: map, count: 12 });
    const { patches, problem } = answer.maps[0];
    return problem ? empty(`Map ${map} has no such patches: it is ${problem}.`) : [
      el('ul', { class: 'patches' }, patches.map(one => patch(one, dataset.classes))),
      el('p', { class: 'hint' }, `The parts of ${answer.pictures} test pictures of ${dataset.title} with the largest values of map ${map}.`)];
  }
  return {
    element: el('div', { class: 'stack' }, body, patchesLesson()),
    show(layer, map) {
      const { model } = state, dataset = fittingDataset();
      if (shown.layer === layer && shown.map === map) return;
      shown = { layer, map };
      if (!dataset) body.replaceChildren(empty('There is no data set on this machine to look for patches in.'));
      else fill(body, () => load(model, layer, map, dataset), 'Looking through the test pictures…');
    },
    clear(text) {
      shown = {};
      body.turn = (body.turn ?? 0) + 1;
      body.replaceChildren(empty(text));
    },
  };
}
