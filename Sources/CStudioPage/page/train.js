// Train: a data set, a network from blocks, and its training.

import { api } from './api.js';
import { button, card, el, explain, field, fill, newest, problem, select } from './dom.js';
import { count, shapeText } from './colours.js';
import { createBlocks } from './blocks.js';
import { createSession } from './session.js';
import { download } from './picture.js';
import { state } from './store.js';

const off = () => el('div', { class: 'card' },
  el('h2', {}, 'Training is off'),
  el('p', {}, 'This server only answers questions about models that it was given. To train here, start it with:'),
  el('pre', { class: 'code' }, el('code', {}, 'strata serve --studio model.keras')),
  el('p', { class: 'hint' }, 'Only programs on this machine can then reach the studio.'));

const recipes = {
  'The given one': null,
  'One convolution': [
    { kind: 'convolution', filters: 16, kernel: [5, 5], strides: [1, 1], padding: 'valid', activation: 'relu' },
    { kind: 'pooling', type: 'max', window: [2, 2], strides: [2, 2], padding: 'valid' }, { kind: 'flatten' }],
  'LeNet-like, average pooling': [
    { kind: 'convolution', filters: 6, kernel: [5, 5], strides: [1, 1], padding: 'same', activation: 'tanh' },
    { kind: 'pooling', type: 'average', window: [2, 2], strides: [2, 2], padding: 'valid' },
    { kind: 'convolution', filters: 16, kernel: [5, 5], strides: [1, 1], padding: 'valid', activation: 'tanh' },
    { kind: 'pooling', type: 'average', window: [2, 2], strides: [2, 2], padding: 'valid' },
    { kind: 'flatten' }, { kind: 'dense', units: 84, activation: 'tanh' }],
  'All convolutions, global pooling': [
    { kind: 'convolution', filters: 32, kernel: [3, 3], strides: [2, 2], padding: 'same', activation: 'relu' },
    { kind: 'batch_normalization' },
    { kind: 'convolution', filters: 64, kernel: [3, 3], strides: [2, 2], padding: 'same', activation: 'relu' },
    { kind: 'batch_normalization' }, { kind: 'global_pooling', type: 'average' }],
  'No convolution': [{ kind: 'flatten' }, { kind: 'dense', units: 128, activation: 'relu' }],
};

function number(value, limits, changed) {
  const input = el('input', { type: 'number', ...limits, required: true, value,
    oninput: () => { if (input.checkValidity()) changed(input.valueAsNumber); } });
  return input;
}

/** The data set or folder, and the settings of the training. */
function createSettings(options, plan, changed) {
  const set = values => { Object.assign(plan, values); changed(); };
  const folder = el('input', { type: 'text', value: plan.folder ?? '', placeholder: '/home/me/pictures', autocomplete: 'off', spellcheck: 'false',
    onchange: () => set({ dataset: undefined, folder: folder.value.trim() }) });
  const folderField = field('Folder on this machine', folder, 'With a folder of pictures for each class.');
  const size = field('Size of pictures', number(plan.imageSize ?? 64, { min: 8, max: 512, step: 1 }, value => set({ imageSize: value })),
    'They are resized to a square of so many pixels.');
  folderField.hidden = size.hidden = true;
  const about = el('p', { class: 'hint' });
  const showData = name => {
    const dataset = options.datasets.find(one => one.name === name);
    folderField.hidden = size.hidden = Boolean(dataset);
    about.textContent = dataset ? `${count(dataset.trainCount)} pictures of ${dataset.subject}, ${shapeText(dataset.shape)}, ${dataset.classes.length} classes.` : '';
    set(dataset ? { dataset: name, folder: undefined } : { dataset: undefined, folder: folder.value.trim() });
  };
  const data = select([...options.datasets.map(one => [one.name, one.title]), ['', 'A folder…']], plan.dataset ?? '', showData);
  const element = el('div', { class: 'stack' },
    field('Data', data), about, folderField, size,
    el('div', { class: 'settings' },
      field('Optimizer', select(options.optimizers, plan.optimizer, value => set({ optimizer: value }))),
      field('Learning rate', number(plan.learningRate, { min: 0, step: 'any' }, value => set({ learningRate: value }))),
      field('Batch', number(plan.batchSize, { min: 1, max: options.limits.batchSize, step: 1 }, value => set({ batchSize: value }))),
      field('Epochs', number(plan.epochs, { min: 1, max: options.limits.epochs, step: 1 }, value => set({ epochs: value }))),
      field('Held out', number(plan.validationSplit, { min: 0, max: 0.9, step: 0.05 }, value => set({ validationSplit: value })), 'part for validation'),
      field('Seed', number(plan.seed, { min: 0, step: 1 }, value => set({ seed: value })))));
  showData(data.value);
  return element;
}

