/**
 * Bytes to stream-level events, one at a time; the only file that knows `saxes`.
 *
 * It owns the bytes: which are read, which stay, and how many may come (XML-18). What the characters mean is left to
 * `internal/lexer.ts` (what is restricted), `saxes` (tags) and `internal/tree.ts` (names and elements).
 *
 * @since 0.1.0
 */
import { SaxesParser, type XMLDecl } from "saxes"
import type { Element, RootTag } from "./Element.ts"
import type { XmlFault } from "./Fault.ts"
import * as Lexer from "./internal/lexer.ts"
import { isSpace } from "./internal/names.ts"
import * as Tree from "./internal/tree.ts"
import * as Unread from "./internal/unread.ts"
import * as Utf8 from "./internal/utf8.ts"
import type { Limits } from "./Limits.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type ReaderEvent =
  | { readonly _tag: "RootOpened"; readonly tag: RootTag }
  | {
    readonly _tag: "ElementRead"
    readonly element: Element
    /** NS-05: the first-level element itself was written with a prefix. */
    readonly prefixed: boolean
    /** NS-10: somewhere inside, a prefix other than the stream's own is used that only the header binds. */
    readonly headerPrefixed: boolean
  }
  /** A run of white space between first-level elements, reported once, when the next tag begins. */
  | { readonly _tag: "WhitespaceRead" }
  | { readonly _tag: "RootClosed" }
  | { readonly _tag: "Faulted"; readonly fault: XmlFault }

/**
 * After `Faulted` and after `RootClosed` (XML-23) a reader is at its end: nothing is read, restarted or kept any more.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reader {
  /** Adds bytes as they came. Cheap; nothing is parsed yet. The array is kept, not copied: do not write to it again. */
  readonly push: (bytes: Uint8Array) => void
  /** The next event, or `undefined`: feed me. Parses no byte beyond the one that completes the event. */
  readonly next: () => ReaderEvent | undefined
  /** A new document; the unread bytes stay (after SASL success, SASL-29). */
  readonly restart: () => void
  /** Gives the unread bytes away (to TLS, TLS-15) and forgets them. */
  readonly take: () => Uint8Array
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (limits: Limits): Reader => {
  const unread = Unread.make()
  let document: Document | undefined = begin(limits)
  return {
    push: (bytes) => {
      if (document !== undefined && bytes.length > 0) Unread.push(unread, bytes)
    },
    next: () => {
      const event = document === undefined ? undefined : advance(document, unread)
      if (event?._tag === "Faulted" || event?._tag === "RootClosed") {
        document = undefined
        Unread.clear(unread)
      }
      return event
    },
    restart: () => {
      if (document !== undefined) document = begin(limits)
    },
    take: () => Unread.take(unread)
  }
}

const advance = (document: Document, unread: Unread.Unread): ReaderEvent | undefined => {
  for (;;) {
    const event = completed(document.tree)
    if (event !== undefined) return event
    if (!Unread.ready(unread)) return undefined
    if (skip(document, unread)) return { _tag: "WhitespaceRead" }
    if (unread.at < unread.bytes.length) read(document, unread)
    const { fault } = document.tree
    if (fault !== undefined) return { _tag: "Faulted", fault }
  }
}

/** What one XML document needs, from its first byte to the end of its root. */
interface Document {
  readonly limits: Limits
  readonly decoder: Utf8.Decoder
  readonly lexer: Lexer.Lexer
  readonly tree: Tree.Tree
  /** Bytes of the header, then of each first-level element. */
  used: number
}

