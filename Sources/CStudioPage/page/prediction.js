// The classes and their probabilities.

import { el, empty, loading, problem } from './dom.js';
import { percent } from './colours.js';
import { className, state } from './store.js';

/** With more classes than this, the most probable ones are shown, in their order. */
const most = 12;

/** Indices to show: all in the classes' own order, which keeps rows in place, or the most probable. */
export function shownClasses(probabilities) {
  const all = probabilities.map((_, index) => index);
  return all.length <= most ? all : all.toSorted((a, b) => probabilities[b] - probabilities[a]).slice(0, 10);
}

export const sentence = ({ best, probabilities }) => `${className(best)}, ${percent(probabilities[best])}`;

/** Bars that move when the probabilities do; `update(prediction)`. */
export function createBars() {
  const list = el('ol', { class: 'bars' });
  let rows = [], shown = '';
  const make = classes => {
    rows = classes.map(index => {
      const value = el('span', { class: 'bar-value' });
      const name = el('span', { class: 'bar-name' }, className(index));
      return { index, value, item: el('li', {}, name, el('span', { class: 'bar-track', 'aria-hidden': 'true' }, el('span', { class: 'bar-fill' })), value) };
    });
    list.replaceChildren(...rows.map(row => row.item));
  };
  return {
    element: list,
    update({ probabilities, best }) {
      const classes = shownClasses(probabilities), key = classes.map(className).join('\n');
      if (key !== shown) make(classes);
      shown = key;
      for (const { index, value, item } of rows) {
        value.textContent = percent(probabilities[index]);
        item.style.setProperty('--p', probabilities[index]);
        item.classList.toggle('best', index === best);
      }
    },
  };
}

/** Whether a picture's label is a class of the model: that of digits says nothing to a model for clothes. */
const isClass = label =>
  label !== null && label !== undefined && (!state.model.classes || className(label) === state.picture?.className);

/** The answer in words, with the truth where it is known. */
export function answer({ best, probabilities, label }) {
  const isRight = label === best;
  return el('div', { class: 'answer' },
    el('p', { class: 'answer-name' }, className(best)),
    el('p', { class: 'answer-value' }, percent(probabilities[best])),
    !isClass(label) ? null
      : el('p', { class: isRight ? 'tag good' : 'tag bad' }, isRight ? 'Right' : `Wrong: it is ${className(label)}`));
}

/** What stands in place of a view while there is no model. */
export const noModel = () =>
  (state.modelError ? problem(state.modelError)
    : state.models.length ? loading() : empty('The server has no model. Start it with one: strata serve model.keras'));
