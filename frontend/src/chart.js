// Curves as SVG: the present run in colour, earlier ones pale behind it, changes of a slider marked.
//
// What is drawn is a plan:
//   across, up            (point) a point's place; points without `up` are left out
//   horizontal, vertical  what the axes are called
//   beside                curves of the present run beside its own: [{ className, curve, up, name, level }]; a name stands at
//                         the end; with `level`, a thin line goes on from there, for comparison
//   className             of the present run's own curve, where it is not the first colour's
//   least                 the least reach of the horizontal axis
//   most                  the reach of the vertical one, where that is known
//   close                 whether the vertical one begins near the least value, not at 0; its name then stands above it, as
//                         its numbers are long
//   logarithmic           whether the vertical axis is, between the least and the greatest value
//   tick                  (value) words on the vertical axis
//   label                 for those who do not see it
export const FRAME = { WIDTH: 460, HEIGHT: 240, LEFT: 52, RIGHT: 14, TOP: 20, BOTTOM: 40 };
const { WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM } = FRAME;
export const NAMES = { algorithm: "", mutationRate: "mutation", matingRate: "mating", mutationStep: "step", population: "population", evolves: "evolving", wish: "wish", fitness: "fitness", bins: "bins", seed: "seed", engine: "engine" };
const WORDS = { genetic: "genetic algorithm", map_elites: "MAP-Elites", random: "random sampling", both: "both networks", generator: "the generator", discriminator: "the discriminator" };

export const shown = (value) =>
  typeof value === "number" && !Number.isInteger(value) ? value.toFixed(2) : (WORDS[value] ?? String(value).replace(/Digit\((\d)\)/g, "$1"));

export function ticks(low, high, count) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) found.push(Number((i * step).toPrecision(6)));
  return found;
}

// Two decimals of a pixel are enough, and a line of a thousand points shrinks to what a screen can show.
function path(points, { right, above }) {
  let last = -9;
  const kept = points.filter((point, i) => {
    const x = right(point.x);
    if (i && i < points.length - 1 && x - last < 0.5) return false;
    last = x;
    return true;
  });
  return kept.map(({ x, y }, i) => `${i ? "L" : "M"}${right(x).toFixed(1)} ${above(y).toFixed(1)}`).join("");
}

const seriesOf = (curve, across, up) =>
  curve.filter((point) => up(point) !== undefined).map((point) => ({ x: across(point), y: up(point) }));

export function axes({ right, above, xs, ys }, { horizontal, vertical, close, tick = String }) {
  const foot = HEIGHT - BOTTOM;
  const end = WIDTH - RIGHT;
  const middle = (foot + TOP) / 2;
  const rows = ys.map(
    (y) =>
      `<path class="ll-rule" d="M${LEFT} ${above(y).toFixed(1)}H${end}"/>` +
      `<text x="${LEFT - 6}" y="${(above(y) + 4).toFixed(1)}" text-anchor="end">${tick(y)}</text>`,
  );
  const columns = xs.map(
    (x) => `<text x="${right(x).toFixed(1)}" y="${foot + 16}" text-anchor="middle">${x.toLocaleString("en")}</text>`,
  );
  return (
    `${rows.join("")}${columns.join("")}<path class="ll-axis" d="M${LEFT} ${TOP - 8}V${foot}H${end}"/>` +
    `<text x="${(LEFT + end) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${horizontal}</text>` +
    (close ? `<text y="6">${vertical}</text>` : `<text transform="translate(11 ${middle}) rotate(-90)" text-anchor="middle">${vertical}</text>`)
  );
}

// 1, 2 and 5 times the powers of ten between two values.
function decades(low, high) {
  const found = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++)
    for (const factor of [1, 2, 5]) found.push(Number((factor * 10 ** power).toPrecision(6)));
  return found.filter((value) => value >= low && value <= high);
}

const ROOM = 1.15; // above and below the values of a logarithmic axis
const LEAST = 1e-5; // that it shows

// The reach of the vertical axis: a little more than that of the values, where it need not begin at 0.
function span(all, { most, close, logarithmic }) {
  const values = all.flatMap((points) => points.map(({ y }) => y));
  if (logarithmic) return [Math.max(LEAST, Math.min(...values)) / ROOM, Math.max(...values) * ROOM];
  const top = most ?? Math.max(...values);
  if (!close) return [0, top];
  const low = Math.min(...values);
  const room = Math.max(0.1 * (top - low), 0.005 * Math.abs(top));
  return [low - room, top + room];
}

