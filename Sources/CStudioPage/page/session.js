// A training that runs: curves, filters, and what to do with the model at the end.

import { api, eventsOf, slice, tensor } from './api.js';
import { announce, button, card, el, empty, problem } from './dom.js';
import { count, short } from './colours.js';
import { createChart } from './chart.js';
import { commonScale, kernelCanvas } from './filters.js';
import { download } from './picture.js';
import { addressOf, change, chooseModel, state } from './store.js';

/** Curves of earlier trainings of this visit that are kept for comparison. */
const mostEarlier = 3;

/** The curves of a training, from its events. */
export const noCurves = () => ({ batch: {}, epoch: {}, last: 0 });
export function addTo(curves, { name, data }) {
  if (name !== 'batch' && name !== 'epoch') return curves;
  const at = name === 'batch' ? data.position : data.epoch;
  for (const [quantity, value] of Object.entries(data.logs)) {
    const curve = (curves[name][quantity] ??= { epochs: [], values: [] });
    curve.epochs.push(at);
    curve.values.push(value);
  }
  return curves;
}

/** The lines for a quantity: while an epoch lasts, its batches; held-out pictures; earlier trainings, faint. */
function linesOf(quantity, curves, earlier) {
  const line = (kind, name, more) => ({ ...(curves[kind][name] ?? { epochs: [], values: [] }), ...more });
  const isBatch = !curves.epoch[quantity] || curves.epoch[quantity].epochs.length < 2;
  return [
    line(isBatch ? 'batch' : 'epoch', quantity, { name: 'training', colour: 0, isFine: isBatch }),
    line('epoch', `val_${quantity}`, { name: 'held out', colour: 1 }),
    ...earlier.map((one, at) => ({ ...(one.curves.epoch[`val_${quantity}`] ?? one.curves.epoch[quantity] ?? { epochs: [], values: [] }),
      name: `${one.name}, held out`, colour: 2 + at, dash: 1 + at % 3, isFaint: false }))];
}

function showFilters(box, { values: packed, epoch, step, layer }) {
  const values = tensor(packed), scale = commonScale(values.data);
  const channel = values.shape[3] === 3 ? 'colour' : 0;
  box.replaceChildren(
    el('h3', {}, `Filters of the first layer, ${layer}`),
    el('ul', { class: 'kernels' }, Array.from({ length: values.shape[0] }, (_, at) =>
      el('li', { 'aria-label': `Filter ${at}` }, kernelCanvas(slice(values, at), channel, scale)))),
    el('p', { class: 'hint' }, epoch ? `Epoch ${epoch}, batch ${step}.` : 'Before training.'));
}

/** What of a folder is not used; `files` are the first of them, with reasons. */
function showUnused(box, { count: all, files }) {
  const text = all === 1 ? 'One file of the folder is not used.' : `${count(all)} files of the folder are not used.`;
  const rest = all - files.length;
  box.replaceChildren(el('div', { class: 'notice' },
    el('p', {}, text),
    el('details', { class: 'more' }, el('summary', {}, 'Which, and why'),
      el('ul', {}, files.map(file => el('li', {}, file)), rest > 0 ? el('li', {}, `and ${count(rest)} more`) : null))));
  announce(text);
}

