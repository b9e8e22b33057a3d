// What ships, read for tests.
import { readFileSync } from "node:fs";
import { decode } from "../src/weights.js";

const read = (path, coding) => readFileSync(new URL(path, import.meta.url), coding);

export const binary = read("../engine/kernel.wasm");

export function weightsFile(name) {
  const text = read(`../../book/web/live/weights-${name}.js`, "utf8");
  return JSON.parse(text.slice(text.indexOf("(") + 1, text.lastIndexOf(")")));
}

export const weights = (name) => decode(weightsFile(name));

export const targets = (name) => {
  const bytes = Buffer.from(JSON.parse(read("../generated/targets.json", "utf8"))[name].pixels, "base64");
  return Array.from({ length: bytes.length / 784 }, (_, i) =>
    Float32Array.from(bytes.subarray(784 * i, 784 * (i + 1)), (byte) => byte / 255),
  );
};
