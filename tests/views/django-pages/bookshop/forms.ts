import {
  booleanField,
  charField,
  checkboxSelectMultiple,
  choiceField,
  type CleanedData,
  Form,
  formset,
  inlineFormset,
  integerField,
  ModelForm,
  multipleChoiceField,
  passwordInput,
  textarea,
  textInput,
} from "cortado/forms";
import { ValidationError } from "cortado/validation";
import { Book, kinds, Review } from "./models.ts";

export class BookForm extends ModelForm(Book, {
  fields: ["title", "slug", "author", "kind", "price", "pages", "published", "available", "summary"],
  widgets: { summary: textarea({ attrs: { rows: 3, class: "wide" } }) },
}) {}

export class ReviewForm extends Form({
  reader: charField({ maxLength: 30 }),
  stars: integerField({ minValue: 1, maxValue: 5 }),
  text: charField({ required: false, widget: textarea() }),
}) {}

export const ReviewFormset = formset(ReviewForm, { extra: 2, canDelete: true });
export const BookReviews = inlineFormset(Book, Review, { fields: ["reader", "stars", "text"], extra: 1 });

export class SearchForm extends Form({
  q: charField({ required: false, maxLength: 50, label: "Search for" }),
  kind: multipleChoiceField({ required: false, choices: kinds, widget: checkboxSelectMultiple() }),
  sort: choiceField({ required: false, choices: [["", "by title"], ["price", "cheapest first"], ["-price", "dearest first"]] }), // oxfmt-ignore
  available: booleanField({ required: false }),
}) {}

const loginFields = {
  username: charField({ maxLength: 150, widget: textInput({ attrs: { autofocus: true, autocomplete: "username" } }) }),
  password: charField({ strip: false, widget: passwordInput({ attrs: { autocomplete: "current-password" } }) }),
};
export class LoginForm extends Form(loginFields) {
  override clean() {
    throw new ValidationError("Please enter a correct username and password.", { code: "invalid_login" });
  }
}

const passwordFields = {
  old: charField({ label: "Old password", widget: passwordInput() }),
  new: charField({ label: "New password", minLength: 8, widget: passwordInput(), helpText: "At least 8 characters." }),
  again: charField({ label: "New password, again", widget: passwordInput() }),
};
export class PasswordForm extends Form(passwordFields) {
  override clean(values: Partial<CleanedData<typeof passwordFields>>) {
    if (values.new !== values.again) this.addError("again", "The passwords differ.");
  }
}
