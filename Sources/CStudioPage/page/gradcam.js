// Where the network looked: Grad-CAM and occlusion over the picture.

import { api, tensor } from './api.js';
import { el, empty, field, fill, select } from './dom.js';
import { drawMap, percent, ramps, scaleFor } from './colours.js';
import { imageOf } from './picture.js';
import { className, state, withPicture } from './store.js';
import { gradCAMLesson, occlusionLesson } from './texts.js';

const methods = [['gradcam', 'Grad-CAM'], ['occlusion', 'Occlusion']];

export function createGradCAM() {
  const body = el('div', { class: 'stack' }), tools = el('div', { class: 'row' });
  const heat = el('canvas', { class: 'heat', 'aria-hidden': 'true' });
  const lessons = { gradcam: gradCAMLesson(), occlusion: occlusionLesson() };
  const opacity = el('input', { type: 'range', min: 0, max: 100, value: 55, oninput: () => heat.style.setProperty('--opacity', opacity.value / 100) });
  heat.style.setProperty('--opacity', 0.55);
  let method = 'gradcam', layer = null, wanted = '', model = null;

  async function load() {
    const values = { class: wanted, ...(method === 'gradcam' ? { layer } : {}) };
    const [answer, blob] = await Promise.all([
      withPicture(picture => (method === 'gradcam' ? api.gradCAM : api.occlusion)(model.name, { ...values, picture })),
      withPicture(picture => api.input(model.name, picture))]);
    const map = tensor(answer.map), name = className(answer.class);
    drawMap(heat, map, method === 'gradcam' ? { low: 0, high: 1, table: ramps.sequential } : scaleFor(map.data));
    heat.hidden = Boolean(answer.absence);
    heat.classList.toggle('smooth', method === 'gradcam');
    return [
      el('div', { class: 'overlay', role: 'img', 'aria-label': `The picture, with the places that speak for ${name}` },
        imageOf(blob, '', { class: 'pixels' }), heat),
      el('p', {}, el('strong', {}, name), ` ${percent(answer.score)}`,
        el('span', { class: 'soft' }, method === 'gradcam' ? ` · seen from ${answer.layer}` : ' · yellow or orange where hiding lowers it')),
      answer.absence ? el('p', { class: 'notice' }, answer.absence) : null];
  }
  const refresh = () => {
    for (const [name, lesson] of Object.entries(lessons)) lesson.hidden = name !== method;
    fill(body, load, 'Computing…');
  };
  function showTools() {
    const layers = model.layers.filter(one => one.maps && !['input', 'preprocessing', 'augmentation'].includes(one.kind)).map(one => one.name);
    tools.replaceChildren(
      field('Method', select(methods, method, value => { method = value; showTools(); refresh(); })),
      field('Class', select([['', 'The predicted one'], ...Array.from({ length: model.classCount }, (_, at) => [String(at), className(at)])],
        wanted, value => { wanted = value; refresh(); })),
      ...(method === 'gradcam' ? [field('Layer', select(layers, layer, value => { layer = value; refresh(); }))] : []));
  }
  const opacityField = field('Opacity', opacity);
  return {
    element: el('div', { class: 'stack' }, tools, body, opacityField, Object.values(lessons)),
    show() {
      const isNew = model !== state.model;
      model = state.model;
      opacityField.hidden = tools.hidden = !model.camLayer;
      if (!model.camLayer) {
        for (const lesson of Object.values(lessons)) lesson.hidden = true;
        body.replaceChildren(empty('This network has no layer with maps behind a convolution.'));
        return;
      }
      if (isNew) {
        layer = model.camLayer;
        wanted = '';
        showTools();
      }
      refresh();
    },
  };
}
