// Curves over epochs, with a legend, a cursor and a table.

import { el, svg } from './dom.js';
import { short } from './colours.js';

const height = 260, left = 48, right = 12, top = 10, bottom = 36;

/** About `wanted` round numbers between two ends. */
export function ticks(low, high, wanted = 5) {
  const span = high - low || 1, power = 10 ** Math.floor(Math.log10(span / wanted));
  const step = [1, 2, 5, 10].map(one => one * power).find(one => span / one <= wanted) ?? power * 10;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** The limits of all curves, with some room. */
export function range(curves, quantity) {
  const all = curves.flatMap(curve => curve.values).filter(Number.isFinite);
  if (all.length === 0) return [0, 1];
  const low = Math.min(...all), high = Math.max(...all), room = (high - low) * 0.06 || Math.abs(high) * 0.1 || 0.1;
  const isPart = /accuracy|precision|recall|auc/.test(quantity);
  return [Math.max(low - room, low >= 0 ? 0 : -Infinity), isPart ? Math.min(high + room, 1) : high + room];
}

/** The value of a curve at the place nearest to x. */
function nearest({ epochs, values }, x) {
  let best = 0;
  for (let at = 1; at < epochs.length; at++) if (Math.abs(epochs[at] - x) < Math.abs(epochs[best] - x)) best = at;
  return epochs.length ? { epoch: epochs[best], value: values[best] } : null;
}

/** A line; that of the batches starts anew in each epoch, as their means do. */
export const pathOf = (points, isFine) => points.map(({ epoch, x, y }, at) => {
  const isNew = at === 0 || (isFine && Math.ceil(points[at - 1].epoch) !== Math.ceil(epoch));
  return `${isNew ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
}).join('');

const dashes = ['', '7 4', '2 4', '9 3 2 3'];
const look = curve => ({
  class: `line s${curve.colour}${curve.isFaint ? ' faint' : ''}`,
  'stroke-dasharray': dashes[curve.dash ?? 0] || null,
});

function table(curves, quantity) {
  const epochs = [...new Set(curves.filter(curve => !curve.isFine).flatMap(curve => curve.epochs))].sort((a, b) => a - b);
  return el('details', { class: 'more' }, el('summary', {}, 'As a table'),
    el('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': `Table of ${quantity}` },
      el('table', { class: 'data' },
        el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Epoch'), curves.filter(curve => !curve.isFine).map(curve => el('th', { scope: 'col', class: 'number' }, curve.name)))),
        el('tbody', {}, epochs.map(epoch => el('tr', {}, el('th', { scope: 'row' }, String(epoch)),
          curves.filter(curve => !curve.isFine).map(curve => {
            const at = curve.epochs.indexOf(epoch);
            return el('td', { class: 'number' }, at < 0 ? '–' : short(curve.values[at]));
          })))))));
}

/**
 * A chart of curves `{name, epochs, values, colour, dash, isFaint, isFine}`; a fine curve has a value for each batch,
 * and is left out of the table. `update(curves, lastEpoch)`.
 */
export function createChart(title, quantity) {
  const plot = svg('svg', { role: 'img', height });
  const legend = el('ul', { class: 'legend' }), more = el('div');
  const cursor = svg('line', { y1: top, y2: height - bottom, class: 'cursor', visibility: 'hidden' });
  let curves = [], last = 0, width = 640, unscaleX = null, isOpen = false;

  function showLegend(x) {
    legend.replaceChildren(...curves.map(curve => {
      const found = x === null ? { value: curve.values.at(-1) } : nearest(curve, x);
      return el('li', {},
        svg('svg', { viewBox: '0 0 24 12', 'aria-hidden': 'true' }, svg('path', { d: 'M0 6H24', ...look(curve) })),
        curve.name, el('b', {}, found?.value === undefined ? '–' : short(found.value)));
    }));
  }
  function draw() {
    plot.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const firstX = curves.some(curve => curve.isFine) ? 0 : 1;
    const lastX = Math.max(last, ...curves.flatMap(curve => curve.epochs.at(-1) ?? 0), firstX + 1);
    const [low, high] = range(curves, quantity);
    const scaleX = x => left + (x - firstX) / (lastX - firstX) * (width - left - right);
    unscaleX = place => firstX + (place - left) / (width - left - right) * (lastX - firstX);
    const scaleY = y => height - bottom - (y - low) / (high - low || 1) * (height - top - bottom);
    const lines = curves.map(curve => {
      const points = curve.epochs.map((epoch, at) => ({ epoch, x: scaleX(epoch), y: scaleY(curve.values[at]) })).filter(({ y }) => Number.isFinite(y));
      if (points.length === 1) return svg('circle', { cx: points[0].x, cy: points[0].y, r: 3.5, class: `dot s${curve.colour}` });
      return svg('path', { d: pathOf(points, curve.isFine), ...look(curve) });
    });
    plot.replaceChildren(
      ...ticks(low, high).flatMap(y => [
        svg('line', { x1: left, x2: width - right, y1: scaleY(y), y2: scaleY(y), class: 'grid' }),
        svg('text', { x: left - 8, y: scaleY(y) + 4, 'text-anchor': 'end' }, short(y))]),
      ...ticks(firstX, lastX, width < 400 ? 5 : 8).filter(Number.isInteger).map(x =>
        svg('text', { x: scaleX(x), y: height - bottom + 16, 'text-anchor': 'middle' }, String(x))),
      svg('text', { x: width - right, y: height - 4, 'text-anchor': 'end' }, 'epochs'),
      ...lines, cursor);
    const ends = curves.filter(curve => curve.values.length).map(curve => `${curve.name} ${short(curve.values.at(-1))}`).join(', ');
    plot.setAttribute('aria-label', `${title}: ${ends || 'no values yet'}`);
  }
  plot.addEventListener('pointermove', event => {
    if (!unscaleX) return;
    const box = plot.getBoundingClientRect(), place = (event.clientX - box.left) / box.width * width;
    cursor.setAttribute('x1', place);
    cursor.setAttribute('x2', place);
    cursor.setAttribute('visibility', place >= left ? 'visible' : 'hidden');
    showLegend(unscaleX(place));
  });
  plot.addEventListener('pointerleave', () => {
    cursor.setAttribute('visibility', 'hidden');
    showLegend(null);
  });
  // The drawing is as wide as its place, so that its type keeps its size.
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width < 1 || Math.abs(contentRect.width - width) < 1) return;
    width = contentRect.width;
    draw();
  }).observe(plot);
  return {
    element: el('figure', { class: 'chart' }, el('figcaption', {}, el('h3', {}, title)), plot, legend, more),
    update(newCurves, lastEpoch = 0) {
      curves = newCurves.filter(curve => curve.values.length);
      last = lastEpoch;
      draw();
      showLegend(null);
      isOpen = more.querySelector('details')?.open ?? isOpen;
      const details = table(curves, title);
      details.open = isOpen;
      more.replaceChildren(details);
    },
  };
}
