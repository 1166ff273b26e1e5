const deepest = 16;

/**
 * True for a path that stays where it is put: names between single slashes, none of them empty, "." or "..", without
 * backslashes, colons, unprintable characters, or letters that show other than they read.
 */
export function isSafePath(path: string): boolean {
  const names = path.split("/");
  return names.length <= deepest && names.every((name) => isSafeName(name));
}

function isSafeName(name: string): boolean {
  if (name === "" || name === "." || name === ".." || Buffer.byteLength(name) > 255) return false;
  return !/[\\:\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/u.test(name);
}
