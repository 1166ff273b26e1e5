import { include, path, type UrlPattern } from "#http";
import type { OnnxOptions } from "../backends/onnx/onnx-options.ts";
import type { LimitDefaults } from "../engines/limits.ts";
import type { HostSettings } from "../hosts/host-settings.ts";
import type { LoadingOptions } from "../models/loading-options.ts";
import type { PayloadSettings } from "../operations/payload-settings.ts";
import type { SourceSettings } from "../repositories/source-settings.ts";
import type { ProtocolOptions } from "./access.ts";
import { metricsUrls } from "./metrics-urls.ts";
import { healthUrls } from "./health-urls.ts";
import { mlflowUrlsByName } from "./mlflow/mlflow-urls.ts";
import { openInferenceUrls, serverView } from "./open-inference/open-inference-urls.ts";
import { misplacedUrls, openaiUrls } from "./openai/openai-urls.ts";
import { tensorFlowServingUrls } from "./tensorflow-serving/tensorflow-serving-urls.ts";
import { torchServeUrls } from "./torchserve/torchserve-urls.ts";

declare module "#kernel" {
  interface ProjectSettings {
    serving?: ServingSettings | undefined;
  }
}

/** Where a project speaks gRPC. */
export interface GrpcSettings {
  /** Triton's is 8001; 0 takes a free one. */
  port: number;
  /** The address to listen on. Default: that of the project's own server. */
  host?: string | undefined;
  /** The most bytes of a message that comes. Default 64 MB. */
  maxMessageSize?: number | undefined;
}

/** What a project says about serving its models. */
export interface ServingSettings extends LoadingOptions, LimitDefaults {
  /** What the project speaks besides its own `urls`, at the root. Default: Open Inference, health and metrics. */
  protocols?: readonly ProtocolName[] | undefined;
  /** Where gRPC is spoken, on a port of its own. Left out, it is not. */
  grpc?: GrpcSettings | undefined;
  /** How the server calls itself on `/v2`. Default `"cortado"`; some clients of Triton look for `"triton"`. */
  serverName?: string | undefined;
  /** Folders of models besides the project's own: `s3://models`, `github:acme/models@main`, `file:models`. */
  repositories?: readonly string[] | undefined;
  /** How models come from elsewhere, and from where they may. */
  sources?: SourceSettings | undefined;
  /** The processes in which models run: their memory, and how new versions are tried. */
  hosts?: HostSettings | undefined;
  /** How ONNX models are run whose handlers name no runtime: `{ threads: 2 }`. */
  onnx?: OnnxOptions | undefined;
  /**
   * Which predictions are written down, what of them, and where. They may hold what is nobody's business: keep little, not long.
   *
   * ```ts
   * const serving: ServingSettings = { payloads: { to: "var/payloads", sample: 0.01, redact: ["pixels"], keepDays: 14 } };
   * ```
   */
  payloads?: PayloadSettings | undefined;
  /** True to tell OpenTelemetry of every prediction, through the SDK that the process has loaded. */
  tracing?: boolean | undefined;
}

const urlsOf = {
  "open-inference": (options: ProtocolOptions) => [path("v2", serverView), path("v2/", include(openInferenceUrls(options)))],
  health: () => healthUrls(),
  metrics: (options: ProtocolOptions) => metricsUrls(options),
  "tensorflow-serving": (options: ProtocolOptions) => tensorFlowServingUrls(options),
  torchserve: (options: ProtocolOptions) => torchServeUrls(options),
  mlflow: (options: ProtocolOptions) => mlflowUrlsByName(options),
  openai: (options: ProtocolOptions) => [path("openai/v1/", include(openaiUrls(options))), ...misplacedUrls()],
} satisfies Record<string, (options: ProtocolOptions) => UrlPattern[]>;

/** A protocol that `serving.protocols` can name. */
export type ProtocolName = keyof typeof urlsOf;

/** The names that `serving.protocols` takes. */
export const protocolNames = Object.keys(urlsOf) as readonly ProtocolName[];

/** What a project speaks that does not say it. */
export const projectProtocols: readonly ProtocolName[] = ["open-inference", "health", "metrics"];

/** What `cortado serve` speaks besides `/api`. */
export const servedProtocols: readonly ProtocolName[] = [...projectProtocols, "tensorflow-serving", "torchserve", "openai"];

/** The addresses of protocols, for the root of a site. Names that are not known are a check's matter. */
export function protocolUrls(names: readonly ProtocolName[] = projectProtocols, options: ProtocolOptions = {}): UrlPattern<{}>[] {
  return names.flatMap((name) => urlsOf[name]?.(options) ?? []);
}
