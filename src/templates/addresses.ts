import { folderUrl } from "#kernel";
import { quote } from "./filters/quote.ts";

/** Where the files are that templates name. */
export interface Addresses {
  readonly staticUrl: string;
  readonly mediaUrl: string;
  readonly staticFile: (path: string) => string;
}

/** The options of an engine that say where files are. */
export interface AddressOptions {
  /** What the addresses of static files begin with. Default: `/static/`. */
  staticUrl?: string | undefined;
  /** What the addresses of uploaded files begin with. Default: `/media/`. */
  mediaUrl?: string | undefined;
  /** The address of a static file. Default: `staticUrl` and the path. */
  staticFile?: ((path: string) => string) | undefined;
}

/** The options with what they leave open filled in. */
export function addressesOf({ staticUrl = "/static/", mediaUrl = "/media/", staticFile }: AddressOptions): Addresses {
  const under = (path: string) => folderUrl(staticUrl) + quote(path.replace(/^\/+/, ""), "/!*'()");
  return { staticUrl: folderUrl(staticUrl), mediaUrl: folderUrl(mediaUrl), staticFile: staticFile ?? under };
}
