// Sets that evolve, by an evaluator that is played here: the more the first genes of a set are apart, the fitter.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cellOf, elites, possible } from "../src/archive.js";
import { DIVERSE, DiverseEvolution } from "../src/diverse.js";
import { neighbour } from "../src/elite_map.js";
import { Random } from "../src/random.js";
import { Session } from "../src/session.js";
import { classes, spread } from "../src/variety.js";

const [GENES, SIZE] = [4, 16];

// Mean and maximum similarity in [0, 1] of a set: those of 1 / (1 + distance) of the first genes.
function described(set) {
  const found = [];
  for (let i = 0; i < SIZE; i++)
    for (let j = i + 1; j < SIZE; j++) found.push(1 / (1 + Math.abs(set[i * GENES] - set[j * GENES])));
  return { mean: found.reduce((a, b) => a + b) / found.length, most: Math.max(...found) };
}

function playing() {
  const asked = [];
  const evaluate = async (latents, what) => {
    if (what === "odds") {
      const count = latents.length / GENES;
      const odds = Float32Array.from({ length: 10 * count }, (_, i) => -(((i % 10) - (Math.floor(i / 10) % 3)) ** 2));
      return { odds, features: new Float32Array(latents), images: new Uint8Array(784 * count) };
    }
    const sets = Array.from({ length: latents.length / GENES / SIZE }, (_, i) => described(latents.subarray(i * GENES * SIZE, (i + 1) * GENES * SIZE)));
    asked.push(sets.length);
    return { fitness: Float32Array.from(sets, ({ mean }) => -mean), maximum: Float32Array.from(sets, ({ most }) => most) };
  };
  return { asked, pool: { genes: GENES, evaluate } };
}

function session(settings = {}) {
  const { asked, pool } = playing();
  const given = { size: SIZE, population: 10, generations: 12, ...settings };
  const made = new Session({ task: DIVERSE, settings: given, engines: async () => new DiverseEvolution(pool, ""), targetOf: () => undefined, changed: () => {} });
  return { asked, session: made };
}

test("cells are those of ribs: an edge belongs to the cell above, and what is out of range to the outermost", () => {
  assert.deepEqual([[0, 0], [0.5, 0.5], [0.29, 0.57], [1, 1], [-0.1, 1.3]].map(([x, y]) => cellOf(x, y, 100)), [0, 5050, 2957, 9999, 99]);
  assert.equal(possible(3), 6);
});

test("a map keeps the fittest of each cell, whatever the batches", () => {
  const random = new Random(3, 0);
  const sets = Array.from({ length: 400 }, (_, i) => ({ genomes: Float32Array.of(i), fitness: Float32Array.of(-Math.round(50 * random.uniform()) / 50), maximum: Float32Array.of(random.uniform()) }));
  let map = elites([sets[0]], 5);
  for (const set of sets.slice(1)) map = elites([map, set], 5); // one by one
  assert.deepEqual(elites(sets, 5), map);
  const wanted = new Map(); // by hand
  for (const { genomes, fitness, maximum } of sets) {
    const cell = cellOf(-fitness[0], maximum[0], 5);
    if (!wanted.has(cell) || fitness[0] > wanted.get(cell).fitness) wanted.set(cell, { fitness: fitness[0], genome: genomes[0] });
  }
  assert.deepEqual([...map.cells], [...wanted.keys()]);
  assert.deepEqual([...map.genomes], [...wanted.values()].map(({ genome }) => genome));
});

test("a set that is not feasible enters no cell", () => {
  const sets = [-Infinity, -0.5].map((fitness) => ({ genomes: Float32Array.of(0), fitness: Float32Array.of(fitness), maximum: Float32Array.of(0.9) }));
  assert.equal(elites(sets, 10).fitness.length, 1);
  assert.equal(elites([sets[0]], 10).fitness.length, 0);
});

