// Native controls that leave wishes with the session and show what it is told.
import { shown } from "./chart.js";

let count = 0; // of ids on a page

export const newId = () => `ll-${count++}`;

export const element = (name, given = {}, ...children) => {
  const made = Object.assign(document.createElement(name), given);
  made.append(...children);
  return made;
};

// A row of radio buttons that looks like one control; arrow keys move the choice.
export function choice(legendText, options, chosen, className) {
  const group = newId();
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

export function slider(session, { name, label, about, min, max, step }) {
  const id = newId();
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

// A check box that switches a setting.
export function toggle(session, name, label) {
  const input = element("input", { type: "checkbox" });
  input.addEventListener("change", () => session.set(name, input.checked));
  return { box: element("label", { className: "ll-toggle" }, input, label), show: () => (input.checked = session.settings[name]) };
}

// A button with words on it.
export function button(textContent, act, className = "") {
  const made = element("button", { type: "button", textContent, className });
  made.addEventListener("click", act);
  return made;
}

export function buttonRow(session) {
  const run = button("Run", () => (session.running ? session.pause() : session.start()), "ll-primary");
  const step = button("One step", () => session.step());
  const afresh = button("Start over", () => session.restart());
  const show = () => {
    run.textContent = session.running ? "Pause" : session.state === "finished" ? "Run on" : "Run";
  };
  return { row: element("div", { className: "ll-buttons" }, run, step, afresh), show };
}

const PACES = [
  { value: "slow", content: "slow" },
  { value: "gentle", content: "slow at first" },
  { value: "full", content: "full" },
];

export function paces(session) {
  const made = choice("Speed", PACES, (pace) => session.walk(pace), "ll-segments");
  return { box: made.box, show: () => made.show(session.pace) };
}
