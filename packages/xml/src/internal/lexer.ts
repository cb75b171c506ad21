/**
 * Restricted XML (RFC 6120 §11.1): stands before the parser, and decides at the first possible character what the parser
 * would allow, or would notice late. Comments, processing instructions, document types (XML-01…03), references (XML-04,
 * XML-05), depth (XML-18), and whatever stands outside first-level elements (XML-13, XML-17) end here; the parser sees
 * tags, what is inside first-level elements, and the XML declaration.
 *
 * It is fed in pieces that end at a `>` at the latest, because a tag ends nowhere else. Whenever it refuses something,
 * the parser has been given all that came before, so that the earliest fault wins (XML-16).
 */
import { isChar, isNameChar, isNameStart, isSpace } from "./names.ts"
import * as Tree from "./tree.ts"

export interface Lexer {
  readonly tree: Tree.Tree
  readonly depthMax: number
  /** To the parser. Its faults go to the tree. */
  readonly write: (text: string) => void
  mode: Mode
  /** The beginning of a markup that does not say yet what it is; the parser has not seen it. */
  held: string
  /** White space between first-level elements was read, and not yet reported. */
  blank: boolean
  /** XML-02, XML-13: whether an XML declaration may come. */
  prolog: "start" | "blank" | "declared"
  /** `]` at the end of what was read of a CDATA section outside first-level elements. */
  brackets: number
  reference: Reference
}

/**
 * `rootData` is a CDATA section outside first-level elements. `textReference` and `valueReference` are entered at `&`, in
 * text and in a tag.
 */
export type Mode = "text" | "tag" | "data" | "rootData" | "declaration" | "textReference" | "valueReference"

/** What was read of a reference: `&`, `&#`, `&#x`, digits, a name. A long name is kept only in part. */
interface Reference {
  kind: "start" | "hash" | "x" | "decimal" | "hexadecimal" | "name"
  name: string
  value: number
}

export const make = (tree: Tree.Tree, depthMax: number, write: (text: string) => void): Lexer => ({
  tree,
  depthMax,
  write,
  mode: "text",
  held: "",
  blank: false,
  prolog: "start",
  brackets: 0,
  reference: { kind: "start", name: "", value: 0 }
})

/** Whether the next character is outside first-level elements and belongs to no markup or reference begun. */
export const isBetween = (lexer: Lexer): boolean =>
  lexer.mode === "text" && lexer.tree.frames.length < 2 && lexer.held === ""

/** Whether a reference outside first-level elements has begun. The piece must end at `;` then, at the latest. */
export const isRootReference = (lexer: Lexer): boolean => lexer.mode === "textReference" && lexer.tree.frames.length < 2

/** White space was read between first-level elements. */
export const skipped = (lexer: Lexer): void => {
  lexer.blank = true
  if (lexer.prolog === "start") lexer.prolog = "blank"
}

/** Outside first-level elements a piece must not begin with white space: that is skipped, not read. */
export const read = (lexer: Lexer, piece: string): void => {
  const text = lexer.held + piece
  lexer.held = ""
  let at = 0
  while (at < text.length && lexer.tree.fault === undefined) at = advance(lexer, text, at)
}

/** Deals with one stretch of `text`, and answers where the next one begins. All before `at` is done with. */
const advance = (lexer: Lexer, text: string, at: number): number => {
  switch (lexer.mode) {
    case "text":
      return lexer.tree.frames.length < 2 ? readOutside(lexer, text, at) : readText(lexer, text, at)
    case "tag":
      return readTag(lexer, text, at)
    case "data":
    case "declaration":
      return give(lexer, text, at, text.length)
    case "rootData":
      return readRootData(lexer, text, at)
    case "textReference":
    case "valueReference":
      return readReference(lexer, text, at)
  }
}

