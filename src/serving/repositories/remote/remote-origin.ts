/** A file that lies elsewhere. */
export interface RemoteFile {
  /** Where it lies below the source: names between slashes. */
  path: string;
  /** Bytes; -1 where the server does not say. */
  size: number;
  /** Changes when its content changes: an entity tag, a git object, a digest. */
  id: string;
  /** Where it belongs in a version's folder. Default: where it lies. */
  place?: string;
}

/** A file of a version, with its place in the version's folder. */
export interface VersionFile extends RemoteFile {
  place: string;
}

/** What lies at a source at one moment. */
export interface RemoteTree {
  files: readonly RemoteFile[];
  /** The commit or the entity tag that all of it is of. */
  revision?: string | undefined;
  /** True where it was put there in one step, so that no half of it can be seen. */
  atomic: boolean;
}

/** Where the files of a version are put, and how many bytes there may be. */
export interface Delivery {
  directory: string;
  /** The revision that the version was first seen with. */
  revision: string | undefined;
  maxSize: number;
  signal: AbortSignal;
}

/** A place elsewhere: it says what is there, and brings files of it. */
export interface RemoteOrigin {
  /** The address as it may be shown. */
  readonly shown: string;
  /** The same for the same place, and for no other. */
  readonly identity: string;
  /** What the model is called where the source is one model and nobody names it. */
  readonly name: string;
  /** `"one"`: all of it is one version, whatever lies in it. `"tree"`: folders of models and versions, as on a disk. */
  readonly layout: "tree" | "one";
  look(signal: AbortSignal): Promise<RemoteTree>;
  /** Puts the files into a folder, each at its place; what is there of an earlier attempt is used. */
  fetch(files: readonly VersionFile[], delivery: Delivery): Promise<void>;
  close?(): Promise<void>;
  /** Finds out whether the programs and packages are there that it needs. @throws SERVING_NO_GIT, KERNEL_MISSING_PACKAGE */
  demandTools?(): Promise<unknown>;
}
