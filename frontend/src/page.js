// The static page: mounts every <div data-latent-live='{json}'> and fetches weights by script tag, which works from
// file:// too, where fetch does not.
import { EngineRoom } from "./engine_room.js";
import { HANDS, addressed, mount } from "./mount.js";
import { bring, loaded, watch } from "./playing.js";
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

// Genes in the reader's hands are drawn when they come near.
function hand(place, config) {
  const made = new HANDS[config.figure](place, (latents) => room.pool(["fashion_mnist"], config).then((pool) => pool.evaluate(latents, "images")));
  watch(place, (near) => near && loaded.then(() => place.dataset.state === "waiting" && made.refresh()), "300px");
}

for (const place of document.querySelectorAll("[data-latent-live]")) {
  const config = JSON.parse(place.dataset.latentLive || "{}");
  if (config.figure === "ring") continue; // it has a script of its own, ring_page.js
  if (config.figure in HANDS) hand(place, config);
  else bring(place, config, (...given) => mount(...given, room), (hash) => addressed(config.figure, hash));
}
for (const words of document.querySelectorAll("[data-live-for]")) enliven(words);
