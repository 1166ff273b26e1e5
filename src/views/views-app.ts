import { join } from "node:path";
import { useFormRenderer, useMediaAddress } from "#forms";
import { staticUrl, useStaticFiles } from "#http";
import { defineApp } from "#kernel";
import { useMailTemplates } from "./mail/render-mail.ts";

const here = import.meta.dirname;

/** The error pages, the shared look and `{% static %}`. */
export const viewsApp = defineApp({
  name: "cortadoViews",
  templates: join(here, "templates"),
  staticFiles: join(here, "assets"),
  onOpen: async ({ settings, templates }) => {
    await useStaticFiles(settings);
    useMailTemplates(templates);
    useMediaAddress(staticUrl);
    useFormRenderer(settings.formRenderer ?? templates);
  },
});
