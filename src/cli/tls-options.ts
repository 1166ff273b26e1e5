import type { TlsSettings } from "#http";
import { type Command, type Invocation, textOption } from "./command.ts";
import { cliErrors } from "./errors.ts";

/** The options by which a command speaks https. */
export const tlsOptions = {
  "tls-cert": { type: "string", value: "FILE", about: "Speak https, and gRPC over TLS, by this certificate (PEM)." },
  "tls-key": { type: "string", value: "FILE", about: "The private key of the certificate (PEM)." },
  "tls-client-ca": { type: "string", value: "FILE", about: "Only clients with a certificate of this authority may come." },
} as const satisfies Command["options"];

/** What they say; undefined where nothing is said. @throws CLI_BAD_ARGUMENT */
export function tlsSettings(command: Pick<Command, "name" | "usage">, invocation: Invocation): TlsSettings | undefined {
  const [cert, key, clientCa] = ["tls-cert", "tls-key", "tls-client-ca"].map((name) => textOption(invocation, name));
  if (cert === undefined && key === undefined && clientCa === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert, key, clientCa };
  const problem = "--tls-cert and --tls-key are given together";
  throw cliErrors.CLI_BAD_ARGUMENT({ command: command.name, problem, usage: command.usage });
}
