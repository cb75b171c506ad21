/**
 * Language tags of streams (RFC 6120 §4.7.4).
 *
 * @since 0.1.0
 */

/**
 * LANG-03: well-formed by RFC 5646 as far as its grammar of subtags goes.
 *
 * @since 0.1.0
 * @category guards
 */
export const isTag = (text: string): boolean => /^(?:[A-Za-z]{2,8}|[IXix])(?:-[A-Za-z0-9]{1,8})*$/.test(text)

/**
 * LANG-02: the tag to answer with. Lookup of RFC 4647 §3.4: subtags drop from the right, a dangling single-character
 * subtag with them.
 *
 * @since 0.1.0
 * @category combinators
 */
export const lookup = (wanted: string | undefined, supported: ReadonlyArray<string>, own: string): string => {
  let range = wanted
  while (range !== undefined) {
    const found = find(range, supported)
    if (found !== undefined) return found
    range = shorten(range)
  }
  return own
}

const find = (range: string, supported: ReadonlyArray<string>): string | undefined =>
  supported.find((tag) => tag.toLowerCase() === range.toLowerCase())

const shorten = (range: string): string | undefined => {
  const parts = range.split("-").slice(0, -1)
  while (parts.length > 0 && parts[parts.length - 1]?.length === 1) parts.pop()
  return parts.length === 0 ? undefined : parts.join("-")
}
