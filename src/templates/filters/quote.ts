const unreserved = /^[A-Za-z0-9_.~-]$/;

/** Percent-encodes everything but letters, digits, `_.-~` and what `kept` holds. */
export function quote(text: string, kept: string): string {
  let quoted = "";
  for (const character of text) {
    if (unreserved.test(character) || (character < "\x80" && kept.includes(character))) quoted += character;
    else for (const byte of Buffer.from(character)) quoted += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return quoted;
}
