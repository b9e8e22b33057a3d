// The held-out targets that travel with the scripts, a few kilobytes a data set.
import shipped from "../generated/targets.json" with { type: "json" };
import { bytesOf } from "./weights.js";
import { SIDE } from "./pictures.js";

const decoded = {};

export const DATASETS = Object.keys(shipped);

// { title, labels, images: bytes of each }.
export function targetsOf(dataset) {
  if (!decoded[dataset]) {
    const { title, labels, pixels } = shipped[dataset];
    const bytes = bytesOf(pixels);
    const images = labels.map((_, i) => bytes.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2));
    decoded[dataset] = { title, labels, images };
  }
  return decoded[dataset];
}
