// What the reader did, from the first nine images on, as a few letters: all that determines the images, with the seed.
// A story is a list of marks, those on each brood in turn: { picked, locked: places as bits, strength, again: whether the
// next brood was other children of the same parents }. Those on the last brood have led to nothing yet.
import { ALL, NINE } from "./broods.js";

const MARK = "#by-eye&";
export const LONGEST = 200; // broods, which an address can still hold
export const STEPS = 20; // of the mutation strength, from 0 to 1
const LETTERS = 4; // a mark, base64 as addresses want it

export const unmarked = (locked = 0) => ({ picked: 0, locked, strength: 0, again: false });

function written({ picked, locked, strength, again }) {
  const bits = (((picked << NINE) | locked) << 6) | (Math.round(STEPS * strength) << 1) | Number(again);
  return btoa(String.fromCharCode(bits >> 16, (bits >> 8) & 255, bits & 255)).replaceAll("+", "-").replaceAll("/", "_");
}

function read(letters) {
  const [high, middle, low] = Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const bits = (high << 16) | (middle << 8) | low;
  return { picked: bits >> 15, locked: (bits >> 6) & ALL, strength: ((bits >> 1) & 31) / STEPS, again: Boolean(bits & 1) };
}

// Whether a brood can follow: somebody is to have children, and there is room for them.
export const leads = ({ picked, locked, strength, again }) => locked !== ALL && (again || picked !== 0) && strength <= 1;

// A story without marks is the empty word.
export const told = (story) => (story.length === 1 && !story[0].picked && !story[0].locked ? "" : story.map(written).join(""));

// The reverse; null where the word is none.
export function understood(word) {
  if (!/^([\w-]{4})*$/.test(word) || word.length > LETTERS * LONGEST) return null;
  const story = (word.match(/.{4}/g) ?? []).map(read);
  if (!story.length) return [unmarked()];
  return story.slice(0, -1).every(leads) && story.at(-1).strength <= 1 ? story : null;
}

// What stands behind the page's address.
export const addressOf = ({ dataset, seed, strength, story }) => MARK + new URLSearchParams({ dataset, seed, strength, story });

// Settings of an address; null where it has none. What it cannot mean is left out. `datasets`: known ones.
export function readAddress(hash, datasets) {
  if (!hash.startsWith(MARK)) return null;
  const given = new URLSearchParams(hash.slice(MARK.length));
  const [dataset, seed, strength, story] = ["dataset", "seed", "strength", "story"].map((name) => given.get(name));
  const found = {};
  if (datasets.includes(dataset)) found.dataset = dataset;
  if (/^\d+$/.test(seed) && seed < 2 ** 32) found.seed = Number(seed);
  if (/^[\d.]+$/.test(strength) && strength <= 1) found.strength = Number(strength);
  if (understood(story ?? "")) found.story = story ?? "";
  return found;
}