const begin = (limits: Limits): Document => {
  const tree = Tree.make(limits.attributesMax)
  // XML-12: another version than 1.0 ends the stream; its rules are never followed.
  const parser = new SaxesParser({ xmlns: false, position: false, forceXMLVersion: true, defaultXMLVersion: "1.0" })
  parser.on("attribute", (written) => Tree.attribute(tree, written))
  parser.on("opentag", (tag) => Tree.open(tree, tag.name))
  parser.on("closetag", () => Tree.close(tree))
  parser.on("text", (text) => Tree.text(tree, text))
  parser.on("cdata", (text) => {
    Tree.text(tree, text)
    tree.settled = true
  })
  parser.on("xmldecl", () => {
    tree.settled = true
  })
  const write = (text: string): void => {
    let offence: unknown
    try {
      // Without a handler for errors the first one is thrown, which is the only way to stop the parser.
      parser.write(text)
    } catch (error) {
      offence = error
    }
    if (tree.frames.length === 0) judge(tree, parser.xmlDecl)
    if (offence !== undefined) Tree.fail(tree, "notWellFormed", detailOf(offence))
  }
  return { limits, decoder: Utf8.make(), lexer: Lexer.make(tree, limits.depthMax, write), tree, used: 0 }
}

/** XML-09, XML-12. A version that is no number at all is left to the parser. */
const judge = (tree: Tree.Tree, { encoding, version }: XMLDecl): void => {
  if (version !== undefined && version !== "1.0" && /^[0-9]+(\.[0-9]+)*$/.test(version)) {
    Tree.fail(tree, "xmlVersion", "another version of XML than 1.0")
  }
  if (encoding !== undefined && encoding.toLowerCase() !== "utf-8") {
    Tree.fail(tree, "encoding", "another encoding declared than UTF-8")
  }
}

/** The parser's message up to the colon, behind which it quotes what it found. */
const detailOf = (offence: unknown): string =>
  offence instanceof Error ? offence.message.replace(/(: .*|\.)$/s, "") : "not well-formed"

/** The event that was completed last. A root tag that closes itself makes two. */
const completed = (tree: Tree.Tree): ReaderEvent | undefined => {
  const { element, root } = tree
  if (element !== undefined) {
    tree.element = undefined
    return { _tag: "ElementRead", element, prefixed: tree.prefixed, headerPrefixed: tree.headerPrefixed }
  }
  if (root !== undefined) {
    tree.root = undefined
    return { _tag: "RootOpened", tag: root }
  }
  return tree.rootClosed ? { _tag: "RootClosed" } : undefined
}

/** Skips white space between first-level elements; true when a run of it ends before a tag, which stays unread. */
const skip = (document: Document, unread: Unread.Unread): boolean => {
  const { decoder, lexer, tree } = document
  if (!Lexer.isBetween(lexer) || decoder.waiting > 0) return false
  const { at, bytes } = unread
  // White space before the header counts, white space after it does not.
  const stop = tree.frames.length === 0 ? Math.min(bytes.length, at + left(document)) : bytes.length
  let end = at
  while (end < stop && isSpace(bytes[end] ?? 0)) end++
  if (end > at) {
    Lexer.skipped(lexer)
    unread.at = end
  }
  if (tree.frames.length === 0) document.used += end - at
  else document.used = 0
  if (!lexer.blank || bytes[end] !== LESS) return false
  lexer.blank = false
  return true
}

/** Reads up to the next byte that may complete an event, or to the end of what may be read. */
const read = (document: Document, unread: Unread.Unread): void => {
  const { decoder, lexer, tree } = document
  const { at, bytes } = unread
  const stop = Math.min(bytes.length, at + left(document))
  if (stop <= at) {
    if (tree.frames.length === 0) return Tree.fail(tree, "headerTooBig", "the stream header is too big")
    return Tree.fail(tree, "elementTooBig", "a first-level element is too big")
  }
  const isReference = Lexer.isRootReference(lexer) || (Lexer.isBetween(lexer) && bytes[at] === AMPERSAND)
  const last = bytes.indexOf(isReference ? SEMICOLON : GREATER, at)
  const end = last === -1 || last >= stop ? stop : last + 1
  const text = Utf8.decode(decoder, bytes, at, end)
  unread.at = end
  document.used += end - at
  Lexer.read(lexer, text)
  if (decoder.broken) Tree.fail(tree, "encoding", "bytes that are not UTF-8")
}

const left = ({ limits, tree, used }: Document): number =>
  (tree.frames.length === 0 ? limits.headerBytesMax : limits.elementBytesMax) - used

const AMPERSAND = 0x26
const SEMICOLON = 0x3B
const LESS = 0x3C
const GREATER = 0x3E