/** XML-17, and AMB-12: a byte order mark is text like any other. */
const readOutside = (lexer: Lexer, text: string, at: number): number => {
  const character = text.codePointAt(at) ?? 0
  if (character === LESS) return readMarkup(lexer, text, at)
  if (lexer.tree.frames.length === 0) {
    return refuse(lexer, "notWellFormed", "text outside the root element")
  }
  if (character !== AMPERSAND) return refuseText(lexer, character)
  begin(lexer, "textReference")
  return at + 1
}

const readText = (lexer: Lexer, text: string, at: number): number => {
  const markup = text.indexOf("<", at)
  const reference = text.indexOf("&", at)
  if (reference !== -1 && (markup === -1 || reference < markup)) {
    begin(lexer, "textReference")
    return give(lexer, text, at, reference + 1)
  }
  if (markup === -1) return give(lexer, text, at, text.length)
  const next = text.charCodeAt(markup + 1)
  const isTag = markup + 1 < text.length && next !== BANG && next !== QUESTION
  if (isTag && lexer.tree.frames.length <= lexer.depthMax) {
    lexer.mode = "tag"
    return readTag(lexer, text, at)
  }
  // The text goes ahead, for its faults come first.
  return markup > at ? give(lexer, text, at, markup) : readMarkup(lexer, text, at)
}

/** At a `<` that begins a markup. */
const readMarkup = (lexer: Lexer, text: string, at: number): number => {
  const next = text.codePointAt(at + 1)
  if (next === undefined) return hold(lexer, text, at)
  if (next === BANG) return readData(lexer, text, at)
  if (next === QUESTION) return readDeclaration(lexer, text, at)
  if (next === SLASH && lexer.tree.frames.length === 0) {
    return refuse(lexer, "notWellFormed", "an end tag before any start tag")
  }
  lexer.mode = "tag"
  if (next === SLASH || lexer.tree.frames.length <= lexer.depthMax) return readTag(lexer, text, at)
  const end = give(lexer, text, at, at + 1 + String.fromCodePoint(next).length)
  return lexer.tree.fault === undefined ? refuse(lexer, "tooDeep", "too many elements within each other") : end
}

/** At `<!`: what is no CDATA section is refused at the first character that says so (XML-01, XML-03). */
const readData = (lexer: Lexer, text: string, at: number): number => {
  const opening = text.slice(at, at + dataOpening.length)
  if (!dataOpening.startsWith(opening)) {
    return refuse(lexer, "restricted", "a comment or a document type")
  }
  if (opening !== dataOpening) return hold(lexer, text, at)
  const end = at + dataOpening.length
  lexer.brackets = 0
  if (lexer.tree.frames.length === 1) {
    lexer.mode = "rootData"
    return end
  }
  // Before the root the parser refuses it.
  lexer.mode = "data"
  return give(lexer, text, at, end)
}

/** At `<?` (XML-02, XML-13). */
const readDeclaration = (lexer: Lexer, text: string, at: number): number => {
  const opening = text.slice(at, at + declarationOpening.length)
  const after = text.codePointAt(at + declarationOpening.length)
  const allowed = lexer.prolog !== "declared" && lexer.tree.frames.length === 0
  if (allowed && declarationOpening.startsWith(opening)) {
    if (after === undefined) return hold(lexer, text, at)
    if (isSpace(after) || after === QUESTION) {
      if (lexer.prolog === "blank") return refuse(lexer, "notWellFormed", "white space before the XML declaration")
      lexer.prolog = "declared"
      lexer.mode = "declaration"
      return at
    }
  }
  return refuse(lexer, "restricted", "a processing instruction")
}

/** In a tag, perhaps with text before it. */
const readTag = (lexer: Lexer, text: string, at: number): number => {
  const reference = text.indexOf("&", at)
  if (reference === -1) return give(lexer, text, at, text.length)
  const end = give(lexer, text, at, reference + 1)
  // The parser has refused it outside an attribute value.
  begin(lexer, "valueReference")
  return end
}

