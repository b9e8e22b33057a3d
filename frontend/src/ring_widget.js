// Jupyter: the ring; the browser computes.
import { mountRing } from "./mount_ring.js";
import { rendering } from "./rendering.js";
import { RING } from "./ring.js";

export default { render: rendering(() => RING, (place, config) => mountRing(place, config)) };
