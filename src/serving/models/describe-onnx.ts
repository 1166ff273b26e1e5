import { basename, dirname, resolve } from "node:path";
import { sessionSettings } from "../backends/onnx/onnx-options.ts";
import { HostPool } from "../hosts/host-pool.ts";
import type { Signature } from "../tensors/signature.ts";

/** What an ONNX file takes and gives, found out in a process of its own, which the file cannot harm. */
export async function describeOnnx(path: string): Promise<Signature> {
  const pool = new HostPool();
  try {
    const absolute = resolve(path);
    const file = { kind: "onnx", file: basename(absolute), settings: sessionSettings({}) } as const;
    const found = await pool.inspect({ ...file, directory: dirname(absolute), probe: false });
    return found.signature;
  } finally {
    await pool.close();
  }
}
