// Draws what stands in the ring's place until it runs, or where it never does: both sides at the end of a run by the
// default settings, by the same engine. `node ring_poster.js`
import { writeFileSync } from "node:fs";
import { logits, sigmoid } from "./src/adversaries.js";
import { REAL, RING, RingEvolution } from "./src/ring.js";
import { MODES } from "./src/ring_data.js";

const SIDE = 320; // of a panel, units
const GAP = 20;
const CAPTION = 26;
const REACH = 3; // of the plane, as plane.js has it
const CELLS = 32;
const LEVELS = 6; // of the ground
const MOST = 256; // points of a kind

const place = (value) => Math.round((SIDE / 2) * (1 + value / REACH));
const pairs = (points) => Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i], points[2 * i + 1]]);

const dots = (points, look) =>
  `<path ${look} fill="none" stroke-linecap="round" d="${pairs(points.slice(0, 2 * MOST)).map(([x, y]) => `M${place(x)} ${place(-y)}h0`).join("")}"/>`;

// The discriminator's opinion in a few levels, neighbours of a row as one, and blurred.
function ground(discriminator) {
  const size = SIDE / CELLS;
  const middle = (cell) => REACH * ((2 * (cell + 0.5)) / CELLS - 1);
  const paths = Array.from({ length: LEVELS }, () => "");
  for (let row = 0; row < CELLS; row++) {
    const points = Float64Array.from({ length: 2 * CELLS }, (_, i) => (i % 2 ? -middle(row) : middle(i >> 1)));
    const levels = Array.from(logits(discriminator, points), (logit) => Math.min(LEVELS - 1, Math.floor(LEVELS * sigmoid(logit))));
    for (let from = 0, to = 1; to <= CELLS; to++) {
      if (levels[to] === levels[from]) continue;
      paths[levels[from]] += `M${from * size} ${row * size}h${(to - from) * size}v${size}H${from * size}z`;
      from = to;
    }
  }
  const shades = paths.map((path, level) => (level && path ? `<path fill-opacity="${((0.45 * level) / (LEVELS - 1)).toFixed(2)}" d="${path}"/>` : ""));
  return `<g style="fill:var(--c2,#00795a);filter:blur(6px)">${shades.join("")}</g>`;
}

// What is beyond the frame is cut off by the inner svg.
function panel({ points, discriminator, modes }, left, name, colour) {
  return (
    `<svg x="${left}" y="0" width="${SIDE}" height="${SIDE}" style="overflow:hidden">${ground(discriminator)}` +
    dots(REAL, `stroke="currentColor" stroke-opacity="0.3" stroke-width="5"`) +
    dots(points, `style="stroke:${colour}" stroke-opacity="0.85" stroke-width="4"`) +
    `<rect width="${SIDE}" height="${SIDE}" fill="none" stroke="currentColor" stroke-opacity="0.4"/></svg>` +
    `<text x="${left}" y="${SIDE + 19}">${name}: ${modes} of ${MODES} modes</text>`
  );
}

const evolution = new RingEvolution();
let shown = await evolution.start(undefined, RING.defaults);
for (let generation = 1; generation <= RING.defaults.generations; generation++) shown = await evolution.next(null, RING.defaults, generation);
const { group, beside } = shown;
const [width, height] = [2 * SIDE + GAP, SIDE + CAPTION];
const label = `Two squares of the plane. In each a ring of eight grey clouds of real points, and generated points in colour: those of evolution cover ${group.modes} of the clouds, those of gradient descent ${beside.modes}.`;
const svg =
  `<svg role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" width="${width}" style="max-width:100%;height:auto" fill="currentColor" font-family="sans-serif" font-size="15">` +
  `${panel(group, 0, "evolution", "var(--c0,#0072b2)")}${panel(beside, SIDE + GAP, "gradient descent", "var(--c3,#a34f82)")}</svg>\n`;
writeFileSync(new URL("../latentlib/widgets/live/static/ring.svg", import.meta.url), svg);
console.log(`ring.svg: ${svg.length} bytes; evolution ${group.modes}, gradient descent ${beside.modes} modes after ${evolution.passes} and ${evolution.spent} passes`);
