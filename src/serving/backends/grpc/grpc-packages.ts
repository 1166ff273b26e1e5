import { fileURLToPath } from "node:url";
import { importOptional } from "#kernel";
import type * as Grpc from "@grpc/grpc-js";

/** gRPC's library, and the services that are spoken here. */
export interface GrpcPackages {
  grpc: typeof Grpc;
  inference: Grpc.ServiceDefinition;
  health: Grpc.ServiceDefinition;
}

/** Names as the files have them; lists and maps always there; 64-bit numbers exact. */
const reading = { keepCase: true, arrays: true, objects: true, defaults: true, oneofs: true, enums: String };

/** Loads gRPC. @throws KERNEL_MISSING_PACKAGE */
export async function loadGrpc(): Promise<GrpcPackages> {
  const feature = "Serving over gRPC";
  const grpc = await importOptional("@grpc/grpc-js", feature, () => import("@grpc/grpc-js"));
  const loader = await importOptional("@grpc/proto-loader", feature, () => import("@grpc/proto-loader"));
  const service = (file: string, name: string) =>
    loader.loadSync(fileURLToPath(new URL(file, import.meta.url)), reading)[name] as Grpc.ServiceDefinition;
  return {
    grpc,
    inference: service("open-inference.proto", "inference.GRPCInferenceService"),
    health: service("health.proto", "grpc.health.v1.Health"),
  };
}
