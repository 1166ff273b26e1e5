export { apiApp } from "./api-app.ts";
export { api } from "./api-urls.ts";
export { apiErrors } from "./errors.ts";
export { projectAuthorizer } from "./project-authorizer.ts";
