import type * as S3 from "@aws-sdk/client-s3";

/** Where a file goes, and what is said of it. */
export type S3Target = Pick<
  S3.PutObjectCommandInput,
  "Bucket" | "Key" | "ContentType" | "CacheControl" | "ContentEncoding" | "ContentDisposition" | "IfNoneMatch" | "ACL"
>;

/** What is sent at once: the least that S3 takes as a part is 5 MiB. */
const partSize = 8 * 1024 * 1024;

/** Sends a content: at once where it is small, in parts where it is not, so that never more than a part is in memory. */
export async function sendToS3(
  sdk: typeof S3,
  client: S3.S3Client,
  { target, chunks }: { target: S3Target; chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array> },
): Promise<void> {
  const parts = partsOf(chunks);
  const first = await parts.next();
  const second = first.done ? first : await parts.next();
  if (second.done) {
    await client.send(new sdk.PutObjectCommand({ ...target, Body: first.done ? Buffer.alloc(0) : first.value }));
    return;
  }
  await sendParts(sdk, client, { target, parts: joined(first.value as Buffer, second.value, parts) });
}

async function sendParts(
  sdk: typeof S3,
  client: S3.S3Client,
  { target, parts }: { target: S3Target; parts: AsyncIterable<Buffer> },
): Promise<void> {
  const { Bucket, Key, IfNoneMatch, ...about } = target;
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key, ...about }));
  const place = { Bucket, Key, UploadId };
  try {
    const sent: S3.CompletedPart[] = [];
    for await (const Body of parts) {
      const PartNumber = sent.length + 1;
      const { ETag } = await client.send(new sdk.UploadPartCommand({ ...place, PartNumber, Body }));
      sent.push({ PartNumber, ETag });
    }
    await client.send(new sdk.CompleteMultipartUploadCommand({ ...place, IfNoneMatch, MultipartUpload: { Parts: sent } }));
  } catch (error) {
    // What was sent so far is paid for until it is taken away.
    await client.send(new sdk.AbortMultipartUploadCommand(place)).catch(() => undefined);
    throw error;
  }
}

async function* partsOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer, undefined> {
  let kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const piece = Buffer.from(chunk.subarray(at, at + partSize - size));
      kept.push(piece);
      size += piece.length;
      at += piece.length;
      if (size < partSize) continue;
      yield Buffer.concat(kept);
      [kept, size] = [[], 0];
    }
  }
  if (size > 0) yield Buffer.concat(kept);
  return undefined;
}

async function* joined(first: Buffer, second: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield second;
  yield* rest;
}
