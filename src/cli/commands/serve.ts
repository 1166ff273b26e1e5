import { serveModels } from "#app";
import { type ServedDirectory, shownSource } from "#serving";
import { type Command, hasOption, type Invocation, listOption, portOption, textOption } from "../command.ts";
import { limitOptions, limitSettings } from "../limit-options.ts";
import { loadingOptions, loadingSettings } from "../loading-options.ts";
import { runtimeOptions, runtimeSettings } from "../runtime-options.ts";
import { servedLines } from "../served-lines.ts";
import { sourceOptions, sourceSettings } from "../source-options.ts";
import { tlsOptions, tlsSettings } from "../tls-options.ts";
import { stop, stopOptions, stopSettings } from "../stopping.ts";
import { stopSignal, untilStopped } from "../until-stopped.ts";

export const serve: Command = {
  name: "serve",
  summary: "Serve folders of models, here or elsewhere, without a project or a database.",
  usage: "cortado serve DIR|ADDRESS … [--port N] [--grpc-port N] [--host ADDRESS] [--token-file FILE | --open]",
  example: "cortado serve models --port 8080",
  arguments: { minimum: 1, maximum: 16 },
  options: {
    port: { type: "string", value: "N", about: "The port. Default 8080; 0 takes a free one." },
    host: { type: "string", value: "ADDRESS", about: "The address to listen on. Default 127.0.0.1." },
    "grpc-port": { type: "string", value: "N", about: "The port of gRPC; 0 takes a free one. Left out, gRPC is not spoken." },
    "server-name": {
      type: "string",
      value: "NAME",
      about: "How it calls itself on /v2. Default cortado; some clients want triton.",
    },
    "token-file": {
      type: "string",
      value: "FILE",
      about: "A file of bearer tokens, one a line. Without it, who predicts on a loopback address needs none.",
    },
    ...tlsOptions,
    open: { type: "boolean", about: "Let anyone predict, also on an address other than loopback." },
    cors: {
      type: "string",
      multiple: true,
      value: "ORIGIN",
      about: "Let pages of another site ask: https://shop.example.com, or * for all; again for more.",
    },
    ...loadingOptions,
    ...limitOptions,
    ...runtimeOptions,
    ...sourceOptions,
    "keep-trying": { type: "boolean", about: "Start though an address is not reached, and serve it once it is." },
    ...stopOptions,
    "access-log": { type: "boolean", about: "Write a line of JSON for each answered request, with its id." },
    tracing: { type: "boolean", about: "Tell OpenTelemetry of every prediction, through the SDK that the process has loaded." },
  },
  async run(invocation) {
    const stopping = stopSettings(serve, invocation);
    const options = serveSettings(invocation);
    const signal = stopSignal();
    const server = await serveModels(invocation.args, { ...options, signal }).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (server === undefined) return;
    sayWhere(server, invocation);
    await untilStopped(signal);
    const { models } = server;
    await stop({ drain: () => models.drain(), close: () => server.close(), unfinished: () => models.unfinished() }, stopping);
  },
};

function serveSettings(invocation: Invocation) {
  const origins = listOption(invocation, "cors");
  return {
    host: textOption(invocation, "host") ?? "127.0.0.1",
    port: portOption(serve, invocation) ?? 8080,
    grpcPort: portOption(serve, invocation, "grpc-port"),
    serverName: textOption(invocation, "server-name"),
    tokenFile: textOption(invocation, "token-file"),
    open: hasOption(invocation, "open"),
    cors: origins.includes("*") ? ("*" as const) : origins,
    tracing: hasOption(invocation, "tracing"),
    accessLog: hasOption(invocation, "access-log"),
    keepTrying: hasOption(invocation, "keep-trying"),
    tls: tlsSettings(serve, invocation),
    ...loadingSettings(serve, invocation),
    ...limitSettings(serve, invocation),
    ...runtimeSettings(serve, invocation),
    sources: sourceSettings(serve, invocation),
  };
}

/** Says where it answers at once, and which models there are when they have been loaded. */
function sayWhere(server: ServedDirectory, { args }: Invocation): void {
  const { models, url, grpc, notices } = server;
  console.log(`Serving ${args.map(shownSource).join(", ")} at ${url}`);
  console.log(`The models, described and to be tried: ${url}/api/docs`);
  if (grpc) console.log(`gRPC at ${grpc}`);
  for (const line of notices) console.warn(line);
  void models.settled().then(() => {
    if (!models.draining) console.log(servedLines(models, url).join("\n"));
  });
}
