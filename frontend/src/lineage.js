// Who begot whom, gene by gene. A group that is followed holds, besides what genetic.js says, of its n individuals
//   parents  (n, 2) places in the group before, -1 for none: the first gave the child, the second what was exchanged
//   founder  (n, genes) the individual of the first population that a gene came down from
//   marks    (n, genes) bits: from the second parent, disturbed just now, disturbed ever since the founder
export const SECOND = 1;
export const NOW = 2;
export const EVER = 4;

// Of a first population: everybody is a founder.
export const founders = (population, genes) => ({
  parents: new Int32Array(2 * population).fill(-1),
  founder: Uint16Array.from({ length: population * genes }, (_, at) => Math.floor(at / genes)),
  marks: new Uint8Array(population * genes),
});

// The group as one that lives on: whoever is carried over is its own only parent.
export const carried = (group) => ({
  ...group,
  parents: Int32Array.from(group.parents, (_, at) => (at % 2 ? -1 : at / 2)),
  marks: group.marks.map((bits) => bits & EVER),
});

// Of children of a group: `parents` the places of their first parents, neighbours having mated; `mated` their genomes
// after mating, `genomes` after mutation too. A gene that is not the first parent's came from the second.
export function inherited(group, parents, mated, genomes) {
  const genes = genomes.length / parents.length;
  const children = founders(parents.length, genes);
  parents.forEach((first, child) => {
    const second = parents[child ^ 1] ?? first;
    children.parents.set([first, -1], 2 * child);
    for (let g = 0; g < genes; g++) {
      const at = child * genes + g;
      const exchanged = mated[at] !== group.genomes[first * genes + g];
      const from = (exchanged ? second : first) * genes + g;
      children.founder[at] = group.founder[from];
      children.marks[at] = (exchanged && SECOND) | (genomes[at] !== mated[at] && NOW | EVER) | (group.marks[from] & EVER);
      if (exchanged) children.parents[2 * child + 1] = second;
    }
  });
  return children;
}

// What is told of one individual: its parents, how many genes each gave, how many were disturbed now and ever, and its
// founders with their shares of genes, the largest first: [founder, genes, of them never disturbed].
export function kinOf({ parents, founder, marks }, place) {
  const genes = founder.length / (parents.length / 2);
  const own = { first: parents[2 * place], second: parents[2 * place + 1], genes, exchanged: 0, now: 0, ever: 0 };
  const shares = new Map();
  for (let at = place * genes; at < (place + 1) * genes; at++) {
    const bits = marks[at];
    if (bits & SECOND) own.exchanged += 1;
    if (bits & NOW) own.now += 1;
    if (bits & EVER) own.ever += 1;
    const share = shares.get(founder[at]) ?? [founder[at], 0, 0];
    share[1] += 1;
    if (!(bits & EVER)) share[2] += 1;
    shares.set(founder[at], share);
  }
  return { ...own, founders: [...shares.values()].sort((one, other) => other[1] - one[1] || one[0] - other[0]) };
}

// The colour of a founder, [red, green, blue] of 255: hues by the golden section, without the orange of mutations.
export function colourOf(founder) {
  const hue = 55 + 310 * ((founder * 0.618034) % 1);
  const light = [0.52, 0.66, 0.4][founder % 3];
  const reach = 0.62 * Math.min(light, 1 - light);
  const channel = (n) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (light - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

const GREY = 150;

// The same, of a gene that was disturbed since.
export const pale = (colour) => colour.map((value) => Math.round(0.3 * value + 0.7 * GREY));
