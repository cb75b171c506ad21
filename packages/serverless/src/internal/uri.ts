/**
 * XMPP URIs and IRIs with a query (RFC 5122), as far as invites need them: the path as one text, the query as pairs in their
 * order. What the pairs mean is the business of `Invite.ts`.
 *
 * @internal
 */

export interface Read {
  /** Whether it begins with an account of ours, which is then part of no other field (RFC 5122 §2.2). */
  readonly hasAccount: boolean
  /** Without percent signs; `undefined` where they say nothing in UTF-8. */
  readonly path: string | undefined
  /** Lower case. */
  readonly queryType: string
  readonly pairs: ReadonlyArray<Pair>
}

export interface Pair {
  readonly key: string
  /** `undefined` where its percent signs say nothing in UTF-8. */
  readonly value: string | undefined
}

/** Nothing but what RFC 5122 §2.2 lets stand, and the at sign before the domain. */
export const encode = (
  address: string,
  queryType: string,
  pairs: ReadonlyArray<readonly [key: string, value: string]>
): string => {
  const at = address.lastIndexOf("@")
  const path = at < 0 ? escape(address) : `${escape(address.slice(0, at))}@${escape(address.slice(at + 1))}`
  return `xmpp:${path}?${queryType}${pairs.map(([key, value]) => `;${escape(key)}=${escape(value)}`).join("")}`
}

/**
 * `undefined` where there is no query or another scheme. More is taken than is written: letters beyond ASCII as they are
 * (an IRI), and marks that should have been escaped.
 */
export const decode = (text: string): Read | undefined => {
  const parts = /^xmpp:(\/\/)?([^?#]*)\?([^;#]*)([^#]*)/i.exec(text)
  if (parts === null) return undefined
  const [, account, path = "", queryType = "", query = ""] = parts
  return {
    hasAccount: account !== undefined,
    path: unescape(path),
    queryType: queryType.toLowerCase(),
    pairs: query.split(";").flatMap((pair) => {
      const cut = pair.indexOf("=")
      const key = cut < 0 ? undefined : unescape(pair.slice(0, cut))
      return key === undefined ? [] : [{ key, value: unescape(pair.slice(cut + 1)) }]
    })
  }
}

const escape = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

const unescape = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
