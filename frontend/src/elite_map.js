// The map of MAP-Elites as SVG, in the window that holds its elites: to click, or to walk by arrow keys.
import { placeOf, possible } from "./archive.js";
import { FRAME, axes, ticks } from "./chart.js";
import { element, newId } from "./controls.js";
import { ranked } from "./genetic.js";

const MARGIN = 2; // cells around the elites
const LEAST = 12; // cells a side
const REACH = 16; // units of the drawing, from a click to the middle of a cell
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// The range of cells [first, end) along an axis.
function range(places, bins) {
  let [low, high] = [Math.min(...places) - MARGIN, Math.max(...places) + 1 + MARGIN];
  const short = Math.max(0, LEAST - (high - low));
  low -= Math.floor(short / 2);
  high += Math.ceil(short / 2);
  return [Math.max(0, low), Math.min(bins, high)];
}

function scales(places, bins) {
  const { WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM } = FRAME;
  const [[left, end], [low, high]] = [0, 1].map((axis) => range(places.map((place) => place[axis]), bins));
  const [width, height] = [(WIDTH - LEFT - RIGHT) / (end - left), (HEIGHT - TOP - BOTTOM) / (high - low)];
  return {
    width,
    height,
    right: (value) => LEFT + width * (bins * value - left),
    above: (value) => HEIGHT - BOTTOM - height * (bins * value - low),
    xs: ticks(left / bins, end / bins, 5),
    ys: ticks(low / bins, high / bins, 4),
  };
}

// The elite nearest to `from` in a direction, by places.
export function neighbour(places, from, [across, up]) {
  let [found, least] = [-1, Infinity];
  places.forEach(([x, y], i) => {
    const [dx, dy] = [x - places[from][0], y - places[from][1]];
    const [ahead, aside] = [dx * across + dy * up, Math.abs(dx * up) + Math.abs(dy * across)];
    if (ahead > 0 && ahead + 2 * aside < least) [found, least] = [i, ahead + 2 * aside];
  });
  return found;
}

export const wordsOf = (cell, bins) => {
  const [mean, most] = placeOf(cell, bins).map((at) => `${(at / bins).toFixed(2)} to ${((at + 1) / bins).toFixed(2)}`);
  return `mean similarity ${mean}, maximum ${most}`;
};

// `chosen` (place among the elites) is called for the set to show, and with -1 for the best.
export class EliteMap {
  constructor(chosen) {
    const help = element("p", { id: newId(), className: "ll-numbers" });
    help.textContent =
      "Click a cell to see its set, or walk from cell to cell by the arrow keys; Home and End go to the fittest and the least fit, Escape back to the best set.";
    this.numbers = element("p", { className: "ll-numbers" });
    this.field = element("div", { className: "ll-chart ll-map", tabIndex: 0 });
    this.field.setAttribute("role", "application"); // else a screen reader keeps the arrow keys
    this.field.setAttribute("aria-describedby", help.id);
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("click", (event) => this.click(event));
    this.box = element("div", { className: "ll-curve" }, this.numbers, this.field, help);
    Object.assign(this, { chosen, places: [], order: [], at: -1 });
  }

  // The elites of a run, `cell` the one that is looked at.
  show({ group: { cells, fitness } }, bins, cell) {
    this.places = Array.from(cells, (one) => placeOf(one, bins));
    this.order = ranked(fitness);
    this.at = cells.indexOf(cell);
    this.scales = scales(this.places, bins);
    const { width, height, right, above } = this.scales;
    const square = (i, look) => {
      const [x, y] = this.places[i];
      return `<rect ${look} x="${right(x / bins).toFixed(2)}" y="${above((y + 1) / bins).toFixed(2)}" width="${width.toFixed(2)}" height="${height.toFixed(2)}"/>`;
    };
    const shade = (rank) => (1 - (0.8 * rank) / Math.max(1, this.order.length - 1)).toFixed(2);
    const squares = this.order.map((i, rank) => square(i, `class="ll-cell" fill-opacity="${shade(rank)}"`));
    if (this.at >= 0) squares.push(square(this.at, 'class="ll-here"'));
    const inside = [...squares, axes(this.scales, { horizontal: "mean similarity", vertical: "maximum similarity" })];
    this.field.innerHTML = `<svg viewBox="0 0 ${FRAME.WIDTH} ${FRAME.HEIGHT}" aria-hidden="true">${inside.join("")}</svg>`;
    const counted = `${cells.length.toLocaleString("en")} of the ${possible(bins).toLocaleString("en")} cells that can be filled hold a set`;
    this.numbers.textContent = `The map: ${counted}; the stronger its colour, the fitter.`;
    this.field.setAttribute("aria-label", `Map of sets by mean and maximum similarity: ${counted}`);
    this.bins = bins;
  }

  click({ clientX, clientY }) {
    const box = this.field.firstElementChild.getBoundingClientRect();
    const [x, y] = [((clientX - box.left) * FRAME.WIDTH) / box.width, ((clientY - box.top) * FRAME.HEIGHT) / box.height];
    const { right, above } = this.scales;
    const far = this.places.map(([column, row]) =>
      Math.hypot(right((column + 0.5) / this.bins) - x, above((row + 0.5) / this.bins) - y),
    );
    const nearest = far.indexOf(Math.min(...far));
    if (far[nearest] < REACH + Math.max(this.scales.width, this.scales.height)) this.chosen(nearest);
  }

  key(event) {
    const { order, places } = this;
    const way = WAYS[event.key];
    const step = way && (this.at < 0 ? order[0] : neighbour(places, this.at, way));
    const found = { Home: order[0], End: order.at(-1), Escape: -1 }[event.key] ?? step;
    if (found === undefined) return;
    event.preventDefault(); // the page does not scroll
    if (found >= 0 || event.key === "Escape") this.chosen(found);
  }
}
