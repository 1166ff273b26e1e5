export { BoundField, type LabelOptions } from "./bound-field.ts";
export { formsChecks } from "./checks.ts";
export type { Choice, ChoiceGroup, ChoiceList, ChoiceSource } from "./choices.ts";
export { type ErrorData, ErrorList, FormErrors } from "./error-list.ts";
export { type FormRenderer, formRenderer, formTemplates, useFormRenderer } from "./form-renderer.ts";
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
export { dateField, type DateFieldOptions, dateTimeField, timeField } from "./fields/date-fields.ts";
export { durationField } from "./fields/duration-field.ts";
export { type BoundFieldClass, type ErrorMessages, Field, type FieldOptions, type WidgetChoice } from "./fields/field.ts";
export { contentKind } from "./fields/content-kind.ts";
export {
  fileField,
  type FileFieldOptions,
  imageField,
  type ImageFieldOptions,
  multipleFileField,
  type SubmittedFile,
} from "./fields/file-fields.ts";
export { type FileRules } from "./fields/file-rules.ts";
export { type ImageRules } from "./fields/image-rules.ts";
export { filePathField, type FilePathFieldOptions } from "./fields/file-path-field.ts";
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
export { BaseForm } from "./base-form.ts";
export type { BoundFields } from "./bound-fields.ts";
export type { CleanedData, FieldMap, FormOptions } from "./form-options.ts";
export { Form, type FormClass, type FormStatics } from "./form.ts";
export { type ExtendedFormClass, extendForm, type FieldChanges } from "./extend-form.ts";
export type { FormRequest } from "./submission.ts";
export type { FormSource, SubmittedData } from "./form-data.ts";
export { type FieldMaker, fieldForModel, isFormField } from "./models/field-for-model.ts";
export {
  modelChoiceField,
  ModelChoiceField,
  type ModelChoiceOptions,
  modelMultipleChoiceField,
  type RowQuery,
} from "./models/model-choice.ts";
export type { ModelFormOptions } from "./models/model-fields.ts";
export { BaseModelForm, ModelForm, modelFormClass, type ModelFormClass, type ModelFormInit } from "./models/model-form.ts";
export { BaseFormset } from "./formsets/base-formset.ts";
export type { FormsetData, FormsetInit, FormsetOptions } from "./formsets/formset-options.ts";
export { formset, type FormsetClass } from "./formsets/formset.ts";
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
export { clearableFileInput, fileInput, type FileWidgetOptions } from "./widgets/file-widgets.ts";
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
  type PasswordWidgetOptions,
  searchInput,
  telInput,
  textarea,
  textInput,
  timeInput,
  urlInput,
} from "./widgets/inputs.ts";
export {
  MultiWidget,
  multiWidget,
  type MultiWidgetOptions,
  type SplitDateTimeOptions,
  splitDateTimeWidget,
  splitHiddenDateTimeWidget,
} from "./widgets/multi-widgets.ts";
export { type SelectDateOptions, selectDateWidget } from "./widgets/select-date-widget.ts";
export { Subwidget, Widget, type WidgetContext, type WidgetOptions } from "./widgets/widget.ts";
export { Media, type MediaDefinition } from "./media/media.ts";
export { type MediaAsset, MediaPath, Script, Stylesheet, useMediaAddress } from "./media/media-asset.ts";
