// The static page: mounts every <div data-latent-live='{json}'> and fetches weights by script tag, which works from
// file:// too, where fetch does not.
import { mount } from "./mount.js";

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

for (const place of document.querySelectorAll("[data-latent-live]")) mount(place, JSON.parse(place.dataset.latentLive || "{}"), fetchWeights);
