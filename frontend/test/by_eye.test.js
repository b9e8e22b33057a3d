// Breeding by eye: broods, stories, the family tree and the reader's session, with images that are played here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ALL, GENES, NINE, broodsOf, firstBrood, generationsOf, lineOf, nextBrood } from "../src/broods.js";
import { BY_EYE, ByEyeSession } from "../src/by_eye.js";
import { wordsOf } from "../src/family_tree.js";
import { described, named, surveyed } from "../src/narration.js";
import { Random } from "../src/random.js";
import { LONGEST, addressOf, readAddress, told, understood, unmarked } from "../src/story.js";

const places = (...some) => some.reduce((bits, place) => bits | (1 << place), 0);
const marks = (given) => ({ ...unmarked(), ...given });
const correlation = (one, other) => {
  const sum = (values) => values.reduce((a, b) => a + b, 0);
  const product = (a, b) => sum(Array.from(a, (value, i) => value * b[i]));
  return product(one, other) / Math.sqrt(product(one, one) * product(other, other));
};

test("without mutation each gene is one of two parents', both of them picked", () => {
  const first = firstBrood(3);
  const { members, generation } = nextBrood(first, marks({ picked: places(0, 3, 8) }), 3, 1);
  assert.equal(generation, 1);
  const shares = members.map(({ genome, parents: [one, other] }) => {
    assert.notEqual(one, other);
    for (const parent of [one, other]) assert.ok([0, 3, 8].includes(first.members.indexOf(parent)));
    genome.forEach((gene, g) => assert.ok(gene === one.genome[g] || gene === other.genome[g]));
    return genome.filter((gene, g) => gene === one.genome[g]).length / GENES;
  });
  const mean = shares.reduce((a, b) => a + b) / NINE;
  assert.ok(mean > 0.4 && mean < 0.6, `${mean}`); // 0.5, and 900 genes: six standard errors
  assert.ok(new Set(members.map(({ genome }) => genome.join())).size === NINE);
});

test("mutation has the strength it is set to, from a copy to a stranger", () => {
  const first = firstBrood(0);
  const [parent] = first.members;
  for (const strength of [0, 0.3, 0.8, 1]) {
    const { members } = nextBrood(first, marks({ picked: 1, strength }), 0, 1);
    const expected = Math.sqrt(1 - strength ** 2);
    const whole = correlation(members.flatMap(({ genome }) => [...genome]), members.flatMap(() => [...parent.genome]));
    assert.ok(Math.abs(whole - expected) < 0.12, `${strength}: ${whole}`); // four standard errors of 900 genes
    if (!strength) for (const { genome, parents } of members) assert.deepEqual([genome, parents], [parent.genome, [parent]]);
  }
});

test("however long the reader breeds, genes stay N(0, 1)", () => {
  let brood = firstBrood(1);
  for (let number = 1; number <= 60; number++) brood = nextBrood(brood, marks({ picked: ALL, strength: 0.5 }), 1, number);
  const genes = brood.members.flatMap(({ genome }) => [...genome]);
  const mean = genes.reduce((a, b) => a + b) / genes.length;
  const variance = genes.reduce((sum, gene) => sum + (gene - mean) ** 2, 0) / genes.length;
  assert.ok(Math.abs(mean) < 0.25 && variance > 0.75 && variance < 1.3, `${mean} ${variance}`); // adding steps alone: 16
});

test("who is locked stays, and changes nobody else", () => {
  const first = firstBrood(0);
  const free = nextBrood(first, marks({ picked: places(2, 5), strength: 0.4 }), 0, 1);
  const kept = nextBrood(first, marks({ picked: places(2, 5), strength: 0.4, locked: places(4, 5) }), 0, 1);
  kept.members.forEach((one, place) => {
    if (place === 4 || place === 5) assert.equal(one, first.members[place]);
    else assert.deepEqual(one.genome, free.members[place].genome);
  });
});

test("drawn again are other children of the same parents, in the first generation other strangers", () => {
  const first = firstBrood(0);
  const others = nextBrood(first, marks({ again: true, locked: 1 }), 0, 1);
  assert.deepEqual([others.generation, others.members[0]], [0, first.members[0]]);
  assert.ok(others.members.slice(1).every(({ genome, parents }, i) => !parents.length && genome[0] !== first.members[i + 1].genome[0]));
  const young = nextBrood(others, marks({ picked: places(1, 2), strength: 0.4 }), 0, 2);
  const again = nextBrood(young, marks({ again: true, strength: 0 }), 0, 3);
  assert.equal(again.generation, 1);
  for (const { parents } of again.members) assert.deepEqual(new Set(parents), new Set(others.members.slice(1, 3)));
});

// A story of some forty marks that were drawn at random.
function rambling(seed) {
  const random = new Random(seed, 1);
  const story = Array.from({ length: 40 }, () => marks({ picked: 1 + random.below(ALL), locked: random.below(4) ? 0 : random.below(ALL), strength: random.below(21) / 20, again: random.below(5) === 0 }));
  return [...story, marks({ picked: 5, locked: 256 })];
}

