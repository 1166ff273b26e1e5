// Enforces the laws of ARCHITECTURE.md on src/: ranks, doors, optional packages only in backends/, file names, layer shape, and that
// folders of a layer do not import each other.
// Sizes of files and functions, cycles and default exports are the linter's (.oxlintrc.json).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const source = join(root, "src");

const ranks: Record<string, number> = {
  kernel: 0,
  validation: 1,
  storage: 2,
  mail: 2,
  cache: 2,
  orm: 3,
  http: 3,
  templates: 3,
  forms: 4,
  tasks: 4,
  serving: 4,
  views: 5,
  auth: 6,
  registry: 7,
  api: 8,
  admin: 9,
  app: 10,
  testing: 11,
  cli: 12,
};
/** Doors inside a layer besides its index. */
const innerDoors = new Set([
  "api/client",
  "kernel/i18n",
  "kernel/signing",
  "orm/introspection",
  "orm/migrations",
  "orm/postgres",
  "orm/serialization",
]);
const forbiddenNames = new Set(["utils", "helpers", "common", "misc", "shared", "types", "constants", "functions"]);
const optionalPackages = new Set([
  "pg",
  "better-sqlite3",
  "onnxruntime-node",
  "pg-boss",
  "@grpc/grpc-js",
  "@grpc/proto-loader",
  "@opentelemetry/api",
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-backend-wasm",
  "node-llama-cpp",
  "@aws-sdk/client-s3",
  "redis",
  "bcryptjs",
  "nodemailer",
  "yaml",
]);

/** Folders of a layer that import each other's values: to read the one, one must know the other. The list only shrinks. */
const knots = new Set([
  "admin: edit, lists",
  "orm: backends, database",
  "orm: database, model",
  "orm: deletion, model",
  "orm: deletion, query",
  "orm: fields, model",
  "orm: model, query",
  "orm: model, relations",
  "orm: model, signals",
  "orm: query, relations",
  "serving: handlers, models",
]);

const problems: string[] = [];
const report = (file: string, line: number, text: string): void => {
  problems.push(`${relative(root, file)}:${line}  ${text}`);
};

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/\/(assets|static)\//.test(file));
}

const layerOf = (file: string) => relative(source, file).split("/")[0]!;

function checkOwnDoorImport(file: string, line: number, specifier: string): void {
  const [layer, ...inner] = specifier.slice(1).split("/") as [string, ...string[]];
  const from = layerOf(file);
  if (!(layer in ranks)) return report(file, line, `"${specifier}" names no layer`);
  if (inner.length > 0 && !innerDoors.has(`${layer}/${inner.join("/")}`))
    return report(file, line, `"${specifier}" is not a door`);
  if (from === "index.ts" || isMigrationOf(file, layer)) return;
  if (layer === from) return report(file, line, `"${specifier}" is this file's own layer: import the file instead`);
  if (ranks[layer]! >= ranks[from]!)
    report(file, line, `${from} (rank ${ranks[from]}) imports ${layer} (rank ${ranks[layer]}): only lower ranks may be imported`);
}

/** A migration file reads as a user would write it, through the doors. */
const isMigrationOf = (file: string, layer: string) => layer === "orm" && basename(dirname(file)) === "migrations";

function checkRelativeImport(file: string, line: number, specifier: string): void {
  const target = resolve(dirname(file), specifier);
  if (layerOf(file) !== "index.ts" && layerOf(target) !== layerOf(file))
    report(file, line, `"${specifier}" reaches into another layer: use its door`);
  if (!existsSync(target)) report(file, line, `"${specifier}" does not exist`);
  const own = relative(source, target);
  if (/^[^/]+\/index\.ts$/.test(own) && layerOf(file) !== "index.ts")
    report(file, line, "imports the layer's own door: import the file instead");
}

