// Elements, announcements and the states that every part of the page has: loading, empty, error.

const SVG = 'http://www.w3.org/2000/svg';

function assign(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else if (name === 'vars') for (const [key, one] of Object.entries(value)) element.style.setProperty(`--${key}`, one);
  else if (name === 'value' || name === 'checked' || name === 'disabled') element[name] = value;
  else element.setAttribute(name, value === true ? '' : value);
}

function build(element, attributes, children) {
  // A select's value needs its options, and a range's value its limits.
  const { value, ...others } = attributes;
  for (const [name, one] of Object.entries(others)) assign(element, name, one);
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  assign(element, 'value', value);
  return element;
}

/** An HTML element; attributes whose names begin with `on` are listeners, `vars` are custom properties. */
export const el = (name, attributes = {}, ...children) =>
  build(document.createElement(name), attributes, children);

/** An SVG element. */
export const svg = (name, attributes = {}, ...children) =>
  build(document.createElementNS(SVG, name), attributes, children);

const shapes = {
  up: 'M12 19V5m-6 6 6-6 6 6', down: 'M12 5v14m-6-6 6 6 6-6', remove: 'M6 6l12 12M18 6 6 18',
  grip: 'M9 6v.01M15 6v.01M9 12v.01M15 12v.01M9 18v.01M15 18v.01', add: 'M12 5v14M5 12h14',
  another: 'M4 12a8 8 0 0 1 14-5l2 2m0-5v5h-5M20 12a8 8 0 0 1-14 5l-2-2m0 5v-5h5',
};

/** One of the page's small pictures, invisible to screen readers. */
export const icon = name =>
  svg('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' }, svg('path', { d: shapes[name] }));

export const button = (label, onclick, attributes = {}) =>
  el('button', { type: 'button', class: 'button', onclick, ...attributes }, label);

/** A labelled control: the label above it. */
export const field = (label, control, hint) =>
  el('label', { class: 'field' }, el('span', { class: 'field-label' }, label), control,
    hint ? el('span', { class: 'hint' }, hint) : null);

export const select = (options, value, onchange, attributes = {}) => {
  const element = el('select', { ...attributes },
    options.map(option => {
      const [key, text] = Array.isArray(option) ? option : [option, option];
      return el('option', { value: key }, text);
    }));
  element.value = value;
  element.addEventListener('change', () => onchange(element.value));
  return element;
};

/** A name that may break behind its underscores. */
export const breakable = name => name.split(/(?<=_)/).flatMap((part, at) => (at ? [el('wbr'), part] : [part]));

/** Something to learn, beside the place where it is needed. */
export const explain = (question, ...paragraphs) =>
  el('details', { class: 'explain' }, el('summary', {}, question), paragraphs.map(text => el('p', {}, text)));

export const card = (title, ...children) => {
  const id = `h-${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
  return el('section', { class: 'card', 'aria-labelledby': id }, el('h2', { id }, title), children);
};

export const loading = (text = 'Loading…') => el('p', { class: 'loading' }, text);
export const empty = (...children) => el('p', { class: 'empty' }, ...children);

/** The server's own words. */
export const problem = error =>
  el('p', { class: 'problem', role: 'alert' }, error.message ?? String(error));

/** Says a text to a screen reader, and nothing twice. */
export const announce = text => {
  const live = document.getElementById('live');
  if (live.textContent !== text) live.textContent = text;
};

/**
 * Runs a task and shows its outcome in an element: a note while it lasts, then what it gives, or the error.
 * A later call for the same element makes an earlier one stale: its outcome is dropped.
 */
export async function fill(element, task, note) {
  const turn = (element.turn ?? 0) + 1;
  element.turn = turn;
  element.setAttribute('aria-busy', 'true');
  // What is quick needs no note, which would only flicker.
  const timer = setTimeout(() => { if (element.turn === turn) element.replaceChildren(loading(note)); }, 150);
  try {
    const nodes = await task();
    if (element.turn === turn) element.replaceChildren(...[nodes].flat().filter(Boolean));
  } catch (error) {
    if (element.turn === turn && error.name !== 'AbortError') element.replaceChildren(problem(error));
  } finally {
    clearTimeout(timer);
    if (element.turn === turn) element.removeAttribute('aria-busy');
  }
}

/** Calls a function for the newest of many quick calls: one at a time, those between are left out. */
export function newest(task) {
  let waiting = null, busy = false;
  const go = async () => {
    busy = true;
    while (waiting) {
      const values = waiting;
      waiting = null;
      await task(...values);
    }
    busy = false;
  };
  return (...values) => {
    waiting = values;
    if (!busy) go();
  };
}

const steps = { ArrowRight: 1, ArrowLeft: -1 };

/** The next index for an arrow key, Home or End in a list of `count`, `columns` wide; null for other keys. */
export function moved(key, index, count, columns) {
  const by = steps[key] ?? (key === 'ArrowDown' ? columns : key === 'ArrowUp' ? -columns : null);
  if (by !== null) return Math.min(Math.max(index + by, 0), count - 1);
  return key === 'Home' ? 0 : key === 'End' ? count - 1 : null;
}

/**
 * A list to choose one from, by pointer or arrows, with one stop for the tab key.
 * `choose(index)` is called for each new choice.
 */
export function choice(list, items, chosen, choose) {
  list.setAttribute('role', 'listbox');
  const set = (index, focus) => {
    items.forEach((item, at) => {
      item.setAttribute('aria-selected', String(at === index));
      item.tabIndex = at === Math.max(index, 0) ? 0 : -1;
    });
    if (focus) items[index].focus();
  };
  items.forEach((item, index) => {
    item.setAttribute('role', 'option');
    item.addEventListener('click', () => { set(index, true); choose(index); });
    item.addEventListener('keydown', event => {
      const row = items.findIndex(one => one.offsetTop > items[0].offsetTop);
      const next = event.key === 'Enter' || event.key === ' '
        ? index : moved(event.key, index, items.length, row > 0 ? row : 1);
      if (next === null) return;
      event.preventDefault();
      set(next, true);
      choose(next);
    });
  });
  set(chosen, false);
  return index => set(index, false);
}
