/**
 * One XML document of a stream, read with the parser, one stream-level event at a time; the only file that knows `saxes`.
 *
 * It decides which bytes are read and how many may come (XML-18). What the characters mean is left to `lexer.ts` (what is
 * restricted), `saxes` (tags) and `tree.ts` (names and elements).
 */
import { SaxesParser, type XMLDecl } from "saxes"
import type { Limits } from "../Limits.ts"
import type { ReaderEvent } from "../Reader.ts"
import * as Lexer from "./lexer.ts"
import { isSpace } from "./names.ts"
import * as Tree from "./tree.ts"
import type { Unread } from "./unread.ts"
import * as Utf8 from "./utf8.ts"

/** What one XML document needs, from its first byte to the end of its root. */
export interface Document {
  readonly limits: Limits
  readonly decoder: Utf8.Decoder
  readonly lexer: Lexer.Lexer
  readonly tree: Tree.Tree
  /** Made when there is something for it to read. */
  parser: SaxesParser | undefined
  /** Bytes of the header, then of each first-level element. */
  used: number
}

export const begin = (limits: Limits): Document => {
  const tree = Tree.make(limits.attributesMax)
  const document: Document = {
    limits,
    decoder: Utf8.make(),
    lexer: Lexer.make(tree, limits.depthMax, (text) => write(document, text)),
    tree,
    parser: undefined,
    used: 0
  }
  return document
}

/**
 * Where nothing has been begun, the parser knows nothing but the name of the root. It is let go of, for it is large and many
 * streams are silent, and made anew when it is needed.
 */
export const rest = (document: Document): void => {
  if (document.parser !== undefined && isBetween(document)) document.parser = undefined
}

const write = (document: Document, text: string): void => {
  const { tree } = document
  const parser = document.parser ??= parserFor(tree)
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

const parserFor = (tree: Tree.Tree): SaxesParser => {
  // XML-12: another version than 1.0 ends the stream; its rules are never followed.
  const parser = new SaxesParser({ xmlns: false, position: false, forceXMLVersion: true, defaultXMLVersion: "1.0" })
  const root = tree.frames[0]?.element.name
  // One that comes later begins inside the root, of which the tree has heard already.
  if (root !== undefined) parser.write(tree.rootPrefix === "" ? `<${root}>` : `<${tree.rootPrefix}:${root}>`)
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
  return parser
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
export const completed = ({ tree }: Document): ReaderEvent | undefined => {
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
export const skip = (document: Document, unread: Unread): boolean => {
  const { decoder, lexer, tree } = document
  if (!Lexer.isBetween(lexer) || decoder.waiting > 0) return false
  const { at, bytes, size } = unread
  // White space before the header counts, white space after it does not.
  const stop = tree.frames.length === 0 ? Math.min(size, at + left(document)) : size
  let end = at
  while (end < stop && isSpace(bytes[end] ?? 0)) end++
  if (end > at) {
    Lexer.skipped(lexer)
    unread.at = end
  }
  if (tree.frames.length === 0) document.used += end - at
  else document.used = 0
  if (!lexer.blank || end >= size || bytes[end] !== LESS) return false
  lexer.blank = false
  return true
}

/** Reads up to the next byte that may complete an event, or to the end of what may be read. */
export const read = (document: Document, unread: Unread): void => {
  const { decoder, lexer, tree } = document
  const { at, bytes, size } = unread
  const stop = Math.min(size, at + left(document))
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

/** Whether a first-level element may begin at the next byte, and nothing of it was read yet. */
export const isBetween = ({ decoder, lexer, tree }: Document): boolean =>
  tree.frames.length === 1 && decoder.waiting === 0 && Lexer.isBetween(lexer)

const left = ({ limits, tree, used }: Document): number =>
  (tree.frames.length === 0 ? limits.headerBytesMax : limits.elementBytesMax) - used

const AMPERSAND = 0x26
const SEMICOLON = 0x3B
const LESS = 0x3C
const GREATER = 0x3E
