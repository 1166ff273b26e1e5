/** Rejects what waits for a version that is not there any more; whoever asked for no certain version asks the next one. */
export class VersionRetired extends Error {}
