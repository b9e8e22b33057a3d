// Descent, followed gene by gene, and a run in an address.
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstGenomes, nextGeneration } from "../src/genetic.js";
import { EVER, NOW, SECOND, founders, kinOf } from "../src/lineage.js";
import { packed, read, rounded, unpacked, written } from "../src/link.js";
import { Random } from "../src/random.js";

const [GENES, SIZE] = [100, 40];
const settings = { population: SIZE, matingRate: 0.8, mutationRate: 0.5, seed: 0 };

// Nearness to 0; two populations of one seed are the same, followed or not.
const judge = (genomes) => ({
  fitness: Float32Array.from({ length: genomes.length / GENES }, (_, i) => -Math.hypot(...genomes.subarray(i * GENES, (i + 1) * GENES))),
});

async function history(given, generations) {
  const genomes = firstGenomes(SIZE, GENES, 0);
  const groups = [{ genomes, ...judge(genomes), ...founders(SIZE, GENES) }];
  for (let g = 1; g <= generations; g++) groups.push((await nextGeneration(groups.at(-1), { ...settings, ...given }, g, judge)).group);
  return groups;
}

test("a gene that was not disturbed is its parent's, and one that never was is its founder's", async () => {
  const groups = await history({}, 8);
  let [fresh, exchanged, old] = [0, 0, 0];
  groups.slice(1).forEach((group, t) => {
    const before = groups[t];
    for (let at = 0; at < SIZE * GENES; at++) {
      const [child, g, bits] = [Math.floor(at / GENES), at % GENES, group.marks[at]];
      const parent = group.parents[2 * child + (bits & SECOND ? 1 : 0)];
      const same = group.genomes[at] === before.genomes[parent * GENES + g];
      assert.equal(same, !(bits & NOW));
      assert.equal(group.founder[at], before.founder[parent * GENES + g]);
      if (!(bits & EVER)) assert.equal(group.genomes[at], groups[0].genomes[group.founder[at] * GENES + g]);
      fresh += Boolean(bits & NOW);
      exchanged += Boolean(bits & SECOND);
      old += !(bits & EVER);
    }
  });
  assert.ok(fresh > 500 && exchanged > 5000 && old > 5000, `${fresh} ${exchanged} ${old}`);
});

test("following descent changes no run", async () => {
  const followed = (await history({}, 5)).at(-1);
  let group = { genomes: firstGenomes(SIZE, GENES, 0), ...judge(firstGenomes(SIZE, GENES, 0)) };
  for (let g = 1; g <= 5; g++) ({ group } = await nextGeneration(group, settings, g, judge));
  assert.deepEqual(group.genomes, followed.genomes);
});

test("mutation 0 leaves every gene its founder's, 0.9 changes more than 0.3, and without mating nobody has two parents", async () => {
  const changed = async (mutationRate) => {
    const { marks } = (await history({ mutationRate }, 10)).at(-1);
    return marks.filter((bits) => bits & EVER).length;
  };
  const [none, some, many] = [await changed(0), await changed(0.3), await changed(0.9)];
  assert.equal(none, 0);
  assert.ok(many > 1.5 * some && some > 0, `${some} ${many}`);
  const alone = (await history({ matingRate: 0 }, 10)).at(-1);
  for (let i = 0; i < SIZE; i++) {
    const kin = kinOf(alone, i);
    assert.deepEqual([kin.second, kin.founders.length, kin.founders[0][1]], [-1, 1, GENES]);
  }
});

const random = new Random(0);
const drawing = rounded(Float32Array.from({ length: 784 }, () => random.uniform()));
const own = { dataset: "mnist", target: "drawn", fitness: "ssim", population: 60, matingRate: 0.35, mutationRate: 0.9, seed: 7, generations: 80 };

test("an address holds a run and a drawing to the bit", () => {
  assert.deepEqual(unpacked(packed(drawing)), drawing);
  const { drawing: got, challenge, ...settings } = read(written({ settings: own, drawing, run: { generation: 12 } }, 0.0235));
  assert.deepEqual([settings, challenge, got], [own, { error: 0.0235, after: 12 }, drawing]);
});

test("what an address cannot mean is left out", () => {
  assert.equal(read("#what-a-latent-vector-is"), null);
  assert.deepEqual(read("#run&population=7&seed=-1&mutationRate=1.2&dataset=faces&target=99&fitness=none&error=-3&drawing=%%%"), {});
  assert.deepEqual(read("#run&dataset=fashion_mnist&target=19&matingRate=0"), { dataset: "fashion_mnist", target: 19, matingRate: 0 });
});
