import assert from "node:assert/strict";
import { test } from "node:test";
import { ALGORITHM1, OPERATORS, firstGenomes, nextGeneration, ranked, vary } from "../src/genetic.js";
import { Random } from "../src/random.js";

const settings = { population: 200, matingRate: 0.3, mutationRate: 0.3, seed: 0 };
const GENES = 100;

// A fitness without images: nearness to 0.
const judge = (genomes) => {
  const fitness = Float32Array.from({ length: genomes.length / GENES }, (_, i) =>
    -Math.hypot(...genomes.subarray(i * GENES, (i + 1) * GENES)),
  );
  return { fitness, images: new Uint8Array(fitness.length * 4) };
};

const start = (population, seed) => {
  const genomes = firstGenomes(population, GENES, seed);
  return { genomes, ...judge(genomes) };
};

test("normal numbers are normal, uniform ones uniform, streams differ", () => {
  const random = new Random(1, 2);
  const drawn = Array.from({ length: 20000 }, () => random.normal());
  const mean = drawn.reduce((a, b) => a + b) / drawn.length;
  const variance = drawn.reduce((a, b) => a + (b - mean) ** 2, 0) / drawn.length;
  assert.ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.04);
  assert.ok(Math.abs(drawn.filter((x) => Math.abs(x) > 1.96).length / drawn.length - 0.05) < 0.006);
  const counts = new Array(10).fill(0);
  for (let i = 0; i < 20000; i++) counts[random.below(10)]++;
  assert.ok(counts.every((count) => Math.abs(count - 2000) < 200));
  assert.notEqual(new Random(0, 1).bits(), new Random(1, 0).bits());
  assert.equal(new Random(7, 3).bits(), new Random(7, 3).bits());
});

test("the rates are rates", () => {
  const group = start(200, 0);
  const share = (given) => {
    let changed = 0;
    for (let g = 0; g < 50; g++)
      changed += vary(group, GENES, { ...settings, ...given }, new Random(0, g)).changed.filter(Boolean).length;
    return changed / (50 * 200);
  };
  assert.equal(share({ matingRate: 0, mutationRate: 0 }), 0);
  assert.ok(Math.abs(share({ mutationRate: 0 }) - 0.3) < 0.03);
  assert.ok(Math.abs(share({ matingRate: 0 }) - 0.3) < 0.03);
  assert.equal(share({ matingRate: 1 }), 1);
});

test("a mutated individual changes about a tenth of its genes by about 0.5", () => {
  const group = start(200, 0);
  const given = { ...settings, matingRate: 0, mutationRate: 1 };
  const { genomes, parents } = vary(group, GENES, given, new Random(0, 1));
  const steps = [];
  parents.forEach((p, i) => {
    for (let g = 0; g < GENES; g++) {
      const step = genomes[i * GENES + g] - group.genomes[p * GENES + g];
      if (step) steps.push(step);
    }
  });
  assert.ok(Math.abs(steps.length / (200 * GENES) - 0.1) < 0.01);
  assert.ok(Math.abs(Math.sqrt(steps.reduce((sum, s) => sum + s * s, 0) / steps.length) - 0.5) < 0.03);
});

test("mating exchanges genes and loses none", () => {
  const group = start(200, 3);
  const given = { ...settings, matingRate: 1, mutationRate: 0 };
  const { genomes, parents } = vary(group, GENES, given, new Random(0, 1));
  for (let i = 0; i < 200; i += 2)
    for (const g of [0, 50, 99]) {
      const children = [genomes[i * GENES + g], genomes[(i + 1) * GENES + g]].sort();
      const elders = [parents[i], parents[i + 1]].map((p) => group.genomes[p * GENES + g]).sort();
      assert.deepEqual(children, elders);
    }
});

test("the best never worsens, the population follows its size, unchanged children are not judged", async () => {
  let group = start(200, 0);
  for (const [generation, population] of [200, 60, 60, 300].entries()) {
    const before = group.fitness[ranked(group.fitness)[0]];
    const { group: next, passes } = await nextGeneration(group, { ...settings, population }, generation + 1, judge);
    assert.equal(next.fitness.length, population);
    assert.ok(next.fitness[ranked(next.fitness)[0]] >= before);
    assert.ok(passes > 0.3 * population && passes < 0.7 * population);
    group = next;
  }
});

test("without mutation and mating the first best takes over", async () => {
  let group = start(40, 0);
  const best = Math.max(...group.fitness);
  for (let generation = 1; generation < 30; generation++)
    ({ group } = await nextGeneration(group, { ...settings, population: 40, matingRate: 0, mutationRate: 0 }, generation, judge));
  assert.ok(group.fitness.every((value) => value === best));
});

test("other operators plug in", async () => {
  const group = start(40, 0);
  const operators = {
    ...OPERATORS,
    select: () => 7,
    mutate: (genomes, child, genes) => ((genomes[child * genes] = 9), true),
    survive: (_, children) => children,
  };
  const given = { ...settings, population: 40, matingRate: 0, mutationRate: 1 };
  const { group: next, passes } = await nextGeneration(group, given, 1, judge, operators);
  assert.equal(passes, 40);
  for (let i = 0; i < 40; i++) {
    assert.equal(next.genomes[i * GENES], 9);
    assert.deepEqual(next.genomes.slice(i * GENES + 1, (i + 1) * GENES), group.genomes.slice(7 * GENES + 1, 8 * GENES));
  }
});

test("Algorithm 1: any parent, all change, the rate is the share of their genes that is disturbed by about 0.5", () => {
  const group = { ...start(200, 0), genomes: new Float32Array(200 * GENES) }; // crossover of equals changes nothing
  const given = { ...settings, matingRate: 1, mutationRate: 0.2 };
  const drawn = new Array(200).fill(0);
  const steps = [];
  for (let g = 0; g < 50; g++) {
    const { genomes, parents, changed } = vary(group, GENES, given, new Random(0, g), ALGORITHM1);
    parents.forEach((p) => drawn[p]++);
    assert.ok(changed.every(Boolean));
    steps.push(...genomes.filter((gene) => gene));
  }
  assert.ok(Math.abs(steps.length / (50 * 200 * GENES) - 0.2) < 0.002);
  assert.ok(Math.abs(Math.sqrt(steps.reduce((sum, s) => sum + s * s, 0) / steps.length) - 0.5) < 0.005);
  const spread = drawn.reduce((sum, count) => sum + (count - 50) ** 2, 0) / 50; // chi squared of 199 degrees
  assert.ok(spread > 150 && spread < 255, `${spread}`);
});

test("Algorithm 1: the pool is the top of old and new, of whatever size", async () => {
  let group = start(60, 0);
  for (const [generation, population] of [60, 100, 40].entries()) {
    const judged = [];
    const remember = (genomes) => (judged.push(judge(genomes)), judged.at(-1));
    const given = { ...settings, matingRate: 1, population };
    const { group: next, passes } = await nextGeneration(group, given, generation + 1, remember, ALGORITHM1);
    assert.equal(passes, population);
    const all = [...group.fitness, ...judged[0].fitness].sort((a, b) => b - a);
    assert.deepEqual([...next.fitness], all.slice(0, population));
    assert.deepEqual(judge(next.genomes).fitness, next.fitness);
    group = next;
  }
});
