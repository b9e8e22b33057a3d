// The recogniser of digits of Li et al. (GAGAN): the kernel convolves, what follows is little and done here.
import { expand, filters } from "./weights.js";

// log(p / (1 - p)) of the softmax of logits, exact also where p rounds to 0 or 1; as Classifier.log_odds.
export function logOdds(logits) {
  return logits.map((logit, i) => {
    const others = logits.filter((_, j) => j !== i);
    const most = Math.max(...others);
    return logit - most - Math.log(others.reduce((sum, other) => sum + Math.exp(other - most), 0));
  });
}

export class Recogniser {
  // `weights`: as `decode` gives them.
  constructor(weights) {
    const layers = expand(weights);
    this.channels = weights.shape.channels;
    this.classes = weights.shape.classes;
    this.filters = filters(layers);
    this.last = layers[3];
  }

  // Log-odds of all classes of the images that a kernel has drawn, from the place of the first on.
  read(kernel, count, odds, first) {
    const { inputs, weight, bias } = this.last;
    kernel.recognise(count);
    for (let i = 0; i < count; i++) {
      const logits = Array.from(bias);
      for (let o = 0; o < logits.length; o++)
        for (let k = 0; k < inputs; k++) logits[o] += weight[o * inputs + k] * kernel.features[i * inputs + k];
      odds.set(logOdds(logits), (first + i) * this.classes);
    }
  }
}
