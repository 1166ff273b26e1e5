export { s3Package, type S3Object, S3Storage } from "./backends/s3.ts";
export { storage, useStorages } from "./current-storage.ts";
export { storageErrors } from "./errors.ts";
export { validFileName } from "./file-names.ts";
export { FileStorage, type FileStorageOptions } from "./file-storage.ts";
export { MemoryStorage } from "./memory-storage.ts";
export { openStorage, type OpenStorageOptions, storageDirectory } from "./open-storage.ts";
export { openStorages, useProjectStorages } from "./open-storages.ts";
export {
  type ByteRange,
  contentBytes,
  type FileContent,
  type SaveFileOptions,
  type Storage,
  type StorageListing,
} from "./storage.ts";
export { TemporaryFile, temporaryFile } from "./temporary-file.ts";
