// The ring: networks whose gradients are right, a fair game, and a population that breeds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DISCRIMINATOR, GENERATOR, discriminatorGradient, discriminatorLoss, generated, generatorGradient, generatorLoss } from "../src/adversaries.js";
import { Random } from "../src/random.js";
import { RING, RingEvolution, read, written } from "../src/ring.js";
import { CENTRES, MODES, RADIUS, SIGMA, coverage, latentsOf, realPoints } from "../src/ring_data.js";
import { Bred, contestants, round } from "../src/ring_evolution.js";
import { Session } from "../src/session.js";

const random = () => new Random(3, 1);
const settings = { ...RING.defaults, generations: 5 };
const near = (found, expected, error) => found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < error, `${i}: ${value}, ${expected[i]}`));

// Central differences of a loss.
function differences(weights, loss, step = 1e-5) {
  return Array.from(weights, (_, i) => {
    const moved = (by) => loss(weights.map((weight, j) => (j === i ? weight + by : weight)));
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

test("gradients are those of finite differences", () => {
  const draws = random();
  const [generator, discriminator] = [GENERATOR, DISCRIMINATOR].map((network) => Float64Array.from(network.draw(draws), (weight) => 2 * weight));
  const [latents, real] = [latentsOf(draws, 16), realPoints(draws, 16)];
  const fake = generated(generator, latents);
  near(generatorGradient(generator, discriminator, latents), differences(generator, (weights) => generatorLoss(weights, discriminator, latents)), 1e-6);
  near(discriminatorGradient(discriminator, real, fake), differences(discriminator, (weights) => discriminatorLoss(weights, real, fake)), 1e-6);
});

test("real points are a ring of eight Gaussians", () => {
  const points = realPoints(random(), 40_000);
  const sums = CENTRES.map(() => ({ count: 0, squares: 0 }));
  for (let i = 0; i < points.length; i += 2) {
    const turn = Math.round((Math.atan2(points[i + 1], points[i]) / (2 * Math.PI)) * MODES + MODES) % MODES;
    const [x, y] = [RADIUS * Math.cos((turn * Math.PI) / 4), RADIUS * Math.sin((turn * Math.PI) / 4)];
    sums[turn].count += 1;
    sums[turn].squares += (points[i] - x) ** 2 + (points[i + 1] - y) ** 2;
  }
  for (const { count, squares } of sums) {
    assert.ok(Math.abs(count - 5000) < 350);
    assert.ok(Math.abs(Math.sqrt(squares / count / 2) - SIGMA) < 0.003);
  }
});

test("a mode is covered by two points in a hundred near it, and by no fewer", () => {
  const far = Array.from({ length: 98 }, () => [0, 0]);
  const at = (...some) => coverage(Float64Array.from([...far, ...some].flat()));
  const edge = 3 * SIGMA;
  assert.deepEqual(at([2, 0], [2 + 0.99 * edge, 0]), { modes: 1, near: 0.02 });
  assert.deepEqual(at([2, 0], [2 + 1.01 * edge, 0]), { modes: 0, near: 0.01 });
  assert.deepEqual(at([2, 0], [0, 2]), { modes: 0, near: 0.02 });
  assert.equal(coverage(realPoints(random(), 512)).modes, MODES);
});

test("the fittest of a population is copied, and the others' weights move by the step at the rate", () => {
  const bred = new Bred(GENERATOR, 40, random());
  const loss = (weights) => weights[0];
  assert.equal(bred.turn({ loss }, settings, random()), 40);
  const best = bred.weights.slice();
  assert.equal(best[0], Math.min(...Array.from({ length: 40 }, (_, i) => bred.at(i)[0])));
  const before = bred.genomes.slice();
  bred.turn({ loss }, { population: 40, mutationRate: 0.1, mutationStep: 1e-3 }, random());
  assert.deepEqual(bred.at(0), best);
  assert.ok(bred.weights[0] <= best[0]);
  let moved = 0;
  for (let i = 1; i < 40; i++)
    for (let g = 0; g < GENERATOR.count; g++) {
      const distances = Array.from({ length: 40 }, (_, parent) => Math.abs(before[parent * GENERATOR.count + g] - bred.at(i)[g]));
      const least = Math.min(...distances);
      moved += least > 0;
      assert.ok(least < 0.005, "a child's weight is a parent's, or near it");
    }
  assert.ok(Math.abs(moved / (39 * GENERATOR.count) - 0.1) < 0.02);
});

test("without mutation and with one parent nothing changes", () => {
  const bred = new Bred(DISCRIMINATOR, 4, random());
  for (let i = 1; i < 4; i++) bred.at(i).set(bred.at(0));
  const first = bred.genomes.slice();
  for (let i = 0; i < 3; i++) bred.turn({ loss: (weights) => weights[5] }, { ...settings, population: 4, mutationRate: 0 }, random());
  assert.deepEqual(bred.genomes, first);
});

test("a generation takes a pass of everyone, a step of descent three", () => {
  const passes = (evolves) => {
    const { evolved, rival } = contestants({ evolves, population: 10 }, random());
    return [round(evolved, { ...settings, population: 10 }, random()), round(rival, settings, random())];
  };
  assert.deepEqual(passes("both"), [20, 6]);
  assert.deepEqual(passes("generator"), [13, 6]);
  assert.deepEqual(passes("discriminator"), [13, 6]);
});

test("both sides begin alike, and descent never has more passes, nor a round fewer than it might", async () => {
  for (const evolves of ["both", "generator"]) {
    const evolution = new RingEvolution();
    const first = await evolution.start(undefined, { ...settings, evolves });
    assert.deepEqual([...first.group.points], [...first.beside.points]);
    for (let generation = 1; generation <= 4; generation++) {
      const { beside } = await evolution.next(null, { ...settings, evolves }, generation);
      assert.ok(beside.passes <= evolution.passes && beside.passes > evolution.passes - 6);
    }
  }
});

const session = (given) => new Session({ task: RING, settings: { ...settings, ...given }, engines: async () => new RingEvolution(), targetOf: RING.targetOf, changed: () => {} });

test("a run follows from its settings, and descent's share of it from the seed and the passes", async () => {
  const [one, again, other, wider] = [session(), session(), session({ seed: 1 }), session({ mutationStep: 0.3 })];
  for (const each of [one, again, other, wider]) await each.start();
  assert.deepEqual(one.run.curve, again.run.curve);
  assert.notDeepEqual(one.run.curve, other.run.curve);
  const rivals = ({ run }) => run.curve.map(({ rival }) => rival);
  assert.deepEqual(rivals(one), rivals(wider));
  assert.notDeepEqual(one.run.group.points, wider.run.group.points);
});

test("a population that grows or shrinks in a run goes on", async () => {
  const run = session({ generations: 3 });
  await run.start();
  for (const population of [60, 4]) {
    run.set("population", population);
    const before = run.run.passes;
    await run.step();
    assert.equal(run.run.passes - before, 2 * population);
  }
  assert.deepEqual(run.run.marks.map(({ to }) => to), [60, 4]);
});

test("for as many passes descent covers more modes", async () => {
  const run = session({ generations: 100 });
  await run.start();
  const { modes, rival } = run.run.curve.at(-1);
  assert.equal(run.run.passes, 4000);
  assert.ok(rival.modes >= 4, `descent ${rival.modes}`);
  assert.ok(modes < rival.modes, `evolution ${modes}`);
});

test("an address holds all settings, and nothing out of range", () => {
  const given = { evolves: "generator", population: 50, mutationRate: 0.25, mutationStep: 0.4, seed: 7, generations: 20 };
  assert.deepEqual(read(written(given)), given);
  assert.deepEqual(read("#ring&evolves=nobody&population=7&mutationRate=2&mutationStep=x&seed=-1&generations=0.5"), {});
  assert.equal(read("#run&population=20"), null);
});
