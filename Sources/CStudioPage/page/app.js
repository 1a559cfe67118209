// The frame: address, navigation, model, theme.

import { api, tokenDialog } from './api.js';
import { announce, button, el, problem } from './dom.js';
import { addressOf, anyPicture, change, chooseModel, choosePicture, onChange, parseRoute, state } from './store.js';
import { createTry } from './try.js';
import { createLook } from './look.js';
import { createTrain } from './train.js';
import { createRuns } from './runs.js';

const views = {
  try: { title: 'Try', create: createTry },
  look: { title: 'Look inside', create: createLook },
  train: { title: 'Train', create: createTrain },
  runs: { title: 'Runs', create: createRuns },
};
const main = document.getElementById('main');
let current = null;

function shownView(name) {
  const view = views[name];
  if (!view.shown) {
    view.shown = view.create();
    main.append(view.shown.element);
  }
  return view.shown;
}

function navigate() {
  const route = parseRoute(location.hash);
  const name = views[route.view] ? route.view : 'try';
  const isNew = current !== name;
  if (isNew && current) views[current].shown.hide?.();
  const shown = shownView(name);
  for (const [other, { shown: one }] of Object.entries(views)) if (one) one.element.hidden = other !== name;
  for (const link of document.querySelectorAll('[data-view]')) {
    if (link.dataset.view === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${views[name].title} – Strata`;
  const { model, picture } = route.values;
  if (current && model && model !== state.model?.name) chooseModel(model);
  if (current && picture && picture !== state.picture?.id) choosePicture(picture).catch(() => anyPicture());
  shown.show?.(route.values);
  if (isNew && current) {
    shown.element.querySelector('h1')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  current = name;
}

function updateLinks() {
  for (const link of document.querySelectorAll('[data-view]')) link.href = addressOf(link.dataset.view);
}

/** The address follows the model and the picture, without an entry in the history. */
function updateAddress() {
  updateLinks();
  const { view, values } = parseRoute(location.hash);
  if (!state.model || !views[view]) return;
  const { picture, model, ...others } = values;
  history.replaceState(null, '', addressOf(view, others));
}

const modelChoice = document.getElementById('model');
function showModels() {
  const names = state.models.map(one => one.name);
  if (state.model && !names.includes(state.model.name)) names.push(state.model.name);
  modelChoice.replaceChildren(...names.map(name => el('option', { value: name }, name)));
  modelChoice.disabled = names.length === 0;
  if (names.length === 0) modelChoice.append(el('option', {}, 'No model'));
  if (state.model) modelChoice.value = state.model.name;
}
modelChoice.addEventListener('change', () => chooseModel(modelChoice.value));

const themeButton = document.getElementById('theme');
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
function showTheme() {
  const chosen = localStorage.getItem('strata-theme');
  if (chosen) document.documentElement.dataset.theme = chosen;
  const isDark = (chosen ?? (prefersDark.matches ? 'dark' : 'light')) === 'dark';
  themeButton.setAttribute('aria-label', 'Dark theme');
  themeButton.setAttribute('aria-pressed', String(isDark));
  themeButton.title = isDark ? 'Change to the light theme' : 'Change to the dark theme';
  return isDark;
}
themeButton.addEventListener('click', () => {
  localStorage.setItem('strata-theme', showTheme() ? 'light' : 'dark');
  showTheme();
});
prefersDark.addEventListener('change', showTheme);

tokenDialog.open = () => new Promise(resolve => {
  const input = el('input', { type: 'password', required: true, autocomplete: 'off' });
  const dialog = el('dialog', { class: 'dialog', 'aria-labelledby': 'token-title' },
    el('form', {
      onsubmit: event => {
        event.preventDefault();
        dialog.close();
        dialog.remove();
        resolve(input.value.trim());
      },
    },
    el('h2', { id: 'token-title' }, 'The server asks for its token'),
    el('p', {}, 'It is in the file that strata serve was started with, --token-file.'),
    el('label', { class: 'field' }, el('span', { class: 'field-label' }, 'Token'), input),
    button('Continue', null, { type: 'submit', class: 'button primary' })));
  dialog.addEventListener('cancel', event => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
});

// A link to an anchor would change the view.
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});

/** What the address says, else the first model that takes pictures, and a picture. */
async function chooseFirst({ model, picture }) {
  const first = model ?? state.models.find(one => one.takesPictures)?.name ?? state.models[0]?.name;
  const given = picture ? choosePicture(picture) : null;
  if (first) await chooseModel(first);
  // An address may name a data set that is not on this machine.
  await given?.catch(() => {});
  if (!state.picture) await anyPicture();
}

async function start() {
  showTheme();
  const [status, models, datasets] = await Promise.all([api.status(), api.models(), api.datasets()]);
  change({ status, models, datasets });
  main.replaceChildren();
  onChange(values => {
    if ('model' in values || 'models' in values) showModels();
    if (values.model) announce(`Model ${values.model.name}`);
    if ('model' in values || 'picture' in values) updateAddress();
  });
  showModels();
  const { values } = parseRoute(location.hash);
  navigate();
  addEventListener('hashchange', navigate);
  performance.mark('interactive');
  await chooseFirst(values);
}

start().catch(error => {
  main.replaceChildren(el('h1', {}, 'Strata'), problem(error), button('Try again', () => location.reload()));
});
