import { packageVersion } from "#kernel";

/** The extensions of the protocol that are spoken, over HTTP and over gRPC. */
export const extensions: readonly string[] = [
  "classification",
  "sequence",
  "sequence(string_id)",
  "model_repository",
  "schedule_policy",
  "model_configuration",
  "binary_tensor_data",
  "parameters",
  "statistics",
  "trace",
  "logging",
];

/** What the server says of itself. */
export interface ServerMetadata {
  name: string;
  version: string;
  extensions: readonly string[];
}

/** The server's own name and version. Some clients of Triton ask for the name `triton`: the setting `serving.serverName`. */
export function serverMetadata(name = "cortado"): ServerMetadata {
  return { name, version: packageVersion(), extensions };
}
