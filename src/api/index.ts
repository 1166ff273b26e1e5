export { apiApp } from "./api-app.ts";
export { api, manualUrls } from "./api-urls.ts";
export { apiErrors } from "./errors.ts";
export { projectAuthorizer } from "./project-authorizer.ts";
