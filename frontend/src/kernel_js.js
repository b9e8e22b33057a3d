// kernel.c in plain JavaScript, for browsers without WASM SIMD: the same sums in the same order, hence the same bits.
// Math.fround rounds to float32, which engines turn into single-precision arithmetic.
import { MAX_SET, WIDTH, featuresOf } from "./weights.js";

const { fround } = Math;
export const BLOCK = 8;

function product(a, start, runs, length, stride, panels, panel, bias, b, c, to) {
  let s0 = bias[b];
  let s1 = bias[b + 1];
  let s2 = bias[b + 2];
  let s3 = bias[b + 3];
  let s4 = bias[b + 4];
  let s5 = bias[b + 5];
  let s6 = bias[b + 6];
  let s7 = bias[b + 7];
  let w = panel;
  for (let run = 0; run < runs; run++) {
    const begin = start + run * stride;
    for (let k = begin; k < begin + length; k++, w += WIDTH) {
      const value = a[k];
      s0 = fround(s0 + fround(value * panels[w]));
      s1 = fround(s1 + fround(value * panels[w + 1]));
      s2 = fround(s2 + fround(value * panels[w + 2]));
      s3 = fround(s3 + fround(value * panels[w + 3]));
      s4 = fround(s4 + fround(value * panels[w + 4]));
      s5 = fround(s5 + fround(value * panels[w + 5]));
      s6 = fround(s6 + fround(value * panels[w + 6]));
      s7 = fround(s7 + fround(value * panels[w + 7]));
    }
  }
  c[to] = s0 > 0 ? s0 : 0;
  c[to + 1] = s1 > 0 ? s1 : 0;
  c[to + 2] = s2 > 0 ? s2 : 0;
  c[to + 3] = s3 > 0 ? s3 : 0;
  c[to + 4] = s4 > 0 ? s4 : 0;
  c[to + 5] = s5 > 0 ? s5 : 0;
  c[to + 6] = s6 > 0 ? s6 : 0;
  c[to + 7] = s7 > 0 ? s7 : 0;
}

const four = new Float32Array(4 * WIDTH);

// Bordered squares convolved, the largest of each 2x2 pixels kept; see kernel.c.
function halve(count, given, edge, inputs, outputs, weights, bias, to, margin) {
  const [wide, half] = [edge + 2, edge >> 1];
  const narrow = half + 2 * margin;
  for (let n = 0; n < outputs; n += WIDTH)
    for (let place = 0; place < count * half * half; place++) {
      const image = Math.floor(place / (half * half));
      const [y, x] = [Math.floor(place / half) % half, place % half];
      for (let r = 0; r < 4; r++) {
        const from = (image * wide * wide + (2 * y + (r >> 1)) * wide + 2 * x + (r & 1)) * inputs;
        product(given, from, 3, 3 * inputs, wide * inputs, weights, n * 9 * inputs, bias, n, four, r * WIDTH);
      }
      const corner = ((image * narrow + y + margin) * narrow + x + margin) * outputs + n;
      for (let i = 0; i < WIDTH; i++)
        to[corner + i] = Math.max(four[i], four[WIDTH + i], four[2 * WIDTH + i], four[3 * WIDTH + i]);
    }
}

const ABOVE = [
  2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8, 1.48572235717979e-5, 6.37261928875436e-4,
  4.89352455891786e-3,
].map(fround);
const BELOW = [1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3].map(fround);

function squash(given) {
  const limit = fround(7.9);
  const x = given > limit ? limit : given < -limit ? -limit : given;
  const s = fround(x * x);
  let p = fround(-2.76076847742355e-16);
  for (const factor of ABOVE) p = fround(fround(p * s) + factor);
  let q = fround(1.19825839466702e-6);
  for (const factor of BELOW) q = fround(fround(q * s) + factor);
  return fround(fround(fround(fround(x * p) / q) + 1) * 0.5);
}

