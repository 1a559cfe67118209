// The network as a chain of layers: images shrink, their maps grow.

import { api, slice, tensor } from './api.js';
import { breakable, choice, el, svg } from './dom.js';
import { count, drawMap, drawPicture, limits, shapeText } from './colours.js';
import { state, takesPictures, withPicture } from './store.js';

const width = 104, height = 92, largest = 56, step = 3;

/** The size of a layer's sheet and the number of sheets behind it, for the drawing. */
export function sheet(shape, greatest) {
  if (shape.length !== 3) {
    const units = shape.at(-1) ?? 1;
    return { isRow: true, w: 9, h: Math.round(12 + 48 * Math.min(Math.log2(units + 1) / 12, 1)), behind: 0 };
  }
  const [h, w, channels] = shape.map(size => size ?? greatest);
  const scale = size => Math.max(5, Math.round(largest * Math.sqrt(Math.min(size / greatest, 1))));
  return { isRow: false, w: scale(w), h: scale(h), behind: channels < 2 ? 0 : Math.min(Math.ceil(Math.log2(channels)), 9) };
}

function drawing(shape, greatest) {
  const { w, h, behind, isRow } = sheet(shape, greatest);
  const x = Math.round((width - w - behind * step) / 2), y = Math.round((height - h + behind * step) / 2);
  const sheets = [];
  for (let at = behind; at >= 0; at--) {
    sheets.push(svg('rect', { x: x + at * step, y: y - at * step, width: w, height: h, rx: isRow ? 3 : 1.5, class: 'sheet' }));
  }
  const face = svg('image', { x: x + 1, y: y + 1, width: Math.max(w - 2, 1), height: Math.max(h - 2, 1), preserveAspectRatio: 'none', class: 'face' });
  return { picture: svg('svg', { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true', class: 'chain-drawing' }, sheets, face), face };
}

const isPicture = layer => ['input', 'preprocessing', 'augmentation'].includes(layer.kind) && [1, 3].includes(layer.maps);

/** The index of the map that shows most: the one with the widest range. */
function liveliest(values) {
  let best = 0, most = -1;
  for (let at = 0; at < values.shape[0]; at++) {
    const [low, high] = limits(slice(values, at).data);
    if (high - low > most) [best, most] = [at, high - low];
  }
  return best;
}

async function thumbnail(layer) {
  const answer = await withPicture(picture => api.output(state.model.name, layer.name, { picture, count: 8 }));
  if (answer.kind !== 'maps') return null;
  const canvas = document.createElement('canvas'), values = tensor(answer.values);
  if (isPicture(layer)) drawPicture(canvas, values);
  else drawMap(canvas, slice(values, liveliest(values)));
  return canvas.toDataURL();
}

const fromText = (layer, before) => {
  const isNext = layer.from.length === 1 && layer.from[0] === before?.name;
  return layer.from.length === 0 || isNext ? null : ['from ', layer.from.flatMap((name, at) => [at ? ', ' : '', breakable(name)])];
};

/** `choose(layer)` is called when one is chosen. */
export function createChain(choose) {
  const list = el('div', { class: 'chain', 'aria-label': 'Layers', 'aria-orientation': 'horizontal' });
  let entries = [], setChosen = () => {};
  // Only layers on the screen get a map: networks may have hundreds.
  const observer = new IntersectionObserver(seen => {
    for (const { target, isIntersecting } of seen) {
      const entry = entries.find(one => one.item === target);
      if (entry) {
        entry.isVisible = isIntersecting;
        paint(entry);
      }
    }
  }, { root: list, rootMargin: '0px 200px' });

  async function paint(entry) {
    const picture = state.picture;
    if (!entry.isVisible || !entry.layer.maps || !picture || !takesPictures() || entry.picture === picture.id) return;
    entry.picture = picture.id;
    try {
      const address = await thumbnail(entry.layer);
      if (address && entry.picture === state.picture.id) entry.face.setAttribute('href', address);
    } catch {
      // The layer's own panel shows the error.
      entry.face.removeAttribute('href');
    }
  }

  return {
    element: list,
    setModel(model) {
      const greatest = Math.max(...model.layers.flatMap(({ output }) => (output.length === 3 ? output.slice(0, 2).map(size => size ?? 0) : [1])), 1);
      observer.disconnect();
      entries = model.layers.map((layer, at) => {
        const { picture, face } = drawing(layer.output, greatest);
        const from = fromText(layer, model.layers[at - 1]);
        const item = el('div', { class: `chain-item kind-${layer.kind}` }, picture,
          el('span', { class: 'chain-name' }, breakable(layer.name)),
          el('span', { class: 'chain-class' }, layer.class),
          el('span', { class: 'chain-shape' }, shapeText(layer.output)),
          el('span', { class: 'chain-note' }, layer.parameters ? `${count(layer.parameters)} parameters` : '\u00a0'),
          from ? el('span', { class: 'chain-from' }, from) : null);
        return { layer, item, face, isVisible: false, picture: null };
      });
      setChosen = choice(list, entries.map(entry => entry.item), -1, at => choose(entries[at].layer));
      list.replaceChildren(...entries.map(entry => entry.item));
      for (const entry of entries) observer.observe(entry.item);
    },
    setPicture() { entries.forEach(paint); },
    select(name) {
      const index = entries.findIndex(entry => entry.layer.name === name);
      setChosen(index);
      entries[index]?.item.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    },
  };
}
