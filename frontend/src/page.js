// The static page: mounts every <div data-latent-live='{json}'> and fetches weights by script tag, which works from
// file:// too, where fetch does not.
import { EngineRoom } from "./engine_room.js";
import { HANDS, addressed, mount } from "./mount.js";
import { enliven } from "./prose.js";

const here = document.currentScript.src.replace(/[^/]*$/, "");
const arrived = new Map();
window.latentLiveWeights = (file) => arrived.set(file.name, file);

function fetchWeights(name) {
  if (arrived.has(name)) return Promise.resolve(arrived.get(name));
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${here}weights-${name}.js`;
    const end = (act) => () => (script.remove(), act());
    script.onload = end(() =>
      arrived.has(name) ? resolve(arrived.get(name)) : reject(new Error(`the file weights-${name}.js is damaged or cut short`)),
    );
    script.onerror = end(() => reject(new Error(`the file weights-${name}.js is missing or cannot be reached`)));
    document.head.append(script);
  }).catch((error) => {
    arrived.delete(name);
    throw error;
  });
}

const room = new EngineRoom(fetchWeights);
const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches || navigator.connection?.saveData;
const loaded = new Promise((resolve) => (document.readyState === "complete" ? resolve() : window.addEventListener("load", resolve)));

// Calls with whether an element is in view, at first and whenever that changes.
function watch(place, seen, rootMargin = "0px") {
  new IntersectionObserver((entries) => seen(entries.at(-1).isIntersecting), { rootMargin }).observe(place);
}

// A run that plays by itself while it is in view, until the reader takes over; not for those who want little motion or
// few bytes.
function play(place, session) {
  let ours = !calm(); // whether it is ours to start it
  for (const name of ["pointerdown", "keydown"]) place.addEventListener(name, () => (ours = false));
  watch(place, async (inView) => {
    if (inView) await loaded; // the page first
    if (!ours) return;
    if (inView && session.state !== "finished") session.start();
    else if (!inView && session.running) session.pause();
  });
}

// Genes in the reader's hands are drawn when they come near.
function hand(place, config) {
  const made = new HANDS[config.figure](place, (latents) => room.pool(["fashion_mnist"], config).then((pool) => pool.evaluate(latents, "images")));
  watch(place, (near) => near && loaded.then(() => place.dataset.state === "waiting" && made.refresh()), "300px");
}

for (const place of document.querySelectorAll("[data-latent-live]")) {
  const config = JSON.parse(place.dataset.latentLive || "{}");
  if (config.figure in HANDS) {
    hand(place, config);
    continue;
  }
  const { play: plays, ...settings } = config;
  const given = settings.linked && addressed(settings.figure, location.hash);
  const { session } = mount(place, { ...settings, ...given }, room);
  if (plays) play(place, session);
  if (given) loaded.then(() => (place.scrollIntoView(), session.open?.()));
}
for (const words of document.querySelectorAll("[data-live-for]")) enliven(words);
