// The generator of Jin & Ko (two linear layers, two doubling deconvolutions), the two fitnesses, the similarities of a
// set of images, and the convolutions of a recogniser or judge of digits, in WASM SIMD.
//
// Activations are channels-last with a border of zeros, so that the 2x2 taps which a deconvolution of kernel 4,
// stride 2 and padding 1 reads for an output pixel of given parity lie in two contiguous runs. Everything up to
// the last layer is then one small matrix product: four rows of images or pixels by eight outputs at a time.
// An image's result does not depend on its neighbours in the batch, nor on the number of workers. kernel_js.js
// does the same sums in the same order: change both or neither.
#include <wasm_simd128.h>

enum { BLOCK = 16, ROWS = 4, WIDTH = 8, MAX_SIDE = 64, MAX_SET = 64 };
enum { W1, B1, W2, B2, W3, B3, W4, B4, LATENTS, HIDDEN, SMALL, LARGE, IMAGES, TARGET, SCORES, SET, ALIKE,
       K1, A1, K2, A2, K3, A3, FRAME, HALF, QUARTER, FEATURES, BUFFERS };

static int latent, hidden, side, first, second, out, pixels, channels[4];
static float *buffer[BUFFERS];
extern unsigned char __heap_base;
static unsigned long used;

static float *take(unsigned long floats) {
  float *start = (float *)used;
  used = (used + floats * sizeof(float) + 15) & ~15ul;
  unsigned long pages = (used >> 16) + 1, present = __builtin_wasm_memory_size(0);
  if (pages > present && __builtin_wasm_memory_grow(0, pages - present) == (unsigned long)-1) return 0;
  return start;
}

static int room(int start, int count, const int *floats) {
  for (int i = 0; i < count; i++)
    if (!(buffer[start + i] = take(floats[i]))) return 0;
  return BLOCK;
}

// Sizes of the generator and room for it; 0 where memory does not suffice. Fresh memory is zero: the borders.
__attribute__((export_name("setup"))) int setup(int latents, int units, int edge, int before, int after) {
  latent = latents, hidden = units, side = edge, first = before, second = after;
  out = 4 * side, pixels = out * out;
  used = ((unsigned long)&__heap_base + 15) & ~15ul;
  const int small = (side + 2) * (side + 2) * first, large = (2 * side + 2) * (2 * side + 2) * second;
  const int floats[] = {latent * hidden, hidden, hidden * side * side * first, side * side * first,
                        16 * first * second, second, 16 * second, 1, BLOCK * latent, BLOCK * hidden,
                        BLOCK * small, BLOCK * large, BLOCK * pixels, pixels, BLOCK, MAX_SET * pixels,
                        MAX_SET * MAX_SET};
  return room(W1, K1, floats);
}

static int square(int edge) { return edge * edge; }

// The same for a recogniser of the generator's images, by the channels of its three convolutions.
__attribute__((export_name("learn"))) int learn(int one, int two, int three) {
  channels[0] = 1, channels[1] = one, channels[2] = two, channels[3] = three;
  const int floats[] = {9 * one, one, 9 * one * two, two, 9 * two * three, three, BLOCK * square(out + 2),
                        BLOCK * square(out / 2 + 2) * one, BLOCK * square(out / 4 + 2) * two,
                        BLOCK * square(out / 8) * three};
  return room(K1, BUFFERS - K1, floats);
}

__attribute__((export_name("at"))) float *at(int index) { return buffer[index]; }

// Four rows of `a` (each in `runs` runs, `stride` apart) times a panel of eight columns, bias first.
static inline void multiply(const float *const a[ROWS], int runs, int length, int stride, const float *panel,
                            const float *bias, v128_t sums[ROWS][2]) {
  for (int r = 0; r < ROWS; r++) sums[r][0] = wasm_v128_load(bias), sums[r][1] = wasm_v128_load(bias + 4);
  for (int run = 0; run < runs; run++) {
    const float *rows[ROWS];
    for (int r = 0; r < ROWS; r++) rows[r] = a[r] + run * stride;
    for (int k = 0; k < length; k++, panel += WIDTH) {
      const v128_t left = wasm_v128_load(panel), right = wasm_v128_load(panel + 4);
#pragma clang loop unroll(full)
      for (int r = 0; r < ROWS; r++) {
        const v128_t value = wasm_v128_load32_splat(rows[r] + k);
        sums[r][0] = wasm_f32x4_add(sums[r][0], wasm_f32x4_mul(value, left));
        sums[r][1] = wasm_f32x4_add(sums[r][1], wasm_f32x4_mul(value, right));
      }
    }
  }
}

