import { didYouMean } from "#kernel";
import type { Field } from "./field.ts";
import type { FieldFinding } from "./field-checks.ts";

const words = (text: string): readonly string[] => text.split(" ");

/** Kinds whose options are all known here; a kind of one's own may have others. */
const kinds = new Set(
  words(
    "char text slug email url uuid integer smallInteger bigInteger positiveInteger positiveSmallInteger positiveBigInteger auto smallAuto " +
      "bigAuto float decimal boolean date time dateTime duration json binary genericIPAddress file image filePath foreignKey oneToOne manyToMany",
  ),
);

const options = words(
  "null blank default dbDefault choices unique uniqueForDate uniqueForMonth uniqueForYear dbIndex dbColumn dbComment primaryKey editable " +
    "serialize validators helpText verboseName errorMessages maxLength dbCollation allowUnicode maxDigits decimalPlaces autoNow autoNowAdd " +
    "encoder decoder protocol unpackIpv4 uploadTo storage widthField heightField path match recursive allowFiles allowFolders " +
    "to onDelete relatedName relatedQueryName limitChoicesTo toField dbConstraint parentLink through throughFields symmetrical dbTable",
);

/** An option that no field has is a slip that the types of a relation let pass. */
export function* checkOptions(field: Field): Generator<FieldFinding> {
  if (!kinds.has(field.kind)) return;
  for (const given of Object.keys(field.options)) {
    if (options.includes(given)) continue;
    yield {
      code: "ORM_CHECK_UNKNOWN_OPTION",
      message: `No field has an option "${given}".`,
      hint: didYouMean(given, options) ?? "Leave it out.",
    };
  }
}
