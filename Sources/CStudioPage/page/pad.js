// A place to draw a digit or a piece of clothing.

import { button, el } from './dom.js';

const side = 280;

/** Calls `drawn(canvas)` after each change of the drawing. */
export function createPad(drawn) {
  const canvas = el('canvas', { class: 'pad', width: side, height: side, role: 'img', 'aria-label': 'A place to draw with the pointer; sample pictures are the alternative for the keyboard' });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  let strokes = [], isDark = true, width = 22;

  const ink = () => (isDark ? '#fff' : '#000');
  function drawStroke({ points, width: thick }) {
    context.strokeStyle = context.fillStyle = ink();
    context.lineWidth = thick;
    context.lineCap = context.lineJoin = 'round';
    context.beginPath();
    if (points.length < 3) {
      const [x, y] = points[0], [u, v] = points.at(-1);
      context.moveTo(x, y);
      context.lineTo(u + 0.01, v);
    } else {
      // Curves through the middles of neighbours have no corners.
      context.moveTo(...points[0]);
      for (let at = 1; at < points.length - 1; at++) {
        const [x, y] = points[at], [u, v] = points[at + 1];
        context.quadraticCurveTo(x, y, (x + u) / 2, (y + v) / 2);
      }
      context.lineTo(...points.at(-1));
    }
    context.stroke();
  }
  function redraw() {
    context.fillStyle = isDark ? '#000' : '#fff';
    context.fillRect(0, 0, side, side);
    strokes.forEach(drawStroke);
  }
  const place = event => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * side, (event.clientY - box.top) / box.height * side];
  };
  const changed = () => {
    redraw();
    undo.disabled = clear.disabled = strokes.length === 0;
    drawn(canvas, strokes.length === 0);
  };

  canvas.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    strokes.push({ points: [place(event)], width });
    changed();
  });
  canvas.addEventListener('pointermove', event => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const events = event.getCoalescedEvents?.() ?? [];
    strokes.at(-1).points.push(...(events.length ? events : [event]).map(place));
    changed();
  });

  const undo = button('Undo', () => { strokes.pop(); changed(); }, { disabled: true });
  const clear = button('Clear', () => { strokes = []; changed(); }, { disabled: true });
  const invert = button('Invert', () => {
    isDark = !isDark;
    invert.setAttribute('aria-pressed', String(!isDark));
    changed();
  }, { 'aria-pressed': 'false' });
  const pen = el('input', { type: 'range', min: 8, max: 44, value: width, oninput: () => { width = Number(pen.value); } });
  redraw();
  return el('div', { class: 'pad-box' }, canvas,
    el('div', { class: 'row middle' }, undo, clear, invert, el('label', { class: 'inline' }, 'Pen', pen)),
    el('p', { class: 'hint' }, 'Draw large and in the middle, as the training pictures are: light on black for digits and clothes.'));
}
