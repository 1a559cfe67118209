// The blocks of a network, to add, change, order and remove.

import { button, el, icon, problem, select } from './dom.js';
import { count, shapeText } from './colours.js';

/** The kinds, with what a new one of each is like. */
export const kinds = {
  convolution: { title: 'Convolution', fresh: { filters: 32, kernel: [3, 3], strides: [1, 1], padding: 'same', activation: 'relu' } },
  pooling: { title: 'Pooling', fresh: { type: 'max', window: [2, 2], strides: [2, 2], padding: 'valid' } },
  batch_normalization: { title: 'Batch normalization', fresh: {} },
  dropout: { title: 'Dropout', fresh: { rate: 0.25 } },
  flatten: { title: 'Flatten', fresh: {} },
  global_pooling: { title: 'Global pooling', fresh: { type: 'average' } },
  dense: { title: 'Dense', fresh: { units: 64, activation: 'relu' } },
};

/** A list with one element at another place. */
export function reordered(list, from, to) {
  const rest = list.filter((_, at) => at !== from);
  return [...rest.slice(0, to), list[from], ...rest.slice(to)];
}

const small = (label, control) => el('label', { class: 'small-field' }, el('span', {}, label), control);

function numberInput(value, limits, changed) {
  const input = el('input', { type: 'number', ...limits, value, oninput: () => {
    const number = input.valueAsNumber;
    if (Number.isFinite(number) && input.checkValidity()) changed(number);
  } });
  return input;
}

/** Two numbers, height × width, that are one as long as they are the same. */
function pair(label, values, changed) {
  const both = [...values];
  const one = at => numberInput(both[at], { min: 1, max: 64, step: 1, required: true, 'aria-label': `${label}, ${at ? 'width' : 'height'}` }, value => {
    both[at] = value;
    changed([...both]);
  });
  return el('div', { class: 'small-field', role: 'group', 'aria-label': label },
    el('span', { 'aria-hidden': 'true' }, label), el('span', { class: 'pair' }, one(0), el('span', { 'aria-hidden': 'true' }, '×'), one(1)));
}

const poolings = [['max', 'Max'], ['average', 'Average']];

/** The controls of one block; `set(values)` changes it. */
function controls(block, options, set) {
  const padding = () => small('Padding', select(block.kind === 'pooling' ? options.paddings.filter(one => one !== 'full') : options.paddings, block.padding, value => set({ padding: value })));
  const activation = () => small('Activation', select(options.activations, block.activation, value => set({ activation: value })));
  const whole = (label, name) => small(label, numberInput(block[name], { min: 1, max: 65536, step: 1, required: true }, value => set({ [name]: value })));
  switch (block.kind) {
    case 'convolution':
      return [whole('Filters', 'filters'), pair('Kernel', block.kernel, kernel => set({ kernel })),
        pair('Stride', block.strides, strides => set({ strides })), padding(), activation()];
    case 'pooling':
      return [small('Type', select(poolings, block.type, value => set({ type: value }))),
        pair('Window', block.window, window => set({ window })), pair('Stride', block.strides, strides => set({ strides })), padding()];
    case 'global_pooling':
      return [small('Type', select(poolings, block.type, value => set({ type: value })))];
    case 'dropout':
      return [small('Rate', numberInput(block.rate, { min: 0, max: 0.95, step: 0.05, required: true }, value => set({ rate: value })))];
    case 'dense': return [whole('Units', 'units'), activation()];
    default: return [];
  }
}

