// What a judge makes of a set of images, by the classes it takes them for and the features it compares them by.
import { likeliest } from "./wishes.js";

const CLASSES = 10;

// Of n images: how many of each digit, how many different digits, and how evenly, as the entropy relative to the largest
// possible, in [0, 1].
export function classes(odds) {
  const counts = new Array(CLASSES).fill(0);
  for (const digit of likeliest(odds)) counts[digit] += 1;
  const n = odds.length / CLASSES;
  const shares = counts.filter(Boolean).map((count) => count / n);
  const entropy = shares.reduce((sum, share) => sum - share * Math.log(share), 0);
  return { counts, different: shares.length, evenness: entropy / Math.log(Math.min(n, CLASSES)) };
}

// Mean distance of two of n images in the features.
export function spread(features, n) {
  const size = features.length / n;
  let sum = 0;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      let square = 0;
      for (let k = 0; k < size; k++) square += (features[i * size + k] - features[j * size + k]) ** 2;
      sum += Math.sqrt(square);
    }
  return (2 * sum) / (n * (n - 1));
}

export function judged({ odds, features }) {
  return { ...classes(odds), spread: spread(features, odds.length / CLASSES) };
}
