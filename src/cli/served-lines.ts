import type { ModelServer } from "#serving";
import { tableLines } from "./table-lines.ts";

const MOST = 30;
const noModels = "There are no models yet. A model is a folder with a numbered folder in it: NAME/1/model.onnx.";

/** What a server says when its models have been loaded: each with its versions and their states, and how one is asked. */
export function servedLines(models: ModelServer, url: string): string[] {
  const rows = models
    .list()
    .flatMap(({ name }) => models.versions(name).map(({ version, state }, i) => [i === 0 ? name : "", version, state]));
  const unreached = models.unreached().map((source) => `${source} is not reached, and is tried again.`);
  if (rows.length === 0) return unreached.length > 0 ? ["There are no models yet.", ...unreached] : [noModels];
  const table = tableLines(["model", "version", "state"], rows.slice(0, MOST)).map((line) => `  ${line}`);
  const further = rows.length > MOST ? [`  and ${rows.length - MOST} more: curl ${url}/api/models`] : [];
  const all = models.list();
  const shown = all.find(({ ready }) => ready) ?? all[0]!;
  return [...table, ...further, ...unreached, `What a model takes: curl ${url}/api/models/${shown.name}`];
}
