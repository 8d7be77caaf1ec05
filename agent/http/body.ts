/** Reads the text of an answer: how much of it, and in which encoding. */

import type { Response } from "undici";

/** An answer's `Content-Type` in lower case, without parameters, such as `text/html`; empty when there is none. */
export const contentTypeOf = (answer: Response): string =>
  (answer.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";

export function isText(contentType: string): boolean {
  return /^(text\/.+|application\/(json|xml|([\w.-]+\+(json|xml))))$/.test(contentType);
}

/** Reads no more than `maxBytes` of the body. undici unpacks it, so a small packed body can't become a huge one. */
export async function readText(answer: Response, maxBytes: number): Promise<{ text: string; cut: boolean }> {
  if (answer.body === null) return { text: "", cut: false };
  const chunks: Uint8Array[] = [];
  let left = maxBytes;
  let cut = false;
  const reader = answer.body.getReader();
  while (!cut) {
    const { done, value } = await reader.read();
    if (done) break;
    const bytes: Uint8Array = value;
    chunks.push(bytes.subarray(0, left));
    cut = bytes.length > left;
    left -= bytes.length;
  }
  if (cut) await reader.cancel();
  const bytes = Buffer.concat(chunks);
  // As a stream, half a character at the cut is left out.
  return { text: decoder(answer, bytes).decode(bytes, { stream: cut }), cut };
}

/** For the encoding that the header names, else the page itself, else UTF-8. */
function decoder(answer: Response, bytes: Buffer): InstanceType<typeof TextDecoder> {
  const header = /charset=["']?([\w.:-]+)/i.exec(answer.headers.get("content-type") ?? "")?.[1];
  const page = contentTypeOf(answer).includes("html")
    ? /<meta[^>]{0,200}charset=["']?([\w.:-]+)/i.exec(bytes.toString("latin1", 0, 1024))?.[1]
    : undefined;
  try {
    return new TextDecoder(header ?? page ?? "utf-8");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new TextDecoder();
  }
}
