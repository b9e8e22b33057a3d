// The loop over an engine, and the engine in a kernel, which is played here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { KernelEvolution, asking } from "../src/jupyter.js";
import { RESTORING } from "../src/restoring.js";
import { Session } from "../src/session.js";

const target = new Float32Array(784).fill(0.5);

// An engine whose population is what it was asked for: the fitness is the generation's number over a thousand.
class Counting {
  constructor() {
    this.asked = [];
  }

  answer(settings, generation) {
    this.asked.push([generation, settings.population]);
    const fitness = new Float32Array(settings.population).fill(generation / 1000);
    const group = { fitness, images: new Uint8Array(784 * settings.population), genomes: new Float32Array(settings.population) };
    return Promise.resolve({ group, passes: settings.population });
  }

  start(_, settings) {
    return this.answer(settings, 0);
  }

  next(_, settings, generation) {
    return this.answer(settings, generation);
  }
}

const session = (engine, settings = {}) =>
  new Session({ task: RESTORING, settings: { population: 20, generations: 5, ...settings }, engines: async () => engine, targetOf: () => target, changed: () => {} });

test("the loop asks its engine for one generation after the other, by the settings of the moment", async () => {
  const engine = new Counting();
  const run = session(engine);
  const ended = run.start();
  run.changed = () => run.run?.generation === 2 && run.set("population", 40);
  await ended;
  assert.deepEqual(engine.asked, [[0, 20], [1, 20], [2, 20], [3, 40], [4, 40], [5, 40]]);
  assert.equal(run.run.passes, 180);
  const { running, generation, passes, best_fitness: best } = run.report();
  assert.deepEqual([running, generation, passes, best], [false, 5, 180, Math.fround(0.005)]);
  assert.deepEqual(run.run.marks.map(({ generation, name, to }) => [generation, name, to]), [[3, "population", 40]]);
  assert.deepEqual(run.run.curve.map(({ error }) => error.mse.toFixed(3)), ["1.000", "0.999", "0.998", "0.997", "0.996", "0.995"]);
});

test("another engine begins another run and the old curve stays for comparison", async () => {
  const run = session(new Counting());
  await run.start();
  run.set("engine", "kernel");
  while (run.busy) await new Promise(setImmediate);
  assert.equal(run.run.generation, 0);
  assert.deepEqual(run.earlier.map((one) => one.settings.engine), ["browser"]);
});

// A model of Jupyter's: `reply` (question, buffers) gives content and buffers, or nothing where the kernel is gone.
function played(reply) {
  const heard = new Set();
  return {
    heard,
    on: (_, take) => heard.add(take),
    off: (_, take) => heard.delete(take),
    send(question, _, buffers) {
      const answer = reply(question, buffers);
      if (answer) queueMicrotask(() => [...heard].forEach((take) => take({ id: question.id, ...answer[0] }, answer[1] ?? [])));
    },
  };
}

const parts = (...arrays) => arrays.map((array) => new DataView(array.buffer));

test("the kernel's population arrives as it was sent", async () => {
  const questions = [];
  const model = played((question, buffers) => {
    questions.push([question.ask, question.settings?.size, buffers.length && new Float32Array(buffers[0])[0]]);
    return [{ passes: 2 }, parts(Float32Array.of(0.25, 0.5), new Uint8Array(2 * 784).fill(7), Float32Array.of(1, 2, 3, 4))];
  });
  const kernel = new KernelEvolution(asking(model), ({ population }) => ({ size: population }));
  const { group, passes } = await kernel.start(target, { population: 2 });
  await kernel.next(group, { population: 4 });
  assert.equal(passes, 2);
  assert.deepEqual([...group.fitness], [0.25, 0.5]);
  assert.deepEqual([...group.genomes], [1, 2, 3, 4]);
  assert.ok(group.images.length === 1568 && group.images.every((value) => value === 7));
  assert.deepEqual(questions, [["start", 2, 0.5], ["next", 4, 0]]);
  assert.equal(model.heard.size, 0, "nobody listens any more");
});

