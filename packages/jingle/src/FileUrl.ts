/**
 * An offered file as the URL of an out-of-band offer (XEP-0066), which says over which in-band bytestream it is to be had:
 *
 *     xmpp:romeo@forza?recvfile;sid=f3a1;mime-type=text%2Fplain;name=letter.txt;size=1022;sha-256=9f86…0a08
 *
 * It is the query type `recvfile` of XMPP URIs (RFC 5122, XEP-0147), with `sha-256` in hexadecimal digits of our own. The
 * address is that of whoever offers. Why it is this form stands in decision 20.
 *
 * @since 0.1.0
 */
import { Element } from "@xmpp-e2e/xml"
import * as Data from "effect/Data"
import * as Result from "effect/Result"
import { isSid } from "./internal/ibb/element.ts"

/**
 * A file on offer: `name` as its owner calls it (see `SafeName`), `size` in octets, `sha256` in 64 lower-case hexadecimal
 * digits, `sid` of the bytestream. `mediaType` is what its owner says that it is (RFC 6838), which nobody has checked.
 *
 * @since 0.1.0
 * @category models
 */
export interface OfferedFile {
  readonly sid: string
  readonly name: string
  readonly size: number
  readonly sha256: string
  readonly mediaType?: string
}

/**
 * The URL is none of ours.
 *
 * - `notOurs`: another scheme or query type: a link, not a file over this stream
 * - `otherOwner`: it names somebody else than the peer who sent it
 * - `resumption`: it asks for a part of a file, which nobody here gives or takes
 * - `malformed`: something is missing, twice there, or not in its form
 *
 * @since 0.1.0
 * @category errors
 */
export class FileUrlUnsound extends Data.TaggedError("FileUrlUnsound")<{
  readonly reason: "notOurs" | "otherOwner" | "resumption" | "malformed"
}> {
  override get message(): string {
    return sentences[this.reason]
  }
}

/**
 * The URL of a file that `owner`, an address, offers. A media type that is none is left out, in both directions.
 *
 * @since 0.1.0
 * @category encoding
 */
export const encode = (owner: string, file: OfferedFile): string =>
  `xmpp:${escaped(owner)}?recvfile;sid=${escaped(file.sid)};`
  + (isMediaType(file.mediaType) ? `mime-type=${escaped(file.mediaType)};` : "")
  + `name=${escaped(file.name)};size=${file.size};sha-256=${file.sha256}`

/**
 * Reads the URL of a file that `owner` offers. Keys that are not known are passed over.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (owner: string, url: string): Result.Result<OfferedFile, FileUrlUnsound> => {
  const parts = /^xmpp:([^?#;]+)\?recvfile((?:;[^;#]*)+)$/i.exec(url.length > urlMax ? "" : url)
  if (parts === null) return unsound("notOurs")
  const [, address = "", query = ""] = parts
  if (plain(address) !== owner) return unsound("otherOwner")
  const pairs = query.slice(1).split(";").map((pair) => pair.split("=", 2))
  const values = new Map(pairs.map(([key = "", value = ""]) => [key, plain(value)]))
  if (values.size !== pairs.length) return unsound("malformed")
  if (["offset", "length", "range"].some((key) => values.has(key))) return unsound("resumption")
  const [sid = "", name = "", size = "", sha256 = ""] = ["sid", "name", "size", "sha-256"].map((key) => values.get(key))
  const isSound = isSid(sid) && name !== "" && name.length <= nameMax && /^(?:0|[1-9][0-9]{0,14})$/.test(size)
    && /^[0-9a-f]{64}$/.test(sha256)
  if (!isSound) return unsound("malformed")
  const mediaType = values.get("mime-type")
  return Result.succeed({
    sid,
    name,
    size: Number(size),
    sha256,
    ...(isMediaType(mediaType) ? { mediaType } : {})
  })
}

/**
 * The child of an iq of type set that offers the file (XEP-0066 §2). Programs that know nothing of this form show the name.
 *
 * @since 0.1.0
 * @category encoding
 */
export const toElement = (owner: string, file: OfferedFile): Element.Element =>
  Element.make(namespace, "query", {}, [
    Element.make(namespace, "url", {}, [encode(owner, file)]),
    Element.make(namespace, "desc", {}, [wellFormed(file.name)])
  ])

/**
 * Reads such a child. One that is no offer at all is `malformed`.
 *
 * @since 0.1.0
 * @category decoding
 */
export const fromElement = (owner: string, element: Element.Element): Result.Result<OfferedFile, FileUrlUnsound> => {
  const url = Element.is(element, namespace, "query") ? Element.child(element, namespace, "url") : undefined
  return url === undefined ? unsound("malformed") : decode(owner, Element.text(url).trim())
}

const unsound = (reason: FileUrlUnsound["reason"]) => Result.fail(new FileUrlUnsound({ reason }))

/** RFC 6838 §4.2. */
const isMediaType = (text: string | undefined): text is string =>
  text !== undefined && /^[A-Za-z0-9][\w!#$&^.+-]{0,126}\/[A-Za-z0-9][\w!#$&^.+-]{0,126}$/.test(text)

/** Nothing that RFC 3986 reserves stays, but for the at sign of an address. */
const escaped = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%40/g, "@")

/** `undefined` where the percent signs say nothing in UTF-8. */
const plain = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Without what no XML can hold. */
const wellFormed = (name: string): string => name.toWellFormed().replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, "\ufffd")

const namespace = "jabber:iq:oob"
const nameMax = 1024
const urlMax = 16_384
const sentences = {
  notOurs: "The offer is a link and no file over this stream; open it in another program if you trust it.",
  otherOwner: "The offer names somebody else's file; ask the owner for it.",
  resumption: "The offer is for a part of a file, and transfers are not resumed here; ask for the whole file.",
  malformed:
    "The offer does not say what a file is called, how large it is, or what its hash is; ask for it to be sent anew."
}
