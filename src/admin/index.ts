export { admin } from "./app.ts";
export { adminErrors } from "./errors.ts";
export { type FieldChange, LogEntry } from "./log-entry.ts";
export {
  type AdminAction,
  type AdminForm,
  type BulkAction,
  type Fieldset,
  type ListColumn,
  modelAdmin,
  type ModelAdmin,
  type ModelAdminOptions,
} from "./model-admin.ts";
export { type AdminSettings, AdminSite } from "./site.ts";
