import { inspect, type InspectOptions } from "node:util";
import { ormErrors } from "../../errors.ts";
import { InstanceState, stateOf } from "./instance-state.ts";
import { Hydration } from "./hydration-source.ts";
import { deleteInstance } from "../../deletion/delete-instance.ts";
import { type CleanOptions, cleanStep, fullClean } from "../validation/full-clean.ts";
import { neighbour } from "./neighbours.ts";
import { initIsIdle, tellingInit } from "../../signals/telling-init.ts";
import type { ModelClass } from "../model-class.ts";
import { metaOf } from "./row.ts";
import { isSameRow } from "./row-identity.ts";
import { type RefreshOptions, refreshInstance } from "./refresh-instance.ts";
import { type SaveOptions, saveInstance } from "../saving/save-instance.ts";

/** What every row of every model can do. */
export class Instance {
  /** @internal */
  declare [stateOf]: InstanceState;
  [name: string]: any;

  constructor(source?: Record<string, unknown> | Hydration) {
    if (source instanceof Hydration) source.fill(this);
    else if (initIsIdle()) initialise(this, source ?? {});
    else tellingInit(this.constructor as unknown as ModelClass, source, () => initialise(this, source ?? {}));
  }

  /** The primary key's value, whatever its field is called. */
  get pk(): any {
    return metaOf(this).primaryKey.valueOn(this);
  }
  set pk(value: unknown) {
    metaOf(this).primaryKey.setOn(this, value);
  }

  /** Inserts the row, or updates what changed. @throws ORM_INTEGRITY */
  save(options: SaveOptions = {}): Promise<void> {
    return saveInstance(this, options);
  }
  /** Deletes the row and what depends on it. @throws ORM_PROTECTED */
  delete(): Promise<number> {
    return deleteInstance(this);
  }
  /** Reads the row again. @throws the model's DoesNotExist */
  refresh(options: RefreshOptions = {}): Promise<void> {
    return refreshInstance(this, options);
  }
  /** Whether another row is the same row: of the same table, with the same key. A row without a key is only itself. */
  equals(other: unknown): boolean {
    return isSameRow(this, other);
  }
  /** Validates every field, then uniqueness. @throws ValidationError with `byField` */
  fullClean(options: { exclude?: readonly string[] } = {}): Promise<void> {
    return fullClean(this, options.exclude ?? []);
  }
  /** Converts and validates each field by itself. @throws ValidationError with `byField` */
  cleanFields(options: CleanOptions = {}): Promise<void> {
    return cleanStep("fields", this, options);
  }
  /** Whether the values of unique fields are taken. @throws ValidationError with `byField` */
  validateUnique(options: CleanOptions = {}): Promise<void> {
    return cleanStep("unique", this, options);
  }
  /** Whether the model's constraints hold. @throws ValidationError with `byField` */
  validateConstraints(options: CleanOptions = {}): Promise<void> {
    return cleanStep("constraints", this, options);
  }
  /** What people see for a field's value: the label of its choice. */
  getDisplay(name: string): string {
    const field = metaOf(this).field(name);
    return field.displayOf(this[field.attname]);
  }
  /** The next row by a date. @throws the model's DoesNotExist */
  getNextBy(name: string, among?: Readonly<Record<string, unknown>>): Promise<any> {
    return neighbour(this, name, { forward: true, among });
  }
  /** The row before by a date. @throws the model's DoesNotExist */
  getPreviousBy(name: string, among?: Readonly<Record<string, unknown>>): Promise<any> {
    return neighbour(this, name, { forward: false, among });
  }
  /** Chosen fields as JSON values: `coffee.pick("id", "name")`. */
  pick(...names: string[]): Record<string, unknown> {
    const meta = metaOf(this);
    return Object.fromEntries(
      names.map((name) => [
        name,
        name === "pk" ? meta.primaryKey.toJson(this.pk) : meta.field(name).toJson(this[meta.field(name).attname]),
      ]),
    );
  }
  toString(): string {
    const meta = metaOf(this);
    return `${meta.label} ${this.pk === null || this.pk === undefined ? "(not saved)" : String(this.pk)}`;
  }
  /** What a console shows: the fields, without the state. */
  [inspect.custom](depth: number, options: InspectOptions): unknown {
    const { fields } = metaOf(this);
    const files = fields.filter(({ attname }) => !Object.hasOwn(this, attname)).map(({ attname }) => [attname, this[attname]]);
    const shown = Object.fromEntries([...Object.entries(this), ...files]);
    return `${metaOf(this).label} ${depth < 0 ? "{…}" : inspect(shown, options)}`;
  }
  toJSON(): unknown {
    throw ormErrors.ORM_NOT_JSON({ model: metaOf(this).label });
  }
}

function initialise(instance: Instance, values: Record<string, unknown>): Instance {
  const meta = metaOf(instance);
  instance[stateOf] = new InstanceState();
  for (const field of meta.fields) {
    const given = values[field.attname];
    instance[field.attname] = given === undefined ? field.getDefault() : given;
  }
  for (const name of Object.keys(values)) {
    const value = values[name];
    const member = meta.member(name);
    if (member === undefined && !meta.generics.has(name)) throw meta.unknownField(name);
    if (value === undefined) continue;
    if (name === "pk") instance.pk = value;
    else if (member === undefined || (member.type === "field" && member.field.attname !== name)) instance[name] = value;
    else if (member.type !== "field")
      throw ormErrors.ORM_BAD_QUERY({
        reason: `${meta.label}.${name} holds many rows and is set after the row is saved.`,
        hint: `await row.${name}.set([…])`,
      });
  }
  return instance;
}
