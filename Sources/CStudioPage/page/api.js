// The server's JSON API. Each function throws an Error with the server's own words.

export class APIError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const key = 'strata-token';
const encode = encodeURIComponent;
const query = values => {
  const pairs = Object.entries(values).flatMap(([name, value]) => [value].flat().map(one => [name, one]))
    .filter(([, value]) => value !== undefined && value !== null && value !== '');
  return pairs.length ? '?' + pairs.map(([name, value]) => `${name}=${encode(value)}`).join('&') : '';
};

let asking = null;
/** Asks for the token that the server wants, once for all requests that wait for it. */
export const tokenDialog = { open: null };
function askForToken() {
  asking ??= tokenDialog.open().then(token => {
    sessionStorage.setItem(key, token);
    asking = null;
  });
  return asking;
}

async function send(path, options = {}) {
  const token = sessionStorage.getItem(key);
  const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new APIError(0, 'The server does not answer. Is strata serve still running?');
  }
  if (response.status === 401 && tokenDialog.open) {
    await askForToken();
    return send(path, options);
  }
  if (response.ok) return response;
  const text = await response.text();
  let message = `The server answered ${response.status}.`;
  try { message = JSON.parse(text).error ?? message; } catch { /* Not JSON: the status says it. */ }
  throw new APIError(response.status, message);
}

const get = async (path, values = {}, signal) => (await send(`/api/${path}${query(values)}`, { signal })).json();
const blob = async (path, values = {}) => (await send(`/api/${path}${query(values)}`)).blob();
const post = (path, body, type = 'application/json') =>
  send(`/api/${path}`, {
    method: 'POST', headers: { 'X-Strata': '1', 'Content-Type': type },
    body: type === 'application/json' ? JSON.stringify(body) : body,
  });
const posted = async (path, body, type) => (await post(path, body, type)).json();

/** The numbers of a tensor: `{shape, data}`. */
export function tensor({ shape, float32 }) {
  const bytes = Uint8Array.from(atob(float32), character => character.charCodeAt(0));
  return { shape, data: new Float32Array(bytes.buffer) };
}

/** Part `index` of the first dimension, without a copy. */
export function slice({ shape, data }, index) {
  const rest = shape.slice(1), size = rest.reduce((a, b) => a * b, 1);
  return { shape: rest, data: data.subarray(index * size, (index + 1) * size) };
}

const layerPath = (model, layer) => `models/${encode(model)}/layers/${encode(layer)}`;

export const api = {
  status: () => get('status'),
  models: async () => (await get('models')).models,
  model: (name, picture) => get(`models/${encode(name)}`, { picture }),
  datasets: async () => (await get('datasets')).datasets,
  datasetPicture: (name, index) => blob(`datasets/${encode(name)}/test/${index}.png`),
  datasetEntry: (name, index) => get(`datasets/${encode(name)}/test/${index}`),
  randomEntry: (name, ofClass) => get(`datasets/${encode(name)}/random`, { class: ofClass }),
  sendPicture: image => posted('pictures', image, image.type),
  predict: (model, picture) => get(`models/${encode(model)}/predict`, { picture }),
  predictNew: (model, image) => posted(`models/${encode(model)}/predict`, image, image.type),
  input: (model, picture, dx, dy) => blob(`models/${encode(model)}/input.png`, { picture, dx, dy }),
  output: (model, layer, values) => get(`${layerPath(model, layer)}/output`, values),
  filters: (model, layer, values) => get(`${layerPath(model, layer)}/filters`, values),
  patches: (model, layer, values) => get(`${layerPath(model, layer)}/patches`, values),
  pooling: (model, layer, values) => get(`${layerPath(model, layer)}/pooling`, values),
  gradCAM: (model, values) => get(`models/${encode(model)}/gradcam`, values),
  occlusion: (model, values) => get(`models/${encode(model)}/occlusion`, values),
  shift: (model, values) => get(`models/${encode(model)}/shift`, values),
  training: () => get('train'),
  trainOptions: () => get('train/options'),
  check: plan => posted('train/check', plan),
  source: plan => posted('train/source', plan),
  start: plan => posted('train/start', plan),
  stop: () => post('train/stop', {}),
  keep: name => posted('train/keep', { name }),
  shapes: () => blob('train/shapes.npz'),
  trainedModel: () => blob('train/model.keras'),
  events: signal => send('/api/train/events', { signal }),
  runs: async () => (await get('runs')).runs,
  run: name => get(`runs/${encode(name)}`),
  runFile: (name, file) => blob(`runs/${encode(name)}/files/${encode(file)}`),
  compare: names => get('runs/compare', { run: names }),
};

/** The events of a stream of Server-Sent Events, as `{name, data}`. */
export async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text = (text + value).replaceAll('\r\n', '\n');
    const parts = text.split('\n\n');
    text = parts.pop();
    for (const part of parts) {
      const event = parseEvent(part);
      if (event) yield event;
    }
  }
}

/** One event's lines, or null for a comment. */
export function parseEvent(part) {
  let name = 'message';
  const data = [];
  for (const line of part.split('\n')) {
    if (line.startsWith('event:')) name = line.slice(6).trim();
    if (line.startsWith('data:')) data.push(line.slice(5).trimStart());
  }
  return data.length ? { name, data: JSON.parse(data.join('\n')) } : null;
}