static inline void rectify(v128_t left, v128_t right, float *to) {
  const v128_t zero = wasm_f32x4_splat(0);
  wasm_v128_store(to, wasm_f32x4_pmax(zero, left));
  wasm_v128_store(to + 4, wasm_f32x4_pmax(zero, right));
}

// Each of the four rows with ReLU to a place of its own.
static inline void product(const float *const a[ROWS], int runs, int length, int stride, const float *panel,
                           const float *bias, float *const c[ROWS]) {
  v128_t sums[ROWS][2];
  multiply(a, runs, length, stride, panel, bias, sums);
  for (int r = 0; r < ROWS; r++) rectify(sums[r][0], sums[r][1], c[r]);
}

static void linear(const float *in, int inputs, int outputs, const float *weights, const float *bias, float *to,
                   int image, int padded) {
  for (int n = 0; n < outputs; n += WIDTH) {
    // with `padded`, output n belongs to a pixel of `first` channels inside a bordered square
    const int pixel = n / first, y = pixel / side, x = pixel % side;
    const int place = padded ? ((y + 1) * (side + 2) + x + 1) * first + n % first : n;
    for (int b = 0; b < BLOCK; b += ROWS) {
      const float *a[ROWS];
      float *c[ROWS];
      for (int r = 0; r < ROWS; r++) a[r] = in + (b + r) * inputs, c[r] = to + (b + r) * image + place;
      product(a, 1, inputs, 0, weights + n * inputs, bias + n, c);
    }
  }
}

// Pixels of all images of the block are counted through, so that groups of four leave no remainder.
static void deconvolve(void) {
  const int small = side + 2, large = 2 * side + 2, taps = 4 * first, count = BLOCK * side * side;
  for (int parity = 0; parity < 4; parity++) {
    const int down = parity >> 1, right = parity & 1;
    for (int n = 0; n < second; n += WIDTH) {
      const float *panel = buffer[W3] + (parity * second + n) * taps;
      for (int p = 0; p < count; p += ROWS) {
        const float *a[ROWS];
        float *c[ROWS];
        for (int r = 0; r < ROWS; r++) {
          const int image = (p + r) / (side * side), pixel = (p + r) % (side * side), y = pixel / side, x = pixel % side;
          a[r] = buffer[SMALL] + (image * small * small + (y + down) * small + x + right) * first;
          c[r] = buffer[LARGE] + (image * large * large + (2 * y + down + 1) * large + 2 * x + right + 1) * second + n;
        }
        product(a, 2, 2 * first, small * first, panel, buffer[B3] + n, c);
      }
    }
  }
}

// (tanh(x) + 1) / 2 by a rational function (coefficients as in Eigen's ptanh), within 4e-7.
static inline float squash(float x) {
  x = x > 7.9f ? 7.9f : x < -7.9f ? -7.9f : x;
  const float s = x * x;
  float p = -2.76076847742355e-16f;
  p = p * s + 2.00018790482477e-13f;
  p = p * s + -8.60467152213735e-11f;
  p = p * s + 5.12229709037114e-08f;
  p = p * s + 1.48572235717979e-05f;
  p = p * s + 6.37261928875436e-04f;
  p = p * s + 4.89352455891786e-03f;
  float q = 1.19825839466702e-06f;
  q = q * s + 1.18534705686654e-04f;
  q = q * s + 2.26843463243900e-03f;
  q = q * s + 4.89352518554385e-03f;
  return (x * p / q + 1.0f) * 0.5f;
}

static inline float total(v128_t v) {
  return (wasm_f32x4_extract_lane(v, 0) + wasm_f32x4_extract_lane(v, 1)) +
         (wasm_f32x4_extract_lane(v, 2) + wasm_f32x4_extract_lane(v, 3));
}