for (const algorithm of ["genetic", "map_elites"])
  test(`${algorithm}: the best never worsens, and random sampling judges as many sets`, async () => {
    const { asked, session: run } = session({ algorithm });
    await run.start();
    const { curve, passes, group, beside } = run.run;
    const means = curve.map(({ best }) => best.mean);
    assert.ok(means.every((mean, i) => i === 0 || mean <= means[i - 1]));
    assert.equal(curve[0].best.mean, curve[0].rival.mean);
    assert.ok(means.at(-1) < curve.at(-1).rival.mean);
    const [first, ...next] = asked;
    assert.equal(first, 10);
    assert.equal(passes, SIZE * (10 + next.reduce((a, b) => a + b) / 2));
    assert.ok(Math.abs(described(beside.best.genomes).mean - means.at(-1)) < 1e-6);
    assert.ok(Math.abs(described(beside.rival.genomes).mean - curve.at(-1).rival.mean) < 1e-6);
    assert.equal(group.fitness.length, algorithm === "genetic" ? 10 : curve.at(-1).filled);
  });

test("random sampling by itself is the random sampling beside a search that judges as many", async () => {
  const [alone, beside] = ["random", "map_elites"].map((algorithm) => session({ algorithm, mutationRate: 1 }).session);
  await alone.start();
  await beside.start();
  assert.deepEqual(alone.run.curve.map(({ best }) => best.mean), beside.run.curve.map(({ rival }) => rival.mean));
  assert.ok(alone.run.curve.every(({ rival }) => rival === undefined));
});

test("rates act in the next generation and are marked; another metric, algorithm or size begins anew", async () => {
  const { session: run } = session();
  await run.step();
  await run.step();
  run.set("mutationRate", 0.2);
  await run.step();
  assert.deepEqual(run.run.marks.map(({ name, to }) => [name, to]), [["mutationRate", 0.2]]);
  run.set("algorithm", "map_elites");
  while (run.busy) await new Promise(setImmediate);
  assert.equal(run.run.generation, 0);
  assert.equal(run.earlier.length, 1, "the same metric and size: it stays for comparison");
  await run.step();
  run.set("metric", "ncc");
  while (run.busy) await new Promise(setImmediate);
  assert.equal(run.earlier.length, 0);
});

test("a chosen elite is looked at, the last chosen counts, and the best comes back", async () => {
  const { session: run } = session({ algorithm: "map_elites" });
  await run.step();
  await Promise.all([run.look(2), run.look(1)]);
  const { look, group } = run.run;
  assert.equal(look.cell, group.cells[1]);
  assert.deepEqual(look.genomes, group.genomes.slice(GENES * SIZE, 2 * GENES * SIZE));
  assert.equal(look.images.length, 784 * SIZE);
  await run.look(-1);
  assert.equal(run.run.look, null);
});

test("what is drawn anew is the rate's share of the genes", async () => {
  const { pool } = playing();
  const evolution = new DiverseEvolution(pool, "");
  const settings = { ...DIVERSE.defaults, size: SIZE, population: 400, matingRate: 0, mutationRate: 0.1, seed: 0 };
  const { group } = await evolution.start(null, settings);
  group.genomes.fill(0);
  const { group: next } = await evolution.next(group, settings, 1);
  const fresh = next.genomes.filter((gene) => gene);
  assert.ok(Math.abs(fresh.length / next.genomes.length - 0.1) < 0.006);
  assert.ok(Math.abs(fresh.reduce((sum, gene) => sum + gene * gene, 0) / fresh.length - 1) < 0.08);
});

test("classes are counted, and as even as can be is 1", () => {
  const odds = (digits) => Float32Array.from(digits.flatMap((digit) => Array.from({ length: 10 }, (_, i) => Number(i === digit))));
  assert.deepEqual(classes(odds([3, 3, 3])), { counts: [0, 0, 0, 3, 0, 0, 0, 0, 0, 0], different: 1, evenness: 0 });
  assert.ok(Math.abs(classes(odds([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).evenness - 1) < 1e-12);
  assert.ok(Math.abs(classes(odds([1, 1, 2, 2])).evenness - 0.5) < 1e-12);
  assert.equal(spread(Float32Array.of(0, 0, 3, 4, 0, 0), 3), 10 / 3);
});

test("arrow keys find the nearest elite in their direction, or none", () => {
  const places = [[5, 5], [6, 5], [9, 9], [5, 7], [4, 4]];
  assert.equal(neighbour(places, 0, [1, 0]), 1);
  assert.equal(neighbour(places, 0, [0, 1]), 3);
  assert.equal(neighbour(places, 0, [-1, 0]), 4);
  assert.equal(neighbour(places, 2, [1, 0]), -1);
});
