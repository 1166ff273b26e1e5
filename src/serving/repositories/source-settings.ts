/** Where models may come from besides this machine's own folders, and how they are brought here. */
export interface SourceSettings {
  /**
   * Beginnings of addresses from which models may come: `s3://models`, `github:acme`, `hf:acme`, `git+https://git.example.com/ml`,
   * `https://models.example.com/public`. What does not lie below one of them is refused, redirects included. Default: the
   * sources that the project itself names, and no redirect away from them. Plain http must be named here, and is for loopback alone.
   */
  allow?: readonly string[] | undefined;
  /** Where `hf:` addresses are asked: `https://hub.example.com`. Default: `HF_ENDPOINT`, else Hugging Face's own hub. */
  hub?: string | undefined;
  /** The folder in which downloads are kept, also over a restart. Default: `var/cache/models`. */
  cache?: string | undefined;
  /** Seconds between two looks at a source. Default 30. `false` looks once, and again when it is asked to. */
  poll?: number | false | undefined;
  /** Seconds without a byte after which a transfer is begun anew, where it broke off. Default 30. */
  timeout?: number | undefined;
  /** The most bytes that one version may have. Default 10 GiB. */
  maxSize?: number | undefined;
  /** How many contents of a source without version folders are kept as versions: what one can roll back to. Default 3. */
  keep?: number | undefined;
  /**
   * What servers of git and https are told, by the beginning of an address, the longest first: a token, or `user:password`.
   * Take it from the environment: `{ "git+https://git.example.com": env("GIT_TOKEN") }`. Without it `GITHUB_TOKEN` is told to GitHub, and `HF_TOKEN` to the hub.
   * S3 finds its credentials where every tool of AWS does.
   */
  credentials?: Readonly<Record<string, string>> | undefined;
}
