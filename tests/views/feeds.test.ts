import assert from "node:assert/strict";
import { test } from "node:test";
import { path } from "cortado/http";
import { overrideLanguage } from "cortado/i18n";
import { Temporal } from "cortado/validation";
import { feed, type FeedItem, sitemap } from "cortado/views";
import { openSite } from "./open-site.ts";

interface Post {
  id: number;
  title: string;
  at: Date;
}
const posts: Post[] = [
  { id: 2, title: "Tea & <Toast>", at: new Date("2026-11-02T08:00:00Z") },
  { id: 1, title: 'Say "hi"\u0000', at: new Date("2026-11-01T23:30:00.250Z") },
];
const item = (post: Post): FeedItem => ({
  title: post.title,
  link: `/posts/${post.id}/`,
  description: `<p>${post.id}</p>`,
  published: post.at,
  author: { name: "Ann", email: "ann@example.com", link: "https://example.com/ann" },
  categories: ["a", "b & c"],
  enclosures: [{ url: "/sound.mp3", length: 120, mimeType: "audio/mpeg" }],
  id: `tag:example.com,2026:${post.id}`,
  elements: [
    ["itunes:season", {}, "1"],
    ["itunes:group", { a: "<" }, [["itunes:x", {}]]],
  ],
});
const about = { title: "Posts & more", link: "/posts/", description: "All of them", ttl: 60, copyright: "©" };
const options = {
  ...about,
  items: () => posts,
  item,
  stylesheets: ["/feed.xsl", { url: "/feed.css", media: "print" }],
  namespaces: { itunes: "http://www.itunes.com/dtds/podcast-1.0.dtd" },
};

test("a feed is RSS, every text of it escaped", async (t) => {
  const site = await openSite(t, [path("feed.xml", feed(options))]);
  const answer = await site.inject("/feed.xml");
  assert.equal(answer.headers["content-type"], "application/rss+xml; charset=utf-8");
  assert.equal(answer.headers["last-modified"], "Mon, 02 Nov 2026 08:00:00 GMT");
  assert.equal(
    answer.body.replaceAll("><", ">\n<"),
    `<?xml version="1.0" encoding="utf-8"?>
<?xml-stylesheet href="/feed.xsl" type="text/xsl" media="screen"?>
<?xml-stylesheet href="/feed.css" type="text/css" media="print"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel>
<title>Posts &amp; more</title>
<link>http://localhost/posts/</link>
<description>All of them</description>
<atom:link href="http://localhost/feed.xml" rel="self" type="application/rss+xml"/>
<language>en</language>
<copyright>©</copyright>
<lastBuildDate>Mon, 02 Nov 2026 08:00:00 +0000</lastBuildDate>
<ttl>60</ttl>
<item>
<title>Tea &amp; &lt;Toast&gt;</title>
<link>http://localhost/posts/2/</link>
<description>&lt;p&gt;2&lt;/p&gt;</description>
<author>ann@example.com (Ann)</author>
<pubDate>Mon, 02 Nov 2026 08:00:00 +0000</pubDate>
<guid isPermaLink="false">tag:example.com,2026:2</guid>
<enclosure url="http://localhost/sound.mp3" length="120" type="audio/mpeg"/>
<category>a</category>
<category>b &amp; c</category>
<itunes:season>1</itunes:season>
<itunes:group a="&lt;">
<itunes:x/>
</itunes:group>
</item>
<item>
<title>Say &quot;hi&quot;</title>
<link>http://localhost/posts/1/</link>
<description>&lt;p&gt;1&lt;/p&gt;</description>
<author>ann@example.com (Ann)</author>
<pubDate>Sun, 01 Nov 2026 23:30:00 +0000</pubDate>
<guid isPermaLink="false">tag:example.com,2026:1</guid>
<enclosure url="http://localhost/sound.mp3" length="120" type="audio/mpeg"/>
<category>a</category>
<category>b &amp; c</category>
<itunes:season>1</itunes:season>
<itunes:group a="&lt;">
<itunes:x/>
</itunes:group>
</item>
</channel>
</rss>
`,
  );
});

