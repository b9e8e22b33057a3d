// Multilayer perceptrons whose weights are one flat vector, in the order of torch's parameters: of each layer the weights,
// a row an output, then the biases. Between two layers stands a leaky ReLU; outputs are linear.
const LEAK = 0.2;

export class Perceptron {
  // `sizes`: of the input, the hidden layers and the output.
  constructor(...sizes) {
    let at = 0;
    this.layers = sizes.slice(1).map((outputs, i) => {
      const inputs = sizes[i];
      const layer = { inputs, outputs, weights: at, biases: at + inputs * outputs };
      at = layer.biases + outputs;
      return layer;
    });
    this.count = at; // of weights and biases
  }

  // As torch begins: uniform in +-1 / sqrt(inputs), biases too.
  draw(random, weights = new Float32Array(this.count)) {
    for (const { inputs, outputs, weights: at } of this.layers)
      for (let i = 0; i < (inputs + 1) * outputs; i++) weights[at + i] = (2 * random.uniform() - 1) / Math.sqrt(inputs);
    return weights;
  }

  // Inputs (n, inputs), flat, and what each layer makes of them; the last of these is the output.
  forward(weights, given) {
    const passed = [given];
    const last = this.layers.at(-1);
    for (const layer of this.layers) {
      const { inputs, outputs } = layer;
      const [from, n] = [passed.at(-1), given.length / this.layers[0].inputs];
      const to = new Float64Array(n * outputs);
      for (let row = 0; row < n; row++)
        for (let o = 0; o < outputs; o++) {
          let sum = weights[layer.biases + o];
          const at = layer.weights + o * inputs;
          for (let i = 0; i < inputs; i++) sum += weights[at + i] * from[row * inputs + i];
          to[row * outputs + o] = sum > 0 || layer === last ? sum : LEAK * sum;
        }
      passed.push(to);
    }
    return passed;
  }

  // From the slope of a loss in the output: its gradient in the weights, and its slope in the input.
  backward(weights, passed, slope) {
    const gradient = new Float64Array(this.count);
    let after = slope;
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const layer = this.layers[l];
      const { inputs, outputs } = layer;
      const from = passed[l];
      const n = from.length / inputs;
      const before = new Float64Array(from.length);
      for (let row = 0; row < n; row++)
        for (let o = 0; o < outputs; o++) {
          const steep = after[row * outputs + o];
          const at = layer.weights + o * inputs;
          gradient[layer.biases + o] += steep;
          for (let i = 0; i < inputs; i++) {
            gradient[at + i] += steep * from[row * inputs + i];
            before[row * inputs + i] += steep * weights[at + i];
          }
        }
      if (l) for (let i = 0; i < before.length; i++) if (from[i] < 0) before[i] *= LEAK;
      after = before;
    }
    return { gradient, slope: after };
  }
}
