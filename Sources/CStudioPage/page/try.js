// Try: a picture in, classes and probabilities out.

import { api } from './api.js';
import { announce, button, card, choice, el, empty, explain, field, fill, icon, newest, problem, select } from './dom.js';
import { createPad } from './pad.js';
import { accepted, drawingFor, fileOf, imageOf, ownPicture } from './picture.js';
import { answer, createBars, noModel, sentence } from './prediction.js';
import { change, classifies, fittingDataset, fromEntry, onChange, state, withPicture } from './store.js';

const sampleCount = 12;

/** The picture in full, and its name. */
async function stageOf(picture) {
  const [set, index] = picture.id.split(':');
  const blob = picture.image ?? await api.datasetPicture(set, index);
  return el('figure', { class: 'stage-figure' },
    imageOf(blob, picture.className ? `${picture.title}: ${picture.className}` : picture.title, { class: 'stage-image' }),
    el('figcaption', {}, picture.title, picture.className ? el('span', { class: 'soft' }, ` · ${picture.className}`) : null));
}

/** Pictures of a data set, to choose from. */
function createSamples() {
  const ready = () => state.datasets.filter(one => one.isCached);
  let dataset = null, ofClass = '', shownFor = null, isChosen = false;
  const controls = el('div', { class: 'row' });
  const list = el('div', { class: 'samples', 'aria-label': 'Test pictures' });
  const note = el('div');

  async function draw() {
    const entries = await Promise.all(Array.from({ length: sampleCount }, () => api.randomEntry(dataset.name, ofClass)));
    const unique = [...new Map(entries.map(entry => [entry.picture, entry])).values()];
    const blobs = await Promise.all(unique.map(entry => api.datasetPicture(dataset.name, entry.index)));
    const items = unique.map((entry, at) =>
      el('div', { class: 'sample', 'aria-label': entry.className, title: entry.className }, imageOf(blobs[at], '')));
    choice(list, items, unique.findIndex(entry => entry.picture === state.picture?.id),
      at => change({ picture: fromEntry(dataset, unique[at]) }));
    list.replaceChildren(...items);
    list.hidden = false;
    return [];
  }
  const redraw = () => fill(note, draw, 'Loading the pictures…');
  function showControls() {
    const sets = ready();
    if (!isChosen) dataset = fittingDataset();
    if (!dataset) {
      note.replaceChildren(empty('There is no data set on this machine. Draw a picture, or open a file.'));
      return;
    }
    controls.replaceChildren(
      field('Data set', select(sets.map(one => [one.name, one.title]), dataset.name, name => {
        dataset = sets.find(one => one.name === name);
        isChosen = true;
        ofClass = '';
        showControls();
      })),
      field('Class', select([['', 'Any'], ...dataset.classes.map((name, at) => [String(at), name])], ofClass, value => {
        ofClass = value;
        redraw();
      })),
      el('button', { type: 'button', class: 'button', onclick: redraw }, icon('another'), 'Others'));
    redraw();
  }
  list.hidden = true;
  return { element: el('div', {}, controls, list, note), show() {
    // Another model may be for another data set.
    if (!state.model || state.model === shownFor) return;
    shownFor = state.model;
    showControls();
  } };
}

function createUpload(take) {
  const input = el('input', { type: 'file', accept: accepted, class: 'visually-hidden', onchange: () => {
    if (input.files[0]) take(input.files[0]);
    input.value = '';
  } });
  return el('div', { class: 'drop' },
    el('p', {}, 'Drop a picture anywhere on this page, or paste one.'),
    el('label', { class: 'button primary file-button' }, input, 'Choose a file'),
    el('p', { class: 'hint' }, 'PNG or JPEG. It goes to this server only.'));
}

const sources = [['samples', 'Data set'], ['draw', 'Draw'], ['file', 'File']];

function segmented(name, options, chosen, onchange) {
  return el('fieldset', { class: 'segmented' }, el('legend', { class: 'visually-hidden' }, name),
    options.map(([value, text]) => el('label', {},
      el('input', { type: 'radio', name, value, checked: value === chosen, onchange: () => onchange(value) }), el('span', {}, text))));
}