function checkImports(file: string, text: string): void {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^;'"`]*?from\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)|(?:^|\n)\s*import\s+["']([^"']+)["']/g;
  for (const match of text.matchAll(pattern)) {
    const specifier = match[1] ?? match[2] ?? match[3]!;
    const line = text.slice(0, match.index + match[0].indexOf(specifier)).split("\n").length;
    if (specifier.startsWith("#")) checkOwnDoorImport(file, line, specifier);
    else if (specifier.startsWith(".")) checkRelativeImport(file, line, specifier);
    else if (specifier === "cortado" || specifier.startsWith("cortado/"))
      report(file, line, `"${specifier}": inside src, doors are written #layer`);
    else if (optionalPackages.has(specifier) && !file.includes("/backends/"))
      report(file, line, `optional package "${specifier}" outside a backends/ folder`);
  }
}

/** `orm: query > lookups`, for each folder of a layer whose values another folder imports. */
const folderImports = new Set<string>();

function noteFolders(file: string, text: string): void {
  const [layer, folder, ...inner] = relative(source, file).split("/") as [string, string, ...string[]];
  if (inner.length === 0) return;
  for (const [, names, specifier] of text.matchAll(/^import (?!type )([^;"]*?)from "(\.[^"]+)"/gm)) {
    const isTyped = /^\{(?:\s*type [^,}]*,?)*\s*\}/.test(names!);
    const [to, other, ...rest] = relative(source, resolve(dirname(file), specifier!)).split("/");
    if (!isTyped && to === layer && rest.length > 0 && other !== folder) folderImports.add(`${layer}: ${folder} > ${other}`);
  }
}

/** Two folders of a layer do not import each other's values. */
function checkKnots(): void {
  const tied = new Set<string>();
  for (const each of folderImports) {
    const [layer, folder, other] = each.split(/: | > /) as [string, string, string];
    if (folder < other && folderImports.has(`${layer}: ${other} > ${folder}`)) tied.add(`${layer}: ${folder}, ${other}`);
  }
  const list = join(root, "scripts/check-architecture.ts");
  for (const knot of tied)
    if (!knots.has(knot)) report(join(source, knot.split(":")[0]!), 1, `${knot}: these folders import each other`);
  for (const knot of knots) if (!tied.has(knot)) report(list, 1, `"${knot}" is untied: take it off the list`);
}

function checkShape(file: string, text: string): void {
  const name = basename(file, ".ts");
  if (forbiddenNames.has(name)) report(file, 1, `"${name}" is a drawer, not an idea: name the file by what it exports`);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && !/^\d{4}_/.test(name)) report(file, 1, "file names are kebab-case");
  if (/^export \* /m.test(text)) report(file, 1, "`export *` hides what a door offers");
  if (/^export default /m.test(text) && !file.includes("/migrations/"))
    report(file, 1, "default exports are for config, app and migration files");
}

function checkLayers(): void {
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const folder = join(source, entry.name);
    if (!(entry.name in ranks)) report(folder, 1, "is not a layer");
    for (const wanted of ["README.md", "index.ts"]) if (!existsSync(join(folder, wanted))) report(folder, 1, `has no ${wanted}`);
    const door = join(folder, "index.ts");
    if (
      existsSync(door) &&
      /^(?!\s*(\/\/|\/\*|\*|export (type )?\{|import type|\}|[\w\s,]+,?$|$)).+/m.test(stripExports(readFileSync(door, "utf8")))
    )
      report(door, 1, "a door holds exports only");
  }
}

/** The text with the insides of template literals blanked: they may hold code that is written elsewhere. */
function blankTemplates(text: string): string {
  return text.replace(/`(?:\\.|[^`\\])*`/g, (literal) => literal.replace(/[^\n]/g, " "));
}

/** What is left of a door when its exports, comments and augmentations are taken out. */
function stripExports(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
    .replace(/export\s+(type\s+)?\{[^}]*\}\s*(from\s*["'][^"']+["'])?;?/g, "")
    .replace(/import\s+type\s+[^;]+;|import\s+["'][^"']+["'];/g, "")
    .trim();
}

for (const file of sourceFiles(source)) {
  const text = readFileSync(file, "utf8");
  checkImports(file, blankTemplates(text));
  checkShape(file, blankTemplates(text));
  noteFolders(file, blankTemplates(text));
}
checkLayers();
checkKnots();
if (problems.length > 0) {
  console.error(problems.join("\n"));
  console.error(`\n${problems.length} breach${problems.length === 1 ? "" : "es"} of the laws in ARCHITECTURE.md.`);
  process.exit(1);
}
console.log("The architecture holds.");
