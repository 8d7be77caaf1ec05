/**
 * `text` without those of its last characters that `last` matches one by one. For texts from elsewhere: an expression such
 * as `/\/+$/` starts anew at each character of a run that does not end the text, in quadratic time.
 *
 * @param last matches one character; not global
 */
export function withoutEnd(text: string, last: RegExp): string {
  let end = text.length;
  while (end > 0 && last.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
