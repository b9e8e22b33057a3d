// Wishes, and the search for what is wanted, by a recogniser that is played here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../src/session.js";
import { WANTED, WantedEvolution } from "../src/wanted.js";
import { alternatives, met, read, recognition, refusal, write } from "../src/wishes.js";
import { Random } from "../src/random.js";

const GENES = 20;
const logit = (p) => Math.log(p / (1 - p));

// Shares of ten digits that sum to 1, some images one behind the other.
function probabilities(images, seed) {
  const random = new Random(seed, 0);
  return Array.from({ length: images }, () => {
    const drawn = Array.from({ length: 10 }, () => random.uniform() ** 4);
    const sum = drawn.reduce((a, b) => a + b);
    return drawn.map((value) => value / sum);
  });
}

const WISHES = {
  "Digit(3)": { score: (p) => p[3], met: (digit) => digit === 3 },
  "~Digit(1)": { score: (p) => 1 - p[1], met: (digit) => digit !== 1 },
  "Digit(4) | Digit(8)": { score: (p) => Math.max(p[4], p[8]), met: (digit) => digit === 4 || digit === 8 },
  "~Digit(4) & ~Digit(8)": { score: (p) => Math.min(1 - p[4], 1 - p[8]), met: (digit) => digit !== 4 && digit !== 8 },
  "Digit(2) & ~Digit(7)": { score: (p) => Math.min(p[2], 1 - p[7]), met: (digit) => digit === 2 },
};

test("R and hits of a wish are the paper's", () => {
  const images = probabilities(200, 1);
  const odds = Float32Array.from(images.flat().map(logit));
  for (const [text, expected] of Object.entries(WISHES)) {
    recognition(text, odds).forEach((value, i) => assert.ok(Math.abs(value - expected.score(images[i])) < 1e-6, text));
    const digits = images.map((one) => one.findIndex((p) => one.every((other) => p >= other)));
    assert.deepEqual(met(text, odds), digits.map(expected.met), text);
  }
});

test("a wish is written as it was read, and in Python's order of digits", () => {
  for (const text of Object.keys(WISHES)) assert.equal(write(read(text)), text);
  assert.equal(write(read("Digit(8)|~Digit(4)")), "~Digit(4) | Digit(8)");
});

test("what no image can meet is refused, in a sentence", () => {
  for (const text of [...Object.keys(WISHES), "~Digit(3) | ~Digit(4)"]) assert.equal(refusal(text), "", text);
  assert.match(refusal("Digit(3) & Digit(4)"), /No image can meet Digit\(3\) & Digit\(4\), as it shows exactly one digit/);
  const nobody = Array.from({ length: 10 }, (_, digit) => `~Digit(${digit})`).join(" & ");
  assert.match(refusal(nobody), /No image can meet/);
  assert.match(refusal(""), /Nothing is wanted yet/);
});

test("an OR of digits has alternatives", () => {
  assert.deepEqual(alternatives("Digit(4) | Digit(8)"), [4, 8]);
  assert.deepEqual(["Digit(4)", "~Digit(1) | Digit(2)", "Digit(2) & ~Digit(7)"].map(alternatives), [[], [], []]);
});

// Images whose first ten genes are their log-odds.
function recognising() {
  const asked = [];
  const evaluate = async (latents, what) => {
    assert.equal(what, "odds");
    const count = latents.length / GENES;
    asked.push(count);
    const odds = Float32Array.from({ length: 10 * count }, (_, i) => latents[Math.floor(i / 10) * GENES + (i % 10)]);
    return { odds, images: new Uint8Array(4 * count) };
  };
  return { asked, evolution: new WantedEvolution({ genes: GENES, evaluate }, "") };
}

function session(settings = {}) {
  const { asked, evolution } = recognising();
  const made = new Session({
    task: WANTED,
    settings: { population: 100, ...settings },
    engines: async () => evolution,
    targetOf: () => undefined,
    changed: () => {},
  });
  return { asked, session: made };
}

test("the pool fills with what is wanted, and there the run ends; Run goes on", async () => {
  const { asked, session: run } = session({ wish: "Digit(4) | Digit(8)" });
  await run.start();
  const { curve, generation } = run.run;
  assert.ok(curve[0].share < 0.5 && curve.at(-1).share >= 0.98 && curve.slice(0, -1).every(({ share }) => share < 0.98));
  assert.ok(Math.abs(curve.at(-1).parts[4] + curve.at(-1).parts[8] - curve.at(-1).share) < 1e-9);
  assert.deepEqual(asked, new Array(generation + 1).fill(100));
  assert.ok(generation < 50 && run.state === "finished");
  await run.start();
  assert.equal(run.run.generation, generation + 50);
});

test("another wish acts in the next generation, is marked, and judges the old pool without a pass", async () => {
  const { asked, session: run } = session();
  await run.step();
  await run.step();
  run.set("wish", "~Digit(3)");
  await run.step();
  assert.deepEqual(asked, [100, 100, 100, 100]);
  assert.deepEqual(run.run.marks.map(({ generation, name, to }) => [generation, name, to]), [[3, "wish", "~Digit(3)"]]);
  const { curve, group } = run.run;
  assert.deepEqual(group.fitness, recognition("~Digit(3)", group.odds));
  assert.ok(curve[1].share < curve[2].share && curve[3].share > 1 - curve[2].share);
});

test("a wish that cannot be met is not run; the next good one is", async () => {
  const { asked, session: run } = session({ wish: "Digit(3) & Digit(4)" });
  await run.start();
  await run.step();
  await run.restart();
  assert.deepEqual([asked, run.running, run.state], [[], false, "ready"]);
  run.set("wish", "Digit(3)");
  await run.step();
  assert.equal(run.run.generation, 1);
  run.changed = () => run.run.generation === 2 && run.settings.wish && run.set("wish", "");
  await run.start();
  assert.deepEqual([run.run.generation, run.state], [2, "paused"]);
  const { limit } = run.run;
  await run.start();
  assert.equal(run.run.limit, limit);
});

test("new images come of the pool, leave it as it is, and differ from draw to draw but not from reader to reader", async () => {
  const [one, other] = [session(), session()].map(({ session: run }) => run);
  const drawn = [];
  for (const run of [one, other]) {
    await run.step();
    const before = run.run.group;
    await run.sample(50);
    const first = run.run.sample;
    await run.sample(50);
    assert.equal(run.run.group, before);
    assert.equal(first.fitness.length, 50);
    assert.notDeepEqual(first.genomes, run.run.sample.genomes);
    drawn.push(first.genomes, run.run.sample.genomes);
  }
  assert.deepEqual(drawn.slice(0, 2), drawn.slice(2));
});
