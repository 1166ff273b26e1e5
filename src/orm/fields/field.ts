import { gettext, gettextLazy, type LazyText } from "#kernel/i18n";
import { ValidationError, type Validator } from "#validation";
import { ormErrors } from "../errors.ts";
import { type Dialect, snakeCase, spacedName } from "../names.ts";
import type { Lookup, Transform } from "../lookups/lookup.ts";
import type { ModelClass } from "../model/model-class.ts";
import { type Choice, type ChoiceGroup, choiceList, flatChoices, isSameChoice } from "./choices.ts";
import { deconstructField } from "./deconstruct.ts";
import type { DatabaseExpression, FieldOptions } from "./field-options.ts";
import type { Presence } from "./field-typing.ts";
import type { Relation } from "./relations/relation.ts";

/** A function between a value and what the database driver takes or gives; undefined when they are the same. */
export type Converter = ((value: any) => unknown) | undefined;

/** What a migration writes of a field: serialisable, without functions. */
export interface DeconstructedField {
  kind: string;
  options: Record<string, unknown>;
}

/** What computes a generated column, and whether the database keeps the result. */
export interface Generation {
  readonly expression: DatabaseExpression | ((row: any) => DatabaseExpression);
  readonly stored: boolean;
}

const defaultMessages: Record<string, LazyText> = {
  null: gettextLazy("This field cannot be null."),
  blank: gettextLazy("This field cannot be blank."),
  invalid_choice: gettextLazy("Value %(value)s is not a valid choice."),
  unique: gettextLazy("%(model_name)s with this %(field_label)s already exists."),
  unique_for_date: gettextLazy("%(field_label)s must be unique for %(date_field_label)s %(lookup_type)s."),
};

/**
 * A field of a model: what its values are, how they are checked and how they are stored.
 * `Value` and `P` exist for the types alone; `create()` requires the `"required"`.
 *
 * A field of your own extends this class and answers `kind`, `columnType`, `parse`, and where the
 * database's values differ from yours, `writer` and `reader`. `registerFieldKind()` tells migrations of it.
 */
export abstract class Field<Value = any, P extends Presence = any> {
  declare readonly $value: Value;
  declare readonly $presence: P;
  /** The name of the function that makes it: `char`, `foreignKey`. */
  abstract readonly kind: string;
  readonly options: any;
  /** The property's name: `isIce`. Set when the model is made. */
  name = "";
  declare model: ModelClass;
  /** What computes the column; `generated()` sets it. */
  generation: Generation | undefined = undefined;

  constructor(options: FieldOptions = {}) {
    this.options = options;
    if ("dbTablespace" in options) throw ormErrors.ORM_BAD_FIELD_OPTION(noTablespaces);
  }

