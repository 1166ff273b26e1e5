import { AbstractUser, userManager } from "cortado/auth";

/** The project's own user table: fields of its own can be added at any time. */
export class User extends AbstractUser({}) {
  static objects = userManager(this);
}