function sums(image, other, size) {
  // means over all full 7x7 windows of the product of two images, or of one alone
  const full = size - 6;
  const line = new Float32Array(size);
  const means = new Float32Array(full * full);
  for (let y = 0; y < full; y++) {
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (let k = 0; k < 7; k++) {
        const i = (y + k) * size + x;
        sum = fround(sum + (other ? fround(image[i] * other[i]) : image[i]));
      }
      line[x] = sum;
    }
    for (let x = 0; x < full; x++) {
      let sum = 0;
      for (let k = 0; k < 7; k++) sum = fround(sum + line[x + k]);
      means[y * full + x] = fround(sum / 49);
    }
  }
  return means;
}

// Sums of terms over all pixels, in four lanes.
function total(pixels, term) {
  const lanes = new Float32Array(4);
  for (let i = 0; i < pixels; i++) lanes[i & 3] = fround(lanes[i & 3] + fround(term(i)));
  return fround(fround(lanes[0] + lanes[1]) + fround(lanes[2] + lanes[3]));
}

const apart = (one, other) => total(one.length, (i) => fround(one[i] - other[i]) ** 2);
const productOf = (one, other) => total(one.length, (i) => one[i] * other[i]);

function resemblance(one, other, kind) {
  if (!kind) return 1 - Math.sqrt(apart(one, other) / one.length);
  const [own, theirs] = [productOf(one, one), productOf(other, other)];
  return own > 1e-20 && theirs > 1e-20 ? productOf(one, other) / Math.sqrt(own * theirs) : NaN;
}

export class JsKernel {
  // `recogniser`: { channels, filters }, where there is one.
  constructor(shape, weights, recogniser) {
    Object.assign(this, shape);
    [this.w1, this.b1, this.w2, this.b2, this.w3, this.b3, this.w4, this.b4] = weights;
    this.block = BLOCK;
    this.size = 4 * this.side;
    this.latents = new Float32Array(BLOCK * this.latent);
    this.images = new Float32Array(BLOCK * this.size ** 2);
    this.scores = new Float32Array(BLOCK);
    this.set = new Float32Array(MAX_SET * this.size ** 2);
    this.alike = new Float32Array(MAX_SET ** 2);
    this.units = new Float32Array(BLOCK * this.hidden);
    this.small = new Float32Array(BLOCK * (this.side + 2) ** 2 * this.first);
    this.large = new Float32Array((2 * this.side + 2) ** 2 * this.second);
    if (recogniser) this.learn(recogniser);
  }

  // The last layer, of another colour.
  ink(weight, bias) {
    [this.w4, this.b4] = [weight, bias];
  }

  learn({ channels, filters }) {
    this.channels = [1, ...channels];
    this.filters = filters;
    this.features = new Float32Array(BLOCK * featuresOf(this.size, channels));
    const bordered = [0, 1, 2].map((i) => new Float32Array(BLOCK * ((this.size >> i) + 2) ** 2 * this.channels[i]));
    this.maps = [...bordered, this.features];
  }

  aim(target) {
    this.target = Float32Array.from(target);
    this.means = sums(this.target, null, this.size);
    this.squares = sums(this.target, this.target, this.size);
  }

  draw(count) {
    this.linear(count);
    for (let image = 0; image < count; image++) {
      for (let parity = 0; parity < 4; parity++)
        for (let n = 0; n < this.second; n += WIDTH) this.deconvolve(image, parity, n);
      this.paint(image);
    }
  }

  // Images in the inner loop: a panel stays in the cache.
  linear(count) {
    const { side, first, latent, hidden, units, small } = this;
    const square = (side + 2) ** 2 * first;
    for (let n = 0; n < hidden; n += WIDTH)
      for (let i = 0; i < count; i++)
        product(this.latents, i * latent, 1, latent, 0, this.w1, n * latent, this.b1, n, units, i * hidden + n);
    for (let n = 0; n < side * side * first; n += WIDTH) {
      const pixel = Math.floor(n / first);
      const row = Math.floor(pixel / side) + 1;
      const place = (row * (side + 2) + (pixel % side) + 1) * first + (n % first);
      for (let i = 0; i < count; i++)
        product(units, i * hidden, 1, hidden, 0, this.w2, n * hidden, this.b2, n, small, i * square + place);
    }
  }

