// A run in an address: all that determines it, behind the page's own. A drawing travels in 16 grey levels, which is why
// drawings have no more.
import { numbers } from "./address.js";
import { MEASURES } from "./measures.js";
import { SIDE, blank } from "./pictures.js";
import { DATASETS, targetsOf } from "./targets.js";

const MARK = "#run&";
const RANGES = {
  population: { low: 4, high: 1000, even: true },
  matingRate: { low: 0, high: 1 },
  mutationRate: { low: 0, high: 1 },
  seed: { low: 0, high: 2 ** 32 - 1, whole: true },
  generations: { low: 1, high: 100_000, whole: true },
};
export const LEVELS = 15;

export const rounded = (pixels) => Float32Array.from(pixels, (value) => Math.round(LEVELS * value) / LEVELS);

// Two pixels a byte, base64 as addresses want it.
export function packed(pixels) {
  const levels = Array.from(pixels, (value) => Math.round(LEVELS * value));
  const bytes = Array.from({ length: levels.length / 2 }, (_, i) => 16 * levels[2 * i] + levels[2 * i + 1]);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// The reverse; null where the text is none.
export function unpacked(text) {
  try {
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const pixels = Float32Array.from({ length: 2 * bytes.length }, (_, i) => {
      const byte = bytes.charCodeAt(i >> 1);
      return (i % 2 ? byte & LEVELS : byte >> 4) / LEVELS;
    });
    return pixels.length === SIDE ** 2 && !blank(pixels) ? pixels : null;
  } catch {
    return null;
  }
}

// What stands behind the page's address. `error`: to be beaten.
export function written({ settings, drawing, run }, error) {
  const { dataset, target, fitness } = settings;
  const told = new URLSearchParams({ dataset, target, fitness });
  for (const name of Object.keys(RANGES)) told.set(name, settings[name]);
  if (target === "drawn") told.set("drawing", packed(drawing));
  if (run?.generation) told.set("error", error.toFixed(4)), told.set("after", run.generation);
  return MARK + told.toString();
}

// Settings, drawing and challenge of an address; null where it has none. What is out of range is left out.
export function read(hash) {
  if (!hash.startsWith(MARK)) return null;
  const told = new URLSearchParams(hash.slice(MARK.length));
  const found = numbers(told, RANGES);
  if (DATASETS.includes(told.get("dataset"))) found.dataset = told.get("dataset");
  if (told.get("fitness") in MEASURES) found.fitness = told.get("fitness");
  const drawing = unpacked(told.get("drawing") ?? "");
  const target = Number(told.get("target"));
  if (drawing) Object.assign(found, { target: "drawn", drawing });
  else if (target in targetsOf(found.dataset ?? DATASETS[0]).images) found.target = target;
  const [error, after] = [Number(told.get("error")), Number(told.get("after"))];
  if (error > 0 && error < 2 && after >= 1) found.challenge = { error, after };
  return found;
}