test("what a recogniser said of the kernel's pool arrives too, and so does what is drawn from it", async () => {
  const odds = Float32Array.from({ length: 20 }, (_, i) => i);
  const buffers = parts(Float32Array.of(0.25, 0.5), new Uint8Array(2 * 784), Float32Array.of(1, 2, 3, 4), odds);
  const questions = [];
  const model = played((question, sent) => {
    questions.push([question.ask, question.count, question.draw, sent.length]);
    return [{ passes: 2, generation: 7 }, buffers];
  });
  const kernel = new KernelEvolution(asking(model), (settings) => settings);
  const { group } = await kernel.start(undefined, {});
  assert.deepEqual(group.odds, odds);
  const sample = await kernel.sample(group, {}, 2, 5);
  assert.deepEqual([sample.generation, sample.odds, sample.genomes.length], [7, odds, 4]);
  assert.deepEqual(questions, [["start", undefined, undefined, 0], ["sample", 2, 5, 0]]);
});

test("parts with names arrive as the group, what is beside it, and a closer look", async () => {
  const names = ["fitness", "cells", "best fitness", "best images", "rival odds"];
  const buffers = parts(Float32Array.of(-0.5, -0.25), Int32Array.of(7, 3), Float32Array.of(-0.25), new Uint8Array(784).fill(9), Float32Array.of(1, 2));
  const look = [{ names: ["look fitness", "look images"] }, parts(Float32Array.of(-0.5), new Uint8Array(784).fill(4))];
  const kernel = new KernelEvolution(asking(played(({ ask, place }) => (ask === "look" ? place === 1 && look : [{ passes: 4, work: 8, names }, buffers]))), (settings) => settings);
  const { group, beside, passes, work } = await kernel.start(undefined, {});
  assert.deepEqual(group, { fitness: Float32Array.of(-0.5, -0.25), cells: Int32Array.of(7, 3) });
  assert.deepEqual([beside.best.fitness, beside.best.images[783], beside.rival.odds, passes, work], [-0.25, 9, Float32Array.of(1, 2), 4, 8]);
  assert.deepEqual(await kernel.look(group, 1), { fitness: -0.5, images: new Uint8Array(784).fill(4) });
});

test("a kernel that errs or is silent is told in a sentence, and Run begins again", async () => {
  const answers = [[{ error: "population must be even, got 7" }], null];
  const asks = asking(played(() => answers.shift()), 0.05);
  const run = session(new KernelEvolution(asks, (settings) => settings));
  await run.start();
  assert.match(run.problem, /The kernel's evolution has stopped: population must be even, got 7\. Press Run to begin again/);
  assert.equal(run.state, "failed");
  await run.start();
  assert.match(run.problem, /has not answered for 0\.05 seconds/);
});

test("a watched run is slow at first, can be hurried and paused at once, and takes the same course", async () => {
  const run = session(new Counting(), { generations: 3 });
  run.walk("slow");
  const ended = run.start();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(run.run.generation, 0, "the first generation is not due yet");
  run.pause();
  await ended;
  assert.deepEqual([run.state, run.run.generation], ["paused", 0]);
  const again = run.start();
  run.walk("full");
  await again;
  assert.deepEqual([run.state, run.run.generation], ["finished", 3]);
});

test("each stroke of a drawing sets the target, and a blank one is refused", async () => {
  const run = session(new Counting());
  run.draw(new Float32Array(784));
  await run.start();
  assert.match(run.refusal, /The drawing is blank/);
  assert.deepEqual([run.run, run.running], [null, false]);
  const aims = [];
  run.targetOf = () => run.drawing;
  for (const ink of [0.4, 0.8]) {
    run.draw(new Float32Array(784).fill(ink));
    await run.start();
    while (run.busy) await new Promise(setImmediate);
    aims.push(run.run.target[0]);
  }
  assert.deepEqual(aims, Array.from(Float32Array.of(0.4, 0.8)));
});