function scales(all, { least, logarithmic, ...plan }) {
  const far = Math.max(...all.map((points) => points.at(-1).x), least);
  const [low, top] = span(all, { ...plan, logarithmic });
  const ys = logarithmic ? decades(low, top) : ticks(low, top, 4);
  const high = logarithmic ? top : Math.max(top, ys.at(-1));
  const along = logarithmic ? (y) => Math.log(Math.max(y, LEAST)) : (y) => y;
  const height = (y) => (along(y) - along(low)) / (along(high) - along(low));
  return {
    right: (x) => LEFT + ((WIDTH - LEFT - RIGHT) * x) / far,
    above: (y) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * height(y),
    xs: ticks(0, far, 5),
    ys,
  };
}

function marksOf(run, { right }, { across }) {
  let last = -99;
  let row = 0;
  return run.marks.map((mark) => {
    const x = right(across(mark));
    row = x - last < 90 ? (row + 1) % 3 : 0; // labels that would meet take turns
    last = x;
    const left = x > WIDTH - 110;
    return (
      `<path class="ll-mark" d="M${x.toFixed(1)} ${TOP - 8}V${HEIGHT - BOTTOM}"/>` +
      `<text class="ll-note" x="${(x + (left ? -4 : 4)).toFixed(1)}" y="${TOP + 2 + 13 * row}" ` +
      `text-anchor="${left ? "end" : "start"}">${NAMES[mark.name]} ${shown(mark.to)}</text>`
    );
  });
}

// Names at the ends of curves, the highest first, none upon another.
function namesOf(beside, { right, above }) {
  let last = -99;
  return beside
    .map(({ name, points }) => ({ name, x: right(points.at(-1).x), y: above(points.at(-1).y) }))
    .sort((one, other) => one.y - other.y)
    .map(({ name, x, y }) => {
      last = Math.max(y + 4, last + 12);
      return `<text class="ll-note" x="${(x + 4).toFixed(1)}" y="${last.toFixed(1)}">${name}</text>`;
    });
}

// `runs`: earlier ones, then the present one.
export function chart(runs, plan) {
  const curves = runs.map((run) => seriesOf(run.curve, plan.across, plan.up));
  const beside = plan.beside
    .map((one) => ({ ...one, points: seriesOf(one.curve, plan.across, one.up ?? plan.up) }))
    .filter(({ points }) => points.length);
  const places = scales([...curves, ...beside.map(({ points }) => points)], plan);
  const lines = curves.map(
    (points, i) =>
      `<path class="ll-line ${(i === runs.length - 1 && plan.className) || `ll-c${colourOf(i, runs.length)}`}${i < runs.length - 1 ? " ll-earlier" : ""}" ` +
      `d="${path(points, places)}"/>`,
  );
  for (const { className, points, level } of beside) {
    lines.push(`<path class="ll-line ${className}" d="${path(points, places)}"/>`);
    const { x, y } = points.at(-1);
    if (level) lines.push(`<path class="ll-line ll-level" d="M${places.right(x).toFixed(1)} ${places.above(y).toFixed(1)}H${WIDTH - RIGHT}"/>`);
  }
  const names = namesOf(beside.filter(({ name }) => name), places);
  const inside = [axes(places, plan), ...marksOf(runs.at(-1), places, plan), ...lines, ...names];
  const behind = runs.length > 1 ? `; ${runs.length - 1} earlier ${runs.length > 2 ? "runs" : "run"} behind it` : "";
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${plan.label}${behind}">${inside.join("")}</svg>`;
}

// The present run always has the first colour.
const colourOf = (i, count) => (i === count - 1 ? 0 : 1 + (i % 4));

// What tells each run from the others, and how far it came, which `reached` (run) says.
export function legend(runs, reached) {
  const varied = Object.keys(NAMES).filter((name) => new Set(runs.map((run) => run.settings[name])).size > 1);
  return runs.map((run, i) => {
    const course = (name) => [run.settings[name], ...run.marks.filter((mark) => mark.name === name).map(({ to }) => to)];
    const told = Object.keys(NAMES).filter((name) => varied.includes(name) || course(name).length > 1);
    const words = told.map((name) => `${NAMES[name]} ${course(name).map(shown).join(" → ")}`.trim()).join(", ");
    return { colour: `ll-c${colourOf(i, runs.length)}`, text: `${words || (i === runs.length - 1 ? "this run" : "earlier")}: ${reached(run)}` };
  });
}
