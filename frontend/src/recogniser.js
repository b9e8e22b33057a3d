// The recogniser of digits of Li et al. (GAGAN), or a judge: the kernel convolves, what follows is little and done here.
import { expand, filters } from "./weights.js";

// log(p / (1 - p)) of the softmax of logits, exact also where p rounds to 0 or 1; as Classifier.log_odds.
export function logOdds(logits) {
  return logits.map((logit, i) => {
    const others = logits.filter((_, j) => j !== i);
    const most = Math.max(...others);
    return logit - most - Math.log(others.reduce((sum, other) => sum + Math.exp(other - most), 0));
  });
}

const linear = ({ inputs, outputs, weight, bias }, given) =>
  Float64Array.from({ length: outputs }, (_, o) => {
    let sum = bias[o];
    for (let k = 0; k < inputs; k++) sum += weight[o * inputs + k] * given[k];
    return sum;
  });

export class Recogniser {
  // `weights`: as `decode` gives them.
  constructor(weights) {
    const layers = expand(weights);
    this.channels = weights.shape.channels;
    this.classes = weights.shape.classes;
    this.embedded = weights.shape.embedded ?? 0; // features that a judge compares images by
    this.filters = filters(layers);
    this.last = layers.slice(3);
  }

  // Log-odds of all classes of the images that a kernel has drawn, and a judge's features, from the place of the first on.
  read(kernel, count, { odds, features }, first) {
    kernel.recognise(count);
    const { inputs } = this.last[0];
    for (let i = 0; i < count; i++) {
      let found = kernel.features.subarray(i * inputs, (i + 1) * inputs);
      if (this.embedded) {
        found = linear(this.last[0], found).map((value) => Math.max(value, 0));
        features.set(found, (first + i) * this.embedded);
      }
      odds.set(logOdds(Array.from(linear(this.last.at(-1), found))), (first + i) * this.classes);
    }
  }
}
