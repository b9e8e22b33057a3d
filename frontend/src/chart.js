// The error curve as SVG: the present run in colour, earlier ones pale behind it, changes of a slider marked.
import { MEASURES } from "./measures.js";

const [WIDTH, HEIGHT] = [460, 240];
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 14, 20, 40];
export const NAMES = { mutationRate: "mutation", matingRate: "mating", population: "population", fitness: "fitness", seed: "seed", engine: "engine" };

export const shown = (value) => (typeof value === "number" && !Number.isInteger(value) ? value.toFixed(2) : String(value));

function ticks(low, high, count) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) found.push(Number((i * step).toPrecision(6)));
  return found;
}

// Two decimals of a pixel are enough, and a line of a thousand points shrinks to what a screen can show.
function path(points, across, up) {
  let last = -9;
  const kept = points.filter((point, i) => {
    const x = across(point.passes);
    if (i && i < points.length - 1 && x - last < 0.5) return false;
    last = x;
    return true;
  });
  return kept.map((p, i) => `${i ? "L" : "M"}${across(p.passes).toFixed(1)} ${up(p.value).toFixed(1)}`).join("");
}

const seriesOf = (curve, measure) =>
  curve.filter((point) => point.error[measure] !== undefined).map(({ passes, error }) => ({ passes, value: error[measure] }));

function axes({ across, up, xs, ys, measure }) {
  const foot = HEIGHT - BOTTOM;
  const end = WIDTH - RIGHT;
  const middle = (foot + TOP) / 2;
  const rows = ys.map(
    (y) =>
      `<path class="ll-rule" d="M${LEFT} ${up(y).toFixed(1)}H${end}"/>` +
      `<text x="${LEFT - 6}" y="${(up(y) + 4).toFixed(1)}" text-anchor="end">${y}</text>`,
  );
  const columns = xs.map(
    (x) => `<text x="${across(x).toFixed(1)}" y="${foot + 16}" text-anchor="middle">${x.toLocaleString("en")}</text>`,
  );
  return (
    `${rows.join("")}${columns.join("")}<path class="ll-axis" d="M${LEFT} ${TOP - 8}V${foot}H${end}"/>` +
    `<text x="${(LEFT + end) / 2}" y="${HEIGHT - 6}" text-anchor="middle">generator passes</text>` +
    `<text transform="translate(11 ${middle}) rotate(-90)" text-anchor="middle">${MEASURES[measure].error}</text>`
  );
}

function scales(all, logarithmic) {
  const most = Math.max(...all.map((points) => points.at(-1).passes), 400);
  const top = Math.max(...all.map((points) => Math.max(...points.map((point) => point.value))));
  const ys = ticks(0, top, 4);
  const high = Math.max(top, ys.at(-1));
  const reach = WIDTH - LEFT - RIGHT;
  const across = logarithmic
    ? (x) => LEFT + (reach * Math.log10(Math.max(x, 1))) / Math.log10(most)
    : (x) => LEFT + (reach * x) / most;
  const xs = logarithmic ? [1, 10, 100, 1000, 10000, 100000].filter((x) => x <= most) : ticks(0, most, 5);
  return { across, up: (y) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * y) / high, xs, ys };
}

function marksOf(run, across) {
  let last = -99;
  let row = 0;
  return run.marks.map(({ passes, name, to }) => {
    const x = across(passes);
    row = x - last < 90 ? (row + 1) % 3 : 0; // labels that would meet take turns
    last = x;
    const left = x > WIDTH - 110;
    return (
      `<path class="ll-mark" d="M${x.toFixed(1)} ${TOP - 8}V${HEIGHT - BOTTOM}"/>` +
      `<text class="ll-note" x="${(x + (left ? -4 : 4)).toFixed(1)}" y="${TOP + 2 + 13 * row}" ` +
      `text-anchor="${left ? "end" : "start"}">${NAMES[name]} ${shown(to)}</text>`
    );
  });
}

// `runs`: earlier ones, then the present one. Returns { svg, label } or null where there is nothing to draw.
export function chart(runs, measure) {
  const present = runs.at(-1);
  const curves = runs.map((run) => seriesOf(run.curve, measure));
  const rival = present.descent ? seriesOf(present.descent.curve, measure) : [];
  const plan = { ...scales(rival.length ? [...curves, rival] : curves, rival.length > 0), measure };
  const lines = curves.map(
    (points, i) =>
      `<path class="ll-line ll-c${colourOf(i, runs.length)}${i < runs.length - 1 ? " ll-earlier" : ""}" ` +
      `d="${path(points, plan.across, plan.up)}"/>`,
  );
  if (rival.length) lines.push(`<path class="ll-line ll-rival" d="${path(rival, plan.across, plan.up)}"/>`);
  const [begin, end] = [curves.at(-1)[0].value, curves.at(-1).at(-1).value];
  const label =
    `${MEASURES[measure].error} of the best image over ${present.passes.toLocaleString("en")} generator passes: ` +
    `from ${begin.toFixed(4)} to ${end.toFixed(4)}` +
    (rival.length ? `; gradient descent reaches ${rival.at(-1).value.toFixed(4)}` : "") +
    (runs.length > 1 ? `; ${runs.length - 1} earlier ${runs.length > 2 ? "runs" : "run"} behind it` : "");
  const svg = `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${axes(plan)}${marksOf(present, plan.across).join("")}${lines.join("")}</svg>`;
  return { svg, label };
}

// The present run always has the first colour.
export const colourOf = (i, count) => (i === count - 1 ? 0 : 1 + (i % 4));

// What tells each run from the others, and how far it came.
export function legend(runs, measure) {
  const varied = Object.keys(NAMES).filter((name) => new Set(runs.map((run) => run.settings[name])).size > 1);
  const lines = runs.map((run, i) => {
    const course = (name) => [run.settings[name], ...run.marks.filter((mark) => mark.name === name).map(({ to }) => to)];
    const told = Object.keys(NAMES).filter((name) => varied.includes(name) || course(name).length > 1);
    const words = told.map((name) => `${NAMES[name]} ${course(name).map(shown).join(" → ")}`).join(", ");
    const error = run.curve.at(-1).error[measure].toFixed(4);
    return { colour: `ll-c${colourOf(i, runs.length)}`, text: `${words || (i === runs.length - 1 ? "this run" : "earlier")}: ${error}` };
  });
  const rival = runs.at(-1).descent;
  if (rival?.fitness === measure)
    lines.push({ colour: "ll-rival", text: `gradient descent: ${rival.curve.at(-1).error[measure].toFixed(4)} after ${rival.curve.length} steps` });
  return lines;
}
