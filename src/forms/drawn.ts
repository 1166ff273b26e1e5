import type { Html } from "./html.ts";

/** What a page shows in four layouts: a form, or several of them. */
export abstract class Drawn {
  /** The folder of the layouts' templates. */
  protected abstract readonly layoutFolder: string;

  /** Drawn by a template; by one's own, or else the default, where none is named. */
  abstract render(templateName?: string): Html;

  /** As paragraphs. */
  get asP(): Html {
    return this.render(`${this.layoutFolder}/p.html`);
  }

  /** As `<div>`s; groups of elements are fieldsets. */
  get asDiv(): Html {
    return this.render(`${this.layoutFolder}/div.html`);
  }

  /** As table rows, without `<table>`. */
  get asTable(): Html {
    return this.render(`${this.layoutFolder}/table.html`);
  }

  /** As list items, without `<ul>`. */
  get asUl(): Html {
    return this.render(`${this.layoutFolder}/ul.html`);
  }

  /** What a template prints: its own template, by default as `asDiv`. */
  toHtml(): Html {
    return this.render();
  }
}
