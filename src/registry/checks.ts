import { type App, type CheckMessage, nearestName, type ProjectSettings } from "#kernel";
import { isHandler, pythonProblems } from "#serving";
import { isPythonTrainer, type PythonTrainer } from "./trainers/python-trainer.ts";
import { isCustomTrainer } from "./trainers/trainer.ts";
import type { TabularTrainer } from "./trainers/tabular.ts";

/** Enough of an ORM model to look its columns up. */
interface ModelLike {
  meta: { key: string; fields: readonly { name: string; attname: string }[] };
}

/** Verifies that what models learn from is there, before a run finds out. */
export function checkTrainers(project: ProjectSettings): CheckMessage[] {
  return project.apps
    .flatMap((app) => trainedHandlers(app))
    .flatMap(({ name, train }) => {
      if (isCustomTrainer(train)) return checkCustom(name, project);
      if (isPythonTrainer(train)) return checkPython(name, train, project);
      return train?.kind === "tabular" ? checkColumns(name, train as TabularTrainer<string, string>) : [];
    });
}

function trainedHandlers(app: App) {
  return Object.values(app.handlers ?? {})
    .filter(isHandler)
    .map(({ name, options }) => ({ name, train: options.train }));
}

function checkCustom(name: string, { configFile }: ProjectSettings): CheckMessage[] {
  if (configFile !== undefined) return [];
  const message = "The trainer process loads the project's file to find this trainer, and the file is not known.";
  return [
    {
      level: "error",
      code: "REGISTRY_CHECK_NO_CONFIG_FILE",
      message,
      object: name,
      hint: "Say configFile: import.meta.filename.",
    },
  ];
}

function checkPython(name: string, { options }: PythonTrainer, { root }: ProjectSettings): CheckMessage[] {
  return pythonProblems(options, root).map((problem) => ({ level: "error", object: name, ...problem }));
}

/** Where rows come from a model, its columns are known before there is any row. */
function checkColumns(name: string, { options }: TabularTrainer<string, string>): CheckMessage[] {
  const { model } = options.rows() as { model?: ModelLike };
  if (!model?.meta) return [];
  const known = new Set(model.meta.fields.flatMap((field) => [field.name, field.attname]));
  return [...options.features, options.target]
    .filter((column) => !known.has(column.split(".")[0]!))
    .map((column) => {
      const near = nearestName(column, known);
      const hint = near === undefined ? `It has: ${[...known].join(", ")}.` : `Did you mean "${near}"?`;
      const message = `${model.meta.key} has no column "${column}" to learn from.`;
      return { level: "error", code: "REGISTRY_CHECK_UNKNOWN_COLUMN", message, object: name, hint };
    });
}
