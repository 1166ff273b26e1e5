import { join } from "node:path";
import { servingErrors } from "../../errors.ts";
import { GGUF_FILE, isGgufFile, liesIn, readNames } from "../../repositories/version-folders.ts";

/** The name of a version's model: `model.gguf`, else the only file that ends so. @throws SERVING_BAD_ARTIFACT */
export async function findGguf(directory: string): Promise<string> {
  const names = (await readNames(directory)).filter((name) => isGgufFile(name)).sort();
  const name = names.includes(GGUF_FILE) || names.length !== 1 ? GGUF_FILE : names[0]!;
  if (names.length > 1 && !names.includes(name)) {
    const hint = `Leave one of them, or name it ${GGUF_FILE}; parts of one model are joined by llama-gguf-split --merge.`;
    throw servingErrors.SERVING_BAD_ARTIFACT({ file: GGUF_FILE, problem: `is not there; ${names.join(", ")} are`, hint });
  }
  if (names.length === 0) throw servingErrors.SERVING_BAD_ARTIFACT({ file: name, problem: "is not there" });
  if (!(await liesIn(join(directory, name), directory)))
    throw servingErrors.SERVING_BAD_ARTIFACT({ file: name, problem: "is a link that leads out of its folder" });
  return name;
}
