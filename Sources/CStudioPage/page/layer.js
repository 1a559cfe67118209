// One layer: its settings, maps, filters and patches.

import { api, tensor } from './api.js';
import { breakable, card, el, empty, fill } from './dom.js';
import { count, shapeText } from './colours.js';
import { createArithmetic } from './arithmetic.js';
import { createFilters, createPatches } from './filters.js';
import { createInspector, scaleBar } from './inspector.js';
import { loadMaps, mapGrid, rowPicture } from './maps.js';
import { createBars } from './prediction.js';
import { state, takesPictures, withPicture } from './store.js';
import { lessons } from './texts.js';

/** The picture as the model sees it, and its size. */
async function modelInput() {
  const blob = await withPicture(picture => api.input(state.model.name, picture));
  const bitmap = await createImageBitmap(blob), canvas = el('canvas', { class: 'pixels', width: bitmap.width, height: bitmap.height });
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  return { canvas, size: [bitmap.height, bitmap.width] };
}

const facts = layer => [
  ['Output', shapeText(layer.output)], ['Parameters', count(layer.parameters)],
  ...(layer.from.length ? [['Reads', layer.from.join(', ')]] : []), ...layer.settings];

/** `chosenMap(map)` is called when a map of the layer is chosen, or with null. */
export function createLayerPanel(chosenMap) {
  const title = el('h2', { id: 'layer-title' });
  const about = el('div', { class: 'stack' });
  const body = el('div', { class: 'stack' });
  const filters = createFilters(), patches = createPatches(), arithmetic = createArithmetic();
  const inspector = createInspector((row, column) => arithmetic.show(layer, map, row, column));
  const side = el('aside', { class: 'card', 'aria-label': 'The chosen feature map' }, inspector.element);
  const filterCard = card('Filters', filters.element), patchCard = card('What excites this map most', patches.element);
  const sumCard = card('How this number arises', arithmetic.element);
  let layer = null, map = null;

  function choose(chosen) {
    map = chosen;
    inspector.show(map.index, map.values, layer);
    filters.mark(map.index);
    if (!patchCard.hidden) patches.show(layer, map.index);
    chosenMap(map);
  }
  function preview(shown) {
    if (!map) return;
    if (shown) inspector.preview(shown.index, shown.values);
    else inspector.show(map.index, map.values, layer);
  }
  function rowOf(answer) {
    const isClasses = state.model.outputs.some(one => one.name === layer.name) && answer.total === state.model.classCount;
    const values = tensor(answer.values);
    if (isClasses) {
      const bars = createBars(), probabilities = [...values.data];
      bars.update({ probabilities, best: probabilities.indexOf(Math.max(...probabilities)) });
      return [bars.element];
    }
    const { canvas, scale } = rowPicture(values), bar = scaleBar();
    bar.update(scale);
    return [canvas, bar.element, el('p', { class: 'hint' }, `${count(answer.total)} numbers, row by row.`)];
  }
  async function loadOutput(wanted) {
    const { model } = state;
    const [answer, input] = await Promise.all([loadMaps(layer.name, 0), layer.maps ? modelInput() : null]);
    if (answer.kind === 'maps') {
      inspector.setPicture(input.canvas, input.size);
      arithmetic.reset(model);
      side.hidden = false;
      return [el('h3', {}, `Feature maps of this picture`), mapGrid(answer, layer, wanted, choose, preview)].flat();
    }
    return answer.kind === 'row' ? [el('h3', {}, 'Its numbers for this picture'), ...rowOf(answer)]
      : empty(answer.why);
  }
  function showOutput(wanted) {
    const { picture } = state;
    side.hidden = true;
    if (!takesPictures()) body.replaceChildren();
    else if (!picture) body.replaceChildren(empty('Choose a picture to see what the layer makes of it.'));
    else {
      side.hidden = !layer.maps;
      fill(body, () => loadOutput(wanted).catch(error => {
        side.hidden = true;
        throw error;
      }), 'Computing…');
    }
  }

  const element = el('div', { class: 'layer-columns' },
    el('div', { class: 'stack wide-gap' },
      el('section', { class: 'card', 'aria-labelledby': 'layer-title' }, title, about, body), sumCard, filterCard, patchCard),
    side);
  return {
    element,
    /** Shows a layer, or its output for a new picture, where the same map stays chosen. */
    show(chosen, isNewPicture) {
      const wanted = isNewPicture ? map?.index : undefined;
      layer = chosen;
      map = null;
      if (!isNewPicture) {
        title.replaceChildren(...breakable(layer.name), el('span', { class: 'soft light' }, ` ${layer.class}`));
        about.replaceChildren(
          el('dl', { class: 'facts' }, facts(layer).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value)))),
          ...lessons(layer.kind));
        filterCard.hidden = !layer.filters;
        patchCard.hidden = !layer.maps || !takesPictures() || ['input', 'preprocessing', 'augmentation'].includes(layer.kind);
        sumCard.hidden = true;
        if (layer.filters) filters.show(state.model, layer);
        patches.clear('Choose a map.');
        chosenMap(null);
      }
      showOutput(wanted);
    },
  };
}
