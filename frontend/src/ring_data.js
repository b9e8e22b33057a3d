// The ring: eight Gaussians in the plane, and what is counted of points that should be theirs.
export const MODES = 8;
export const RADIUS = 2;
export const SIGMA = 0.1;
const NEAR = 3 * SIGMA; // of a centre
const LEAST = 0.02; // of the points, near a centre that counts as covered; its share is an eighth

export const CENTRES = Array.from({ length: MODES }, (_, k) => {
  const angle = (2 * Math.PI * k) / MODES;
  return [RADIUS * Math.cos(angle), RADIUS * Math.sin(angle)];
});

// Real points (count, 2), flat.
export function realPoints(random, count) {
  const points = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const [x, y] = CENTRES[random.below(MODES)];
    points[2 * i] = x + SIGMA * random.normal();
    points[2 * i + 1] = y + SIGMA * random.normal();
  }
  return points;
}

// Latents (count, 2) from N(0, 1), flat.
export const latentsOf = (random, count) => Float64Array.from({ length: 2 * count }, () => random.normal());

// How many modes points cover, and which share of the points lies near any.
export function coverage(points) {
  const count = points.length / 2;
  const near = new Array(MODES).fill(0);
  for (let i = 0; i < count; i++) {
    const mode = CENTRES.findIndex(([x, y]) => Math.hypot(points[2 * i] - x, points[2 * i + 1] - y) <= NEAR);
    if (mode >= 0) near[mode] += 1;
  }
  return { modes: near.filter((some) => some >= LEAST * count).length, near: near.reduce((sum, some) => sum + some, 0) / count };
}