// One output channel: lanes run over input channels, four pixels of a row share the weights.
static void paint(int count) {
  const int half = 2 * side, large = half + 2, length = 2 * second;
  for (int image = 0; image < count; image++)
    for (int y = 0; y < out; y++)
      for (int right = 0; right < 2; right++) {
        const int down = y & 1;
        const float *weights = buffer[W4] + (down * 2 + right) * 4 * second;
        const float *in = buffer[LARGE] + (image * large * large + (y / 2 + down) * large + right) * second;
        for (int x = 0; x < half; x += 2) {
          v128_t one = wasm_f32x4_splat(0), two = one;
          for (int run = 0; run < 2; run++) {
            const float *a = in + run * large * second + x * second, *w = weights + run * length;
            for (int k = 0; k < length; k += 4) {
              const v128_t weight = wasm_v128_load(w + k);
              one = wasm_f32x4_add(one, wasm_f32x4_mul(wasm_v128_load(a + k), weight));
              two = wasm_f32x4_add(two, wasm_f32x4_mul(wasm_v128_load(a + second + k), weight));
            }
          }
          float *to = buffer[IMAGES] + image * pixels + y * out + 2 * x + right;
          to[0] = squash(total(one) + buffer[B4][0]), to[2] = squash(total(two) + buffer[B4][0]);
        }
      }
}

// Images of the latents in their buffer, `count` of BLOCK; the rest is computed too and means nothing.
__attribute__((export_name("draw"))) void draw(int count) {
  const int small = (side + 2) * (side + 2) * first;
  linear(buffer[LATENTS], latent, hidden, buffer[W1], buffer[B1], buffer[HIDDEN], hidden, 0);
  linear(buffer[HIDDEN], hidden, side * side * first, buffer[W2], buffer[B2], buffer[SMALL], small, 1);
  deconvolve();
  paint(count);
}

static float apart(const float *image, const float *target) {
  v128_t sum = wasm_f32x4_splat(0);
  for (int i = 0; i < pixels; i += 4) {
    const v128_t d = wasm_f32x4_sub(wasm_v128_load(image + i), wasm_v128_load(target + i));
    sum = wasm_f32x4_add(sum, wasm_f32x4_mul(d, d));
  }
  return total(sum);
}

// Means over all full 7x7 windows of the product of two images: columns first, then rows.
static void windows(const float *one, const float *two, float *means) {
  const int full = out - 6;
  float line[MAX_SIDE];
  for (int y = 0; y < full; y++) {
    for (int x = 0; x < out; x++) {
      float sum = 0;
      for (int k = 0; k < 7; k++) {
        const int i = (y + k) * out + x;
        sum += two ? one[i] * two[i] : one[i];
      }
      line[x] = sum;
    }
    for (int x = 0; x < full; x++) {
      float sum = 0;
      for (int k = 0; k < 7; k++) sum += line[x + k];
      means[y * full + x] = sum / 49.0f;
    }
  }
}

static float mean_t[MAX_SIDE * MAX_SIDE], square_t[MAX_SIDE * MAX_SIDE];

// What SSIM needs of the target in its buffer; to be called when that changes.
__attribute__((export_name("aim"))) void aim(void) {
  windows(buffer[TARGET], 0, mean_t), windows(buffer[TARGET], buffer[TARGET], square_t);
}

// Structural similarity as in latentlib.fitness.ssim: uniform window of 7, sample covariance, borders left out.
static float similarity(const float *image, const float *target) {
  static float mean[MAX_SIDE * MAX_SIDE], square[MAX_SIDE * MAX_SIDE], product_[MAX_SIDE * MAX_SIDE];
  const float c1 = 1e-4f, c2 = 9e-4f, sample = 49.0f / 48.0f;
  const int count = (out - 6) * (out - 6);
  windows(image, 0, mean), windows(image, image, square), windows(image, target, product_);
  float sum = 0;
  for (int i = 0; i < count; i++) {
    const float m = mean[i], t = mean_t[i];
    const float luminance = (2.0f * m * t + c1) / (m * m + t * t + c1);
    const float covariance = sample * (product_[i] - m * t);
    const float variances = sample * (square[i] - m * m) + sample * (square_t[i] - t * t);
    sum += luminance * ((2.0f * covariance + c2) / (variances + c2));
  }
  return sum / count;
}

