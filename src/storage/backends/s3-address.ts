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

const parameters = ["endpoint", "region", "pathStyle", "access", "domain", "expires", "overwrite", "acl"];
/** What the protocol allows a signed address at most: a week. */
const longestExpiry = 7 * 24 * 3600;

/** Reads the address of a storage in S3. @throws STORAGE_BAD_ADDRESS */
export function parseS3Address(url: string, prefix = ""): S3Address {
  const refuse = (problem: string): Error => storageErrors.STORAGE_BAD_ADDRESS({ url, problem, parameters });
  const address = URL.parse(url);
  if (address === null || address.hostname === "") throw refuse("it names no bucket");
  if (address.username !== "" || address.password !== "")
    throw storageErrors.STORAGE_BAD_ADDRESS({
      url: `${address.protocol}//…@${address.host}`,
      problem: "credentials do not stand in it: they are found where every tool of AWS finds them, such as AWS_ACCESS_KEY_ID",
      parameters,
    });
  const { searchParams: query } = address;
  const unknown = [...query.keys()].find((key) => !parameters.includes(key));
  if (unknown !== undefined) throw refuse(`it has the parameter "${unknown}"`);
  const one = (name: string, known: readonly string[], usual: string): string => {
    const value = query.get(name) ?? usual;
    if (!known.includes(value)) throw refuse(`\`${name}\` is "${value}", and must be ${known.join(" or ")}`);
    return value;
  };
  const endpoint = query.get("endpoint") ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint)) throw refuse("`endpoint` must begin with https:// or http://");
  const expires = Number(query.get("expires") ?? 3600);
  if (!(expires >= 1 && expires <= longestExpiry)) throw refuse(`\`expires\` must be between 1 and ${longestExpiry} seconds`);
  const parts = [...address.pathname.split("/"), ...prefix.split("/")].filter(Boolean).map(decodeURIComponent);
  return {
    bucket: address.hostname,
    prefix: parts.map((part) => `${part}/`).join(""),
    endpoint: endpoint?.replace(/\/+$/, ""),
    region: query.get("region") ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"] ?? "us-east-1",
    pathStyle: one("pathStyle", ["true", "false"], String(endpoint !== undefined)) === "true",
    isPublic: one("access", ["public", "private"], "private") === "public",
    domain: query
      .get("domain")
      ?.replace(/\/+$/, "")
      .replace(/^(?!https?:\/\/)/, "https://"),
    expires,
    allowOverwrite: one("overwrite", ["true", "false"], "false") === "true",
    acl: query.get("acl") ?? undefined,
  };
}
