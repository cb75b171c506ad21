/**
 * A small tokenizer for TypeScript text: enough to tell code from comments, strings, templates and regular expressions.
 * It knows no grammar; `syntax.ts` reads what little of that the checks need. (TypeScript 7 has no compiler API.)
 */

export interface Token {
  readonly kind: "comment" | "string" | "template" | "regex" | "number" | "word" | "mark"
  /** As written, quotes included. A template comes in pieces: `` `a${ ``, the code inside, `` }b` ``. */
  readonly text: string
  readonly start: number
  /** From 1. */
  readonly line: number
}

/** Every character of `text` that is not white space belongs to exactly one token; no input fails. */
export const tokenize = (text: string): ReadonlyArray<Token> => {
  const tokens: Array<Token> = []
  // For each template that is open, how many braces are open inside its `${`.
  const open: Array<number> = []
  let line = 1
  let before: Token | undefined
  for (let at = 0; at < text.length;) {
    const continued = text[at] === "}" && open.at(-1) === 0
    const { kind, length } = scan(text, at, continued, before)
    const token = { kind, text: text.slice(at, at + length), start: at, line }
    if (kind === "template") nest(open, token.text, continued)
    if (kind === "mark" && open.length > 0) open.push((open.pop() ?? 0) + braces(token.text))
    if (kind !== "space") tokens.push({ ...token, kind })
    if (kind !== "space" && kind !== "comment") before = { ...token, kind }
    line += token.text.split("\n").length - 1
    at += length
  }
  return tokens
}

type Scanned = { readonly kind: Token["kind"] | "space"; readonly length: number }

const scan = (text: string, at: number, continued: boolean, before: Token | undefined): Scanned => {
  if (continued) return { kind: "template", length: match(chunk, text, at) }
  for (const [kind, pattern] of lexemes) {
    if (kind === "regex" && !mayStartRegex(before)) continue
    const length = match(pattern, text, at)
    if (length > 0) return { kind, length }
  }
  return { kind: "mark", length: 1 }
}

const match = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}

const nest = (open: Array<number>, piece: string, continued: boolean): void => {
  if (continued) open.pop()
  if (piece.endsWith("${")) open.push(0)
}

const braces = (mark: string): number => mark === "{" ? 1 : mark === "}" ? -1 : 0

/** After a value a slash divides; anywhere else it opens a regular expression. */
const mayStartRegex = (before: Token | undefined): boolean => {
  if (before === undefined) return true
  if (before.kind === "word") return operators.has(before.text)
  return before.kind === "mark"
    ? !")]}".includes(before.text)
    : before.kind === "template" && before.text.endsWith("${")
}

const operators = new Set(
  "return typeof case in of do else void delete instanceof new throw yield await extends".split(" ")
)

const chunk = /[`}](?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{|$)/y

const lexemes: ReadonlyArray<readonly [Scanned["kind"], RegExp]> = [
  ["space", /\s+/y],
  ["comment", /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|(?<![\s\S])#![^\n]*/y],
  ["string", /"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?/y],
  ["template", /`(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{|$)/y],
  ["number", /\.?\d[\w.]*/y],
  ["word", /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy],
  ["regex", /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y],
  ["mark", /=>|\.\.\.|\?\.(?!\d)/y]
]
