import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "../src/engine.js";
import { firstGenomes } from "../src/genetic.js";
import { MEASURES } from "../src/measures.js";
import { Descent, Network } from "../src/descent.js";
import { logOdds } from "../src/recogniser.js";
import { WeightsError, bytesOf, checksum, decode } from "../src/weights.js";
import { binary, targets, weights, weightsFile } from "./shipped.js";

const shipped = weights("mnist");
const [recogniser, judge] = ["recogniser", "judge"].map(weights);
const SIZE = 7;
const target = targets("mnist")[3];

async function engine(code, judging = recogniser) {
  const made = await createEngine(shipped, code, judging);
  made.aim(target);
  return made;
}

test("plain JavaScript and WASM give the same bits", async () => {
  const [slow, fast] = [await engine(null), await engine(binary)];
  assert.deepEqual([slow.compiled, fast.compiled], [false, true]);
  const latents = firstGenomes(21, slow.latent, 5);
  const sets = ["rmse", "ncc"].map((metric) => ({ metric, size: SIZE }));
  for (const asked of ["mse", "ssim", "odds", ...sets]) assert.deepEqual(slow.evaluate(latents, asked), fast.evaluate(latents, asked));
  assert.deepEqual((await engine(null, judge)).evaluate(latents, "odds"), (await engine(binary, judge)).evaluate(latents, "odds"));
});

test("a colour is drawn after the other, the same bits by plain JavaScript and WASM", async () => {
  const [slow, fast] = await Promise.all([null, binary].map((code) => createEngine(weights("celeba"), code)));
  const latents = firstGenomes(18, slow.latent, 5); // more than a block
  const { images } = fast.evaluate(latents, "images");
  assert.deepEqual([images.length, slow.evaluate(latents, "images").images], [18 * 3 * 32 ** 2, images]);
  assert.deepEqual(fast.evaluate(latents.slice(17 * slow.latent), "images").images, images.slice(17 * 3 * 32 ** 2), "the last one alone");
});

test("a set does not depend on its neighbours, and equal images are as similar as can be", async () => {
  const made = await engine(binary);
  const latents = firstGenomes(5 * SIZE, made.latent, 1);
  for (const metric of ["rmse", "ncc"]) {
    const whole = made.evaluate(latents, { metric, size: SIZE });
    const third = latents.slice(2 * SIZE * 100, 3 * SIZE * 100);
    const alone = made.evaluate(third, { metric, size: SIZE });
    assert.deepEqual([alone.fitness[0], alone.maximum[0]], [whole.fitness[2], whole.maximum[2]]);
    third.set(third.subarray(0, 100), 300);
    assert.ok(Math.abs(made.evaluate(third, { metric, size: SIZE }).maximum[0] - 1) < 1e-6);
  }
});

test("a set with a black image has no correlation, and is worse than any other", async () => {
  const made = await engine(binary);
  made.kernel.draw = () => made.kernel.images.fill(0);
  const latents = firstGenomes(SIZE, made.latent, 1);
  assert.equal(made.evaluate(latents, { metric: "ncc", size: SIZE }).fitness[0], -Infinity);
  assert.equal(made.evaluate(latents, { metric: "rmse", size: SIZE }).fitness[0], -1);
});

test("an image does not depend on its neighbours in a batch", async () => {
  const made = await engine(binary);
  const latents = firstGenomes(37, made.latent, 1);
  const whole = made.evaluate(latents, "mse");
  const { odds } = made.evaluate(latents, "odds");
  for (const i of [0, 15, 16, 36]) {
    const one = latents.slice(i * 100, (i + 1) * 100);
    const alone = made.evaluate(one, "mse");
    assert.equal(alone.fitness[0], whole.fitness[i]);
    assert.deepEqual(made.evaluate(one, "odds").odds, odds.slice(10 * i, 10 * (i + 1)));
    assert.deepEqual(alone.images, whole.images.slice(i * 784, (i + 1) * 784));
  }
});

test("a broken binary falls back", async () => {
  assert.equal((await engine(new Uint8Array([0, 1, 2]))).compiled, false);
});

test("extreme latents still give images and a fitness", async () => {
  const made = await engine(binary);
  const { fitness, images } = made.evaluate(new Float32Array(300).fill(0).fill(1e4, 100, 200).fill(-1e4, 200), "mse");
  assert.ok(fitness.every((value) => value >= 0 && value <= 1));
  assert.equal(images.length, 3 * 784);
});

test("both fitnesses are 1 for the target itself and agree with the derivable ones", async () => {
  const made = await engine(binary);
  const latents = firstGenomes(4, made.latent, 2);
  for (const fitness of ["mse", "ssim"]) {
    assert.ok(Math.abs(MEASURES[fitness].judge(target, target).value - 1) < 1e-12);
    const judged = made.evaluate(latents, fitness);
    for (let i = 0; i < 4; i++) {
      made.kernel.latents.set(latents.subarray(i * 100, (i + 1) * 100));
      made.kernel.draw(1);
      const image = Array.from(made.kernel.images.subarray(0, 784));
      assert.ok(Math.abs(MEASURES[fitness].judge(image, target).value - judged.fitness[i]) < 1e-5);
    }
  }
});

test("log-odds are those of the softmax, also where a probability rounds to 1", () => {
  const logits = [0.3, -1.2, 2.5, 0];
  const sum = logits.reduce((all, logit) => all + Math.exp(logit), 0);
  const expected = logits.map((logit) => Math.log(Math.exp(logit) / sum / (1 - Math.exp(logit) / sum)));
  logOdds(logits).forEach((odds, i) => assert.ok(Math.abs(odds - expected[i]) < 1e-12));
  assert.ok(Math.abs(logOdds([900, 0, 0])[0] - (900 - Math.log(2))) < 1e-9);
});

test("damaged weights are told apart", () => {
  const file = weightsFile("mnist");
  assert.equal(checksum(bytesOf(file.data)), file.checksum);
  for (const data of [file.data.slice(0, -4000), `AAAA${file.data.slice(4)}`, "%%%"])
    assert.throws(() => decode({ ...file, data }), WeightsError);
});

test("gradient descent descends, by either measure", () => {
  const network = new Network(shipped);
  for (const fitness of ["mse", "ssim"]) {
    const descent = new Descent(network, target, fitness, 0);
    const first = descent.step().fitness;
    let last;
    for (let i = 0; i < 40; i++) last = descent.step().fitness;
    assert.ok(last > first + 0.02, `${fitness}: ${first} to ${last}`);
  }
});