test("the same feed is Atom", async (t) => {
  const site = await openSite(t, [path("atom.xml", feed({ ...options, format: "atom", language: "ko", stylesheets: [] }))]);
  const answer = await site.inject("/atom.xml");
  assert.equal(answer.headers["content-type"], "application/atom+xml; charset=utf-8");
  const [head, entry] = answer.body.replaceAll("><", ">\n<").split("<entry>\n");
  assert.equal(
    head,
    `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<title>Posts &amp; more</title>
<link href="http://localhost/posts/" rel="alternate"/>
<link href="http://localhost/atom.xml" rel="self"/>
<id>http://localhost/posts/</id>
<updated>2026-11-02T08:00:00Z</updated>
<subtitle>All of them</subtitle>
<rights>©</rights>
`,
  );
  assert.match(entry!, /<published>2026-11-02T08:00:00Z<\/published>\n<updated>2026-11-02T08:00:00Z<\/updated>/);
  assert.match(
    entry!,
    /<author>\n<name>Ann<\/name>\n<email>ann@example.com<\/email>\n<uri>https:\/\/example.com\/ann<\/uri>\n<\/author>/,
  );
  assert.match(
    entry!,
    /<summary type="html">&lt;p&gt;2&lt;\/p&gt;<\/summary>\n<link rel="enclosure" href="http:\/\/localhost\/sound.mp3" length="120" type="audio\/mpeg"\/>/,
  );
  assert.match(answer.body, /2026-11-01T23:30:00.250Z/);
});

test("a feed may be about what its address names, or in a format of one's own", async (t) => {
  const site = await openSite(t, [
    path(
      "by/<str:name>/",
      feed({
        getObject: ({ params }) => ({ name: params.name }),
        title: ({ object }) => `Posts of ${object.name}`,
        link: "/",
        items: async () => posts,
        item: async ({ id, title }, { object }) => ({
          title: `${title} ${object.name}`,
          link: `/${id}/`,
          updated: Temporal.PlainDate.from("2026-01-02"),
        }),
      }),
    ),
    path(
      "lines/",
      feed({
        ...about,
        items: posts,
        item,
        format: { contentType: "text/plain", write: ({ items }) => items.map(({ title }) => title).join("\n") },
      }),
    ),
    path("none/", feed({ ...about, items: [] as Post[], item })),
  ]);
  const { body } = await site.inject("/by/ann/");
  assert.match(
    body,
    /<title>Posts of ann<\/title>[^]*<title>Tea &amp; &lt;Toast&gt; ann<\/title>[^]*<pubDate>Fri, 02 Jan 2026 00:00:00 \+0000<\/pubDate><guid>http:\/\/localhost\/2\/<\/guid>/,
  );
  assert.equal((await site.inject("/lines/")).body, 'Tea & <Toast>\nSay "hi"\u0000');
  const none = await site.inject("/none/");
  assert.deepEqual([none.statusCode, none.headers["last-modified"], /<item>/.test(none.body)], [200, undefined, false]);
});

