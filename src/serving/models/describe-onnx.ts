import { basename, dirname, resolve } from "node:path";
import { HostPool } from "../hosts/host-pool.ts";
import type { Signature } from "../tensors/signature.ts";

/** What an ONNX file takes and gives, found out in a process of its own, which the file cannot harm. */
export async function describeOnnx(path: string): Promise<Signature> {
  const pool = new HostPool();
  try {
    const absolute = resolve(path);
    const found = await pool.inspect({ directory: dirname(absolute), file: basename(absolute), probe: false });
    return found.signature;
  } finally {
    await pool.close();
  }
}
