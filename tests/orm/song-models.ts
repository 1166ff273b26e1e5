/** The other half of the cycle that begins in `singer-models.ts`. */
import { char, extend, foreignKey, manager, Model } from "cortado/orm";
// oxlint-disable-next-line import/no-cycle -- the cycle is what is tested
import { Singer } from "./singer-models.ts";

export class Song extends Model({
  title: char({ maxLength: 20 }),
  singer: () => foreignKey(Singer, { onDelete: "cascade" }),
}) {
  static objects = manager(this);
  hum(): string {
    return this.title;
  }
}

export class Hit extends extend(Song, { rank: () => foreignKey(Singer, { onDelete: "cascade", relatedName: "hits" }) }) {
  static objects = manager(this);
}

export async function both(song: Song, singer: Singer, hit: Hit) {
  (await song.singer).sing();
  (await singer.songs)[0]?.hum();
  (await singer.best)?.hum();
  (await hit.rank).sing();
  hit.hum();
  await Singer.objects.filter({ songs: { title: "x", singer: { name: "y" } } });
}
