/** How PostgreSQL says that something is not there, and the operation that installs the extension which brings it. */
const extensions: readonly (readonly [says: RegExp, name: string, operation: string])[] = [
  [/type "hstore(?:\[\])?" does not exist|function (?:akeys|avals)\(/, "hstore", "hstoreExtension"],
  [/type "citext(?:\[\])?" does not exist/, "citext", "citextExtension"],
  [
    /"(?:gin|gist)_trgm_ops"|function (?:strict_)?(?:word_)?similarity\(|operator does not exist: text (?:%>{0,2}|<{1,3}->) text/,
    "pg_trgm",
    "trigramExtension",
  ],
  [/function unaccent\(/, "unaccent", "unaccentExtension"],
  [/no default operator class for access method "gist"/, "btree_gist", "btreeGistExtension"],
  [/no default operator class for access method "gin"/, "btree_gin", "btreeGinExtension"],
  [/access method "bloom" does not exist/, "bloom", "bloomExtension"],
];

/** What to do where an extension is missing; undefined where it is something else. */
export function extensionHint(reason: string): string | undefined {
  const found = extensions.find(([says]) => says.test(reason));
  if (found === undefined) return undefined;
  const [, name, operation] = found;
  return `It comes with PostgreSQL's extension ${name}: install it by ${operation}() in a migration before.`;
}
