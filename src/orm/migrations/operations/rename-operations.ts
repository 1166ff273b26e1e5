import { type FieldState, isRelation } from "../state/field-state.ts";
import { modelKey, type ModelState, type ProjectState } from "../state/project-state.ts";
import { type Operation, schemaOperation } from "./operation.ts";

/** Renames a model, its table, its middle tables, and what refers to it. `renameModel({ from: "Cafe", to: "Coffee" })` */
export function renameModel({ from, to }: { from: string; to: string }): Operation {
  return schemaOperation({
    kind: "renameModel",
    options: { from, to },
    symbol: "~",
    description: `Rename model ${from} to ${to}`,
    fragment: `rename_${from.toLowerCase()}_${to.toLowerCase()}`,
    applyToState: (app, state) => moveInState(state, state.require(app, from), { app, name: to }),
    hints: (app) => ({ model: { from: `${app}.${from}`, to: `${app}.${to}` } }),
  });
}

/** What `moveModel()` takes. */
export interface MoveModelOptions {
  /** The model as it was: `"shop.Coffee"`. */
  from: string;
  /** Its name in the app of this migration. */
  name: string;
}

/**
 * Takes a model over from another app: its table gets the name that belongs here, its rows stay, and
 * what refers to it follows. `moveModel({ from: "shop.Coffee", name: "Coffee" })`
 */
export function moveModel({ from, name }: MoveModelOptions): Operation {
  const [oldApp = "", oldName = ""] = from.split(".");
  return schemaOperation({
    kind: "moveModel",
    options: { from, name },
    symbol: "~",
    description: oldName === name ? `Move model ${name} here from ${oldApp}` : `Move model ${from} here as ${name}`,
    fragment: `move_${from.replace(".", "_")}`.toLowerCase(),
    applyToState: (app, state) => moveInState(state, state.require(oldApp, oldName), { app, name }),
    hints: (app) => ({ model: { from, to: `${app}.${name}` } }),
  });
}

/** Gives the model its new key and points every relation and every child at it. */
function moveInState(state: ProjectState, model: ModelState, place: { app: string; name: string }): void {
  const [oldKey, newKey] = [modelKey(model), modelKey(place)];
  state.replace(oldKey, { ...model, ...place });
  for (const other of state.models()) {
    const fields = Object.entries(other.fields).map(([key, field]) => [key, pointedAt(field, oldKey, newKey)] as const);
    const { bases } = other.options;
    const isChild = bases?.includes(oldKey) === true;
    if (!isChild && !fields.some(([key, field]) => field !== other.fields[key])) continue;
    const options = isChild ? { ...other.options, bases: bases.map((base) => (base === oldKey ? newKey : base)) } : other.options;
    state.put({ ...other, fields: Object.fromEntries(fields), options });
  }
}

function pointedAt(field: FieldState, oldKey: string, newKey: string): FieldState {
  const { to, through } = field.options;
  if (!isRelation(field) || (to !== oldKey && through !== oldKey)) return field;
  const options = { ...field.options, to: to === oldKey ? newKey : to };
  return { kind: field.kind, options: through === oldKey ? { ...options, through: newKey } : options };
}