const readReference = (lexer: Lexer, text: string, at: number): number => {
  const { reference } = lexer
  let end = at
  while (end < text.length) {
    const character = String.fromCodePoint(text.codePointAt(end) ?? 0)
    end += character.length
    if (character === ";") return finish(lexer, text, at, end)
    if (!extend(reference, character)) return refuse(lexer, "notWellFormed", "a malformed reference")
  }
  return isRootReference(lexer) ? end : give(lexer, text, at, end)
}

const finish = (lexer: Lexer, text: string, at: number, end: number): number => {
  const { kind, name, value } = lexer.reference
  const root = isRootReference(lexer)
  const isNumber = kind === "decimal" || kind === "hexadecimal"
  if (kind !== "name" && !(isNumber && isChar(value))) {
    return refuse(lexer, "notWellFormed", "a reference to no character")
  }
  if (kind === "name" && !predefined.has(name)) return refuse(lexer, "restricted", "an entity that is not predefined")
  lexer.mode = lexer.mode === "valueReference" ? "tag" : "text"
  if (!root) return give(lexer, text, at, end)
  if (kind === "name" || !isSpace(value)) return refuseText(lexer, 0x20)
  lexer.blank = true
  return end
}

/** One more character of a reference, or false if it cannot belong there. */
const extend = (reference: Reference, character: string): boolean => {
  switch (reference.kind) {
    case "start":
      reference.kind = character === "#" ? "hash" : "name"
      reference.name = character
      return character === "#" || isNameStart(character)
    case "name":
      if (reference.name.length < nameMax) reference.name += character
      return isNameChar(character)
    case "hash":
      reference.kind = character === "x" ? "x" : "decimal"
      return character === "x" || extend(reference, character)
    case "x":
      reference.kind = "hexadecimal"
      return extend(reference, character)
    case "decimal":
      reference.value = Math.min(reference.value * 10 + Number(character), valueMax)
      return character >= "0" && character <= "9"
    case "hexadecimal":
      reference.value = Math.min(reference.value * 16 + Number(`0x${character}`), valueMax)
      return /^[0-9a-f]$/i.test(character)
  }
}

/** XML-06, XML-17: CDATA outside first-level elements is text, so all but white space is refused. */
const readRootData = (lexer: Lexer, text: string, at: number): number => {
  const character = text.codePointAt(at) ?? 0
  if (character === BRACKET && lexer.brackets < 2) lexer.brackets++
  else if (character === GREATER && lexer.brackets === 2) lexer.mode = "text"
  else if (lexer.brackets === 0 && isSpace(character)) lexer.blank = true
  else return refuseText(lexer, lexer.brackets === 0 ? character : BRACKET)
  return at + 1
}

const begin = (lexer: Lexer, mode: "textReference" | "valueReference"): void => {
  lexer.mode = mode
  lexer.reference = { kind: "start", name: "", value: 0 }
}

const give = (lexer: Lexer, text: string, from: number, to: number): number => {
  lexer.write(from === 0 && to === text.length ? text : text.slice(from, to))
  if (lexer.tree.settled) {
    lexer.tree.settled = false
    lexer.mode = "text"
  }
  return to
}

const hold = (lexer: Lexer, text: string, at: number): number => {
  lexer.held = text.slice(at)
  return text.length
}

const refuseText = (lexer: Lexer, character: number): number =>
  isChar(character)
    ? refuse(lexer, "textAtRoot", "text between first-level elements")
    : refuse(lexer, "notWellFormed", "a character that XML does not have")

const refuse = (lexer: Lexer, kind: Parameters<typeof Tree.fail>[1], detail: string): number => {
  Tree.fail(lexer.tree, kind, detail)
  return 0
}

const LESS = 0x3C
const GREATER = 0x3E
const AMPERSAND = 0x26
const BANG = 0x21
const QUESTION = 0x3F
const SLASH = 0x2F
const BRACKET = 0x5D
const dataOpening = "<![CDATA["
const declarationOpening = "<?xml"
const predefined: ReadonlySet<string> = new Set(["lt", "gt", "amp", "apos", "quot"])
const nameMax = 5
/** Beyond the last code point, where digits make no difference any more. */
const valueMax = 0x110000
