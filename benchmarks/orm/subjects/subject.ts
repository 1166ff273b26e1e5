import type { Place } from "../place.ts";

/** A coffee to insert. */
export interface NewCoffee {
  name: string;
  price: number;
  isIce: boolean;
  origin: string | null;
}

/** What every ORM is asked to do; each gives a promise, or the result itself where it is synchronous. */
export interface Turns {
  /** One coffee by its primary key. */
  getPk?(id: number): unknown;
  /** All 1,000 coffees as what the ORM gives for a row. */
  list?(): unknown;
  insert?(coffee: NewCoffee): unknown;
  /** All 1,000 orders with their customer and their three lines. */
  relations?(): unknown;
  close(): Promise<void> | void;
}

/** An ORM, or the bare driver. */
export interface OrmSubject {
  name: string;
  open(place: Place): Promise<Turns>;
}
