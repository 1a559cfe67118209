// One feature map, large: its values, and what each of them sees of the picture.

import { el, svg } from './dom.js';
import { css, drawMap, short } from './colours.js';
import { receptiveFieldLesson } from './texts.js';

/** The receptive field of a position, `{top, left, height, width}`, on the model's input. */
export const fieldAt = ({ size, stride, start }, row, column) => ({
  top: start[0] + row * stride[0], left: start[1] + column * stride[1], height: size[0], width: size[1],
});

/** A picture with a frame that can be moved over it. */
export function framed(content, label) {
  const frame = svg('rect', { class: 'frame', 'vector-effect': 'non-scaling-stroke' });
  const layer = svg('svg', { class: 'frame-layer', 'aria-hidden': 'true', preserveAspectRatio: 'none' }, frame);
  return {
    element: el('div', { class: 'framed', role: 'img', 'aria-label': label }, content, layer),
    place(height, width, box) {
      layer.setAttribute('viewBox', `0 0 ${width} ${height}`);
      frame.toggleAttribute('hidden', !box);
      if (!box) return;
      frame.setAttribute('x', box.left);
      frame.setAttribute('y', box.top);
      frame.setAttribute('width', box.width);
      frame.setAttribute('height', box.height);
    },
  };
}

/** The colours of a scale with its ends. */
export function scaleBar() {
  const bar = el('span', { class: 'scale-bar', 'aria-hidden': 'true' });
  const low = el('span'), high = el('span');
  return {
    element: el('div', { class: 'scale' }, low, bar, high),
    update(scale) {
      low.textContent = short(scale.low);
      high.textContent = short(scale.high);
      const stops = Array.from({ length: 9 }, (_, at) => css(scale.table, at / 8));
      bar.style.background = `linear-gradient(90deg, ${stops.join(', ')})`;
    },
  };
}

/** `moved(row, column)` is called when another position is chosen. */
export function createInspector(chosen) {
  const canvas = el('canvas', { class: 'pixels' });
  const map = framed(canvas, 'The feature map, with the chosen position');
  const picture = el('div', { class: 'picture-slot' });
  const seen = framed(picture, 'The picture, with the receptive field of the chosen position');
  const scale = scaleBar();
  const value = el('output', { class: 'readout' });
  const fieldNote = el('p', { class: 'hint' });
  const title = el('h3', {}, 'Map');
  const row = el('input', { type: 'range', min: 0, oninput: () => go(Number(row.value), place[1]) });
  const column = el('input', { type: 'range', min: 0, oninput: () => go(place[0], Number(column.value)) });
  let values = null, place = [0, 0], layer = null, input = [1, 1];

  const at = (one, [y, x]) => one.data[y * one.shape[1] + x];
  function say(position, shown = values) {
    value.textContent = `row ${position[0]}, column ${position[1]}: ${short(at(shown, position))}`;
  }
  function go(y, x) {
    const [height, width] = values.shape;
    place = [Math.min(Math.max(y, 0), height - 1), Math.min(Math.max(x, 0), width - 1)];
    row.value = place[0];
    column.value = place[1];
    map.place(height, width, { top: place[0], left: place[1], height: 1, width: 1 });
    const field = layer.field && fieldAt(layer.field, ...place);
    seen.place(...input, field ?? { top: 0, left: 0, height: input[0], width: input[1] });
    fieldNote.textContent = field
      ? `This number depends on ${field.height} × ${field.width} pixels of the picture, its receptive field${isOutside(field) ? '; it reaches into the padding' : ''}.`
      : 'This number depends on the whole picture.';
    say(place);
    chosen(...place);
  }
  const isOutside = ({ top, left, height, width }) =>
    top < 0 || left < 0 || top + height > input[0] || left + width > input[1];
  const position = event => {
    const box = canvas.getBoundingClientRect(), [height, width] = values.shape;
    const inside = (part, size) => Math.min(Math.max(Math.floor(part * size), 0), size - 1);
    return [inside((event.clientY - box.top) / box.height, height), inside((event.clientX - box.left) / box.width, width)];
  };
  map.element.addEventListener('pointermove', event => { if (values) say(position(event)); });
  map.element.addEventListener('pointerleave', () => { if (values) say(place); });
  map.element.addEventListener('click', event => { if (values) go(...position(event)); });
  for (const input of [row, column]) {
    input.addEventListener('keydown', event => {
      // Up is up in the picture: a range would do the opposite.
      const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!by) return;
      event.preventDefault();
      go(place[0] + by[0], place[1] + by[1]);
    });
  }

  return {
    element: el('div', { class: 'inspector' },
      el('div', { class: 'inspector-part' }, title, map.element, scale.element, value),
      el('div', { class: 'inspector-part' }, el('h3', {}, 'What it sees of the picture'), seen.element, fieldNote,
        el('div', { class: 'two-fields' },
          el('label', { class: 'field' }, el('span', { class: 'field-label' }, 'Row'), row),
          el('label', { class: 'field' }, el('span', { class: 'field-label' }, 'Column'), column)),
        receptiveFieldLesson())),
    setPicture(image, size) {
      picture.replaceChildren(image);
      input = size;
    },
    /** Shows a map; the position stays where it is, if the map has it, else it goes to the largest value. */
    show(index, map_, ofLayer) {
      const isNew = ofLayer !== layer || !values || values.shape.join() !== map_.shape.join();
      [values, layer] = [map_, ofLayer];
      title.textContent = `Map ${index}`;
      scale.update(drawMap(canvas, values));
      row.max = values.shape[0] - 1;
      column.max = values.shape[1] - 1;
      if (isNew) {
        const most = values.data.reduce((best, one, where) => (one > values.data[best] ? where : best), 0);
        place = [Math.floor(most / values.shape[1]), most % values.shape[1]];
      }
      go(...place);
    },
    /** Shows a map for a moment, while the pointer is on its small picture. */
    preview(index, shown) {
      title.textContent = `Map ${index}`;
      scale.update(drawMap(canvas, shown));
    },
  };
}
