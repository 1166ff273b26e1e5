export { storageErrors } from "./errors.ts";
export { openStorage, type Storage, storageDirectory } from "./open-storage.ts";
