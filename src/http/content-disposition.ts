import { percentEncode } from "#kernel";

/**
 * The header that gives a file its name: `attachment` keeps it, `inline` shows it. A name beyond ASCII comes in two forms, the
 * second of which browsers prefer.
 *
 * ```ts
 * response.setHeader("content-disposition", contentDisposition("메뉴.pdf"));
 * ```
 */
export function contentDisposition(name: string, { inline = false }: { inline?: boolean } = {}): string {
  const kind = inline ? "inline" : "attachment";
  const plain = name.replace(/[^\x20-\x7e]/g, "_").replace(/["\\]/g, "\\$&");
  if (/^[\x20-\x7e]*$/.test(name) && !name.includes("%")) return `${kind}; filename="${plain}"`;
  return `${kind}; filename="${plain.replaceAll("%", "_")}"; filename*=UTF-8''${percentEncode(name.toWellFormed())}`;
}
