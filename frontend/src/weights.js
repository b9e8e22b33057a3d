// A network's weights as they travel: int8 with one scale an output channel, base64; and as the engine wants them.

export const WIDTH = 8; // columns of a panel, as in kernel.c
export const MAX_SET = 64; // images of a set, too

export class WeightsError extends Error {}

export function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

// Adler-32, enough to tell a damaged file.
export function checksum(bytes) {
  let a = 1;
  let b = 0;
  for (let i = 0; i < bytes.length; ) {
    const end = Math.min(i + 3800, bytes.length); // no overflow before the remainder is taken
    for (; i < end; i++) b += a += bytes[i];
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

// A weights file, decoded and checked: { shape, bytes } with bytes [scales and biases as float32 | int8 weights].
export function decode(file) {
  let bytes;
  try {
    bytes = bytesOf(file.data);
  } catch {
    throw new WeightsError("the weights cannot be decoded");
  }
  if (checksum(bytes) !== file.checksum) throw new WeightsError("the weights are damaged or cut short");
  return { shape: file.shape, bytes };
}

// Of an image, after three convolutions that each halve its side.
export const featuresOf = (size, channels) => (size >> 3) ** 2 * channels[2];

// Of a generator; or of a recogniser, which has `channels`, or a judge, which has `embedded` features besides.
export function layersOf({ latent, hidden, side, first, second, colours = 1, channels, embedded, classes }) {
  if (channels) {
    const [one, two, three] = channels;
    return [
      { outputs: one, inputs: 9 }, // a kernel of 3x3 for each pair of channels
      { outputs: two, inputs: 9 * one },
      { outputs: three, inputs: 9 * two },
      ...(embedded ? [{ outputs: embedded, inputs: featuresOf(28, channels) }] : []),
      { outputs: classes, inputs: embedded || featuresOf(28, channels) },
    ];
  }
  return [
    { outputs: hidden, inputs: latent },
    { outputs: side * side * first, inputs: hidden },
    { outputs: second, inputs: 16 * first }, // a kernel of 4x4 for each pair of channels
    { outputs: colours, inputs: 16 * second },
  ];
}

// Float weights (outputs, inputs) and biases of the layers, as written by tools/export_live.py.
export function expand({ shape, bytes }) {
  const layers = layersOf(shape);
  const outputs = layers.reduce((sum, layer) => sum + layer.outputs, 0);
  const floats = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 8 * outputs));
  let at = bytes.byteOffset + 8 * outputs;
  let row = 0;
  return layers.map((layer) => {
    const count = layer.outputs * layer.inputs;
    const packed = new Int8Array(bytes.buffer, at, count);
    const weight = new Float32Array(count);
    for (let o = 0; o < layer.outputs; o++) {
      const scale = floats[row + o];
      for (let i = o * layer.inputs; i < (o + 1) * layer.inputs; i++) weight[i] = packed[i] * scale;
    }
    const bias = floats.slice(outputs + row, outputs + row + layer.outputs);
    at += count;
    row += layer.outputs;
    return { ...layer, weight, bias };
  });
}

// Panels of eight columns, each with its rows one behind the other: what the matrix product reads in order.
export function panels(weight, outputs, inputs) {
  const packed = new Float32Array(outputs * inputs);
  for (let n = 0; n < outputs; n++) {
    const start = (n - (n % WIDTH)) * inputs + (n % WIDTH);
    for (let k = 0; k < inputs; k++) packed[start + k * WIDTH] = weight[n * inputs + k];
  }
  return packed;
}

const TAPS = [
  [3, 1],
  [2, 0],
]; // by parity of the output pixel: rows (or columns) of the kernel that meet two neighbouring inputs

// A 4x4 deconvolution (outputs, 4, 4, channels) as four 2x2 ones, one a parity of the output pixel.
export function byParity(weight, outputs, channels, pack) {
  const all = new Float32Array(weight.length);
  for (let parity = 0; parity < 4; parity++) {
    const part = new Float32Array(outputs * 4 * channels);
    for (let o = 0; o < outputs; o++)
      for (let tap = 0; tap < 4; tap++) {
        const row = TAPS[parity >> 1][tap >> 1];
        const column = TAPS[parity & 1][tap & 1];
        const from = ((o * 4 + row) * 4 + column) * channels;
        part.set(weight.subarray(from, from + channels), (o * 4 + tap) * channels);
      }
    all.set(pack ? panels(part, outputs, 4 * channels) : part, parity * part.length);
  }
  return all;
}

// The last layer for each colour: W4 and B4 of kernel.c, which draws one colour at a time.
export function inks(layers, { second }) {
  const { outputs, inputs, weight, bias } = layers.at(-1);
  const ink = (colour) => [byParity(weight.subarray(colour * inputs, (colour + 1) * inputs), 1, second, false), bias.subarray(colour, colour + 1)];
  return Array.from({ length: outputs }, (_, colour) => ink(colour));
}

// The generator's eight buffers, in the order of kernel.c: W1, B1, .. W4, B4, these of the first colour.
export function buffers(layers, shape) {
  const [one, two, three] = layers;
  return [
    panels(one.weight, one.outputs, one.inputs),
    one.bias,
    panels(two.weight, two.outputs, two.inputs),
    two.bias,
    byParity(three.weight, three.outputs, shape.first, true),
    three.bias,
    ...inks(layers, shape)[0],
  ];
}

// The buffers of a recogniser's convolutions: K1, A1, .. K3, A3.
export const filters = (layers) => layers.slice(0, 3).flatMap(({ weight, bias, outputs, inputs }) => [panels(weight, outputs, inputs), bias]);
