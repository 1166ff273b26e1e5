import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { RuntimeProblem } from "../../engines/runtime.ts";
import { servingErrors } from "../../errors.ts";
import type { TensorSpec } from "../../tensors/signature.ts";

/** Where Python code is, and what runs it. Paths begin at the project's folder. */
export interface PythonPlace {
  /** The file with the handler: `"models/churn.py"`. */
  module?: string;
  /** The name of its class, where the module has several. */
  handler?: string;
  /** The program: a name on the path or a path. Default: that of `venv`, else `python3`. */
  python?: string;
  /** The folder of a virtual environment. Default: `.venv`, where there is one. */
  venv?: string;
  /** A requirements file that the environment is held against before anything is loaded. */
  requirements?: string;
  /** Further environment variables. */
  env?: Readonly<Record<string, string>>;
  /** How many threads numpy, PyTorch and their like may take. Default: 1 to predict, all cores to train. */
  threads?: number;
}

/** What `python()` is told. */
export interface PythonOptions extends PythonPlace {
  /** Lets the process unpickle files: joblib's and PyTorch's models run whatever they hold when they are read. Default: false. */
  trusted?: boolean;
  /** Given to the handler as `context.parameters`. */
  parameters?: Readonly<Record<string, unknown>>;
  /** Bytes that one process may occupy before it is ended. */
  memory?: number;
  /** Milliseconds that loading may take. Default 120,000. */
  loadWithin?: number;
  /** Makes it a model of tensors: what it takes, by name, as arrays. -1 is a size that may vary, rows where it is the first. */
  inputs?: readonly TensorSpec[];
  /** What a model of tensors gives. */
  outputs?: readonly TensorSpec[];
}

/** @throws SERVING_BAD_RUNTIME */
export function checkOptions(options: PythonOptions): void {
  const refuse = (option: string, problem: string, hint?: string) => {
    throw servingErrors.SERVING_BAD_RUNTIME({ runtime: "python", option, problem, hint });
  };
  const { module, trusted, inputs, outputs } = options;
  if (module === undefined && !trusted)
    refuse(
      "module",
      "is missing",
      'Name a file: python({ module: "models/churn.py" }), or say trusted: true for pickled models.',
    );
  if (module !== undefined && !module.endsWith(".py")) refuse("module", `is "${module}", and must end in .py`);
  for (const option of ["threads", "memory", "loadWithin"] as const) {
    const given = options[option];
    if (given !== undefined && !(given > 0)) refuse(option, `is ${given}, and must be a number above zero`);
  }
  if ((inputs === undefined) !== (outputs === undefined))
    refuse(inputs ? "outputs" : "inputs", "is missing", "A model of tensors says both what it takes and what it gives.");
}

/** What `cortado check` finds wrong with a place: the files that it names and that are not there. */
export function pythonProblems(place: PythonPlace, root: string): RuntimeProblem[] {
  const files = { module: place.module, venv: place.venv, requirements: place.requirements };
  return Object.entries(files)
    .filter(([, path]) => path !== undefined && !existsSync(resolve(root, path)))
    .map(([option, path]) => ({
      code: "SERVING_CHECK_PYTHON_FILE",
      message: `There is no ${path}, which the option ${option} of its Python runtime names.`,
      hint: option === "venv" ? `Make it: python3 -m venv ${path}` : `Write ${basename(path!)}, or correct the path.`,
    }));
}