export function createTry() {
  const stage = el('div', { class: 'stage' });
  const outcome = el('div', { class: 'outcome' });
  const seen = el('div', { class: 'seen' });
  const bars = createBars();
  const failure = el('div');
  const head = el('div');
  let shown = {};

  const take = async file => {
    failure.replaceChildren();
    try {
      change({ picture: await ownPicture(file) });
    } catch (error) {
      failure.replaceChildren(problem(error));
    }
  };
  const samples = createSamples();
  const showPrediction = prediction => {
    head.replaceChildren(answer(prediction));
    bars.update(prediction);
    if (!bars.element.isConnected || !head.isConnected) outcome.replaceChildren(head, bars.element, seen);
    announce(sentence(prediction));
  };
  const showSeen = async id => {
    const { inputs: [{ shape }] } = state.model;
    const blob = await api.input(state.model.name, id);
    seen.replaceChildren(
      imageOf(blob, 'The picture as the model sees it', { class: 'seen-image' }),
      el('p', { class: 'hint' }, `What the model sees: ${shape[0] ?? 'any'} × ${shape[1] ?? 'any'} pixels, ${shape[2] === 1 ? 'grey' : 'colour'}.`));
  };

  const predictDrawing = newest(async (canvas, isEmpty) => {
    if (isEmpty || !classifies()) return;
    try {
      const image = await drawingFor(canvas, state.model.inputs[0].shape);
      const prediction = await api.predictNew(state.model.name, image);
      change({ picture: { id: prediction.picture, label: null, className: null, image, title: 'Drawing', isDrawing: true } });
      shown = { model: state.model, picture: prediction.picture };
      showPrediction(prediction);
      await showSeen(prediction.picture);
    } catch (error) {
      outcome.replaceChildren(problem(error));
    }
  });
  const panels = { samples: samples.element, draw: createPad(predictDrawing), file: createUpload(take) };
  const showSource = source => {
    for (const [name, panel] of Object.entries(panels)) panel.hidden = name !== source;
    stage.hidden = source === 'draw';
  };

  async function refresh() {
    if (element.hidden) return;
    const { model, picture } = state;
    if (!model) {
      outcome.replaceChildren(noModel());
      return;
    }
    samples.show();
    if (!classifies()) {
      outcome.replaceChildren(empty(model.why ?? 'This model tells no classes apart.'));
      return;
    }
    if (!picture) {
      outcome.replaceChildren(empty('Choose, drop or draw a picture.'));
      return;
    }
    if (shown.model === model && shown.picture === picture.id) return;
    const mine = shown = { model, picture: picture.id };
    if (!picture.isDrawing) fill(stage, () => stageOf(picture));
    try {
      const prediction = await withPicture(id => api.predict(model.name, id));
      if (shown !== mine) return;
      showPrediction(prediction);
      await showSeen(picture.id);
    } catch (error) {
      if (shown === mine) outcome.replaceChildren(problem(error));
    }
  }

  const element = el('div', { class: 'view' },
    el('h1', { tabindex: -1 }, 'Try a picture'),
    el('p', { class: 'lead' }, 'Give the network a picture and see at once what it takes it for.'),
    el('div', { class: 'two' },
      card('Picture', stage, segmented('Where the picture comes from', sources, 'samples', showSource), Object.values(panels), failure),
      card('Prediction', outcome,
        explain('What do these numbers say?',
          'The last layer gives each class a number from 0 to 1, and all of them add up to 1. They say how the network divides its belief between the classes it was trained on.',
          'It has no way to say “none of these”: a picture of a house shown to a network for clothes still gets a class, often with a high number.'))));

  element.addEventListener('dragover', event => { event.preventDefault(); element.classList.add('dragging'); });
  element.addEventListener('dragleave', () => element.classList.remove('dragging'));
  element.addEventListener('drop', event => {
    event.preventDefault();
    element.classList.remove('dragging');
    const file = fileOf(event.dataTransfer);
    if (file) take(file);
  });
  document.addEventListener('paste', event => {
    const file = element.hidden ? null : fileOf(event.clipboardData);
    if (file) take(file);
  });
  onChange(values => { if ('model' in values || 'picture' in values) refresh(); });
  showSource('samples');
  return { element, show: () => queueMicrotask(refresh) };
}
