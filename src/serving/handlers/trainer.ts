import type { Manifest } from "../repositories/manifest.ts";
import type { Signature } from "../tensors/signature.ts";
import type { Tensors } from "../tensors/tensor.ts";

/** What a handler's version knows about itself when items are turned into tensors and back. */
export interface VersionContext {
  model: string;
  version: string;
  directory: string;
  signature: Signature;
  manifest: Manifest | undefined;
}

/** Says how a handler is trained. Serving only carries it; the registry's trainers run it. */
export interface Trainer {
  /** `"tabular"`, `"custom"`, … */
  readonly kind: string;
}

/** A trainer that also knows how an item of its own artifacts becomes tensors, and their outputs an answer. */
export interface ItemTrainer<Item, Made> extends Trainer {
  preprocess(item: Item, version: VersionContext): Tensors;
  postprocess(outputs: Tensors, item: Item, version: VersionContext): Made;
}