test("a story is told in four letters a brood, and understood again", () => {
  for (let seed = 0; seed < 20; seed++) {
    const story = rambling(seed);
    assert.match(told(story), /^[\w-]{164}$/);
    assert.deepEqual(understood(told(story)), story);
  }
  assert.deepEqual([told([unmarked()]), understood("")], ["", [unmarked()]]);
});

test("what is no story is told apart", () => {
  const wrong = { "three letters": "AAA", "another alphabet": "AA+/", "nobody has children": told([unmarked(), marks({ picked: 1 })]), "no room": told([marks({ picked: 1, locked: ALL }), unmarked()]), "too strong": told([marks({ picked: 1, strength: 1.05 })]) };
  for (const [name, word] of Object.entries(wrong)) assert.equal(understood(word), null, name);
  const long = (length) => told(Array.from({ length }, () => marks({ picked: 1 })));
  assert.deepEqual([understood(long(LONGEST)).length, understood(long(LONGEST + 1))], [LONGEST, null]);
});

test("an address holds a family; what it cannot mean is left out", () => {
  const own = { dataset: "celeba", seed: 7, strength: 0.35, story: told(rambling(1)) };
  assert.deepEqual(BY_EYE.read(addressOf({ ...own, engine: "browser" })), own);
  assert.equal(readAddress("#run&dataset=mnist", ["mnist"]), null);
  assert.deepEqual(BY_EYE.read("#by-eye&dataset=dogs&seed=-1&strength=2&story=AAA"), {});
  assert.deepEqual(BY_EYE.read("#by-eye&seed=1.5&strength=x"), { story: "" });
});

// All ancestors, by the parents of the parents.
const ancestors = (one) => new Set([one, ...one.parents.flatMap((parent) => [...ancestors(parent)])]);

test("the family tree holds the ancestors and nobody else, row by row", () => {
  const generations = generationsOf(broodsOf(rambling(5).slice(0, 9), 2));
  assert.ok(generations.length > 5 && generations.every(({ generation }, i) => generation === i));
  for (const one of generations.at(-1).members) {
    const line = lineOf(generations, one);
    const shown = new Set(line.flatMap((some) => [...some]));
    assert.deepEqual(shown, ancestors(one));
    line.forEach((some, i) => some.forEach((each) => assert.ok(generations[i].members.includes(each))));
  }
});

test("where an image comes from is put into words", () => {
  const story = [marks({ picked: places(1, 6) }), marks({ picked: places(3), locked: places(3) }), marks({ picked: places(3), locked: places(3) }), unmarked()];
  const generations = generationsOf(broodsOf(story, 0));
  assert.equal(wordsOf(generations.slice(0, 1), 4), "Image 5 has no parents: its genes were drawn at random.");
  assert.equal(wordsOf(generations.slice(0, 2), 0), "Image 1 is a child of 2 and 7 of generation 0.");
  assert.equal(wordsOf(generations, 3), "Image 4, locked since generation 1, is a child of 2 and 7 of generation 0.");
  assert.equal(wordsOf(generations, 0), "Image 1 is a child of 4 of generation 2, and descends from 2 and 7 of the first nine.");
});

test("images are described by who knows them, else by parents and brightness", () => {
  const odds = (...given) => Float32Array.from({ length: 10 }, (_, i) => given[i] ?? -9);
  assert.equal(named("mnist", odds(-3, -3, -3, 5)), "a three, sure");
  assert.equal(named("mnist", odds(0.5, -3, 0.4)), "a zero, likely");
  assert.equal(named("fashion_mnist", odds(-1, -0.5)), "trousers or a T-shirt, unsure");
  const bright = { image: new Uint8Array(12).fill(102) };
  assert.equal(described("celeba", bright, []), "40\u00a0% bright");
  assert.equal(described("celeba", bright, [2, 7]), "child of 2 and 7, 40\u00a0% bright");
  assert.equal(surveyed("mnist", [odds(0, 5), odds(5), odds(0, 4)].map((one) => ({ odds: one }))), "Looks like a one (2) and a zero (1).");
  assert.equal(surveyed("celeba", [bright, { image: new Uint8Array(12).fill(51) }]), "Brightness from 20 to 40\u00a0%.");
});

// Draws an image of one pixel, which is the sum of the genes; it can wait, or fail for a data set.
function session(settings = {}) {
  const played = { asked: [], lacking: "", wait: Promise.resolve() };
  const engines = async ({ dataset }) => {
    await played.wait;
    if (dataset === played.lacking) throw new Error("not to be had");
    return {
      async start(latents) {
        const count = latents.length / GENES;
        played.asked.push([dataset, count]);
        return { group: { images: Uint8Array.from({ length: count }, (_, i) => 9 + Math.abs(latents[i * GENES])) } };
      },
    };
  };
  return { played, reader: new ByEyeSession({ task: BY_EYE, settings, engines, changed: () => {} }) };
}

