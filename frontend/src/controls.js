// Sliders, buttons and the choice of a target. They leave wishes with the session and show what it is told.
import { shown } from "./chart.js";
import { MEASURES } from "./measures.js";
import { SIDE, Pad, tile } from "./pictures.js";
import { DATASETS, targetsOf } from "./targets.js";

let count = 0; // of ids on a page

const SLIDERS = [
  { name: "mutationRate", label: "Mutation rate", about: "share of the children that are disturbed", min: 0, max: 1, step: 0.05 },
  { name: "matingRate", label: "Mating rate", about: "share of the pairs that exchange genes", min: 0, max: 1, step: 0.05 },
  { name: "population", label: "Population", about: "guesses in a generation", min: 20, max: 400, step: 20 },
  { name: "seed", label: "Seed", about: "another first population, other luck", min: 0, max: 9, step: 1 },
];
const ENGINES = { browser: "browser", kernel: "kernel (torch)" };

const element = (name, given = {}, ...children) => {
  const made = Object.assign(document.createElement(name), given);
  made.append(...children);
  return made;
};

// A row of radio buttons that looks like one control; arrow keys move the choice.
function choice(legendText, options, chosen, className) {
  const group = `ll-${count++}`;
  const inputs = new Map();
  const labels = options.map(({ value, content, name }) => {
    const input = element("input", { type: "radio", name: group, value: String(value) });
    if (name) input.setAttribute("aria-label", name);
    input.addEventListener("change", () => chosen(value));
    inputs.set(value, input);
    return element("label", name ? { title: name } : {}, input, content);
  });
  const legend = element("legend", { textContent: legendText });
  const show = (value) => {
    for (const [each, input] of inputs) input.checked = each === value;
  };
  return { box: element("fieldset", { className: `ll-choice ${className}` }, legend, element("div", {}, ...labels)), show };
}

function slider(session, { name, label, about, min, max, step }) {
  const id = `ll-${count++}`;
  const input = element("input", { type: "range", id, min, max, step, title: about });
  const output = element("output", {});
  output.setAttribute("for", id);
  input.addEventListener("input", () => session.set(name, Number(input.value)));
  const show = () => {
    const value = session.settings[name];
    if (Number(input.value) !== value) input.value = String(value);
    output.textContent = step < 1 ? value.toFixed(2) : shown(value);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  return { row: element("div", { className: "ll-slider" }, element("label", { htmlFor: id, textContent: label }), output, input), show };
}

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

function drawingBoard(session, { say, whisper }) {
  const words = element("p", { id: `ll-${count++}` });
  words.textContent =
    "Draw a digit or a garment in white on black: by mouse, pen or finger, or by keyboard, where the arrow keys move a cursor, the space bar paints, and Shift with an arrow key draws a line.";
  const canvas = element("canvas", { className: "ll-pad", tabIndex: 0 });
  canvas.setAttribute("role", "application"); // else a screen reader keeps the arrow keys
  canvas.setAttribute("aria-label", "Black square of 28 by 28 pixels to draw a white target on");
  canvas.setAttribute("aria-describedby", words.id);
  const cursor = element("span", { className: "ll-cursor" });
  const use = () => {
    if (pad.blank) return say("The drawing is blank. Draw something in the black square, or choose one of the images.");
    say();
    session.drawing = Float32Array.from(pad.pixels);
    session.settings = { ...session.settings, target: null };
    return session.set("target", "drawn");
  };
  const pad = new Pad(canvas, cursor, { drawn: () => say(), whisper });
  const clear = element("button", { type: "button", textContent: "Clear" });
  const apply = element("button", { type: "button", textContent: "Use this drawing" });
  clear.addEventListener("click", () => pad.clear());
  apply.addEventListener("click", use);
  const square = element("div", { className: "ll-square" }, canvas, cursor);
  const board = element("div", { className: "ll-board" }, square, element("div", {}, words, apply, clear));
  return { board, use };
}

function problemChoice(session, told) {
  const { say } = told;
  const { board } = drawingBoard(session, told);
  const titles = DATASETS.map((dataset) => ({ value: dataset, content: targetsOf(dataset).title }));
  const sets = choice("Generator", titles, (dataset) => session.set("dataset", dataset), "ll-segments");
  const picked = (value) => {
    board.hidden = value !== "drawn";
    if (value !== "drawn") say(), session.set("target", value);
  };
  const strips = Object.fromEntries(DATASETS.map((dataset) => [dataset, thumbnails(dataset, picked)]));
  board.hidden = session.settings.target !== "drawn";
  const box = element("div", { className: "ll-problems" }, sets.box, ...DATASETS.map((name) => strips[name].box), board);
  const show = () => {
    const { dataset, target } = session.settings;
    sets.show(dataset);
    for (const name of DATASETS) {
      strips[name].box.hidden = name !== dataset;
      strips[name].show(board.hidden ? target : "drawn");
    }
  };
  return { box, show };
}

function buttonRow(session) {
  const make = (textContent, act, className = "") => {
    const made = element("button", { type: "button", textContent, className });
    made.addEventListener("click", act);
    return made;
  };
  const run = make("Run", () => (session.running ? session.pause() : session.start()), "ll-primary");
  const step = make("One step", () => session.step());
  const afresh = make("Start over", () => session.restart());
  const show = () => {
    run.textContent = session.running ? "Pause" : session.state === "finished" ? "Run on" : "Run";
  };
  return { row: element("div", { className: "ll-buttons" }, run, step, afresh), show };
}

// `told`: `say` for a sentence that must not be missed, `whisper` for words to those who listen; and `engines`.
export function controls(session, told) {
  const problems = problemChoice(session, told);
  const measures = Object.entries(MEASURES).map(([value, { label }]) => ({ value, content: label }));
  const fitness = choice("Fitness", measures, (value) => session.set("fitness", value), "ll-segments");
  const places = told.engines.map((value) => ({ value, content: ENGINES[value] }));
  const engine = choice("Computed in the", places, (value) => session.set("engine", value), "ll-segments");
  engine.box.hidden = places.length < 2;
  const sliders = SLIDERS.map((about) => slider(session, about));
  const buttons = buttonRow(session);
  const column = element("div", { className: "ll-sliders" }, ...sliders.map(({ row }) => row), fitness.box, engine.box);
  const refresh = () => {
    problems.show();
    fitness.show(session.settings.fitness);
    engine.show(session.settings.engine);
    for (const { show } of sliders) show();
    buttons.show();
  };
  return { problems: problems.box, sliders: column, buttons: buttons.row, refresh };
}
