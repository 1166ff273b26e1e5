import type { AnsweredRequest, StaticFiles, TlsSettings, UrlPattern } from "#http";
import type { Services } from "#kernel";
import type { OnnxOptions } from "../backends/onnx/onnx-options.ts";
import type { LimitDefaults } from "../engines/limits.ts";
import type { HostSettings } from "../hosts/host-settings.ts";
import type { LoadingOptions } from "../models/loading-options.ts";
import type { PayloadSettings } from "../operations/payload-settings.ts";
import type { Authorizer } from "../protocols/access.ts";
import type { SourceSettings } from "../repositories/source-settings.ts";

/** What a layer above adds to a served folder: addresses, and what their views find in `request.services`. */
export interface ServedPages {
  urls: readonly UrlPattern[];
  services: Partial<Services>;
  static: StaticFiles;
}

/** How folders of models are put on the network. */
export interface ServeOptions extends LoadingOptions, LimitDefaults {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 8080; 0 takes a free one. */
  port?: number;
  /** The port of gRPC, 0 for a free one. Default: gRPC is not spoken. */
  grpcPort?: number | undefined;
  /** How the server calls itself on `/v2` and over gRPC. Default `"cortado"`; some clients of Triton look for `"triton"`. */
  serverName?: string | undefined;
  /** Speaks https, and gRPC over TLS, by these files. */
  tls?: TlsSettings | undefined;
  /** A file of bearer tokens. */
  tokenFile?: string | undefined;
  /** Lets everyone predict, on an address other than loopback. */
  open?: boolean;
  /** Pages of other sites that may ask, by their origins: `["https://shop.example.com"]`, or `"*"` for all. Default: none. */
  cors?: "*" | readonly string[] | undefined;
  /** How ONNX models are run. */
  onnx?: OnnxOptions | undefined;
  /** The processes in which models run. */
  hosts?: HostSettings | undefined;
  /** How models come from elsewhere. Downloads are kept in the user's cache folder unless it says where. */
  sources?: SourceSettings | undefined;
  /** Starts though a source is not reached of which nothing is known yet, and goes on trying. Default false. */
  keepTrying?: boolean | undefined;
  log?: { info(message: string): void; warn(message: string): void };
  /** Told of every answered request. Default: nobody is. */
  logAnswer?: ((answered: AnsweredRequest) => void) | undefined;
  /** True to tell OpenTelemetry of every prediction. */
  tracing?: boolean | undefined;
  /** Which predictions are written down, and where. */
  payloads?: PayloadSettings | undefined;
  /** Pages of a layer above, made with what decides who may do what. */
  pages?: ((authorizer: Authorizer) => ServedPages) | undefined;
  /** Ends the start, where it has not come to its end; what was begun is closed. */
  signal?: AbortSignal | undefined;
}
