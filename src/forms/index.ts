export { BoundField } from "./bound-field.ts";
export { formsChecks } from "./checks.ts";
export type { Choice, ChoiceGroup, ChoiceList, ChoiceSource } from "./choices.ts";
export { ErrorList, FormErrors } from "./error-list.ts";
export { formsErrors } from "./errors.ts";
export { booleanField, nullBooleanField } from "./fields/boolean-fields.ts";
export {
  ChoiceField,
  choiceField,
  type ChoiceFieldOptions,
  MultipleChoiceField,
  multipleChoiceField,
  typedChoiceField,
  type TypedChoiceFieldOptions,
  typedMultipleChoiceField,
} from "./fields/choice-fields.ts";
export {
  comboField,
  type ComboFieldOptions,
  MultiValueField,
  multiValueField,
  type MultiValueFieldOptions,
  splitDateTimeField,
} from "./fields/compound-fields.ts";
export { dateField, type DateFieldOptions, dateTimeField, durationField, timeField } from "./fields/date-fields.ts";
export { Field, type FieldOptions, type WidgetChoice } from "./fields/field.ts";
export { fileField, type FileFieldOptions, imageField, type SubmittedFile } from "./fields/file-fields.ts";
export { type ImageKind, imageKind } from "./fields/image-kind.ts";
export { type ListFieldOptions, simpleArrayField, splitArrayField, type SplitArrayOptions } from "./fields/list-fields.ts";
export { rangeField, type RangeFieldOptions } from "./fields/range-field.ts";
export { genericIPAddressField, type IPAddressFieldOptions } from "./fields/ip-field.ts";
export {
  bigIntegerField,
  decimalField,
  type DecimalFieldOptions,
  floatField,
  integerField,
  type NumberFieldOptions,
  withPlaces,
} from "./fields/number-fields.ts";
export {
  charField,
  type CharFieldOptions,
  emailField,
  regexField,
  type RegexFieldOptions,
  slugField,
  type SlugFieldOptions,
  TextField,
  urlField,
  type UrlFieldOptions,
} from "./fields/text-fields.ts";
export { jsonField, uuidField } from "./fields/value-fields.ts";
export {
  BaseForm,
  type BoundFields,
  type CleanedData,
  type FieldMap,
  Form,
  type FormClass,
  type FormOptions,
  type FormRequest,
} from "./form.ts";
export type { FormSource, SubmittedData } from "./form-data.ts";
export { fieldForModel, isFormField } from "./models/field-for-model.ts";
export {
  modelChoiceField,
  ModelChoiceField,
  type ModelChoiceOptions,
  modelMultipleChoiceField,
  type RowQuery,
} from "./models/model-choice.ts";
export type { ModelFormOptions } from "./models/model-fields.ts";
export { BaseModelForm, ModelForm, modelFormClass, type ModelFormClass, type ModelFormInit } from "./models/model-form.ts";
export {
  BaseFormset,
  formset,
  type FormsetClass,
  type FormsetData,
  type FormsetInit,
  type FormsetOptions,
} from "./formsets/formset.ts";
export {
  BaseInlineFormset,
  inlineFormset,
  type InlineFormsetClass,
  type InlineFormsetOptions,
  type InlineInit,
} from "./formsets/inline-formset.ts";
export {
  BaseModelFormset,
  type FormsetChanges,
  modelFormset,
  type ModelFormsetClass,
  type ModelFormsetInit,
  type ModelFormsetOptions,
  type RowsInit,
} from "./formsets/model-formset.ts";
export { formField } from "./nested/form-field.ts";
export { formsetField } from "./nested/formset-field.ts";
export { type Attributes, attributes, type Html, markup } from "./html.ts";
export {
  checkboxSelectMultiple,
  ChoiceWidget,
  type ChoiceWidgetOptions,
  nullBooleanSelect,
  radioSelect,
  select,
  selectMultiple,
  SelectWidget,
} from "./widgets/choice-widgets.ts";
export { clearableFileInput, fileInput } from "./widgets/file-widgets.ts";
export {
  checkboxInput,
  colorInput,
  dateInput,
  dateTimeInput,
  emailInput,
  hiddenInput,
  InputWidget,
  type MomentWidgetOptions,
  multipleHiddenInput,
  numberInput,
  passwordInput,
  searchInput,
  telInput,
  textarea,
  textInput,
  timeInput,
  urlInput,
} from "./widgets/inputs.ts";
export {
  MultiWidget,
  type MultiWidgetOptions,
  selectDate,
  type SelectDateOptions,
  splitDateTimeInput,
  type SplitDateTimeOptions,
  splitHiddenDateTimeInput,
} from "./widgets/multi-widgets.ts";
export { Widget, type WidgetOptions } from "./widgets/widget.ts";
