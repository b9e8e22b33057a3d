// Nine images to pick and to lock, by mouse and finger, and by keyboard, whose arrows walk among them.
import { NINE } from "./broods.js";
import { element } from "./controls.js";
import { tile } from "./pictures.js";

const ACROSS = 3;
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PADLOCK = `<svg viewBox="0 0 20 20" aria-hidden="true"><path class="ll-shut" d="M6 9V6.5a4 4 0 0 1 8 0V9"/><path class="ll-ajar" d="M6 9V5.5a4 4 0 0 1 7.8-1.2"/><rect x="4" y="9" width="12" height="9" rx="1.5"/></svg>`;

// A check box that is seen as something else.
function box(what, changed) {
  const input = element("input", { type: "checkbox" });
  input.addEventListener("change", changed);
  return { input, label: element("label", {}, input, what) };
}

export class Nine {
  // `pick`, `lock`, `look` (place) hear of what the reader does there, `breed` of Enter. `help`: an element that explains it.
  constructor({ pick, lock, look, breed }, help) {
    Object.assign(this, { pick, lock, look, breed, at: 0 });
    this.ones = Array.from({ length: NINE }, (_, place) => this.one(place));
    this.legend = element("legend", {});
    const grid = element("div", { className: "ll-nine-grid" }, ...this.ones.map(({ box }) => box));
    grid.addEventListener("keydown", (event) => this.key(event));
    this.box = element("fieldset", { className: "ll-nine" }, this.legend, grid);
    this.box.setAttribute("aria-describedby", help.id);
    this.point(0);
  }

  one(place) {
    const canvas = element("canvas", { width: 28, height: 28 });
    const picked = box(canvas, () => this.pick(place));
    const padlock = element("span", { className: "ll-padlock", innerHTML: PADLOCK });
    const locked = box(padlock, () => this.lock(place));
    locked.input.setAttribute("aria-label", `Lock image ${place + 1}`);
    locked.label.title = "lock: it stays";
    const foot = element("div", { className: "ll-foot" }, element("span", { textContent: place + 1 }), locked.label);
    const whole = element("div", { className: "ll-individual" }, picked.label, foot);
    whole.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && this.look(place));
    whole.addEventListener("pointerdown", () => this.reach(place));
    whole.addEventListener("focusin", () => this.reach(place));
    return { box: whole, canvas, picked, locked };
  }

  reach(place) {
    this.point(place);
    this.look(place);
  }

  // One of them takes part in the order of tabs, else the way past them were eighteen steps long.
  point(place) {
    this.at = place;
    this.ones.forEach(({ picked, locked }, i) => (picked.input.tabIndex = locked.input.tabIndex = i === place ? 0 : -1));
  }

  key(event) {
    const way = WAYS[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (way) this.walk(event, way);
    else if (event.key.toLowerCase() === "l") this.lock(this.at);
    else if (event.key === "Enter") this.breed();
    else return;
    event.preventDefault(); // the page does not scroll
  }

  walk({ target }, [right, down]) {
    const [x, y] = [(this.at % ACROSS) + right, Math.floor(this.at / ACROSS) + down];
    if (x < 0 || y < 0 || x >= ACROSS || y >= NINE / ACROSS) return;
    const kind = target === this.ones[this.at].locked.input ? "locked" : "picked";
    this.ones[y * ACROSS + x][kind].input.focus();
  }

  // `told` (place): what is shown there, { words, picked, locked }; `draw` (canvas, place) draws it.
  show(legend, told, draw) {
    this.legend.textContent = legend;
    this.ones.forEach(({ box: whole, canvas, picked, locked }, place) => {
      const { words, ...marks } = told(place);
      draw(canvas, place);
      picked.input.checked = marks.picked;
      locked.input.checked = marks.locked;
      whole.classList.toggle("ll-picked", marks.picked);
      picked.input.setAttribute("aria-label", `Image ${place + 1}: ${words}`);
      picked.label.title = words;
    });
  }
}

// Individuals on a canvas, as pictures.js has it, black where one has no image yet. `form`: { side, colours } of theirs.
export function drawMembers(canvas, members, marked, form, columns = members.length) {
  const size = form.colours * form.side ** 2;
  const bytes = new Uint8Array(members.length * size);
  members.forEach(({ image }, i) => image && bytes.set(image, i * size));
  tile(canvas, bytes, columns, marked, form);
}
