import { createHash, createHmac } from "node:crypto";
import { encodePath, percentEncode } from "#kernel";

/** Who signs. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** An address that is good for a while, as Amazon's signature 4 signs it: made here, without asking anybody. */
export function signedS3Url(
  address: URL,
  { accessKeyId, secretAccessKey, sessionToken }: S3Credentials,
  { region, expires, at = new Date() }: { region: string; expires: number; at?: Date },
): string {
  const moment = at.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = `${moment.slice(0, 8)}/${region}/s3/aws4_request`;
  const query = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${accessKeyId}/${scope}`,
    "X-Amz-Date": moment,
    "X-Amz-Expires": String(expires),
    ...(sessionToken !== undefined && { "X-Amz-Security-Token": sessionToken }),
    "X-Amz-SignedHeaders": "host",
  };
  const text = Object.entries(query)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .sort()
    .join("&");
  const canonical = ["GET", address.pathname, text, `host:${address.host}\n`, "host", "UNSIGNED-PAYLOAD"].join("\n");
  const digest = createHash("sha256").update(canonical).digest("hex");
  const key = [moment.slice(0, 8), region, "s3", "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, ["AWS4-HMAC-SHA256", moment, scope, digest].join("\n")).toString("hex");
  return `${address.origin}${address.pathname}?${text}&X-Amz-Signature=${signature}`;
}

/** A name as S3 wants it in an address: every byte but letters, digits, `-_.~` and slashes escaped. */
export function s3Path(key: string): string {
  return encodePath(key, percentEncode);
}
