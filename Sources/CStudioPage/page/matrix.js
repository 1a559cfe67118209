// Confusion matrices and the numbers of each class, as tables.

import { el } from './dom.js';
import { count, percent } from './colours.js';

const part = value => (value === null || value === undefined ? '–' : percent(value));

/** A square of counts; the darker, the larger its part of the row. */
export function confusionTable(classes) {
  const cell = (value, row, column, total) => el('td', {
    class: row === column ? 'right' : null,
    vars: { p: total ? value / total : 0 },
    title: `${classes[row].name} taken for ${classes[column].name}: ${count(value)}`,
  }, value ? count(value) : el('span', { class: 'visually-hidden' }, '0'));
  return el('div', { class: 'table-scroll', role: 'region', 'aria-label': 'Confusion matrix', tabindex: 0 },
    el('table', { class: 'confusion' }, el('caption', { class: 'visually-hidden' }, 'Rows are true classes, columns are predicted ones'),
      el('thead', {}, el('tr', {}, el('td'), classes.map(one => el('th', { scope: 'col' }, el('span', {}, one.name))))),
      el('tbody', {}, classes.map((one, row) => {
        const total = one.takenFor.reduce((sum, value) => sum + value, 0);
        return el('tr', {}, el('th', { scope: 'row' }, one.name), one.takenFor.map((value, column) => cell(value, row, column, total)));
      }))));
}

export const classTable = classes =>
  el('div', { class: 'table-scroll', role: 'region', 'aria-label': 'Classes', tabindex: 0 },
    el('table', { class: 'data narrow' },
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Class'),
        ['Precision', 'Recall', 'Pictures'].map(text => el('th', { scope: 'col', class: 'number' }, text)))),
      el('tbody', {}, classes.map(one => el('tr', {}, el('th', { scope: 'row' }, one.name),
        el('td', { class: 'number' }, part(one.precision)), el('td', { class: 'number' }, part(one.recall)),
        el('td', { class: 'number' }, count(one.samples)))))));
