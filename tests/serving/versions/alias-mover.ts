/** A process that changes aliases: node alias-mover.ts FILE PREFIX COUNT makes so many, one after the other. */
import { DiskAliasStore } from "cortado/serving";

const [file, prefix, count] = process.argv.slice(2) as [string, string, string];
const store = new DiskAliasStore(file);
for (let i = 0; i < Number(count); i++) {
  await store.update("times", `${prefix}${i}`, () => ({ version: "1", history: [] }));
  await store.update("times", "shared", (before) => ({ version: prefix, history: [...(before?.history ?? []), prefix] }));
}
