// The ring's arithmetic at work for tests/live/test_ring_engine.py: a question as JSON on standard input, the answer on
// standard output.
import { readFileSync } from "node:fs";
import { Adam, discriminatorGradient, discriminatorLoss, generated, generatorGradient, generatorLoss, logits } from "../src/adversaries.js";
import { coverage } from "../src/ring_data.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const [generator, discriminator, latents, real] = ["generator", "discriminator", "latents", "real"].map((name) => Float64Array.from(asked[name].flat()));

const fake = generated(generator, latents);
const answer = {
  fake: [...fake],
  logits: [...logits(discriminator, real)],
  losses: [generatorLoss(generator, discriminator, latents), discriminatorLoss(discriminator, real, fake)],
  gradients: [[...generatorGradient(generator, discriminator, latents)], [...discriminatorGradient(discriminator, real, fake)]],
  coverage: coverage(real),
};

// Steps of Adam, the discriminator's first, on the same points.
const [going, telling] = [new Adam(generator), new Adam(discriminator)];
for (let step = 0; step < asked.steps; step++) {
  telling.step(discriminatorGradient(discriminator, real, generated(generator, latents)));
  going.step(generatorGradient(generator, discriminator, latents));
}
console.log(JSON.stringify({ ...answer, trained: [[...generator], [...discriminator]] }));
