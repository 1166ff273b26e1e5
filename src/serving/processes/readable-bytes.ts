/** A number of bytes as people write it. */
export function readableBytes(bytes: number): string {
  const megabytes = bytes / 2 ** 20;
  return megabytes >= 1024 ? `${Number((megabytes / 1024).toFixed(1))} GB` : `${Math.max(1, Math.round(megabytes))} MB`;
}
