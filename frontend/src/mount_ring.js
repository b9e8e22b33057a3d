// The ring in an element. It needs no weights, so it is bundled by itself: its pages fetch nothing else, and others not it.
import { RING, RingEvolution } from "./ring.js";
import { RingView } from "./ring_view.js";
import { seat } from "./seat.js";

export const mountRing = (root, config) => seat(root, { task: RING, View: RingView }, config, async () => new RingEvolution(), ["browser"]);
