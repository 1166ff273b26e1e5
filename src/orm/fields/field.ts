import { ValidationError, type Validator } from "#validation";
import { ormErrors } from "../errors.ts";
import { type Dialect, snakeCase, spacedName } from "../names.ts";
import type { ModelClass } from "../model/model-class.ts";
import type { Presence } from "./field-typing.ts";
import type { Relation } from "./relation.ts";
import { type FieldOptions, normaliseChoices } from "./field-options.ts";

/** A function between a value and what the database driver takes or gives; undefined when they are the same. */
export type Converter = ((value: any) => unknown) | undefined;

/** What a migration writes of a field: serialisable, without functions. */
export interface DeconstructedField {
  kind: string;
  options: Record<string, unknown>;
}

/** The options that a migration needs; labels, choices and validators change no table. */
const schemaOptions =
  "null default unique dbIndex dbColumn primaryKey maxLength maxDigits decimalPlaces autoNow autoNowAdd".split(" ");

const defaultMessages: Record<string, string> = {
  null: "This field cannot be null.",
  blank: "This field cannot be blank.",
  invalid_choice: "Value %(value)s is not a valid choice.",
  unique: "%(model_name)s with this %(field_label)s already exists.",
};

/**
 * A field of a model: what its values are, how they are checked and how they are stored.
 * `Value` and `P` exist for the types alone; `create()` requires the `"required"`.
 *
 * A field of your own extends this class and answers `kind`, `columnType`, `parse`, and where the
 * database's values differ from yours, `writer` and `reader`.
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

  constructor(options: FieldOptions = {}) {
    this.options = options;
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
  get editable(): boolean {
    return this.options.editable ?? true;
  }
  get helpText(): string {
    return this.options.helpText ?? "";
  }
  get verboseName(): string {
    return this.options.verboseName ?? spacedName(this.name);
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
  /** Pairs of value and label. */
  get choices(): readonly (readonly [unknown, string])[] | undefined {
    return normaliseChoices(this.options.choices, this.isNumeric);
  }
  get isNumeric(): boolean {
    return false;
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
  /** The value of a new instance: the default, else `""` where an empty text is allowed, else null. */
  getDefault(): unknown {
    const given = this.options.default;
    if (typeof given === "function") return given();
    return given ?? (this.blank && !this.null ? this.emptyValue : null);
  }

  /** The column's type: `varchar(30)`. */
  abstract columnType(dialect: Dialect): string;
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
  fromDatabase(value: unknown, dialect: Dialect): unknown {
    if (value === null) return null;
    const read = this.reader(dialect);
    return read ? read(value) : value;
  }
  /** How the column is read in a SELECT. */
  selectSql(column: string, _dialect: Dialect): string {
    return column;
  }
  /** What the value is in JSON. */
  toJson(value: unknown): unknown {
    return value ?? null;
  }
  /** A value that the database sets itself before a row is written: `autoNow`. */
  beforeSave(value: unknown, _adding: boolean): unknown {
    return value;
  }

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
  invalid(code: string, params: Record<string, unknown> = {}, message = "Enter a valid value."): ValidationError {
    const text = this.options.errorMessages?.[code] ?? defaultMessages[code] ?? message;
    return new ValidationError(text, { code, params });
  }

  deconstruct(): DeconstructedField {
    const options: Record<string, unknown> = {};
    for (const name of schemaOptions) {
      const value = this.options[name];
      if (value !== undefined && value !== false && typeof value !== "function") options[name] = value;
    }
    if (this.options.default === false) options["default"] = false;
    return { kind: this.kind, options };
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
    const choices = this.choices;
    if (choices === undefined || choices.some(([choice]) => choice === value)) return;
    throw this.invalid("invalid_choice", { value });
  }

  private runValidators(value: unknown): void {
    const errors: ValidationError[] = [];
    for (const validate of this.validators) {
      try {
        validate(value);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new ValidationError(errors);
  }
}
