// What the page teaches, at the place where it is needed.

import { explain } from './dom.js';

const byKind = {
  input: [['What arrives here?',
    'The picture as numbers: one for the brightness of each pixel, three for red, green and blue in a colour picture. The network sees nothing else.']],
  preprocessing: [['Why are the numbers changed?',
    'Networks learn best from small numbers. This layer changes the scale of the pixels, for example from 0 to 255 to 0 to 1; the picture stays the same.']],
  augmentation: [['What does augmentation do?',
    'While the network trains, this layer turns, flips or moves each picture a little, so that the network cannot learn pictures by heart. When it predicts, the layer does nothing.']],
  convolution: [
    ['What is a convolution?',
      'A filter is a small window of weights. It slides over the image; at each place the numbers beneath it are multiplied by its weights and added up. Where the image looks like the filter, the sum is large.',
      'All sums of one filter make a new image, its feature map: it says where the image has what this filter looks for, such as an edge. Each filter has a map of its own, so the image gets more channels.',
      'The same weights are used everywhere, so a filter finds its pattern wherever it is, and a layer needs few parameters.'],
    ['What are stride and padding?',
      'The stride is how far the window moves at each step. With a stride of 2 it skips every other place, and the map has half the height and width.',
      'Without padding (“valid”) the window must lie within the image, so the map is a little smaller. With “same” zeros are put around the image, and the map keeps its size. With “full” the window may reach out until it touches the image with one corner only, and the map grows.']],
  pooling: [
    ['What is pooling?',
      'Pooling makes maps smaller: it keeps one number for each window. Max pooling keeps the largest, “is the pattern somewhere in here?”; average pooling keeps the mean, “how much of it is in here?”.',
      'Pooling has no weights. What it gives up is the exact position within the window, and this is what makes the network indifferent to small movements.']],
  globalPooling: [['What is global pooling?',
    'One window as large as the whole map: each map becomes a single number. Where a pattern was is forgotten; whether it was there is kept.']],
  normalization: [['What is normalization for?',
    'It brings the numbers of each channel to a common scale, learnt from the training pictures. That lets the network train faster and with larger steps.']],
  activation: [['What is an activation?',
    'A simple function of each number. ReLU keeps what is positive and makes the rest 0. Without such a bend between them, many layers could do no more than one.']],
  dropout: [['What does dropout do?',
    'While the network trains, it sets a random part of the numbers to 0, so that no part can rely on a single other one. When the network predicts, it does nothing.']],
  flatten: [['Why flatten?',
    'The maps are laid out as one long row of numbers, because the dense layers that follow take rows. From here on each place has weights of its own, and what was next to what is no longer visible.']],
  dense: [['What is a dense layer?',
    'Each of its units weighs all numbers of the row before, adds them up and applies its activation. The last one has a unit for each class.']],
  merge: [['What is merged here?',
    'Two or more branches of the network come together: their numbers are added, or their channels are put side by side.']],
};

/** Explanations for a layer of this kind. */
export const lessons = kind => (byKind[kind] ?? []).map(text => explain(...text));

export const receptiveFieldLesson = () => explain('What is a receptive field?',
  'The part of the picture that a number in a map can depend on. In the first layer it is as large as the filter. Each further layer looks at a window of the layer before, so the field grows, and it grows faster behind strides and pooling.',
  'Deep layers can therefore recognise large things, although all filters are small.');

export const invarianceLesson = () => explain('What is translational invariance?',
  'A shoe is a shoe wherever it is in the picture. A convolution moves its maps along with the picture: the same pattern is found, in another place. That is called equivariance.',
  'Pooling then forgets the exact place. If a pattern moves within one window, the largest number stays the same. After several poolings a small movement changes little, and the prediction stays: that is invariance.',
  'It has limits. Watch which layers change most, and how far you can move the picture before the prediction changes.');

export const poolingLesson = () => explain('When does the difference matter?',
  'Max pooling keeps thin and rare patterns bright, such as a single edge; average pooling blurs them, but it also lets less noise through. Many networks use max pooling between convolutions, and average pooling once at the end.');

export const gradCAMLesson = () => explain('How does Grad-CAM find this?',
  'It asks how strongly each map of the layer would change the score of the class, and adds the maps up with these weights. Bright places spoke for the class.',
  'The picture is as coarse as the maps of the layer. It shows where the network looked, not why: a bright place may be the background that happens to come with a class.');

export const occlusionLesson = () => explain('How is this measured?',
  'A grey square is put on each place of the picture in turn, and the probability of the class is measured. Where it falls most, the picture says most about the class.');

export const patchesLesson = () => explain('What do these patches tell?',
  'These parts of the test pictures gave this map its largest numbers. What they have in common is what the filter looks for. In early layers these are edges and spots; in deep layers parts of things.');

export const filtersLesson = () => explain('How do I read a filter?',
  'Each square is a weight. Orange weights count what is bright beneath them, blue ones count against it. A filter that is orange on one side and blue on the other answers to an edge between them.');