test("a sitemap lists the pages of a site", async (t) => {
  const site = await openSite(t, [
    path(
      "sitemap.xml",
      sitemap(
        {
          pages: {
            items: ["/", "/a b/?x=1&y=2"],
            location: String,
            changeFrequency: "monthly",
            priority: 0.5,
            lastModified: Temporal.PlainDate.from("2026-01-02"),
          },
          posts: {
            items: () => posts,
            location: ({ id }) => `/posts/${id}/`,
            lastModified: ({ at }) => at,
            priority: ({ id }) => (id === 1 ? 1 : undefined),
          },
        },
        { protocol: "https" },
      ),
    ),
  ]);
  const answer = await site.inject("/sitemap.xml");
  assert.deepEqual(
    [answer.headers["content-type"], answer.headers["x-robots-tag"], answer.headers["last-modified"]],
    ["application/xml; charset=utf-8", "noindex, noodp, noarchive", "Mon, 02 Nov 2026 08:00:00 GMT"],
  );
  assert.equal(
    answer.body.replaceAll("><", ">\n<"),
    `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url>
<loc>https://localhost/</loc>
<lastmod>2026-01-02</lastmod>
<changefreq>monthly</changefreq>
<priority>0.5</priority>
</url>
<url>
<loc>https://localhost/a%20b/?x=1&amp;y=2</loc>
<lastmod>2026-01-02</lastmod>
<changefreq>monthly</changefreq>
<priority>0.5</priority>
</url>
<url>
<loc>https://localhost/posts/2/</loc>
<lastmod>2026-11-02T08:00:00.000Z</lastmod>
</url>
<url>
<loc>https://localhost/posts/1/</loc>
<lastmod>2026-11-01T23:30:00.250Z</lastmod>
<priority>1.0</priority>
</url>
</urlset>
`,
  );
});

test("a sitemap that one file cannot hold is an index of its parts", async (t) => {
  const numbers = Array.from({ length: 5 }, (_, at) => at);
  const location = (n: number) => `/${n}/`;
  const site = await openSite(t, [
    path(
      "sitemap.xml",
      sitemap({ few: { items: [7], location }, many: { items: numbers, location, limit: 2, latest: () => posts[0]!.at } }),
    ),
    path("index.xml", sitemap({ few: { items: [7], location } }, { index: true })),
    path("large.xml", sitemap({ large: { items: Array.from({ length: 50_001 }, (_, at) => at), location } })),
    path("sitemap-<str:section>.xml", sitemap({ few: { items: [7], location } })),
  ]);
  const locations = async (url: string) => [...(await site.inject(url)).body.matchAll(/<loc>http:\/\/localhost(.*?)<\/loc>/g)].map(([, at]) => at); // oxfmt-ignore
  assert.deepEqual(await locations("/sitemap.xml"), [
    "/sitemap.xml?section=few",
    "/sitemap.xml?section=many",
    "/sitemap.xml?section=many&amp;p=2",
    "/sitemap.xml?section=many&amp;p=3",
  ]);
  assert.match((await site.inject("/sitemap.xml")).body, /section=many<\/loc><lastmod>2026-11-02T08:00:00.000Z</);
  assert.deepEqual(await locations("/sitemap.xml?section=many&p=3"), ["/4/"]);
  assert.deepEqual(await locations("/index.xml"), ["/index.xml?section=few"]);
  assert.equal((await locations("/large.xml")).length, 2);
  assert.equal((await locations("/large.xml?section=large&p=2")).length, 1);
  assert.deepEqual(await locations("/sitemap-few.xml"), ["/7/"]);
  for (const url of ["/sitemap.xml?section=none", "/sitemap.xml?section=many&p=4", "/sitemap.xml?section=many&p=x"])
    assert.equal((await site.inject(url)).statusCode, 404, url);
});

test("a sitemap names the same page in other languages", async (t) => {
  const { currentLanguage } = await import("cortado/i18n");
  const location = () => `/${currentLanguage()}/`;
  const languages = ["en", "ko"];
  const site = await openSite(t, [
    path("sitemap.xml", sitemap({ pages: { items: [1], location, languages, alternates: true, xDefault: true } })),
  ]);
  const { body } = await overrideLanguage("de", () => site.inject("/sitemap.xml"));
  assert.deepEqual(
    [...body.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, at]) => at),
    ["http://localhost/en/", "http://localhost/ko/"],
  );
  assert.match(
    body,
    /<xhtml:link rel="alternate" hreflang="ko" href="http:\/\/localhost\/ko\/"\/><xhtml:link rel="alternate" hreflang="x-default" href="http:\/\/localhost\/en\/"\/>/,
  );
});
