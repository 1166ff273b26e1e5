import { type Examination, type ExamineOptions, strangeInput } from "../../engines/examination.ts";
import type { HostPool } from "../../hosts/host-pool.ts";
import type { ExamineRequest } from "../../hosts/messages.ts";
import type { Signature } from "../../tensors/signature.ts";
import type { Tensors } from "../../tensors/tensor.ts";
import type { SessionSettings } from "./onnx-options.ts";

/** A file to measure, and with what. */
export interface ExaminedFile {
  directory: string;
  file: string;
  settings: SessionSettings;
  pool: HostPool;
  /** Bytes that the process may occupy in which it is measured. */
  memory?: number | undefined;
  /** Inputs of the model, where somebody has some. */
  warmUp(signature: Signature): Promise<Tensors[]>;
}

/** Measures an ONNX file in throw-away hosts: once to know what it takes, then with inputs. What ends a host is its problem. */
export async function examineFile(place: ExaminedFile, { shapes }: ExamineOptions): Promise<Examination> {
  const { directory, file, settings, pool, memory, warmUp } = place;
  const request: ExamineRequest = { kind: "onnx", file, settings, directory, shapes, measure: false };
  const found: Examination = { batches: [], threads: [], guessed: [] };
  try {
    Object.assign(found, await pool.examine(request, memory));
    if (found.problem !== undefined) return found;
    const strange = strangeInput(found.signature!.inputs, { shapes });
    if (strange) return { ...found, ...strange };
    const rows = (await warmUp(found.signature!)).map((tensors) =>
      Object.entries(tensors).map(([name, { datatype, shape, data }]) => ({ name, datatype, shape, data })),
    );
    return await pool.examine({ ...request, rows, measure: true }, memory);
  } catch (error) {
    return { ...found, problem: (error as Error).message };
  }
}
