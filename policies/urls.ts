/** Which hosts a text makes a program call. */

/** A host by itself, with or without a port and a path. */
const BARE = /^(?:\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_.])?)(?::\d+)?(?:\/\S*)?$/i;

/** Where a URL begins; the schemes of the web need no `//` everywhere. */
const START = /[a-z][a-z0-9+.-]*:[\\/]{2}|(?<![a-z0-9+.-])(?:https?|wss?|ftp):/gi;

const URL_PARTS =
  /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@\\]*@)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d*)?(?:[/?#][^\\]*)?$/i;

/**
 * The host of a URL, in small letters. Undefined for what is not one, and for what programs read in different ways:
 * `http://a\@b` is `a` for a browser and `b` for Python, `http://0x7f.1` is an address only for some.
 */
export function hostOfUrl(url: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: some programs leave them out
  if (/[\s\u0000-\u001f\u007f]/.test(url)) return undefined;
  const host = URL_PARTS.exec(url)?.[1]?.toLowerCase();
  if (host === undefined) return undefined;
  try {
    return new URL(url).hostname.toLowerCase() === host ? host : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The hosts of the URLs in a text, undefined for each of which {@link hostOfUrl} knows none. A URL goes to the end, as in
 * `huggingface/https://…`; after a blank, as in a sentence or a script, to the next one, without what closes a quotation.
 */
export function urlHosts(text: string): (string | undefined)[] {
  /** `sqlite:///file`: no host. What browsers make of `http:///host` is another matter. */
  const isLocal = (url: string) => /^(?!https?:|wss?:|ftp:)[a-z][a-z0-9+.-]*:\/\/\/(?!\/)/i.test(url);
  return [...text.matchAll(START)].flatMap(({ index }) => {
    const rest = text.slice(index);
    if (isLocal(rest)) return [];
    const isInSentence = /\s/.test(text.slice(0, index));
    const [word = ""] = rest.split(/\s/, 1);
    return hostOfUrl(isInSentence ? word.replace(/["'`<>()[\]{},.;]+$/, "") : rest);
  });
}

/** The host of a text that is a host and no URL, such as `redis:6379`; undefined for a path, a number or other text. */
export function bareHost(text: string): string | undefined {
  if (/^(true|false|none|null|\d*)$/i.test(text)) return undefined;
  return BARE.exec(text)?.[1]?.toLowerCase();
}
