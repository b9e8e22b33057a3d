// Sliders, buttons and the choice of a target. They leave wishes with the session and show what it is told.
import { shown } from "./chart.js";
import { SIDE, Pad, tile } from "./pictures.js";
import { DATASETS, targetsOf } from "./targets.js";

let count = 0; // of ids on a page

const SLIDERS = [
  { name: "mutationRate", label: "Mutation rate", about: "share of the children that are disturbed", min: 0, max: 1, step: 0.05 },
  { name: "matingRate", label: "Mating rate", about: "share of the pairs that exchange genes", min: 0, max: 1, step: 0.05 },
  { name: "population", label: "Population", about: "guesses in a generation", min: 20, max: 400, step: 20 },
  { name: "seed", label: "Seed", about: "another first population, other luck", min: 0, max: 9, step: 1 },
];
const FITNESS = { mse: "1 − MSE", ssim: "SSIM" };

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

function drawingBoard(session, say) {
  const canvas = element("canvas", { className: "ll-pad" });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "A black square to draw a white target on, by mouse, pen or finger");
  const use = () => {
    if (pad.blank) return say("The drawing is blank. Draw something in the black square, or choose one of the images.");
    say();
    session.drawing = Float32Array.from(pad.pixels);
    session.settings = { ...session.settings, target: null };
    return session.set("target", "drawn");
  };
  const pad = new Pad(canvas, () => say());
  const clear = element("button", { type: "button", textContent: "Clear" });
  const apply = element("button", { type: "button", textContent: "Use this drawing" });
  clear.addEventListener("click", () => pad.clear());
  apply.addEventListener("click", use);
  const words = element("p", { textContent: "Draw a digit or a garment in white on black, by mouse, pen or finger." });
  const board = element("div", { className: "ll-board" }, canvas, element("div", {}, words, apply, clear));
  return { board, use };
}

function problemChoice(session, say) {
  const { board } = drawingBoard(session, say);
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

export function controls(session, say) {
  const problems = problemChoice(session, say);
  const measures = Object.entries(FITNESS).map(([value, content]) => ({ value, content }));
  const fitness = choice("Fitness", measures, (value) => session.set("fitness", value), "ll-segments");
  const sliders = SLIDERS.map((about) => slider(session, about));
  const buttons = buttonRow(session);
  const column = element("div", { className: "ll-sliders" }, ...sliders.map(({ row }) => row), fitness.box);
  const refresh = () => {
    problems.show();
    fitness.show(session.settings.fitness);
    for (const { show } of sliders) show();
    buttons.show();
  };
  return { problems: problems.box, sliders: column, buttons: buttons.row, refresh };
}
