// Draws the picture that stands in the first figure's place until it runs, or where it never does: its population after
// twenty generations, by the same engine. `node poster.js`
import { readFileSync, writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import { createEngine } from "./src/engine.js";
import { Evolution } from "./src/evolution.js";
import { pick, ranked } from "./src/genetic.js";
import { drawPeople } from "./src/people.js";
import { RESTORING } from "./src/restoring.js";
import { binary, weights } from "./test/shipped.js";

const GENERATIONS = 20;
const COLUMNS = 8;
const at = (path) => new URL(path, import.meta.url);

// The first figure's settings, as the page has them.
function settings() {
  const [, json] = readFileSync(at("../book/intro.md"), "utf8").match(/data-latent-live='(\{"figure": "breeding".*?\})'/);
  return { ...RESTORING.defaults, ...JSON.parse(json) };
}

globalThis.ImageData = class {
  constructor(width, height) {
    Object.assign(this, { width, height, data: new Uint8ClampedArray(4 * width * height) });
  }
};

function chunk(kind, content) {
  const body = Buffer.concat([Buffer.from(kind), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function png({ width, height, data }) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6], 8); // eight bits of red, green, blue and opacity each
  const rows = Array.from({ length: height }, (_, y) => Buffer.concat([Buffer.of(0), Buffer.from(data.buffer, 4 * width * y, 4 * width)]));
  const parts = [chunk("IHDR", head), chunk("IDAT", deflateSync(Buffer.concat(rows), { level: 9 })), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...parts]);
}

const asked = settings();
const engine = await createEngine(weights(asked.dataset), binary);
const judge = async (latents, measure, target) => (engine.aim(target), engine.evaluate(latents, measure));
const evolution = new Evolution({ genes: engine.latent, evaluate: judge }, "");
let { group } = await evolution.start(RESTORING.targetOf(asked), asked);
for (let generation = 1; generation <= GENERATIONS; generation++) ({ group } = await evolution.next(group, asked, generation, asked.fitness));
let drawn = null;
drawPeople({ getContext: () => ({ putImageData: (picture) => (drawn = picture) }) }, pick(group, ranked(group.fitness)), COLUMNS);
writeFileSync(at("../book/web/poster.png"), png(drawn));
console.log(`poster.png: ${drawn.width} x ${drawn.height}`);
