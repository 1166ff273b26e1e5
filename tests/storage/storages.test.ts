import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { FileStorage, MemoryStorage } from "cortado/storage";
import { testStorage } from "./storage-conformance.ts";

const folder = mkdtempSync(join(tmpdir(), "cortado-storages-"));
after(() => rmSync(folder, { recursive: true }));

const files = new FileStorage(folder);
testStorage("a folder", { open: () => files });

const memory = new MemoryStorage();
testStorage("memory", { open: () => memory });
