import { resolve } from "node:path";
import { DiskRepository, SourceRepository } from "./disk-repository.ts";
import type { ModelRepository } from "./model-repository.ts";
import { hubEndpoint } from "./remote/hub-endpoint.ts";
import { HubOrigin } from "./remote/hub-origin.ts";
import { GitOrigin } from "./remote/git-origin.ts";
import type { RemoteOrigin } from "./remote/remote-origin.ts";
import { RemoteRepository } from "./remote/remote-repository.ts";
import { S3Origin } from "./remote/s3-origin.ts";
import { WebOrigin } from "./remote/web-origin.ts";
import { parseSource, type RemoteAddress } from "./source-address.ts";
import { SourceAllowList } from "./source-allow-list.ts";
import { authorizationFor } from "./source-credentials.ts";
import type { SourceSettings } from "./source-settings.ts";

export interface OpenSourceOptions extends SourceSettings {
  /** The model whose own folder the source is. Without it the source is a folder of models. */
  model?: string | undefined;
  /** Where relative folders start. Default: where the process runs. */
  root?: string | undefined;
  /** Told when the source cannot be looked at. */
  warn?: ((message: string) => void) | undefined;
}

const usual = { poll: 30, maxSize: 10 * 1024 ** 3, keep: 3, timeout: 30, cache: "var/cache/models" };

/**
 * The repository at an address: a folder, a bucket of S3, a folder of a git repository, a model of Hugging Face's hub, or an archive on a
 * web server.
 *
 * ```ts
 * const repository = openSource("github:acme/models@v1.2#digits", { model: "digits", allow: ["github:acme"] });
 * ```
 * @throws SERVING_UNKNOWN_SOURCE, SERVING_BAD_SOURCE, SERVING_SOURCE_NOT_ALLOWED, STORAGE_BAD_ADDRESS
 */
export function openSource(source: string, options: OpenSourceOptions = {}): ModelRepository {
  const { model, warn = () => {} } = options;
  const root = resolve(options.root ?? ".");
  const address = parseSource(source, model ?? "models");
  if (address.kind === "file") {
    const path = resolve(root, address.path);
    return model === undefined ? new DiskRepository(path) : new SourceRepository(model, path);
  }
  const cache = resolve(root, options.cache ?? usual.cache);
  const origin = openOrigin(address, { ...options, cache });
  const { poll = usual.poll, maxSize = usual.maxSize, keep = usual.keep } = options;
  return new RemoteRepository(origin, { model, cache, poll, maxSize, keep, warn });
}

function openOrigin(address: RemoteAddress, options: OpenSourceOptions & { cache: string }): RemoteOrigin {
  const allowed = new SourceAllowList(options.allow);
  allowed.check(address);
  const patience = (options.timeout ?? usual.timeout) * 1000;
  if (address.kind === "s3") return new S3Origin(address, patience);
  const { credentials } = options;
  if (address.kind === "hub") {
    const endpoint = hubEndpoint(options.hub);
    const authorization = authorizationFor(address, { credentials, server: endpoint });
    return new HubOrigin(address, { allowed, authorization, patience, endpoint });
  }
  const authorization = authorizationFor(address, { credentials, server: address.origin });
  if (address.kind === "https") return new WebOrigin(address, { allowed, authorization, patience });
  const { cache, maxSize = usual.maxSize } = options;
  return new GitOrigin(address, { authorization, cache, patience, maxSize });
}
