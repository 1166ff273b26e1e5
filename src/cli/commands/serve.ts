import { withoutPassword } from "#kernel";
import { serveDirectory } from "#serving";
import { type Command, hasOption, portOption, textOption } from "../command.ts";
import { loadingOptions, loadingSettings } from "../loading-options.ts";
import { runtimeOptions, runtimeSettings } from "../runtime-options.ts";
import { servedLines } from "../served-lines.ts";
import { sourceOptions, sourceSettings } from "../source-options.ts";
import { tlsOptions, tlsSettings } from "../tls-options.ts";
import { stop, stopOptions, stopSettings } from "../stopping.ts";
import { untilStopped } from "../until-stopped.ts";

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
    ...loadingOptions,
    ...runtimeOptions,
    ...sourceOptions,
    ...stopOptions,
    tracing: { type: "boolean", about: "Tell OpenTelemetry of every prediction, through the SDK that the process has loaded." },
  },
  async run(invocation) {
    const { args } = invocation;
    const stopping = stopSettings(serve, invocation);
    const server = await serveDirectory(args, {
      host: textOption(invocation, "host") ?? "127.0.0.1",
      port: portOption(serve, invocation) ?? 8080,
      grpcPort: portOption(serve, invocation, "grpc-port"),
      serverName: textOption(invocation, "server-name"),
      tokenFile: textOption(invocation, "token-file"),
      open: hasOption(invocation, "open"),
      tracing: hasOption(invocation, "tracing"),
      tls: tlsSettings(serve, invocation),
      ...loadingSettings(serve, invocation),
      ...runtimeSettings(serve, invocation),
      sources: sourceSettings(serve, invocation),
    });
    console.log(`Serving ${args.map(withoutPassword).join(", ")} at ${server.url}`);
    if (server.grpc) console.log(`gRPC at ${server.grpc}`);
    for (const line of server.overlooked) console.warn(line);
    void server.models.settled().then(() => console.log(servedLines(server.models, server.url).join("\n")));
    await untilStopped();
    await stop({ drain: () => server.models.drain(), close: () => server.close() }, stopping);
  },
};
