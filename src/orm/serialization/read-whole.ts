/** All of a text, for formats that are understood as a whole. */
export async function readWhole(text: AsyncIterable<string>): Promise<string> {
  const parts: string[] = [];
  for await (const part of text) parts.push(part);
  return parts.join("");
}
