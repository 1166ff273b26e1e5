import type { Readable } from "node:stream";
import type { HttpRequest } from "../request.ts";
import type { UploadedFile } from "./uploaded-file.ts";

/** A file that begins to arrive. What a client says of it is a claim. */
export interface ArrivingFile {
  /** The form's field. */
  readonly field: string;
  /** Without folders. */
  readonly name: string;
  readonly contentType: string;
  readonly stream: Readable;
}

/** How far a form has arrived. */
export interface UploadProgress {
  readonly field: string;
  readonly name: string;
  /** Bytes of this file. */
  readonly received: number;
  /** Bytes of the whole form, where the client said how many. */
  readonly total: number | undefined;
}

/** Limits of what a client may send, in bytes where they are sizes, and what is done with files that arrive. */
export interface UploadSettings {
  /** A body that is kept in memory: JSON, an urlencoded form, `body()`, all fields of a multipart form; 10 MB. */
  maxBody?: number | undefined;
  /** Fields of a form: 1000. */
  maxFields?: number | undefined;
  /** One field of a multipart form: 1 MB. */
  maxFieldSize?: number | undefined;
  /** Files of a form: 100. */
  maxFiles?: number | undefined;
  /** One file: 100 MB. */
  maxFileSize?: number | undefined;
  /** All files of a form: 500 MB. */
  maxTotalSize?: number | undefined;
  /** From this size on, an uploaded file goes to a temporary file: 1 MB. */
  memoryThreshold?: number | undefined;
  /** Where temporary files lie: the system's folder. */
  temporaryFolder?: string | undefined;
  /** Levels of nesting in JSON: 100. */
  maxJsonDepth?: number | undefined;
  /**
   * Looks at each file before a view sees it. A text that it gives refuses the file: a form shows it at the field, and
   * a view that reads the file answers 422. What it throws is an error of the server.
   */
  scan?: ((file: UploadedFile, about: { field: string; request: HttpRequest }) => ScanResult | Promise<ScanResult>) | undefined;
  /** Takes a file as it arrives, in place of memory and temporary files; undefined leaves it to them. It must read the stream to its end. */
  receive?:
    | ((file: ArrivingFile, request: HttpRequest) => UploadedFile | undefined | Promise<UploadedFile | undefined>)
    | undefined;
  /** Is told while files arrive, a piece at a time. */
  progress?: ((progress: UploadProgress, request: HttpRequest) => void) | undefined;
}

/** Why a file is refused; nothing where it is not. */
export type ScanResult = string | undefined | void;

type Optional = "scan" | "receive" | "progress" | "temporaryFolder";

/** The settings, each limit with its default. */
export type Uploads = Required<Omit<UploadSettings, Optional>> & Pick<UploadSettings, Optional>;

export const defaultUploads: Uploads = {
  maxBody: 10_000_000,
  maxFields: 1000,
  maxFieldSize: 1_000_000,
  maxFiles: 100,
  maxFileSize: 100_000_000,
  maxTotalSize: 500_000_000,
  memoryThreshold: 1_000_000,
  maxJsonDepth: 100,
};
