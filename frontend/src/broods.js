// Interactive evolution: nine latent vectors at a time, a brood, among which the reader picks the parents of the next nine
// (Picbreeder, Secretan et al. 2011; of a GAN's latents, Bontrager et al. 2018). Nothing is random but by the seed and the
// brood's place in its story, so that the reader's marks alone, see story.js, bring the same images again.
//
// An individual is { genome, parents }: its parents are individuals of the generation before, none where it was drawn at
// random. A brood is { members: nine individuals, parents: those they could come from, generation }. One that was drawn
// again has the generation of the brood in whose place it stands.
import { OPERATORS } from "./genetic.js";
import { Random } from "./random.js";

export const NINE = 9;
export const GENES = 100;
const PLACES = Array.from({ length: NINE }, (_, place) => place);
export const ALL = 2 ** NINE - 1; // nine places as bits

export const has = (places, place) => Boolean((places >> place) & 1);
export const listed = (places) => PLACES.filter((place) => has(places, place));

const stranger = (random) => ({ genome: Float32Array.from({ length: GENES }, () => random.normal()), parents: [] });

// Two different ones, or the only one.
function couple(parents, random) {
  const first = random.below(parents.length);
  if (parents.length === 1) return [parents[first]];
  const second = random.below(parents.length - 1);
  return [parents[first], parents[second + (second >= first)]];
}

// Each gene from one parent or the other, then a normal step on all of them. The step shrinks what was there, so that
// genes stay N(0, 1) however long the reader breeds; at strength 1 nothing of the parents is left.
function child(among, strength, random) {
  const parents = couple(among, random);
  const genomes = Float32Array.from([...parents[0].genome, ...parents.at(-1).genome]);
  OPERATORS.mate(genomes, 0, 1, GENES, random);
  const kept = Math.sqrt(1 - strength ** 2);
  return { genome: genomes.slice(0, GENES).map((gene) => kept * gene + strength * random.normal()), parents };
}

export function firstBrood(seed) {
  return { members: PLACES.map((place) => stranger(new Random(seed, place))), parents: [], generation: 0 };
}

// The brood that follows a brood with the reader's marks: children of those picked, or with `again` others of the same
// parents; who is locked stays. `number` is its place in the story.
export function nextBrood({ members, parents, generation }, { picked, locked, strength, again }, seed, number) {
  const among = again ? parents : listed(picked).map((place) => members[place]);
  const drawn = (place) => {
    const random = new Random(seed, NINE * number + place); // of its own, so that a lock changes nobody else
    return among.length ? child(among, strength, random) : stranger(random);
  };
  return {
    members: members.map((one, place) => (has(locked, place) ? one : drawn(place))),
    parents: among,
    generation: generation + (again ? 0 : 1),
  };
}

// All broods of a story, the last being that of the last marks.
export function broodsOf(story, seed) {
  const broods = [firstBrood(seed)];
  for (const marks of story.slice(0, -1)) broods.push(nextBrood(broods.at(-1), marks, seed, broods.length));
  return broods;
}

// The last brood of each generation, oldest first: from it the next generation was picked.
export const generationsOf = (broods) => broods.filter(({ generation }, i) => broods[i + 1]?.generation !== generation);

// Whom an individual of the last generation comes from: for each generation those of its brood who are its ancestors, or
// itself where it was there before, being locked.
export function lineOf(generations, one) {
  const line = [new Set([one])];
  for (const { members } of generations.slice(0, -1).reverse()) {
    const before = [...line[0]].flatMap((each) => (members.includes(each) ? each : each.parents));
    line.unshift(new Set(before));
  }
  return line;
}