/** `plan()` gives the plan to start; `ready(bool)` says whether a training can be started. */
export function createSession(plan, ready) {
  const status = el('p', { class: 'session-status' }, '');
  const bar = el('progress', { max: 1, value: 0, 'aria-label': 'Progress of the training' });
  const loss = createChart('Loss', 'loss'), accuracy = createChart('Accuracy', 'accuracy');
  const filters = el('div', { class: 'stack' }), note = el('div'), unused = el('div'), after = el('div', { class: 'row' });
  const charts = el('div', { class: 'stack wide-gap' }, accuracy.element, loss.element);
  const element = card('Progress', empty('Press Start to see curves and filters here.'));
  const earlier = [];
  let curves = noCurves(), epochs = 1, training = 0, isDrawing = false, isStopping = false, head = '';

  const stop = button('Stop', async () => {
    stop.disabled = isStopping = true;
    status.textContent = 'Stopping…';
    try {
      await api.stop();
    } catch (error) {
      isStopping = false;
      note.replaceChildren(problem(error));
    }
  }, { hidden: true });

  function redraw() {
    if (isDrawing) return;
    isDrawing = true;
    requestAnimationFrame(() => {
      isDrawing = false;
      loss.update(linesOf('loss', curves, earlier), epochs);
      accuracy.update(linesOf('accuracy', curves, earlier), epochs);
    });
  }
  function open() {
    element.replaceChildren(element.querySelector('h2'), status, bar, unused, note, after, charts, filters);
  }
  /** Until the training begins, of which its first event tells. */
  function prepare() {
    open();
    for (const box of [note, unused, after]) box.replaceChildren();
    isStopping = false;
    head = '';
    curves = noCurves();
    status.textContent = 'Preparing…';
    bar.removeAttribute('value');
    ready(false);
  }
  function allowStop() {
    stop.hidden = false;
    stop.disabled = isStopping;
  }
  function begin({ plan: shown, epochs: all, samples, validation, parameters, training: number }) {
    open();
    curves = noCurves();
    [epochs, training] = [all, number];
    head = `${shown?.name ?? 'Network'} ${number}: ${count(samples)} pictures, ${count(validation)} held out, ${count(parameters)} parameters`;
    for (const box of [note, after, filters]) box.replaceChildren();
    allowStop();
    ready(false);
    if (!isStopping) status.textContent = head;
    announce('Training has started');
  }
  const logs = values => Object.entries(values).map(([name, value]) => `${name.replace('val_', 'held-out ')} ${short(value)}`).join(', ');

  const lookLinks = () => [
    el('a', { class: 'button', href: addressOf('try', { model: 'training' }) }, 'Try it'),
    el('a', { class: 'button', href: addressOf('look', { model: 'training' }) }, 'Look inside')];
  async function end({ state: outcome, error, seconds, model }) {
    stop.hidden = true;
    ready(true);
    const words = { finished: 'Finished', stopped: 'Stopped', failed: 'Failed' }[outcome];
    status.textContent = `${words} after ${seconds.toFixed(1)} s${head ? '' : ', before the training began'}. ${head}`;
    announce(`${words}. ${logs(lastLogs())}`);
    if (error) note.replaceChildren(problem({ message: error }));
    if (outcome === 'failed' || !model) return;
    const name = el('input', { type: 'text', placeholder: 'name (optional)', 'aria-label': 'Name of the run', class: 'name' });
    const keep = button('Keep as a run', async () => {
      keep.disabled = true;
      try {
        const { run } = await api.keep(name.value.trim() || undefined);
        note.replaceChildren(el('p', { class: 'notice' }, `Kept as ${run}. `, el('a', { href: addressOf('runs', { run }) }, 'Show it')));
        name.hidden = keep.hidden = true;
      } catch (one) {
        keep.disabled = false;
        note.replaceChildren(problem(one));
      }
    });
    const file = button('Download .keras', async () => {
      try {
        download(await api.trainedModel(), 'model.keras');
      } catch (one) {
        note.replaceChildren(problem(one));
      }
    });
    after.replaceChildren(...lookLinks(), file, name, keep);
    change({ models: await api.models() });
    // The one before has the same name.
    if (state.model?.name === model) await chooseModel(model);
  }
  const lastLogs = () => Object.fromEntries(Object.entries(curves.epoch).map(([name, { values }]) => [name, values.at(-1)]));

  function take({ name, data }) {
    if (name === 'start') begin(data);
    if (name === 'batch') {
      bar.value = data.position / epochs;
      if (!isStopping) status.textContent = `Epoch ${data.epoch} of ${epochs}, batch ${data.step} of ${data.steps}: ${logs(data.logs)}`;
    }
    if (name === 'epoch') {
      bar.value = data.epoch / epochs;
      announce(`Epoch ${data.epoch} of ${epochs}: ${logs(data.logs)}`);
    }
    if (name === 'unused') showUnused(unused, data);
    if (name === 'filters') showFilters(filters, data);
    addTo(curves, { name, data });
    if (name === 'batch' || name === 'epoch') redraw();
    if (name === 'end') {
      bar.value = 1;
      redraw();
      return end(data);
    }
    return undefined;
  }
  async function follow() {
    let hasEnded = false;
    for await (const event of eventsOf(await api.events())) {
      await take(event);
      hasEnded = event.name === 'end';
    }
    if (!hasEnded) throw new Error('The connection to the server was lost. Load the page again to see how the training goes on.');
  }
  async function start() {
    if (Object.keys(curves.epoch).length) {
      earlier.unshift({ name: `no. ${training}`, curves });
      earlier.length = Math.min(earlier.length, mostEarlier);
    }
    prepare();
    try {
      await api.start(plan());
      allowStop();
      await follow();
    } catch (error) {
      fail(error);
    }
  }
  function fail(error) {
    ready(true);
    stop.hidden = true;
    bar.value = 0;
    status.textContent = '';
    note.replaceChildren(problem(error));
  }
  async function resume() {
    try {
      const { state: now } = await api.training();
      if (now === 'idle') return;
      if (now === 'preparing') {
        prepare();
        allowStop();
      } else open();
      await follow();
    } catch (error) {
      open();
      fail(error);
    }
  }
  // One that already runs is shown, after a reload of the page too.
  resume();
  return { element, stop, start };
}
