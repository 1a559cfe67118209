// Runs: run folders beside each other, and each in detail.

import { api } from './api.js';
import { announce, card, el, empty, explain, field, fill, select } from './dom.js';
import { percent, short } from './colours.js';
import { createChart } from './chart.js';
import { confusionTable, classTable } from './matrix.js';
import { imageOf } from './picture.js';
import { addressOf, state } from './store.js';

/** More curves than there are colours are hard to tell apart. */
const most = 8;
const date = text => (text ? new Date(text).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }) : '–');
const time = seconds => (seconds === null || seconds === undefined ? '–' : seconds < 90 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`);

function runTable(runs, chosen, toggle, open) {
  const head = ['', 'Run', 'Data', 'Network', 'Optimizer', 'Learning rate', 'Epochs', 'Best', 'Time', 'Started'];
  const row = run => {
    const box = el('input', { type: 'checkbox', checked: chosen.has(run.name), 'aria-label': `Compare ${run.name}`, onchange: () => toggle(run.name, box) });
    return el('tr', {}, el('td', {}, box),
      el('th', { scope: 'row' }, el('a', { href: addressOf('runs', { run: run.name }), onclick: () => open(run.name) }, run.name)),
      el('td', {}, run.data ?? '–'), el('td', {}, run.network ?? '–'), el('td', {}, run.optimizer ?? '–'),
      el('td', { class: 'number' }, short(run.learningRate)),
      el('td', { class: 'number' }, run.plannedEpochs && run.plannedEpochs !== run.epochs ? `${run.epochs} of ${run.plannedEpochs}` : String(run.epochs)),
      el('td', { class: 'number' }, run.best ? `${short(run.best.value)}` : '–'),
      el('td', { class: 'number' }, time(run.seconds)), el('td', { class: 'number' }, date(run.started)));
  };
  return el('div', { class: 'table-scroll', role: 'region', 'aria-label': 'Runs', tabindex: 0 },
    el('table', { class: 'data' },
      el('thead', {}, el('tr', {}, head.map(text => (text ? el('th', { scope: 'col', class: /rate|Epochs|Best|Time|Started/.test(text) ? 'number' : null }, text) : el('td', {}, el('span', { class: 'visually-hidden' }, 'Compare')))))),
      el('tbody', {}, runs.map(row))));
}

function differenceTable({ runs, differences }) {
  if (differences.length === 0) return el('p', { class: 'hint' }, 'Their settings are the same.');
  return el('div', { class: 'table-scroll', role: 'region', 'aria-label': 'Settings that differ', tabindex: 0 },
    el('table', { class: 'data' }, el('caption', { class: 'visually-hidden' }, 'Settings that differ'),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Setting'), runs.map(name => el('th', { scope: 'col' }, name)))),
      el('tbody', {}, differences.map(({ setting, values }) =>
        el('tr', {}, el('th', { scope: 'row' }, setting), values.map(value => el('td', {}, value ?? '–')))))));
}

/** The curves of the chosen runs over each other. */
function createComparison() {
  const body = el('div', { class: 'stack' });
  let quantity = null;
  async function load(names) {
    const answer = await api.compare(names);
    const quantities = answer.quantities;
    if (!quantities.length) return empty('These runs have no curves yet.');
    if (!quantities.includes(quantity)) quantity = quantities.find(one => one === 'val_accuracy') ?? quantities[0];
    const box = el('div');
    const draw = () => {
      const chart = createChart(quantity, quantity);
      chart.update((answer.curves[quantity] ?? []).map(curve => {
        const at = answer.runs.indexOf(curve.run);
        return { ...curve, name: curve.run, colour: at % most, dash: Math.floor(at / 4) };
      }));
      box.replaceChildren(chart.element);
    };
    draw();
    return [
      el('div', { class: 'row' }, field('Quantity', select(quantities, quantity, value => { quantity = value; draw(); }))),
      box, el('h3', {}, 'Settings that differ'), differenceTable(answer)];
  }
  return {
    element: body,
    show(names) {
      if (names.length === 0) body.replaceChildren(empty('Mark runs in the table to lay their curves over each other.'));
      else fill(body, () => load(names));
    },
  };
}

async function detail(name) {
  const run = await api.run(name);
  const quantities = Object.keys(run.curves).filter(one => !one.startsWith('val_'));
  const charts = quantities.slice(0, 2).map(quantity => {
    const chart = createChart(quantity, quantity);
    chart.update([[quantity, 'training', 0], [`val_${quantity}`, 'held out', 1]]
      .filter(([key]) => run.curves[key]).map(([key, text, colour]) => ({ ...run.curves[key], name: text, colour })));
    return chart.element;
  });
  const file = run.files.find(one => one.startsWith('mistakes'));
  const mistakes = el('div');
  if (file) fill(mistakes, async () => [el('h3', {}, 'Mistakes'), imageOf(await api.runFile(name, file), `Pictures that ${name} mistook, with the true and the predicted class`, { class: 'mistakes' })]);
  return [
    el('div', { class: 'spread' }, el('h2', { tabindex: -1, id: 'run-title' }, name),
      run.hasModel ? el('div', { class: 'row' },
        el('a', { class: 'button', href: addressOf('try', { model: `run:${name}` }) }, 'Try it'),
        el('a', { class: 'button', href: addressOf('look', { model: `run:${name}` }) }, 'Look inside')) : null),
    el('dl', { class: 'facts' }, Object.entries(run.settings).filter(([, value]) => typeof value !== 'object').map(([key, value]) =>
      el('div', {}, el('dt', {}, key.replaceAll('_', ' ')), el('dd', {}, String(value))))),
    charts.length ? el('div', { class: 'two' }, charts) : empty('This run has no curves yet.'),
    run.classes ? el('div', { class: 'beside' },
      el('div', { class: 'stack' }, el('h3', {}, `Confusion matrix, accuracy ${percent(run.classes.accuracy)}`), confusionTable(run.classes.classes)),
      el('div', { class: 'stack' }, el('h3', {}, 'Classes'), classTable(run.classes.classes))) : null,
    run.classes ? explain('How do I read the matrix?',
      'A row for each true class, a column for what the network took it for. On the diagonal are the pictures it got right; a dark place beside it is a pair of classes that it confuses.',
      'Precision: of the pictures that it took for a class, how many are of it. Recall: of the pictures of a class, how many it found.') : null,
    mistakes];
}

export function createRuns() {
  const list = el('div'), comparison = createComparison();
  const detailCard = el('section', { class: 'card', 'aria-labelledby': 'run-title', hidden: true });
  const chosen = new Set();
  let opened = null;
  const compare = () => comparison.show([...chosen]);
  function toggle(name, box) {
    if (chosen.has(name)) chosen.delete(name);
    else if (chosen.size < most) chosen.add(name);
    else {
      box.checked = false;
      announce(`At most ${most} runs can be compared`);
    }
    compare();
  }
  async function open(name) {
    opened = name;
    detailCard.hidden = false;
    await fill(detailCard, () => detail(name));
    if (opened === name) detailCard.querySelector('h2')?.focus();
  }
  async function load() {
    const runs = await api.runs();
    if (runs.length === 0) return empty('There are no runs yet. strata train writes one for each training, and Train keeps them here.');
    const known = new Set(runs.map(run => run.name));
    for (const name of chosen) if (!known.has(name)) chosen.delete(name);
    if (chosen.size === 0) runs.slice(-3).forEach(run => chosen.add(run.name));
    compare();
    return runTable(runs, chosen, toggle, () => {});
  }
  const comparisonCard = card('Curves', comparison.element);
  const body = el('div', { class: 'stack wide-gap' }, card('Run folders', list), comparisonCard, detailCard);
  const element = el('div', { class: 'view' },
    el('h1', { tabindex: -1 }, 'Runs'),
    el('p', { class: 'lead' }, 'Trainings beside each other: what differed, how they went, and what they got wrong.'), body);
  return {
    element,
    show({ run }) {
      if (!state.status.runs) {
        body.replaceChildren(el('div', { class: 'card' }, empty('The server has no folder of runs. Start it in the folder where strata train wrote runs, or name one.')));
        return;
      }
      fill(list, load);
      if (run) open(run);
      else detailCard.hidden = true;
    },
  };
}