  /** A copy that knows its name and model. */
  bind(name: string, model: ModelClass): this {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(this)) as this, this);
    copy.name = name;
    copy.model = model;
    return copy;
  }

  /** Where a relation leads; undefined for other fields. */
  get relation(): Relation | undefined {
    return undefined;
  }
  /** The fields that hold the value: itself; those of a composite primary key. */
  get parts(): readonly Field[] {
    return [this];
  }
  /** Whether it is a primary key of several fields. */
  get isComposite(): boolean {
    return false;
  }
  /** Its value on a row. */
  valueOn(row: Record<string, unknown>): unknown {
    return row[this.attname];
  }
  /** Sets its value on a row. */
  setOn(row: Record<string, unknown>, value: unknown): void {
    row[this.attname] = value;
  }
  /** The property that holds the column's value: the name, or `roasterId` for a relation. */
  get attname(): string {
    return this.name;
  }
  get column(): string {
    return this.options.dbColumn ?? snakeCase(this.attname);
  }
  get null(): boolean {
    return this.options.null === true;
  }
  get blank(): boolean {
    return this.options.blank === true;
  }
  get primaryKey(): boolean {
    return this.options.primaryKey === true;
  }
  get unique(): boolean {
    return this.options.unique === true || this.primaryKey;
  }
  get dbIndex(): boolean {
    return this.options.dbIndex === true;
  }
  /** Whether forms show it: not what the database computes or allots. */
  get editable(): boolean {
    return this.options.editable ?? (this.generation === undefined && !this.autoIncrement);
  }
  /** Whether a dump of the data has it. */
  get serialize(): boolean {
    return this.options.serialize ?? true;
  }
  /** Whether the database gives the value: always, or where none was given. */
  get databaseValue(): "generated" | "default" | undefined {
    if (this.generation !== undefined) return "generated";
    return this.options.dbDefault === undefined ? undefined : "default";
  }
  get helpText(): string {
    return String(this.options.helpText ?? "");
  }
  get verboseName(): string {
    return String(this.options.verboseName ?? spacedName(this.name));
  }
  get maxLength(): number | undefined {
    return this.options.maxLength;
  }
  get maxDigits(): number | undefined {
    return this.options.maxDigits;
  }
  get decimalPlaces(): number | undefined {
    return this.options.decimalPlaces;
  }
  /** Whether the database allots the value. */
  get autoIncrement(): boolean {
    return false;
  }
  /** Pairs of value and label; a pair with a list in place of the label is a group of them. */
  get choices(): readonly (Choice | ChoiceGroup)[] | undefined {
    return choiceList(this.options.choices, (key) => this.readChoice(key));
  }
  /** Pairs of value and label, without groups. */
  get flatChoices(): readonly Choice[] | undefined {
    const { choices } = this;
    return choices && flatChoices(choices);
  }
  /** What people see for a value: the label of its choice, else the value as a text. */
  displayOf(value: unknown): string {
    const found = this.flatChoices?.find(([choice]) => isSameChoice(choice, value ?? null));
    return found?.[1] ?? (value === null || value === undefined ? "" : String(value));
  }
  /** The kind of field whose control a form shows for it; a field of one's own names the nearest. */
  get formKind(): string {
    return this.kind;
  }
  /** What stands in `ORM_BAD_VALUE` after "It takes". */
  get takes(): string {
    return `a value of ${/^[aeiou]/.test(this.kind) ? "an" : "a"} ${this.kind} field`;
  }
  /** What an empty form control means: most fields take it as null, texts as "". */
  get emptyValue(): unknown {
    return null;
  }
  /** The field's own validators, then the declared ones. */
  get validators(): readonly Validator[] {
    return [...this.ownValidators(), ...(this.options.validators ?? [])];
  }
  /** `shop.Coffee.price`, for messages. */
  get label(): string {
    return this.model === undefined ? this.name : `${this.model.meta.label}.${this.name}`;
  }

  get hasDefault(): boolean {
    return this.options.default !== undefined;
  }
  /**
   * The value of a new instance: the default, else `""` where an empty text is allowed, else null.
   * Undefined leaves it to the database.
   */
  getDefault(): unknown {
    const given = this.options.default;
    if (typeof given === "function") return given();
    if (given === undefined && this.databaseValue !== undefined) return undefined;
    return given ?? (this.blank && !this.null ? this.emptyValue : null);
  }

  /** The column's type: `varchar(30)`. */
  abstract columnType(dialect: Dialect): string;
  /** A condition on the column that the database keeps beside the type, as SQL. */
  columnCheck(): string | undefined {
    return undefined;
  }
  /** Reads a value that a person or a file gave. Throws a ValidationError with the code "invalid". */
  abstract parse(value: unknown): unknown;

  /** How a value is given to the driver. */
  writer(_dialect: Dialect): Converter {
    return undefined;
  }
  /** How a value is given to the driver that the column is compared with. */
  comparer(dialect: Dialect): Converter {
    return this.writer(dialect);
  }
  /** The SQL type in which values are compared with the column, where it is not the column's own. */
  comparedAs(_dialect: Dialect): string | undefined {
    return undefined;
  }
  /** How a value from the driver is read. */
  reader(_dialect: Dialect): Converter {
    return undefined;
  }
  toDatabase(value: unknown, dialect: Dialect): unknown {
    if (value === null || value === undefined) return null;
    const write = this.writer(dialect);
    return write ? write(value) : value;
  }
  /** Whether two values are the same to the driver. */
  isSameParam(a: unknown, b: unknown): boolean {
    return a === b;
  }
  fromDatabase(value: unknown, dialect: Dialect): unknown {
    if (value === null) return null;
    const read = this.reader(dialect);
    return read ? read(value) : value;
  }
  /** How the column is read in a SELECT. */
  selectSql(column: string, _dialect: Dialect): string {
    return column;
  }
  /** The lookups that it has in place of the common ones; undefined for most fields. */
  get lookups(): Readonly<Record<string, Lookup>> | undefined {
    return undefined;
  }
  /** What only this field has before a comparison: a position of a list, a key of a map. */
  transform(_name: string): Transform | undefined {
    return undefined;
  }
  /** Whether it is compared with objects, or has keys that may come from outside: such filters have no shape. */
  get isOpen(): boolean {
    return false;
  }
  /** The column as a text, for patterns. */
  textSql(sql: string, _dialect: Dialect): string {
    return `CAST(${sql} AS text)`;
  }
  /** How a value that the database computed is written into the column. */
  storedSql(sql: string, _dialect: Dialect): string {
    return sql;
  }
  /** What the value is in JSON. */
  toJson(value: unknown): unknown {
    return value ?? null;
  }
  /** A value from what `toJson` gave. @throws ValidationError */
  fromJson(value: unknown): unknown {
    return value === null ? null : this.parse(value);
  }
  /** A value that the database sets itself before a row is written: `autoNow`. */
  beforeSave(value: unknown, _adding: boolean): unknown {
    return value;
  }

  /** Puts on the class of its model what it needs there beside a plain property. */
  decorate(_prototype: object, _name: string): void {}

  /** Converts and validates one value. @throws ValidationError */
  clean(value: unknown): unknown {
    if (value === null || value === undefined) return this.cleanNull();
    if (value === "" && this.emptyValue === null && this.null) return null;
    const parsed = this.parse(value);
    if (parsed === "" || (Array.isArray(parsed) && parsed.length === 0)) {
      if (!this.blank) throw this.invalid("blank");
      return parsed;
    }
    this.checkChoice(parsed);
    this.runValidators(parsed);
    return parsed;
  }

  /** A ValidationError with the field's message for the code. */
  invalid(code: string, params: Record<string, unknown> = {}, message = gettext("Enter a valid value.")): ValidationError {
    const text = this.options.errorMessages?.[code] ?? defaultMessages[code] ?? message;
    return new ValidationError(text, { code, params });
  }

  deconstruct(): DeconstructedField {
    return deconstructField(this);
  }

  protected ownValidators(): Validator[] {
    return [];
  }
  /** Refuses an option that the field cannot do with. */
  protected refuseOption(reason: string, hint?: string): never {
    throw ormErrors.ORM_BAD_FIELD_OPTION({ field: `${this.kind}()`, reason, ...(hint === undefined ? {} : { hint }) });
  }

  private cleanNull(): unknown {
    if (this.null) return null;
    if (this.blank && this.emptyValue !== null) return this.emptyValue;
    throw this.invalid("null");
  }

  private checkChoice(value: unknown): void {
    const choices = this.flatChoices;
    if (choices === undefined || choices.some(([choice]) => isSameChoice(choice, value))) return;
    throw this.invalid("invalid_choice", { value });
  }

  private readChoice(key: string): unknown {
    try {
      return key === "" ? key : this.parse(key);
    } catch {
      return key;
    }
  }

  private runValidators(value: unknown): void {
    const errors: ValidationError[] = [];
    for (const validate of this.validators) {
      try {
        validate(value);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        const message = this.options.errorMessages?.[error.code];
        errors.push(message === undefined ? error : new ValidationError(message, { code: error.code, params: error.params }));
      }
    }
    if (errors.length > 0) throw new ValidationError(errors);
  }
}

const noTablespaces = {
  field: "with dbTablespace",
  reason: "tablespaces are for tables and for indexes, and a field is neither",
  hint: 'An index of the model names one: index(["name"], { dbTablespace: "fast" }). A table is moved by SQL in a migration: runSQL({ forward: "ALTER TABLE … SET TABLESPACE …" }).',
};
