// The static page: mounts every <div data-latent-live='{"figure": "ring", ..}'>.
import { mountRing } from "./mount_ring.js";
import { bring } from "./playing.js";
import { enliven } from "./prose.js";
import { read } from "./ring.js";

for (const place of document.querySelectorAll("[data-latent-live]")) {
  const { figure, ...config } = JSON.parse(place.dataset.latentLive || "{}");
  if (figure === "ring") bring(place, config, mountRing, read);
}
for (const words of document.querySelectorAll("[data-live-for]")) enliven(words);
