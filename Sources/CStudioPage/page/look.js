// Look inside: the network's layers, and what each makes of the picture.

import { api } from './api.js';
import { announce, button, card, el, icon, problem } from './dom.js';
import { count } from './colours.js';
import { createChain } from './chain.js';
import { createGradCAM } from './gradcam.js';
import { createLayerPanel } from './layer.js';
import { imageOf } from './picture.js';
import { createPooling } from './pooling.js';
import { noModel, sentence } from './prediction.js';
import { createShift } from './shift.js';
import { addressOf, anyPicture, classifies, onChange, state, takesPictures, withPicture } from './store.js';

/** The layer to begin with: the first convolution, else the first with maps, else the first. */
const firstLayer = ({ layers }) =>
  layers.find(one => one.kind === 'convolution') ?? layers.find(one => one.maps) ?? layers[0];

export function createLook() {
  const strip = el('div', { class: 'now' });
  const note = el('div');
  const gradCAM = createGradCAM(), shift = createShift(), pooling = createPooling();
  let layer = null, shown = { model: null, picture: null };
  const panel = createLayerPanel(map => {
    shift.follow(layer, map);
    poolingCard.hidden = !map;
    if (map) pooling.follow(layer, map);
  });
  const chain = createChain(chosen => select(chosen));
  const poolingCard = card('Max and average pooling', pooling.element);
  const camCard = card('Where the network looked', gradCAM.element);
  const pictureCards = el('div', { class: 'two' },
    el('div', { class: 'stack wide-gap' }, camCard, poolingCard),
    card('When the picture moves', shift.element));

  function select(chosen) {
    layer = chosen;
    chain.select(chosen.name);
    panel.show(chosen, false);
    history.replaceState(null, '', addressOf('look', { layer: chosen.name }));
    announce(`Layer ${chosen.name}`);
  }

  async function showNow() {
    const { model, picture } = state;
    if (!takesPictures() || !picture) {
      strip.replaceChildren(!takesPictures() ? '' : el('a', { class: 'button', href: addressOf('try') }, 'Choose a picture'));
      return;
    }
    const [blob, prediction] = await Promise.all([
      withPicture(id => api.input(model.name, id)), classifies() ? withPicture(id => api.predict(model.name, id)) : null]);
    if (picture !== state.picture) return;
    strip.replaceChildren(
      imageOf(blob, picture.title, { class: 'now-image' }),
      el('p', {}, ...(prediction ? [el('strong', {}, sentence(prediction)), el('br')] : []), el('span', { class: 'hint' }, picture.title)),
      el('div', { class: 'row' },
        button([icon('another'), 'Another picture'], () => anyPicture()),
        el('a', { class: 'button', href: addressOf('try') }, 'Choose or draw')));
  }

  function refresh() {
    if (element.hidden) return;
    const { model, picture } = state;
    body.hidden = !model;
    if (!model) {
      note.replaceChildren(noModel());
      return;
    }
    note.replaceChildren(...(model.why ? [el('p', { class: 'notice' }, model.why)] : []));
    const isNewModel = shown.model !== model, isNewPicture = shown.picture !== picture?.id;
    shown = { model, picture: picture?.id };
    pictureCards.hidden = !takesPictures() || !picture;
    if (isNewModel) {
      summary.textContent = `${model.layers.length} layers, ${count(model.parameters.total)} parameters. Choose a layer to look into it.`;
      chain.setModel(model);
      const wanted = new URLSearchParams(location.hash.split('?')[1]).get('layer');
      select(model.layers.find(one => one.name === wanted) ?? firstLayer(model));
    } else if (isNewPicture) panel.show(layer, true);
    if (!isNewModel && !isNewPicture) return;
    chain.setPicture();
    showNow().catch(error => strip.replaceChildren(problem(error)));
    if (!pictureCards.hidden) {
      camCard.hidden = !classifies();
      if (classifies()) gradCAM.show();
      shift.show();
    }
  }

  const summary = el('p', { class: 'hint' });
  const body = el('div', { class: 'stack wide-gap' },
    el('section', { class: 'card', 'aria-labelledby': 'network-title' },
      el('div', { class: 'spread' }, el('div', {}, el('h2', { id: 'network-title' }, 'The network'), summary), strip), chain.element),
    panel.element, pictureCards);
  const element = el('div', { class: 'view' },
    el('h1', { tabindex: -1 }, 'Look inside'),
    el('p', { class: 'lead' }, 'Follow the picture through the layers: images shrink, and their maps say more and more about what is where.'),
    note, body);
  onChange(values => { if ('model' in values || 'picture' in values) refresh(); });
  return { element, show: () => queueMicrotask(refresh) };
}