/** `changed(blocks)` is called after each change. */
export function createBlocks(options, first, changed) {
  const list = el('ol', { class: 'blocks' });
  const ending = el('li', { class: 'block fixed' });
  let blocks = structuredClone(first), rows = [], dragged = null;

  function put(next, focusAt, focusName) {
    blocks = next;
    draw();
    changed(blocks);
    if (focusAt === undefined) return;
    const row = rows[Math.min(focusAt, rows.length - 1)]?.item;
    (row?.querySelector(`[data-act="${focusName}"]:not(:disabled)`) ?? row?.querySelector('.block-tools button:not(:disabled)') ?? adder.querySelector('button')).focus();
  }
  function rowOf(block, at) {
    const title = kinds[block.kind]?.title ?? block.kind, shape = el('span', { class: 'block-shape' }), trouble = el('div');
    const act = (name, label, go, disabled) => el('button', { type: 'button', class: 'icon-button', 'data-act': name,
      'aria-label': `${label} block ${at + 1}, ${title}`, title: label, disabled, onclick: go }, icon(name));
    const handle = el('span', { class: 'grip', draggable: 'true', 'aria-hidden': 'true', title: 'Drag to another place' }, icon('grip'));
    const item = el('li', { class: 'block' },
      el('div', { class: 'block-head' }, handle, el('strong', {}, title), shape,
        el('span', { class: 'block-tools' },
          act('up', 'Move up', () => put(reordered(blocks, at, at - 1), at - 1, 'up'), at === 0),
          act('down', 'Move down', () => put(reordered(blocks, at, at + 1), at + 1, 'down'), at === blocks.length - 1),
          act('remove', 'Remove', () => put(blocks.filter((_, one) => one !== at), Math.max(at - 1, 0), 'remove'), false))),
      el('div', { class: 'block-controls' }, controls(block, options, values => {
        Object.assign(block, values);
        changed(blocks);
      })), trouble);
    handle.addEventListener('dragstart', event => {
      dragged = at;
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', title);
      event.dataTransfer.setDragImage(item, 20, 20);
    });
    handle.addEventListener('dragend', () => { dragged = null; });
    item.addEventListener('dragover', event => {
      if (dragged === null) return;
      event.preventDefault();
      item.classList.add('target');
    });
    item.addEventListener('dragleave', () => item.classList.remove('target'));
    item.addEventListener('drop', event => {
      event.preventDefault();
      item.classList.remove('target');
      if (dragged !== null && dragged !== at) put(reordered(blocks, dragged, at));
      dragged = null;
    });
    return { item, shape, trouble };
  }
  function draw() {
    rows = blocks.map(rowOf);
    list.replaceChildren(...rows.map(row => row.item), ending);
  }
  const adder = el('div', { class: 'row', role: 'group', 'aria-label': 'Add a block' },
    Object.entries(kinds).map(([kind, { title, fresh }]) => button([icon('add'), title], () => {
      put([...blocks, { kind, ...structuredClone(fresh) }]);
      rows.at(-1).item.querySelector('input, select, button')?.focus();
    }, { class: 'button small' })));
  draw();
  return {
    element: el('div', { class: 'stack' }, list, el('h3', {}, 'Add a block'), adder),
    /** The shapes and parameters of a check, and its error at the block where it arises. */
    mark({ blocks: known, classes, error }) {
      rows.forEach(({ shape, trouble, item }, at) => {
        const parts = known.filter(one => one.block === at), last = parts.at(-1);
        const parameters = parts.reduce((sum, one) => sum + one.parameters, 0);
        shape.textContent = last ? `${shapeText(last.output)} · ${parameters ? `${count(parameters)} parameters` : 'no parameters'}` : '';
        const isHere = error && error.block === at;
        item.classList.toggle('wrong', Boolean(isHere));
        trouble.replaceChildren(...(isHere ? [problem(error)] : []));
      });
      const end = known.find(one => one.block === null);
      ending.replaceChildren(
        el('div', { class: 'block-head' }, el('strong', {}, 'Classes'),
          el('span', { class: 'block-shape' }, end ? `${shapeText(end.output)} · ${count(end.parameters)} parameters` : '')),
        el('p', { class: 'hint' }, `A dense layer with softmax: a probability for each of the ${classes ?? ''} classes. It is always there.`),
        ...(error && error.block === null ? [problem(error)] : []));
    },
    set(next) {
      blocks = structuredClone(next);
      draw();
    },
    value: () => blocks,
  };
}
