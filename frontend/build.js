// Bundles the sources: the page's script, the widget's module, and inside both the worker's text and the kernel.
// `node build.js --check` writes nothing and fails where what is stored differs.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const common = { bundle: true, minify: true, write: false, target: "es2022", charset: "ascii", logLevel: "warning", legalComments: "none" };

async function bundled(options) {
  const { outputFiles } = await build({ ...common, ...options });
  return outputFiles[0].text;
}

const worker = await bundled({ entryPoints: [at("src/worker.js")], format: "iife" });
const inside = {
  name: "worker-source",
  setup(made) {
    made.onResolve({ filter: /^worker-source$/ }, () => ({ path: "worker-source", namespace: "text" }));
    made.onLoad({ filter: /.*/, namespace: "text" }, () => ({ contents: worker, loader: "text" }));
  },
};
const front = { plugins: [inside], loader: { ".wasm": "binary" } };
const style = readFileSync(at("src/live.css"), "utf8");
const outputs = {
  "../book/web/live/live.js": await bundled({ ...front, entryPoints: [at("src/page.js")], format: "iife" }),
  "../book/web/live/live.css": style,
  "../book/web/live/ring.js": await bundled({ entryPoints: [at("src/ring_page.js")], format: "iife" }),
  "../book/web/live/scoreboard.js": await bundled({ entryPoints: [at("src/scoreboard.js")], format: "iife" }),
  "../latentlib/widgets/live/static/live.mjs": await bundled({ ...front, entryPoints: [at("src/widget.js")], format: "esm" }),
  "../latentlib/widgets/live/static/ring.mjs": await bundled({ entryPoints: [at("src/ring_widget.js")], format: "esm" }),
  "../latentlib/widgets/live/static/live.css": style,
};
let stale = 0;
for (const [path, text] of Object.entries(outputs)) {
  let stored = null;
  try {
    stored = readFileSync(at(path), "utf8");
  } catch {
    // not there yet
  }
  if (stored === text) continue;
  if (process.argv.includes("--check")) {
    console.error(`${path.slice(3)} is out of date: run \`make live\``);
    stale = 1;
  } else writeFileSync(at(path), text);
}
process.exit(stale);
