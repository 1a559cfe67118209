// What the views share: the model and the picture. The address keeps both, so that it can be bookmarked.

import { api } from './api.js';

/**
 * - status, models, datasets: the server's answers
 * - model: the details of the chosen model
 * - picture: `{id, label, className, image, title}`; `image` is the Blob of a picture of the user's own
 */
export const state = { status: null, models: [], datasets: [], model: null, picture: null, modelError: null };

const listeners = new Set();
/** Calls a function after each change of the state. */
export const onChange = listener => listeners.add(listener);
export function change(values) {
  Object.assign(state, values);
  for (const listener of listeners) listener(values);
}

export const parseRoute = hash => {
  const [path, search = ''] = hash.replace(/^#\/?/, '').split('?');
  return { view: path || 'try', values: Object.fromEntries(new URLSearchParams(search)) };
};

/** The address of a view with the model and the picture, if it is one that others can see too. */
export function addressOf(view, values = {}) {
  const all = { ...values };
  if (state.model) all.model ??= state.model.name;
  if (state.picture?.id.includes(':')) all.picture ??= state.picture.id;
  const search = new URLSearchParams(Object.entries(all).filter(([, value]) => value)).toString();
  return `#/${view}${search ? `?${search}` : ''}`;
}

export const className = index => state.model?.classes?.[index] ?? `class ${index}`;
export const takesPictures = () => Boolean(state.model?.takesPictures);
/** A model may make other things of a picture than classes. */
export const classifies = () => takesPictures() && state.model.classifies !== false;

let wanted = null;
/** Loads a model's details; the newest wish wins. */
export async function chooseModel(name) {
  wanted = name;
  try {
    const model = await api.model(name);
    if (wanted === name) change({ model, modelError: null });
  } catch (error) {
    if (wanted === name) change({ model: null, modelError: error });
  }
}

/** A data set's picture for the model: of the same size if there is one, else any that is there. */
export function fittingDataset() {
  const ready = state.datasets.filter(one => one.isCached);
  const input = state.model?.inputs[0]?.shape ?? [];
  const classes = state.model?.classes ?? [];
  const score = one =>
    (one.shape[0] === input[0] && one.shape[1] === input[1] ? 1 : 0)
    + (one.classes.length === state.model?.classCount ? 1 : 0)
    + (one.classes.every((text, at) => text === classes[at]) ? 4 : 0);
  return ready.toSorted((a, b) => score(b) - score(a))[0] ?? null;
}

export const fromEntry = (dataset, entry) => ({
  id: entry.picture, label: entry.label, className: entry.className,
  title: `${dataset.title}, test picture ${entry.index}`,
});

/** The picture of an address, such as `fashion_mnist:17`. */
export async function choosePicture(id) {
  const [name, index] = id.split(':');
  const dataset = state.datasets.find(one => one.name === name);
  if (dataset && index !== undefined) change({ picture: fromEntry(dataset, await api.datasetEntry(name, index)) });
}

/** A picture to begin with. */
export async function anyPicture(ofClass) {
  const dataset = fittingDataset();
  if (dataset) change({ picture: fromEntry(dataset, await api.randomEntry(dataset.name, ofClass)) });
}

/** Runs a request about the picture; the server forgets old ones, then it is sent again. */
export async function withPicture(request) {
  const picture = state.picture;
  try {
    return await request(picture.id);
  } catch (error) {
    if (error.status !== 404 || !picture.image) throw error;
    const { picture: id } = await api.sendPicture(picture.image);
    if (state.picture === picture) picture.id = id;
    return request(id);
  }
}
