import { resolve } from "node:path";
import { pushVersion } from "#serving";
import { type Command, textOption } from "../command.ts";

export const modelsPush: Command = {
  name: "models push",
  summary: "Make a version of a folder or a file where others serve it from: a folder, S3, or a server (token in CORTADO_TOKEN).",
  usage: "cortado models push PATH ADDRESS [--version N]",
  example: "cortado models push trained s3://bucket/models/digits",
  arguments: { minimum: 2, maximum: 2 },
  options: {
    version: { type: "string", value: "N", about: "The new version's number. Default: one more than the newest." },
  },
  async run(invocation) {
    const [path, destination] = invocation.args as [string, string];
    const version = textOption(invocation, "version");
    const pushed = await pushVersion(resolve(invocation.directory, path), destination, {
      version,
      token: process.env["CORTADO_TOKEN"],
    });
    console.log(`${pushed.model} ${pushed.version}`);
  },
};