/** `last` is the plan of the last training, or null: after a reload the page goes on with it. */
function createStudio(options, last) {
  const plan = structuredClone({ ...options.defaults, dataset: options.datasets[0]?.name, ...last });
  if (plan.folder) plan.dataset = undefined;
  const total = el('p', { class: 'total', role: 'status' });
  const trouble = el('div');
  const session = createSession(() => ({ ...plan }), startable => { isReady = startable; update(); });
  let isReady = true, isFine = false, blocks = null;

  function update() {
    start.disabled = !isReady || !isFine;
  }
  const check = newest(async () => {
    if (!plan.dataset && !plan.folder) {
      total.textContent = 'Type a folder’s path to begin.';
      isFine = false;
      return update();
    }
    try {
      const answer = await api.check(plan);
      blocks.mark(answer);
      trouble.replaceChildren();
      isFine = !answer.error;
      total.textContent = answer.error ? 'The network cannot be built yet: see the block that is marked.'
        : `${shapeText(answer.input)} in, ${answer.classes} classes out, ${count(answer.total)} parameters.`;
    } catch (error) {
      isFine = false;
      total.textContent = '';
      trouble.replaceChildren(problem(error));
    }
    return update();
  });
  blocks = createBlocks(options, plan.blocks, next => {
    plan.blocks = next;
    check();
  });
  const settings = createSettings(options, plan, () => { if (blocks) check(); });
  const start = button('Start training', () => session.start(), { class: 'button primary', disabled: true });
  const source = async language => {
    try {
      const both = await api.source(plan);
      download(both[language], language === 'swift' ? 'train.swift' : 'train.py');
      // The Python program has no generator of these pictures.
      if (language === 'python' && plan.dataset === 'shapes') download(await api.shapes(), 'shapes.npz');
      trouble.replaceChildren();
    } catch (error) {
      trouble.replaceChildren(problem(error));
    }
  };
  const recipe = select(Object.keys(recipes), 'The given one', name => {
    plan.blocks = structuredClone(recipes[name] ?? options.defaults.blocks);
    blocks.set(plan.blocks);
    check();
  });
  check();
  return el('div', { class: 'wide-left' },
    card('Network', field('Begin with', recipe), blocks.element,
      explain('How do the shapes come about?',
        'Each block says the shape of what it gives: height × width × channels. Without padding, a window of 3 × 3 takes a pixel from each side; a stride of 2 halves height and width; the number of filters is the number of channels.',
        'A dense layer takes a row, so there is a flatten or a global pooling before the first one.')),
    el('div', { class: 'stack wide-gap training-side' },
      card('Training', settings, total, trouble,
        el('div', { class: 'row' }, start, session.stop),
        el('div', { class: 'row middle' }, el('span', { class: 'soft' }, 'The same as a program'),
          button('Swift', () => source('swift'), { class: 'button small', 'aria-label': 'Download as a Swift program' }),
          button('Python', () => source('python'), { class: 'button small', 'aria-label': 'Download as a Python program' })),
        explain('What do these settings do?',
          'The network sees the pictures in batches, and after each its weights move a little in the direction that lowers the loss: the learning rate says how far. When it has seen all pictures once, an epoch is over.',
          'A part of the pictures is held out: it is never learnt from, so it tells how well the network does on pictures that it has not seen.')),
      session.element));
}

export function createTrain() {
  const body = el('div');
  const element = el('div', { class: 'view' },
    el('h1', { tabindex: -1 }, 'Train'),
    el('p', { class: 'lead' }, 'Put a network together, and watch it learn.'), body);
  let isBuilt = false;
  return {
    element,
    show() {
      if (isBuilt) return;
      isBuilt = true;
      if (!state.status.studio) body.replaceChildren(off());
      else {
        fill(body, async () => {
          const [options, last] = await Promise.all([api.trainOptions(), api.training()]);
          return createStudio(options, last.plan);
        });
      }
    },
  };
}
