import type { Command } from "./command.ts";
import { changepassword } from "./commands/changepassword.ts";
import { check } from "./commands/check.ts";
import { clearsessions } from "./commands/clearsessions.ts";
import { compilemessages } from "./commands/compilemessages.ts";
import { collectstatic } from "./commands/collectstatic.ts";
import { createsuperuser } from "./commands/createsuperuser.ts";
import { createtoken } from "./commands/createtoken.ts";
import { dbshell } from "./commands/dbshell.ts";
import { dumpdata } from "./commands/dumpdata.ts";
import { findstatic } from "./commands/findstatic.ts";
import { flush } from "./commands/flush.ts";
import { inspectdb } from "./commands/inspectdb.ts";
import { loaddata } from "./commands/loaddata.ts";
import { lintmigrations } from "./commands/lintmigrations.ts";
import { makemessages } from "./commands/makemessages.ts";
import { makemigrations } from "./commands/makemigrations.ts";
import { migrate } from "./commands/migrate.ts";
import { models } from "./commands/models.ts";
import { optimizemigration } from "./commands/optimizemigration.ts";
import { predict } from "./commands/predict.ts";
import { routes } from "./commands/routes.ts";
import { runserver } from "./commands/runserver.ts";
import { sendtestemail } from "./commands/sendtestemail.ts";
import { serve } from "./commands/serve.ts";
import { shell } from "./commands/shell.ts";
import { showmigrations } from "./commands/showmigrations.ts";
import { sqlmigrate } from "./commands/sqlmigrate.ts";
import { squashmigrations } from "./commands/squashmigrations.ts";
import { start } from "./commands/start.ts";
import { startapp } from "./commands/startapp.ts";
import { train } from "./commands/train.ts";

/** Commands that belong together. */
interface CommandGroup {
  title: string;
  commands: readonly Command[];
}

/** Every command, as the overview shows them. */
export const commandGroups: readonly CommandGroup[] = [
  { title: "Project", commands: [startapp, runserver, start, check, routes, shell] },
  { title: "Machine learning", commands: [serve, models, train, predict] },
  {
    title: "Tables",
    commands: [
      makemigrations,
      migrate,
      showmigrations,
      sqlmigrate,
      lintmigrations,
      squashmigrations,
      optimizemigration,
      inspectdb,
    ],
  },
  { title: "Rows", commands: [dumpdata, loaddata, flush, clearsessions, dbshell] },
  { title: "Accounts", commands: [createsuperuser, changepassword, createtoken] },
  { title: "Static files, languages, mail", commands: [collectstatic, findstatic, makemessages, compilemessages, sendtestemail] },
];

export const commands: readonly Command[] = commandGroups.flatMap((group) => group.commands);
