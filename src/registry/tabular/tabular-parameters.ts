import * as z from "zod";

/**
 * What a run of `tabular()` may set. Everything has a default that suits most tables.
 * The defaults are those of scikit-learn's histogram gradient boosting, so that results can be compared.
 */
export const tabularParameters = z.strictObject({
  /** The most rounds; each adds one tree, or one a class where there are more than two. */
  rounds: z.int().min(1).max(10_000).default(100),
  learningRate: z.number().positive().max(1).default(0.1),
  maxLeaves: z.int().min(2).max(1024).default(31),
  /** The fewest rows of a leaf. Default 20, fewer in a small table. */
  minLeafRows: z.int().min(1).optional(),
  l2: z.number().min(0).default(0),
  /** The share of the rows that is kept out of the training and scores the result. */
  testShare: z.number().min(0.01).max(0.9).default(0.2),
  /** Keeps a tenth of the other rows and stops when their loss grows no smaller. Default: in tables of more than 10,000 rows. */
  earlyStopping: z.boolean().optional(),
  /** How many rounds without gain are waited for. */
  patience: z.int().min(1).default(10),
  /** Divides the rows. The same seed and rows give the same model, to the last bit. */
  seed: z.int().min(0).max(0xffff_ffff).default(0),
});

export type TabularParameters = z.output<typeof tabularParameters>;
export type TabularParametersInput = z.input<typeof tabularParameters>;
