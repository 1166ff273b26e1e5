const latin = (
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil " +
  "sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave " +
  "Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute " +
  "acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml " +
  "divide oslash ugrave uacute ucirc uuml yacute thorn yuml"
).split(" ");

const named = new Map<string, string>([
  ["amp", "&"], ["lt", "<"], ["gt", ">"], ["quot", '"'], ["apos", "'"], ["hellip", "…"], ["ndash", "–"], ["mdash", "—"],
  ["lsquo", "‘"], ["rsquo", "’"], ["ldquo", "“"], ["rdquo", "”"], ["bull", "•"], ["euro", "€"], ["trade", "™"],
  ...latin.map((name, i) => [name, String.fromCharCode(160 + i)] as [string, string]),
]); // prettier-ignore

/** Names that HTML knows without their semicolon, too. */
const bare = ["amp", "lt", "gt", "quot", ...latin].join("|");
const entityPattern = new RegExp(`&(?:#[xX]([0-9a-fA-F]{1,6});?|#(\\d{1,7});?|([A-Za-z][A-Za-z0-9]*);|(${bare}))`, "g");

/** HTML's entities as characters; Latin ones, and numbers. Others stay. */
export function unescapeHtml(text: string): string {
  return text.replace(entityPattern, (whole, ...groups: (string | undefined)[]) => {
    const [hex, decimal, closed, open] = groups;
    const name = closed ?? open;
    if (name !== undefined) return named.get(name) ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}
