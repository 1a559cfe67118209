// Numbers as colours, and tensors as pictures on a canvas.

const viridis = [
  [68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142],
  [31, 158, 137], [53, 183, 121], [109, 205, 89], [180, 222, 44], [253, 231, 37],
];
const warmCold = [
  [33, 84, 153], [86, 138, 198], [164, 197, 226], [244, 244, 242], [246, 193, 150], [219, 126, 64], [164, 66, 13],
];

/** A table of 256 colours between the given ones. */
function ramp(stops) {
  const table = new Uint8ClampedArray(256 * 3);
  for (let at = 0; at < 256; at++) {
    const place = at / 255 * (stops.length - 1), low = Math.min(Math.floor(place), stops.length - 2);
    for (let part = 0; part < 3; part++) {
      table[at * 3 + part] = stops[low][part] + (stops[low + 1][part] - stops[low][part]) * (place - low);
    }
  }
  return table;
}

/** For what is never negative, for what has both signs, and for brightness. */
export const ramps = { sequential: ramp(viridis), diverging: ramp(warmCold), grey: ramp([[0, 0, 0], [255, 255, 255]]) };

/** The lowest and the highest finite number. */
export function limits(data) {
  let low = Infinity, high = -Infinity;
  for (const value of data) {
    if (value < low && value > -Infinity) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

/** The scale of some values: both signs get one with 0 in its middle. */
export function scaleFor(data) {
  const [low, high] = limits(data);
  if (low < 0 && high > 0) {
    const most = Math.max(-low, high);
    return { low: -most, high: most, table: ramps.diverging };
  }
  return { low: Math.min(low, 0), high: high > low || high !== 0 ? Math.max(high, 0) : 1, table: ramps.sequential };
}

/** Draws `[height, width]` numbers, one pixel for each; CSS gives the size. */
export function drawMap(canvas, { shape: [height, width], data }, scale = scaleFor(data)) {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height), span = scale.high - scale.low || 1;
  for (let at = 0; at < width * height; at++) {
    const value = Number.isFinite(data[at]) ? (data[at] - scale.low) / span : 0;
    const colour = Math.round(Math.min(Math.max(value, 0), 1) * 255) * 3;
    image.data.set([scale.table[colour], scale.table[colour + 1], scale.table[colour + 2], 255], at * 4);
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
  return scale;
}

/** One channel of a kernel `[height, width, channels]`. */
export function channelOf({ shape: [height, width, channels], data }, channel) {
  const one = new Float32Array(height * width);
  for (let at = 0; at < one.length; at++) one[at] = data[at * channels + channel];
  return { shape: [height, width], data: one };
}

/** A kernel of three channels as a colour picture, from its own least to its own greatest weight. */
export function drawColourKernel(canvas, { shape: [height, width, channels], data }) {
  const [low, high] = limits(data);
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (let at = 0; at < width * height; at++) {
    for (let part = 0; part < 3; part++) {
      image.data[at * 4 + part] = (data[at * channels + part] - low) / (high - low || 1) * 255;
    }
    image.data[at * 4 + 3] = 255;
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
}

/** Channels `[1 or 3, height, width]` as a picture, between the values that a picture has. */
export function drawPicture(canvas, { shape: [channels, height, width], data }) {
  const [low, high] = limits(data), size = height * width;
  // Bytes or parts of 1, whichever they are: a dark picture stays dark.
  const bottom = Math.min(low, 0), top = high <= 1 ? 1 : high <= 255 ? 255 : high;
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (let at = 0; at < size; at++) {
    for (let part = 0; part < 3; part++) {
      image.data[at * 4 + part] = (data[(channels === 3 ? part * size : 0) + at] - bottom) / (top - bottom) * 255;
    }
    image.data[at * 4 + 3] = 255;
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
}

export const css = (table, at) => {
  const from = Math.round(Math.min(Math.max(at, 0), 1) * 255) * 3;
  return `rgb(${table[from]} ${table[from + 1]} ${table[from + 2]})`;
};

/** Whether black has more contrast than white on a colour of a table, by its relative luminance. */
export function prefersBlack(table, at) {
  const from = Math.round(Math.min(Math.max(at, 0), 1) * 255) * 3;
  const linear = byte => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = 0.2126 * linear(table[from]) + 0.7152 * linear(table[from + 1]) + 0.0722 * linear(table[from + 2]);
  return (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05);
}

/** A number with three digits that mean something. */
export function short(value) {
  if (value === null || value === undefined) return '–';
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e5 || size < 1e-4) return value.toExponential(1).replace('-', '−');
  return Number(value.toPrecision(3)).toString().replace('-', '−');
}

export const percent = value => {
  const hundred = value * 100;
  if (hundred > 0 && hundred < 0.1) return '< 0.1 %';
  return `${hundred >= 99.95 && value < 1 ? '> 99.9' : hundred.toFixed(1)} %`;
};

export const count = value => value.toLocaleString('en-GB').replaceAll(',', '\u202f');

/** A shape as people write it: `28 × 28 × 32`. */
export const shapeText = shape => shape.map(size => size ?? '?').join(' × ');
