// Words of the text that set sliders and start a run: <span data-live-for="id of a figure" data-live-set='{json}'>.
import { button } from "./controls.js";

const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

// Bring a figure's population, or else its top, into view.
export function reveal(root) {
  const shown = root.querySelector(".ll-grid") ?? root;
  const { top, bottom } = shown.getBoundingClientRect();
  if (top < 0 || bottom > window.innerHeight) root.scrollIntoView({ behavior: still() ? "auto" : "smooth", block: "start" });
}

function act({ liveFor, liveSet = "{}", liveAfresh }) {
  const root = document.getElementById(liveFor);
  const session = root?.latentLive;
  if (!session) return;
  for (const [name, value] of Object.entries(JSON.parse(liveSet))) session.set(name, value);
  if (liveAfresh !== undefined && session.run) session.restart();
  session.start();
  reveal(root);
}

export function enliven(words) {
  const made = button(words.textContent, () => act(words.dataset), "ll-say");
  words.replaceWith(made);
}
