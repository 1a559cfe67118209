// Pictures of the user's own: from files, the clipboard, a drawing.

import { api } from './api.js';

const types = ['image/png', 'image/jpeg'];
export const accepted = types.join(',');
/** Longer sides are reduced before a picture is sent. */
const longest = 1024;

export const toBlob = canvas => new Promise(resolve => canvas.toBlob(resolve, 'image/png'));

function onCanvas(source, width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  // Transparent places become white, as on paper.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, width, height);
  return canvas;
}

/** A file as PNG or JPEG of a moderate size. */
export async function readPicture(file) {
  if (!file.type.startsWith('image/')) {
    throw new Error(`${file.name || 'This'} is not a picture; choose a PNG or JPEG file.`);
  }
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error(`${file.name || 'The picture'} cannot be read; choose a PNG or JPEG file.`);
  }
  const scale = longest / Math.max(bitmap.width, bitmap.height);
  if (scale >= 1 && types.includes(file.type)) return file;
  const shrink = Math.min(scale, 1);
  return toBlob(onCanvas(bitmap, Math.max(Math.round(bitmap.width * shrink), 1), Math.max(Math.round(bitmap.height * shrink), 1)));
}

/** A drawing in the size of the model's pictures: the browser makes it smaller more smoothly than a server would. */
export function drawingFor(canvas, shape) {
  const [height, width] = shape;
  return toBlob(height && width && height <= canvas.height ? onCanvas(canvas, width, height) : canvas);
}

/** Sends a picture of the user's own. */
export async function ownPicture(file) {
  const image = await readPicture(file);
  const { picture, width, height } = await api.sendPicture(image);
  return { id: picture, label: null, className: null, image, title: `${file.name || 'Pasted picture'}, ${width} × ${height} pixels` };
}

export const fileOf = data =>
  [...(data?.files ?? [])].find(file => file.type.startsWith('image/')) ?? data?.files?.[0] ?? null;

/** An image element for a Blob, whose address is given back once it is shown. */
export function imageOf(blob, alt, attributes = {}) {
  const image = document.createElement('img');
  for (const [name, value] of Object.entries(attributes)) image.setAttribute(name, value);
  image.alt = alt;
  const address = URL.createObjectURL(blob);
  image.addEventListener('load', () => URL.revokeObjectURL(address), { once: true });
  image.src = address;
  return image;
}

/** Saves a text or a Blob as a file. */
export function download(content, name) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
