import { AddressParameters } from "#kernel";
import { storageErrors } from "../errors.ts";

/** What an address like `s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1` says. */
export interface S3Address {
  readonly bucket: string;
  /** Before every name, with a slash at its end; `""` where there is none. */
  readonly prefix: string;
  /** Another server than Amazon's. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** Buckets are folders of the host, not names before it: usual on servers of one's own. */
  readonly pathStyle: boolean;
  /** Anybody may read the files: their addresses are not signed. */
  readonly isPublic: boolean;
  /** The host that browsers are sent to instead: `https://cdn.example.com`. */
  readonly domain: string | undefined;
  /** Seconds for which a signed address is good. */
  readonly expires: number;
  readonly allowOverwrite: boolean;
  /** What a server of S3's language that is not Amazon's needs. */
  readonly acl: string | undefined;
}

const known = ["endpoint", "region", "pathStyle", "access", "domain", "expires", "overwrite", "acl"];
/** What the protocol allows a signed address at most, in seconds: a week. */
const longestExpiry = 7 * 24 * 3600;

/** Reads the address of a storage in S3. @throws STORAGE_BAD_ADDRESS */
export function parseS3Address(url: string, folder = ""): S3Address {
  const address = URL.parse(url);
  const refuse = (problem: string): Error => storageErrors.STORAGE_BAD_ADDRESS({ url: shown(address, url), problem });
  if (address === null || address.hostname === "") throw refuse("it names no bucket");
  if (address.username !== "" || address.password !== "")
    throw refuse("credentials do not stand in it: they are found where every tool of AWS finds them, such as AWS_ACCESS_KEY_ID");
  const parameters = new AddressParameters(address.searchParams, known, refuse);
  const endpoint = parameters.text("endpoint");
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint)) throw refuse("`endpoint` must begin with https:// or http://");
  return {
    bucket: address.hostname,
    prefix: prefixOf(address.pathname, folder),
    endpoint: withoutSlash(endpoint),
    region: parameters.text("region") ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"] ?? "us-east-1",
    pathStyle: parameters.flag("pathStyle", endpoint !== undefined),
    isPublic: parameters.oneOf("access", ["public", "private"], "private") === "public",
    domain: withoutSlash(parameters.text("domain"))?.replace(/^(?!https?:\/\/)/, "https://"),
    expires: parameters.number("expires", 3600, longestExpiry),
    allowOverwrite: parameters.flag("overwrite"),
    acl: parameters.text("acl"),
  };
}

/** The address as it may be shown: somebody may have put credentials into it. */
function shown(address: URL | null, url: string): string {
  return address === null || address.username + address.password === "" ? url : `${address.protocol}//…@${address.host}`;
}

function prefixOf(...paths: readonly string[]): string {
  const names = paths.flatMap((path) => path.split("/")).filter(Boolean);
  return names.map((name) => `${decodeURIComponent(name)}/`).join("");
}

function withoutSlash(address: string | undefined): string | undefined {
  return address?.replace(/\/+$/, "");
}
