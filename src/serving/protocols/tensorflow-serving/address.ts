/** What an address below `/v1/models` asks for. */
export interface Address {
  kind: "status" | "metadata" | "predict" | "classify" | "regress" | "malformed";
  model?: string | undefined;
  version?: string | undefined;
  label?: string | undefined;
}

const place = String.raw`(?:\/versions\/(?<version>\d{1,18})|\/labels\/(?<label>[^/:]+))?`;
const asking = new RegExp(String.raw`^\/(?<model>[^/:]+)${place}:(?<verb>classify|regress|predict)$`, "i");
const looking = new RegExp(String.raw`^(?:\/(?<model>[^/:]+))?${place}(?<metadata>\/metadata)?\/?$`, "i");

/** Reads what stands after `v1/models`. */
export function parseAddress(method: string, rest: string): Address {
  const isPost = method === "POST";
  const found = (isPost ? asking : looking).exec(rest)?.groups;
  if (found === undefined || !(isPost || method === "GET" || method === "HEAD")) return { kind: "malformed" };
  const { model, version, label, verb, metadata } = found;
  const kind = isPost ? (verb!.toLowerCase() as Address["kind"]) : metadata ? "metadata" : "status";
  return { kind, model, version: version?.replace(/^0+(?=\d)/, ""), label };
}
