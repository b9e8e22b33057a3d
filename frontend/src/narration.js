// An image in words, for those who do not see it: what a recogniser takes it for, where there is one, else how bright it
// is and whose child.
const NAMES = {
  mnist: ["a zero", "a one", "a two", "a three", "a four", "a five", "a six", "a seven", "an eight", "a nine"],
  fashion_mnist: ["a T-shirt", "trousers", "a pullover", "a dress", "a coat", "a sandal", "a shirt", "a sneaker", "a bag", "an ankle boot"],
};
const [SURE, LIKELY] = [0.9, 0.5]; // a recogniser's probability

const probability = (odds) => 1 / (1 + Math.exp(-odds));

// Classes from the likeliest on.
const ordered = (odds) => Array.from(odds.keys()).sort((a, b) => odds[b] - odds[a]);

// Items as English lists them.
export const and = (items) => [items.slice(0, -1).join(", "), items.at(-1)].filter(Boolean).join(" and ");

// What an image shows, in a recogniser's words.
export function named(dataset, odds) {
  const [first, second] = ordered(odds);
  const name = (place) => NAMES[dataset][place];
  const sure = probability(odds[first]);
  if (sure >= SURE) return `${name(first)}, sure`;
  return sure >= LIKELY ? `${name(first)}, likely` : `${name(first)} or ${name(second)}, unsure`;
}

const mean = (image) => image.reduce((sum, byte) => sum + byte, 0) / image.length / 255;

const brightness = (image) => Math.round(100 * mean(image));

// Of an individual with its image, and where its parents stood among the nine before.
export function described(dataset, { image, odds }, parents) {
  if (odds) return named(dataset, odds);
  const from = parents.length ? `child of ${and(parents)}, ` : "";
  return `${from}${brightness(image)}\u00a0% bright`;
}

// The nine together.
export function surveyed(dataset, members) {
  if (!members[0].odds) {
    const values = members.map(({ image }) => brightness(image));
    return `Brightness from ${Math.min(...values)} to ${Math.max(...values)}\u00a0%.`;
  }
  const counts = new Map();
  for (const { odds } of members) {
    const [first] = ordered(odds);
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  const most = [...counts].sort(([a, many], [b, more]) => more - many || a - b);
  return `Looks like ${and(most.map(([place, count]) => `${NAMES[dataset][place]} (${count})`))}.`;
}
