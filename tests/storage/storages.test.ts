import { after } from "node:test";
import { FileStorage, MemoryStorage } from "cortado/storage";
import { testStorage } from "./storage-conformance.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const files = new FileStorage(temporaryFolder({ after }));
testStorage("a folder", { open: () => files });

const memory = new MemoryStorage();
testStorage("memory", { open: () => memory });
