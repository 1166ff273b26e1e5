const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_BRACE, CLOSE_BRACE] = [34, 92, 91, 93, 123, 125];
/** The most levels of arrays and objects in one another. */
export const MOST_LEVELS = 100;
/** The most arrays and objects. JSON.parse makes some forty bytes of each, which may be two bytes of text. */
const MOST_PARTS = 4_000_000;

/** Why JSON text should not be given to JSON.parse, which would take all memory for it; undefined where it may. */
export function structureProblem(bytes: Buffer): string | undefined {
  let depth = 0;
  let parts = 0;
  for (let at = 0; at < bytes.byteLength; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === OPEN || byte === OPEN_BRACE) {
      if (++depth > MOST_LEVELS) return `is nested more than ${MOST_LEVELS} levels deep`;
      if (++parts > MOST_PARTS) return `has more than ${MOST_PARTS} arrays and objects`;
    } else if (byte === CLOSE || byte === CLOSE_BRACE) depth--;
  }
  return undefined;
}

/** Where the string that begins there ends; the end of the text where it does not. */
function endOfString(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.byteLength; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) return at;
  }
  return bytes.byteLength;
}
