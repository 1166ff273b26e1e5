import type { ModelVersion } from "./model-version.ts";

interface UnattendedOptions {
  /** The model's name. */
  name: string;
  /** True while the server ends: what does not load then is nobody's concern. */
  isStopping: () => boolean;
  warn: (message: string) => void;
}

/** Loads and lets go of versions where nobody waits for it: what goes wrong is told, and thrown at no one. */
export class Unattended {
  readonly #options: UnattendedOptions;

  constructor(options: UnattendedOptions) {
    this.#options = options;
  }

  /** True when it has loaded. */
  async load(version: ModelVersion): Promise<boolean> {
    try {
      await version.load();
      return true;
    } catch (error) {
      if (this.#options.isStopping()) return false;
      const { message, cause } = error as Error & { cause?: { hint?: string } };
      this.#options.warn(cause?.hint ? `${message} ${cause.hint}` : message);
      return false;
    }
  }

  /** Takes a version that is being unloaded or retired, once what it still has to answer is answered. */
  letGo(going: Promise<void>): void {
    const { name, warn } = this.#options;
    going.catch((error: Error) => warn(`A version of ${name} could not be let go: ${error.message}`));
  }
}