  deconvolve(image, parity, n) {
    const { side, first, second } = this;
    const [down, right] = [parity >> 1, parity & 1];
    const [narrow, wide] = [side + 2, 2 * side + 2];
    const panel = (parity * second + n) * 4 * first;
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const from = (image * narrow * narrow + (y + down) * narrow + x + right) * first;
        const to = ((2 * y + down + 1) * wide + 2 * x + right + 1) * second + n;
        product(this.small, from, 2, 2 * first, narrow * first, this.w3, panel, this.b3, n, this.large, to);
      }
  }

  paint(image) {
    const { side, second, size, large, w4 } = this;
    const wide = 2 * side + 2;
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const [down, right] = [y & 1, x & 1];
        const weights = (down * 2 + right) * 4 * second;
        const from = (((y >> 1) + down) * wide + (x >> 1) + right) * second;
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        for (let run = 0; run < 2; run++)
          for (let k = 0; k < 2 * second; k += 4) {
            const a = from + run * wide * second + k;
            const w = weights + run * 2 * second + k;
            s0 = fround(s0 + fround(large[a] * w4[w]));
            s1 = fround(s1 + fround(large[a + 1] * w4[w + 1]));
            s2 = fround(s2 + fround(large[a + 2] * w4[w + 2]));
            s3 = fround(s3 + fround(large[a + 3] * w4[w + 3]));
          }
        const sum = fround(fround(s0 + s1) + fround(s2 + s3));
        this.images[image * size * size + y * size + x] = squash(fround(sum + this.b4[0]));
      }
  }

  judge(count, fitness) {
    const pixels = this.size ** 2;
    for (let i = 0; i < count; i++) {
      const image = this.images.subarray(i * pixels, (i + 1) * pixels);
      this.scores[i] = fitness ? this.similarity(image) : fround(1 - fround(apart(image, this.target) / pixels));
    }
  }

  hold(image, place) {
    const pixels = this.size ** 2;
    this.set.set(this.images.subarray(image * pixels, (image + 1) * pixels), place * pixels);
  }

  compare(count, kind) {
    const pixels = this.size ** 2;
    const images = Array.from({ length: count }, (_, i) => this.set.subarray(i * pixels, (i + 1) * pixels));
    let sum = 0;
    let most = -1;
    for (let i = 0; i < count; i++)
      for (let j = i + 1; j < count; j++) {
        const value = fround(resemblance(images[i], images[j], kind));
        this.alike[i * count + j] = value;
        sum += value;
        most = value > most ? value : most;
      }
    this.scores.set([(2 * sum) / (count * (count - 1)), most]);
  }

  // What the recogniser's convolutions find in the drawn images.
  recognise(count) {
    const { size, channels, filters, maps } = this;
    for (let row = 0; row < count * size; row++) {
      const image = Math.floor(row / size);
      maps[0].set(this.images.subarray(row * size, (row + 1) * size), (row + 2 * image + 1) * (size + 2) + 1);
    }
    for (let i = 0; i < 3; i++)
      halve(count, maps[i], size >> i, channels[i], channels[i + 1], filters[2 * i], filters[2 * i + 1], maps[i + 1], Number(i < 2));
  }

  similarity(image) {
    const [c1, c2, sample] = [1e-4, 9e-4, 49 / 48].map(fround);
    const mean = sums(image, null, this.size);
    const square = sums(image, image, this.size);
    const product_ = sums(image, this.target, this.size);
    let sum = 0;
    for (let i = 0; i < mean.length; i++) {
      const [m, t] = [mean[i], this.means[i]];
      const [mm, tt] = [fround(m * m), fround(t * t)];
      const luminance = fround(fround(fround(fround(2 * m) * t) + c1) / fround(fround(mm + tt) + c1));
      const covariance = fround(sample * fround(product_[i] - fround(m * t)));
      const own = fround(sample * fround(square[i] - mm));
      const theirs = fround(sample * fround(this.squares[i] - tt));
      const structure = fround(fround(fround(2 * covariance) + c2) / fround(fround(own + theirs) + c2));
      sum = fround(sum + fround(luminance * structure));
    }
    return fround(sum / mean.length);
  }
}
