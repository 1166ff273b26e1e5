/** Model names stand in addresses and in paths: nothing that could climb out of either. */
export function isModelName(name: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,127}$/.test(name) && !name.includes("..");
}

/** Versions are decimal strings without leading zeros. */
export function isVersionName(name: string): boolean {
  return /^(0|[1-9]\d{0,17})$/.test(name);
}

/** Aliases begin with a letter, so that none reads as a version. */
export function isAliasName(name: string): boolean {
  return /^[A-Za-z][\w.-]{0,127}$/.test(name);
}

/** Orders versions, the highest number first. */
export function newestFirst(a: string, b: string): number {
  return b.length - a.length || (a < b ? 1 : a > b ? -1 : 0);
}
