/** A version of a model, as a repository finds it. */
export interface VersionSource {
  version: string;
  /** The folder of its files. */
  directory: string;
  /** Changes when the files change. */
  fingerprint: string;
  /** The commit, tag or entity tag that the files are of, where the source has such. */
  revision?: string | undefined;
  /** Brings the files into `directory`, where they are elsewhere; called before a version is loaded. Absent where they lie there. */
  fetch?(): Promise<void>;
}

/** Where versions of models come from. Looked at again and again: answers are what is there now, and complete. */
export interface ModelRepository {
  /** The models that it has. */
  list(): Promise<string[]>;
  /** A model's complete versions; none when it does not have the model. */
  versions(model: string): Promise<VersionSource[]>;
  /** Looks at what is elsewhere now, without waiting for its next turn; absent where every look is a fresh one. */
  refresh?(): Promise<void>;
  /** True where a folder that was seen may be half written, and a later look may find it whole; absent where `refresh` sees to that. */
  isUnsettled?(): boolean;
  /**
   * Fulfilled when something is known of what is elsewhere: from before, or by a first look; absent where nothing is elsewhere.
   * @throws SERVING_SOURCE_UNREACHED, SERVING_NO_GIT, KERNEL_MISSING_PACKAGE
   */
  demand?(): Promise<void>;
  /** How it is called in messages, where it is elsewhere. */
  readonly source?: string;
  /** Why it cannot tell what is there, where that is so: a source that is not reached. */
  problem?(): string | undefined;
  /** Ends what it does in the background. */
  close?(): Promise<void>;
}
