/** Moves an alias again and again, and says where to: node promote-child.ts FILE ALIAS */
import { DiskAliasStore } from "cortado/serving";

const [file, alias] = process.argv.slice(2) as [string, string];
const store = new DiskAliasStore(file);
for (;;) {
  const record = await store.update("times", alias, (before) => ({
    version: String(Number(before?.version ?? 0) + 1),
    history: [],
  }));
  process.stdout.write(`${record!.version}\n`);
}
