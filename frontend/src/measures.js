// 1 - MSE and SSIM of one image with a target, and their derivatives by its pixels. Images are floats in [0, 1].
const [C1, C2] = [1e-4, 9e-4];
const WINDOW = 7;
const AREA = WINDOW ** 2;
const SAMPLE = AREA / (AREA - 1);

export function closeness(image, target) {
  let sum = 0;
  const slope = new Float64Array(image.length);
  for (let i = 0; i < image.length; i++) {
    const difference = image[i] - target[i];
    sum += difference * difference;
    slope[i] = (-2 * difference) / image.length;
  }
  return { value: 1 - sum / image.length, slope };
}

// Means over all full windows of a function of the pixel.
function windowMeans(size, at) {
  const full = size - WINDOW + 1;
  const means = new Float64Array(full * full);
  const line = new Float64Array(size);
  for (let y = 0; y < full; y++) {
    line.fill(0);
    for (let x = 0; x < size; x++) for (let k = 0; k < WINDOW; k++) line[x] += at((y + k) * size + x);
    for (let x = 0; x < full; x++) for (let k = 0; k < WINDOW; k++) means[y * full + x] += line[x + k] / AREA;
  }
  return means;
}

// The reverse: for each pixel, the sum over the windows that hold it.
function spread(windows, size) {
  const full = size - WINDOW + 1;
  const pixels = new Float64Array(size * size);
  const line = new Float64Array(full * size);
  for (let y = 0; y < full; y++)
    for (let x = 0; x < full; x++) for (let k = 0; k < WINDOW; k++) line[y * size + x + k] += windows[y * full + x];
  for (let y = 0; y < full; y++)
    for (let k = 0; k < WINDOW; k++) for (let x = 0; x < size; x++) pixels[(y + k) * size + x] += line[y * size + x];
  return pixels;
}

export function similarity(image, target) {
  const size = Math.sqrt(image.length);
  const mean = windowMeans(size, (i) => image[i]);
  const aim = windowMeans(size, (i) => target[i]);
  const square = windowMeans(size, (i) => image[i] ** 2);
  const aimSquare = windowMeans(size, (i) => target[i] ** 2);
  const cross = windowMeans(size, (i) => image[i] * target[i]);
  const [constant, own, other] = [0, 1, 2].map(() => new Float64Array(mean.length));
  let sum = 0;
  for (let w = 0; w < mean.length; w++) {
    const [m, t] = [mean[w], aim[w]];
    const levels = m * m + t * t + C1;
    const spreads = SAMPLE * (square[w] - m * m + aimSquare[w] - t * t) + C2;
    const luminance = (2 * m * t + C1) / levels;
    const structure = (2 * SAMPLE * (cross[w] - m * t) + C2) / spreads;
    sum += luminance * structure;
    const byMean = (structure * (2 * t - 2 * m * luminance)) / levels;
    const byVariance = (-luminance * structure) / spreads;
    const byCovariance = (2 * luminance) / spreads;
    constant[w] = byMean / AREA - (SAMPLE / AREA) * (2 * byVariance * m + byCovariance * t);
    own[w] = (2 * SAMPLE * byVariance) / AREA;
    other[w] = (SAMPLE * byCovariance) / AREA;
  }
  const [flat, byOwn, byOther] = [constant, own, other].map((windows) => spread(windows, size));
  const slope = flat.map((value, i) => (value + image[i] * byOwn[i] + target[i] * byOther[i]) / mean.length);
  return { value: sum / mean.length, slope };
}

// What can be maximised; places as the kernels count them.
export const MEASURES = {
  mse: { judge: closeness, label: "1 − MSE", error: "mean squared error" },
  ssim: { judge: similarity, label: "SSIM", error: "1 − SSIM" },
};
