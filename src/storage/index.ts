export { storage, useStorages } from "./current-storage.ts";
export { storageErrors } from "./errors.ts";
export { validFileName } from "./file-names.ts";
export { FileStorage } from "./file-storage.ts";
export { mediaStorage, openStorage, storageDirectory } from "./open-storage.ts";
export { contentBytes, type FileContent, type SaveFileOptions, type Storage } from "./storage.ts";
