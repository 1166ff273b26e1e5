/**
 * What a training makes small. Scores are what the trees add up to, one array an output:
 * the value itself (regression), the log-odds of the second class (two classes), a logit a class (more).
 */
export interface Loss {
  outputs: number;
  /** The scores that fit best without any tree. */
  base(targets: Float64Array): Float64Array;
  /** Writes the derivatives by each output's score (gradient and hessian, row by row), and returns the mean loss. */
  derive(targets: Float64Array, scores: readonly Float64Array[], derivatives: readonly Float32Array[]): number;
  /** The mean loss. */
  mean(targets: Float64Array, scores: readonly Float64Array[]): number;
}

/** The loss for a number (0 classes) or for so many classes. */
export function lossFor(classes: number): Loss {
  if (classes === 0) return squaredError;
  return classes === 2 ? binaryLogLoss : softmaxLogLoss(classes);
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

const squaredError: Loss = {
  outputs: 1,
  base: (targets) => Float64Array.of(meanOf(targets)),
  derive(targets, scores, derivatives) {
    const score = scores[0]!;
    const derived = derivatives[0]!;
    let sum = 0;
    for (let row = 0; row < targets.length; row++) {
      const error = score[row]! - targets[row]!;
      derived[2 * row] = error;
      derived[2 * row + 1] = 1;
      sum += error * error;
    }
    return sum / targets.length;
  },
  mean(targets, scores) {
    const score = scores[0]!;
    let sum = 0;
    for (let row = 0; row < targets.length; row++) sum += (score[row]! - targets[row]!) ** 2;
    return sum / targets.length;
  },
};

/** A class without rows in the training part has this share instead of none. */
const leastShare = 1e-15;

function logOfShare(share: number): number {
  return Math.log(Math.max(share, leastShare));
}

/** log(1 + e^-|score|) is the stable half of both branches. */
function binaryRowLoss(score: number, target: number): number {
  return Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - score * target;
}

const binaryLogLoss: Loss = {
  outputs: 1,
  base(targets) {
    const share = meanOf(targets);
    return Float64Array.of(logOfShare(share) - logOfShare(1 - share));
  },
  derive(targets, scores, derivatives) {
    const score = scores[0]!;
    const derived = derivatives[0]!;
    let sum = 0;
    let product = 1;
    for (let row = 0; row < targets.length; row++) {
      const target = targets[row]!;
      const tail = Math.exp(-Math.abs(score[row]!));
      const chance = (score[row]! >= 0 ? 1 : tail) / (1 + tail);
      derived[2 * row] = chance - target;
      derived[2 * row + 1] = chance * (1 - chance);
      sum += Math.max(score[row]!, 0) - score[row]! * target;
      // One logarithm for many rows: the log of a product is the sum of the logs.
      product *= 1 + tail;
      if (product < 1e200) continue;
      sum += Math.log(product);
      product = 1;
    }
    return (sum + Math.log(product)) / targets.length;
  },
  mean(targets, scores) {
    let sum = 0;
    for (let row = 0; row < targets.length; row++) sum += binaryRowLoss(scores[0]![row]!, targets[row]!);
    return sum / targets.length;
  },
};

/** Writes a row's class chances and returns the log of the sum that they were divided by. */
export function softmaxRow(scores: readonly Float64Array[], row: number, chances: Float64Array): number {
  let greatest = -Infinity;
  for (let output = 0; output < chances.length; output++) greatest = Math.max(greatest, scores[output]![row]!);
  let sum = 0;
  for (let output = 0; output < chances.length; output++) {
    chances[output] = Math.exp(scores[output]![row]! - greatest);
    sum += chances[output]!;
  }
  for (let output = 0; output < chances.length; output++) chances[output] = chances[output]! / sum;
  return Math.log(sum) + greatest;
}

function softmaxLogLoss(classes: number): Loss {
  const chances = new Float64Array(classes);
  return {
    outputs: classes,
    base(targets) {
      const counts = new Float64Array(classes);
      for (const target of targets) counts[target] = counts[target]! + 1;
      return counts.map((count) => logOfShare(count / targets.length));
    },
    derive(targets, scores, derivatives) {
      let sum = 0;
      for (let row = 0; row < targets.length; row++) {
        const target = targets[row]!;
        sum += softmaxRow(scores, row, chances) - scores[target]![row]!;
        for (let output = 0; output < classes; output++) {
          const chance = chances[output]!;
          derivatives[output]![2 * row] = chance - (output === target ? 1 : 0);
          derivatives[output]![2 * row + 1] = chance * (1 - chance);
        }
      }
      return sum / targets.length;
    },
    mean(targets, scores) {
      let sum = 0;
      for (let row = 0; row < targets.length; row++) sum += softmaxRow(scores, row, chances) - scores[targets[row]!]![row]!;
      return sum / targets.length;
    },
  };
}
