// What to restore: the choice of a generator and of a target, or a drawing of one's own.
import { button, choice, element, newId } from "./controls.js";
import { rounded } from "./link.js";
import { SIDE, Pad, tile } from "./pictures.js";
import { DATASETS, targetsOf } from "./targets.js";

function thumbnails(dataset, chosen) {
  const { labels, images } = targetsOf(dataset);
  const options = images.map((bytes, i) => {
    const canvas = element("canvas", { width: SIDE, height: SIDE });
    tile(canvas, bytes, 1);
    return { value: i, content: canvas, name: `${labels[i]} (${i + 1})` };
  });
  options.push({ value: "drawn", content: element("span", { className: "ll-pen", textContent: "✎" }), name: "draw your own" });
  return choice("Target: an image that the generator has never seen, or your own", options, chosen, "ll-targets");
}

// Each stroke sets the target, so that what is drawn is what a run evolves to.
function drawingBoard(session, { whisper }) {
  const words = element("p", { id: newId() });
  words.textContent =
    "Draw a digit or a garment in white on black: by mouse, pen or finger, or by keyboard, where the arrow keys move a cursor, the space bar paints, and Shift with an arrow key draws a line. Each stroke sets the target.";
  const canvas = element("canvas", { className: "ll-pad", tabIndex: 0 });
  canvas.setAttribute("role", "application"); // else a screen reader keeps the arrow keys
  canvas.setAttribute("aria-label", "Black square of 28 by 28 pixels to draw a white target on");
  canvas.setAttribute("aria-describedby", words.id);
  const cursor = element("span", { className: "ll-cursor" });
  const use = () => session.draw(rounded(pad.pixels));
  const pad = new Pad(canvas, cursor, { drawn: use, whisper });
  if (session.drawing) pad.show(session.drawing);
  const clear = button("Clear", () => (pad.clear(), use()));
  const square = element("div", { className: "ll-square" }, canvas, cursor);
  return { board: element("div", { className: "ll-board" }, square, element("div", {}, words, clear)), use };
}

// `told`: `whisper` for words to those who listen.
export function problemChoice(session, told) {
  const { board, use } = drawingBoard(session, told);
  const titles = DATASETS.map((dataset) => ({ value: dataset, content: targetsOf(dataset).title }));
  const sets = choice("Generator", titles, (dataset) => session.set("dataset", dataset), "ll-segments");
  const picked = (value) => (value === "drawn" ? use() : session.set("target", value));
  const strips = Object.fromEntries(DATASETS.map((dataset) => [dataset, thumbnails(dataset, picked)]));
  const box = element("div", { className: "ll-problems" }, sets.box, ...DATASETS.map((name) => strips[name].box), board);
  const show = () => {
    const { dataset, target } = session.settings;
    sets.show(dataset);
    board.hidden = target !== "drawn";
    for (const name of DATASETS) {
      strips[name].box.hidden = name !== dataset;
      strips[name].show(target);
    }
  };
  return { box, show };
}