const idle = async (reader) => {
  while (reader.busy) await new Promise(setImmediate);
};
const latents = (reader) => reader.report().latents;

async function breed(reader, ...picked) {
  for (const place of picked) reader.pick(place);
  await reader.breed();
}

test("nothing is drawn before the reader begins; then only what has no image yet", async () => {
  const { played, reader } = session();
  reader.pick(1);
  assert.deepEqual([played.asked, reader.state], [[], "ready"]);
  await reader.breed(); // which begins
  reader.lock(4);
  await reader.breed();
  assert.deepEqual(played.asked, [["mnist", 9], ["mnist", 8]]);
  assert.deepEqual([reader.state, reader.at], ["shown", 1]);
});

test("the story alone brings the same images, on whatever way the reader came", async () => {
  const { reader } = session({ seed: 5 });
  await reader.open();
  await breed(reader, 0, 1);
  reader.set("strength", 0.9);
  await breed(reader, 8);
  reader.back();
  reader.back();
  reader.forward(); // to the first children, of whom 8 is still picked
  assert.deepEqual(reader.report().picked, [8]);
  reader.pick(8);
  reader.set("strength", 0.2);
  reader.lock(2);
  await breed(reader, 3, 4);
  await reader.again();
  const { settings } = reader;
  assert.equal(reader.story.length, 4);
  const { reader: other } = session({ seed: 5, story: settings.story });
  assert.deepEqual([latents(other), other.brood.generation], [latents(reader), 2]);
  assert.ok(latents(reader).every((genome) => genome.length === GENES));
  const { reader: stranger } = session({ seed: 6, story: settings.story });
  assert.notDeepEqual(latents(stranger), latents(reader));
});

test("going back loses nothing until another brood is bred", async () => {
  const { reader } = session();
  await reader.open();
  for (const place of [0, 1, 2]) await breed(reader, place);
  const last = latents(reader);
  reader.goTo(1);
  assert.deepEqual([reader.at, reader.settings.story.length], [1, 8]);
  reader.forward();
  reader.forward();
  reader.forward();
  assert.deepEqual(latents(reader), last);
  reader.goTo(0);
  reader.pick(0);
  await breed(reader, 5);
  assert.deepEqual([reader.story.length, reader.at], [2, 1]);
  reader.back();
  reader.back();
  assert.equal(reader.at, 0);
});

test("what leads to no children is told in a sentence", async () => {
  const { reader } = session();
  await reader.open();
  await reader.breed();
  assert.match(reader.refusal, /Nobody is picked yet/);
  reader.pick(0);
  assert.equal(reader.refusal, "");
  for (let place = 0; place < NINE; place++) reader.lock(place);
  await reader.breed();
  assert.match(reader.refusal, /All nine are locked/);
  assert.equal(reader.at, 0);
  for (let place = 0; place < NINE; place++) reader.lock(place);
  for (let brood = 1; brood < LONGEST; brood++) await breed(reader, ...(reader.at ? [0] : []));
  assert.equal(reader.at, LONGEST - 1);
  await breed(reader, 0);
  assert.match(reader.refusal, /at most 200 broods/);
  assert.equal(understood(reader.settings.story).length, LONGEST);
});

test("each generator keeps its family, and another seed begins anew", async () => {
  const { reader } = session();
  await reader.open();
  await breed(reader, 0);
  const { story } = reader.settings;
  reader.set("dataset", "celeba");
  assert.deepEqual([reader.at, reader.settings.story], [0, ""]);
  await idle(reader);
  reader.set("dataset", "mnist");
  assert.deepEqual([reader.at, reader.settings.story], [1, story]);
  reader.set("seed", 4);
  assert.deepEqual([reader.at, latents(reader)], [0, latents(session({ seed: 4 }).reader)]);
});

test("a generator that fails is told, and does not trouble the reader of another", async () => {
  const { played, reader } = session();
  played.lacking = "mnist";
  await reader.open();
  assert.deepEqual([reader.problem, reader.state], ["not to be had", "failed"]);
  let go;
  played.wait = new Promise((resolve) => (go = resolve));
  const drawing = reader.open();
  reader.set("dataset", "celeba");
  go();
  await drawing;
  assert.deepEqual([reader.problem, reader.state, played.asked], [null, "shown", [["celeba", 9]]]);
});

test("clicks while images are drawn make the same family as calm ones", async () => {
  const { reader: calm } = session();
  await calm.open();
  await breed(calm, 1, 2);
  await calm.again();
  await breed(calm, 3);
  const { reader: hasty } = session();
  hasty.open();
  hasty.pick(1);
  hasty.pick(2);
  hasty.breed();
  hasty.breed();
  hasty.back();
  hasty.forward();
  hasty.again();
  hasty.pick(3);
  hasty.breed();
  await idle(hasty);
  assert.equal(hasty.settings.story, calm.settings.story);
  assert.deepEqual([hasty.state, latents(hasty)], ["shown", latents(calm)]);
});
