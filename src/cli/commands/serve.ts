import { serveDirectory } from "#serving";
import { type Command, hasOption, portOption, textOption } from "../command.ts";
import { untilStopped } from "../until-stopped.ts";

export const serve: Command = {
  name: "serve",
  summary: "Serve a folder of models, without a project or a database.",
  usage: "cortado serve DIR [--port N] [--grpc-port N] [--host ADDRESS] [--token-file FILE | --open]",
  example: "cortado serve models --port 8080",
  arguments: { minimum: 1, maximum: 1 },
  options: {
    port: { type: "string", value: "N", about: "The port. Default 8080; 0 takes a free one." },
    host: { type: "string", value: "ADDRESS", about: "The address to listen on. Default 127.0.0.1." },
    "grpc-port": { type: "string", value: "N", about: "The port of gRPC; 0 takes a free one. Left out, gRPC is not spoken." },
    "token-file": { type: "string", value: "FILE", about: "A file of bearer tokens, one a line; asked for on every address." },
    open: { type: "boolean", about: "Let anyone predict, also on an address other than loopback." },
  },
  async run(invocation) {
    const { args } = invocation;
    const server = await serveDirectory(args[0]!, {
      host: textOption(invocation, "host") ?? "127.0.0.1",
      port: portOption(serve, invocation) ?? 8080,
      grpcPort: portOption(serve, invocation, "grpc-port"),
      tokenFile: textOption(invocation, "token-file"),
      open: hasOption(invocation, "open"),
    });
    console.log(`Serving ${args[0]} at ${server.url}`);
    if (server.grpc) console.log(`gRPC at ${server.grpc}`);
    await untilStopped();
    await server.close();
  },
};