// Fitness of the drawn images against the target: 0 is 1 - MSE, 1 is SSIM.
__attribute__((export_name("judge"))) void judge(int count, int fitness) {
  for (int i = 0; i < count; i++) {
    const float *image = buffer[IMAGES] + i * pixels;
    buffer[SCORES][i] = fitness ? similarity(image, buffer[TARGET]) : 1.0f - apart(image, buffer[TARGET]) / pixels;
  }
}

// A drawn image becomes one of a set.
__attribute__((export_name("hold"))) void hold(int image, int place) {
  for (int i = 0; i < pixels; i++) buffer[SET][place * pixels + i] = buffer[IMAGES][image * pixels + i];
}

static float product_of(const float *one, const float *other) {
  v128_t sum = wasm_f32x4_splat(0);
  for (int i = 0; i < pixels; i += 4)
    sum = wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_v128_load(one + i), wasm_v128_load(other + i)));
  return total(sum);
}

static double root(double x) { return wasm_f64x2_extract_lane(wasm_f64x2_sqrt(wasm_f64x2_splat(x)), 0); }

// Similarity of two images as in latentlib.fitness.diversity: 0 is 1 - RMSE, 1 their cross-correlation, not a number
// where one is black.
static float resemblance(const float *one, const float *other, int kind) {
  if (!kind) return 1.0 - root((double)apart(one, other) / pixels);
  const double own = product_of(one, one), theirs = product_of(other, other);
  return own > 1e-20 && theirs > 1e-20 ? product_of(one, other) / root(own * theirs) : __builtin_nan("");
}

// Similarities of all pairs of a set of `count` images, row by row; their mean and maximum are the first two scores.
__attribute__((export_name("compare"))) void compare(int count, int kind) {
  const float *set = buffer[SET];
  double sum = 0;
  float most = -1;
  for (int i = 0; i < count; i++)
    for (int j = i + 1; j < count; j++) {
      const float value = resemblance(set + i * pixels, set + j * pixels, kind);
      buffer[ALIKE][i * count + j] = value;
      sum += value, most = value > most ? value : most;
    }
  buffer[SCORES][0] = 2 * sum / (count * (count - 1)), buffer[SCORES][1] = most;
}

// A 3x3 convolution of bordered squares, the largest of each 2x2 pixels (the four rows of a product), ReLU; into
// squares of half the side with a border of `margin`.
static void halve(int count, const float *in, int edge, int inputs, int outputs, const float *weights,
                  const float *bias, float *to, int margin) {
  const int wide = edge + 2, half = edge / 2, narrow = half + 2 * margin;
  for (int n = 0; n < outputs; n += WIDTH)
    for (int image = 0; image < count; image++)
      for (int y = 0; y < half; y++)
        for (int x = 0; x < half; x++) {
          const float *a[ROWS];
          v128_t sums[ROWS][2], most[2];
          for (int r = 0; r < ROWS; r++)
            a[r] = in + (image * wide * wide + (2 * y + (r >> 1)) * wide + 2 * x + (r & 1)) * inputs;
          multiply(a, 3, 3 * inputs, wide * inputs, weights + n * 9 * inputs, bias + n, sums);
          for (int h = 0; h < 2; h++)
            most[h] = wasm_f32x4_pmax(wasm_f32x4_pmax(sums[0][h], sums[1][h]), wasm_f32x4_pmax(sums[2][h], sums[3][h]));
          rectify(most[0], most[1], to + ((image * narrow + y + margin) * narrow + x + margin) * outputs + n);
        }
}

// What the recogniser's convolutions find in the drawn images.
__attribute__((export_name("recognise"))) void recognise(int count) {
  const int wide = out + 2;
  for (int image = 0; image < count; image++)
    for (int y = 0; y < out; y++)
      for (int x = 0; x < out; x++)
        buffer[FRAME][(image * wide + y + 1) * wide + x + 1] = buffer[IMAGES][image * pixels + y * out + x];
  for (int i = 0; i < 3; i++)
    halve(count, buffer[FRAME + i], out >> i, channels[i], channels[i + 1], buffer[K1 + 2 * i], buffer[A1 + 2 * i],
          buffer[HALF + i], i < 2);
}
