// What the examples in comments take for granted: a shop with coffees and roasters, a request, a row, an open project.
import fs from "node:fs/promises";
import * as zod from "zod";
import type { HttpRequest, OpenProject, Project, Services } from "cortado";
import type { HttpResponse, Socket } from "cortado/http";
import { defineApp, path } from "cortado";
import type { Credentials } from "cortado/auth";
import { AbstractUser, userManager } from "cortado/auth";
import { charField, Form, integerField, ModelForm } from "cortado/forms";
import {
  boolean,
  char,
  type Database,
  dateTime,
  extend,
  type Field,
  file,
  float,
  foreignKey,
  genericForeignKey,
  integer,
  manager,
  manyToMany,
  Model,
  type Refs,
  related,
  slug,
} from "cortado/orm";
import { type Dataset, type Run, tabular, type TabularModel } from "cortado/registry";
import { type Authorizer, type Handler, handler, type ModelServer } from "cortado/serving";
import type { Engine } from "cortado/templates";
import type { TestSite } from "cortado/testing";

export const writeFile = fs.writeFile;
export const z = zod.z;

export class User extends AbstractUser({}) {
  static objects = userManager(this);
}

export class Roaster extends Model({
  name: char({ maxLength: 80 }),
  country: char({ maxLength: 2, default: "KR" }),
  coffees: () => related(Coffee, "roaster"),
}) {
  static objects = manager(this);
}

export class Tag extends Model({ name: char({ maxLength: 20 }) }) {
  static objects = manager(this);
}

export class Coffee extends Model({
  name: char({ maxLength: 30, default: "" }),
  price: integer({ default: 0 }),
  isIce: boolean({ default: false }),
  isOld: boolean({ default: false }),
  roaster: () => foreignKey(Roaster, { onDelete: "protect", null: true }),
  tags: () => manyToMany(Tag),
}) {
  static objects = manager(this);
  getAbsoluteUrl(): string {
    return `/coffee/${this.pk}/`;
  }
}

export class Order extends Model({ created: dateTime() }) {
  static objects = manager(this);
}

export class Post extends Model({
  title: char({ maxLength: 80 }),
  slug: slug({ unique: true }),
  published: dateTime(),
  changed: dateTime(),
}) {
  static objects = manager(this);
}

export class AddressForm extends Form({ street: charField(), city: charField() }) {}
export class LineForm extends Form({ coffee: charField(), count: integerField() }) {}

export class Shape extends Model({
  side: float(),
  angle: float(),
  slope: float(),
  area: float(),
  radius: float(),
  x: float(),
  y: float(),
}) {
  static objects = manager(this);
}

export class Drawing extends Model({ picture: file({ null: true }) }) {
  static objects = manager(this);
}

export class Timed extends Model({ added: dateTime({ autoNowAdd: true }) }, { abstract: true }) {}
export class Named extends Model({ name: char({ maxLength: 50 }) }, { abstract: true }) {}

export class Note extends Model({
  kind: char({ maxLength: 80 }),
  key: char({ maxLength: 40 }),
  subject: () => genericForeignKey("kind", "key"),
}) {
  static objects = manager(this);
}

export class Place extends Model({ name: char({ maxLength: 50 }) }) {}
export class Restaurant extends extend(Place, { hot: boolean({ default: false }) }) {}

export class Review extends Model({ text: char({ maxLength: 200 }) }) {
  static objects = manager(this);
}

export class CoffeeForm extends ModelForm(Coffee, { fields: ["name", "price", "isIce"] }) {}
export class Contact extends Form({ message: charField() }) {}
export class GuestForm extends Form({ name: charField() }) {}

export const penguinSpecies = handler({
  name: "penguin-species",
  train: tabular({ rows: () => Review.objects.all(), target: "species", features: ["island"] }),
});

export const coffeeView = (request: HttpRequest) => request.path;
export const coffeeDetail = (_request: HttpRequest, { id }: { id: number }) => `${id}`;
export const archive = (_request: HttpRequest, { year }: { year: unknown }) => `${year}`;
export const listCoffee = coffeeView;
export const createCoffee = coffeeView;
export const orders = coffeeView;
export const prices = coffeeView;
export const view = coffeeView;
export const start = coffeeView;
export const account = coffeeView;
export const menu = coffeeView;
export const map = coffeeView;
export const hook = coffeeView;
export const pay = coffeeView;
export const login = coffeeView;
export const preview = coffeeView;
export const widget = coffeeView;
export const search = coffeeView;
export const report = coffeeView;
export const coffeeList = coffeeView;
export const deleteCoffee = coffeeView;
export const coffeePage = coffeeView;
export const coffeeData = coffeeView;

export const models = { Coffee, Roaster, Tag, Review };
export const shop = defineApp({ name: "shop", models });
export const shopUrls = [path("coffee/", coffeeView, { name: "coffee" })];
export const urls = [path("coffee/<int:id>/", coffeeDetail, { name: "coffee-detail" })];
export const partnerUrls = urls;
export const apps = [shop];

export declare const config: Project;
export declare const project: Project;
export declare const request: HttpRequest;
export declare const response: HttpResponse;
export declare const socket: Socket;
export declare const services: Services;
export declare const settings: OpenProject["settings"];
export declare const site: TestSite;
export declare const db: Database;
export declare const user: User;
export declare const coffee: Coffee;
/** Rows inside a query: `filter((c) => …)`. */
export declare const c: Refs<Coffee>;
export declare const r: Refs<Roaster>;
export declare const money: (options?: object) => Field<number>;
export declare const oven: object;
export declare const tell: (sender: unknown, size: number) => Promise<void>;
export declare const o: Refs<Order>;
export declare const s: Refs<Shape>;
export declare const choices: { KR: string };
export declare const order: Coffee;
export declare const roaster: Roaster;
export declare const hot: Tag;
export declare const sweet: Tag;
export declare const run: Run;
export declare const engine: Engine;
export declare const model: TabularModel;
export declare const dataset: Dataset;
export declare const credentials: Credentials;
export declare const username: string;
export declare const password: string;
export declare const id: number;
export declare const url: string;
export declare const label: string;
export declare const pixels: number[];
export declare const context: Record<string, unknown>;
export declare const server: ModelServer;
export declare const authorizer: Authorizer;
export declare const error: unknown;
export declare const drinkPrice: Handler<unknown, { price: number }>;
export declare const handlers: {
  digits: Handler<{ pixels: number[] }, { digit: number }, unknown, "digits">;
  story: Handler<{ text: string }, string, string, "story">;
};
export declare const find: Handler<{ file: string }, { boxes: number[][]; language: string }>;
export declare const read: Handler<number[], string>;
export declare const translate: Handler<{ lines: string[]; language: string }, { lines: string[] }>;
export declare function show(text: string): void;
export declare function write(text: unknown): void;
export declare function pause(milliseconds: number | undefined): Promise<void>;
export declare function writeVersion(folder: string, files: unknown): void;
export declare function learn(...values: unknown[]): void;
export declare function newsAfter(id: number, signal: AbortSignal): AsyncIterable<{ id: number; data: string }>;
export declare function changedAt(id: number): Date;
export declare function menuVersion(): string;
export declare function menuChangedAt(): Date;
export declare function csvLines(rows: AsyncIterable<Coffee>): AsyncIterable<string>;
export declare function send(values: unknown): void;
export declare function sendReceipt(order: Coffee): void;
