import { Widget } from "../widgets/widget.ts";

/** What shows one form or several in the place of a field: it has no element of its own. */
export abstract class NestedWidget extends Widget {
  override get usesFieldset(): boolean {
    return true;
  }

  override isOmitted(): boolean {
    return false;
  }

  override idForLabel(): string {
    return "";
  }

  override usesRequired(): boolean {
    return false;
  }
}
