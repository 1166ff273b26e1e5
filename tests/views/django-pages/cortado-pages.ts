import { type TestSite, testSite } from "cortado/testing";
import { Temporal } from "cortado/validation";
import { Author, Book, Review } from "./bookshop/models.ts";
import { type Answer, type AskedPage, rows, withoutTokens } from "./asked-pages.ts";
import project from "./cortado.config.ts";

/** The bookshop with its rows, in a database of its own: SQLite, or the PostgreSQL at an address. */
export async function openBookshop(database = project.database): Promise<TestSite> {
  const site = await testSite({ ...project, database });
  await fillBookshop();
  return site;
}

/** Puts the rows into the bookshop's tables. */
async function fillBookshop(): Promise<void> {
  await Author.objects.bulkCreate(rows.authors.map((row) => ({ ...row, born: Temporal.PlainDate.from(row["born"]) }) as never));
  const books = rows.books.map(({ author_id, ...row }) => ({
    ...row,
    authorId: author_id,
    published: Temporal.PlainDate.from(row["published"]),
    added: new Date(row["added"]),
  }));
  await Book.objects.bulkCreate(books as never);
  await Review.objects.bulkCreate(rows.reviews.map(({ book_id, ...row }) => ({ ...row, bookId: book_id }) as never));
}

/** A page of the bookshop, as a browser without a past gets it; redirects are followed. */
export async function askCortado(site: TestSite, { url, data, language = "en", statusOnly }: AskedPage): Promise<Answer> {
  site.cookies.clear();
  const headers = { "accept-language": language };
  let answer = await site.get(url, { headers });
  if (data !== undefined) {
    answer = await site.submit(url, data);
    if (answer.status === 302) answer = await site.get(answer.headers["location"]!);
  }
  return { status: answer.status, body: statusOnly ? "" : withoutTokens(answer.text) };
}
