import { reverse } from "#http";
import type { ModelMeta } from "#orm";

/** The admin's addresses, which are Django's. Made once a request, from where the project mounted `admin.urls`. */
export class Addresses {
  readonly index: string;

  constructor(index: string = (reverse as (name: string) => string)("admin:index")) {
    this.index = index;
  }

  get login(): string {
    return `${this.index}login/`;
  }
  get logout(): string {
    return `${this.index}logout/`;
  }
  get password(): string {
    return `${this.index}password_change/`;
  }
  get search(): string {
    return `${this.index}search/`;
  }
  get theme(): string {
    return `${this.index}theme/`;
  }
  get models(): string {
    return `${this.index}models/`;
  }
  get runs(): string {
    return `${this.index}runs/`;
  }

  app(name: string): string {
    return `${this.index}${name}/`;
  }
  list({ app, slug }: ModelMeta): string {
    return `${this.index}${app}/${slug}/`;
  }
  add(meta: ModelMeta): string {
    return `${this.list(meta)}add/`;
  }
  /** A page of one row: `change`, `delete`, `history`, `password`. */
  row(meta: ModelMeta, key: unknown, page: string): string {
    return `${this.list(meta)}${encodeURIComponent(String(key))}/${page}/`;
  }
  /** A machine-learning model's page, or something under it. */
  model(name: string, page?: string): string {
    return `${this.models}${encodeURIComponent(name)}/${page ? `${page}/` : ""}`;
  }
  run(id: unknown, page?: string): string {
    return `${this.runs}${encodeURIComponent(String(id))}/${page ? `${page}/` : ""}`;
  }
}
