/**
 * The three elements of XEP-0047 to and from values. Base64 is read strictly: what is passed over could carry a secret
 * (XEP-0047 §6).
 *
 * @internal
 */
import { Element } from "@xmpp-e2e/xml"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import type { Stanza } from "../../IbbEvent.ts"

export type Request =
  | { readonly _tag: "Open"; readonly sid: string; readonly blockSize: number; readonly stanza: Stanza }
  | { readonly _tag: "Data"; readonly sid: string; readonly seq: number | undefined; readonly text: string }
  | { readonly _tag: "Close"; readonly sid: string }

export const open = (sid: string, blockSize: number): Element.Element =>
  Element.make(namespace, "open", { "block-size": String(blockSize), sid, stanza: "iq" })

export const data = (sid: string, seq: number, bytes: Uint8Array): Element.Element =>
  Element.make(namespace, "data", { seq: String(seq), sid }, bytes.length === 0 ? [] : [Base64.encode(bytes)])

export const close = (sid: string): Element.Element => Element.make(namespace, "close", { sid })

/** IBB-01. `undefined`: nobody can answer it but with `bad-request`. A block without a number still names its bytestream. */
export const read = (element: Element.Element): Request | undefined => {
  const sid = Element.attribute(element, "sid")
  if (element.namespace !== namespace || sid === undefined || !isSid(sid)) return undefined
  if (element.name === "close") return { _tag: "Close", sid }
  if (element.name === "data") {
    const seq = number(Element.attribute(element, "seq"))
    return { _tag: "Data", sid, seq, text: Element.elements(element).length > 0 ? "<" : Element.text(element) }
  }
  const blockSize = number(Element.attribute(element, "block-size"))
  const stanza = Element.attribute(element, "stanza") ?? "iq"
  if (element.name !== "open" || blockSize === undefined || !isBlockSize(blockSize)) return undefined
  return stanza === "iq" || stanza === "message" ? { _tag: "Open", sid, blockSize, stanza } : undefined
}

/** IBB-08. Padding bits that are not zero are refused as well: each content has one form (RFC 4648 §3.5). */
export const octets = (text: string, tolerateWhitespace: boolean): Uint8Array | undefined => {
  const packed = tolerateWhitespace ? text.replace(/[\t\n\r ]+/g, "") : text
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return undefined
  const read = Base64.decode(packed)
  return Result.isSuccess(read) && Base64.encode(read.success) === packed ? read.success : undefined
}

/** Of the characters of an NMTOKEN we ask only that none is white space or a control. */
export const isSid = (sid: string): boolean => sid.length <= sidMax && /^[^\s\p{Cc}]+$/u.test(sid)

export const isBlockSize = (size: number): boolean => Number.isInteger(size) && size >= 1 && size <= maximum

/** XEP-0047 §2.2: 65535 is followed by 0. */
export const after = (seq: number): number => seq === maximum ? 0 : seq + 1

const number = (text: string | undefined): number | undefined => {
  const value = /^[0-9]{1,5}$/.test(text ?? "") ? Number(text) : undefined
  return value !== undefined && value <= maximum ? value : undefined
}

const namespace = "http://jabber.org/protocol/ibb"
const maximum = 65_535
const sidMax = 256
