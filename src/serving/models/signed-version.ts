import { type BodyForm, LARGE_BODY } from "../engines/unread-body.ts";
import type { PredictOptions } from "../handlers/handler.ts";
import type { Signature } from "../tensors/signature.ts";
import type { ServedModel } from "./served-model.ts";
import { VersionRetired } from "./version-retired.ts";

/** The version that answers, what it takes and gives, and which bodies it answers unread. */
export interface SignedVersion {
  version: string;
  signature: Signature | undefined;
  /** False for one that answers items alone, which a signature may check. */
  infers: boolean;
  /** True for one that answers piece by piece. */
  streams: boolean;
  reads: readonly BodyForm[];
  /** How many bytes of JSON a body must have for that. */
  readsFrom: number;
}

/** What the version takes and gives that would answer a request; it is loaded for that. */
export async function signedVersion(model: ServedModel, options?: PredictOptions): Promise<SignedVersion> {
  const version = await model.resolve(options);
  try {
    const engine = await version.use(async (loaded) => loaded, undefined, options);
    const { signature, reads = [], readsFrom = LARGE_BODY } = engine;
    // What is compared or recorded has to be seen here.
    const isSeen = model.hasShadow || Boolean(model.handler?.options.record);
    return {
      version: version.version,
      signature,
      infers: engine.infer !== undefined,
      streams: engine.stream !== undefined,
      reads: isSeen ? [] : reads,
      readsFrom,
    };
  } catch (error) {
    if (error instanceof VersionRetired) return signedVersion(model, options);
    throw error;
  }
}
