/**
 * What the checks need to know about a file's grammar: brackets that belong together, imports, exports with their
 * docstrings, and how far each function reaches. Read from tokens, for code that the formatter has laid out.
 */
import { type Token, tokenize } from "./tokens.ts"

export interface Source {
  /** From the top of the repository, with slashes: `packages/xml/src/Reader.ts`. */
  readonly path: string
  /** `xml`. */
  readonly package: string
  readonly area: "src" | "test" | "other"
  /** Below the area: `Reader.ts`, `internal/step.ts`. */
  readonly name: string
  readonly text: string
  readonly lines: ReadonlyArray<string>
  readonly tokens: ReadonlyArray<Token>
  /** `tokens` without comments. */
  readonly code: ReadonlyArray<Token>
}

export interface Import {
  readonly specifier: string
  readonly line: number
  /** Names that exist at run time; `*` for a namespace, a dynamic import, or a mere side effect. Empty: types only. */
  readonly values: ReadonlyArray<string>
}

export interface Export {
  readonly name: string
  readonly line: number
  readonly isType: boolean
  /** The comment right above, or an empty text. */
  readonly doc: string
}

export interface Span {
  readonly line: number
  readonly lines: number
}

export const source = (path: string, text: string): Source => {
  const [, owner = "", area = "", name = ""] = /^packages\/([^/]+)\/(?:(src|test)\/)?(.*)$/.exec(path) ?? []
  const tokens = tokenize(text)
  return {
    path,
    package: owner,
    area: area === "src" || area === "test" ? area : "other",
    name,
    text,
    lines: text.split("\n"),
    tokens,
    code: tokens.filter((token) => token.kind !== "comment")
  }
}

/** A PascalCase file of `src` outside `internal/`. */
export const isPublicModule = (file: Source): boolean =>
  file.area === "src" && /^(?!internal\/)(?:[a-z-]+\/)*[A-Z]\w*\.ts$/.test(file.name)

export const imports = ({ code }: Source): ReadonlyArray<Import> =>
  code.flatMap((token, at) => importAt(code, token, at))

const importAt = (code: ReadonlyArray<Token>, token: Token, at: number): ReadonlyArray<Import> => {
  const { line } = token
  const next = code[at + 1]
  if (token.kind !== "word" || next === undefined || code[at - 1]?.text === ".") return []
  if (token.text === "import" && next.text === "(") {
    const named = code[at + 2]
    return named?.kind === "string" ? [{ specifier: unquote(named.text), line, values: ["*"] }] : []
  }
  if (token.text !== "import" && !(token.text === "export" && reexports(code, at))) return []
  const end = code.findIndex((other, index) => index > at && other.kind === "string")
  const clause = code.slice(at + 1, end).map(({ text }) => text)
  return end < 0 || next.text === "." || next.text === ":"
    ? []
    : [{ specifier: unquote(code[end]?.text ?? ""), line, values: valuesOf(clause) }]
}

const reexports = (code: ReadonlyArray<Token>, at: number): boolean => {
  const first = code[at + 1]?.text === "type" ? at + 2 : at + 1
  if (code[first]?.text === "*") return true
  const close = code[first]?.text === "{" ? pairs(code).get(first) : undefined
  return close !== undefined && code[close + 1]?.text === "from"
}

/** `clause` is what stands between `import` and the specifier. */
const valuesOf = (clause: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (clause[0] === "type" && clause[1] !== "from" && clause[1] !== ",") return []
  if (clause.length === 0 || clause.includes("*")) return ["*"]
  const [head, inside = ""] = clause.join(" ").split(/[{}]/)
  const named = inside.split(",").map((one) => one.trim()).filter((one) => one !== "" && !one.startsWith("type "))
  const standing = head?.split(/[ ,]/).filter((word) => word !== "" && word !== "from") ?? []
  return [...standing, ...named.map((one) => one.split(" as ")[0] ?? one)]
}

/** Exports at the top level of the file, in order. */
export const exports = (file: Source): ReadonlyArray<Export> => {
  const depths = depthOf(file.tokens)
  return file.tokens.flatMap((token, at) => {
    if (token.text !== "export" || token.kind !== "word" || depths[at] !== 0) return []
    const rest = file.tokens.slice(at + 1).filter(({ kind }) => kind !== "comment")
    const words = rest.slice(0, 5).map(({ text }) => text).filter((text) => !modifiers.has(text))
    const above = file.tokens[at - 1]
    const doc = above?.kind === "comment" && above.text.startsWith("/**") ? above.text : ""
    const isType = words[0] === "interface" || words[0] === "type"
    // A list of names, or everything of another module, is called by its mark.
    const name = (words[0] === "{" || words[0] === "*" ? words[0] : words[1]) ?? ""
    return [{ name, line: token.line, isType, doc }]
  })
}

/** How far each function reaches, from its first line to its last. */
export const functions = (file: Source): ReadonlyArray<Span> => {
  const { code } = file
  const closing = pairs(code)
  return code.flatMap((token, at) => {
    const body = bodyOf(code, closing, at)
    if (body === undefined) return []
    const first = code[headOf(code, closing, at)]?.line ?? token.line
    const last = code[body]?.text === "{" ? code[closing.get(body) ?? at]?.line : endOfExpression(file, closing, body)
    return [{ line: first, lines: (last ?? token.line) - first + 1 }]
  })
}

/** Where the body of the function starts whose arrow, keyword or opening brace stands at `at`. */
const bodyOf = (
  code: ReadonlyArray<Token>,
  closing: ReadonlyMap<number, number>,
  at: number
): number | undefined => {
  const { kind, text } = code[at] ?? { kind: "mark", text: "" }
  if (kind === "mark" && text === "=>") return at + 1
  if (kind === "word" && text === "function" && code[at - 1]?.text !== ".") return afterParameters(code, closing, at)
  // A method: `name(…) {` where the name is no keyword that takes a block.
  const isMethod = kind === "word" && code[at + 1]?.text === "(" && !blocks.has(text) &&
    code[at - 1]?.text !== "function"
    && code[at - 1]?.text !== "*"
  const close = isMethod ? closing.get(at + 1) : undefined
  return close !== undefined && code[close + 1]?.text === "{" ? close + 1 : undefined
}

const afterParameters = (
  code: ReadonlyArray<Token>,
  closing: ReadonlyMap<number, number>,
  at: number
): number | undefined => {
  const open = code.findIndex((token, index) => index > at && token.text === "(")
  for (let next = (closing.get(open) ?? code.length) + 1; next < code.length; next++) {
    if (code[next]?.text !== "{") continue
    if (!typed.has(code[next - 1]?.text ?? "")) return next
    next = closing.get(next) ?? code.length
  }
  return undefined
}

/** The token on whose line a function begins: for an arrow, its parameters. */
const headOf = (code: ReadonlyArray<Token>, closing: ReadonlyMap<number, number>, at: number): number => {
  if (code[at]?.text !== "=>") return at
  for (let before = at - 1; before >= 0 && before > at - 400; before--) {
    if (code[before]?.text === "(" && (closing.get(before) ?? 0) < at && !inType(code, closing.get(before) ?? 0, at)) {
      return before
    }
  }
  return at - 1
}

/** Between parameters and arrow stands nothing, or a return type. */
const inType = (code: ReadonlyArray<Token>, close: number, at: number): boolean =>
  close + 1 !== at && code[close + 1]?.text !== ":"

/**
 * The last line of an arrow function with a bare expression. It ends at a comma or at the bracket that it stands in; or,
 * as there are no semicolons, where the layout says so: before the first line indented no deeper than the arrow's.
 */
const endOfExpression = ({ code, lines }: Source, closing: ReadonlyMap<number, number>, body: number): number => {
  const depth = indent(lines[(code[body - 1]?.line ?? 1) - 1])
  let last = code[body]?.line ?? 1
  for (let at = body; at < code.length; at++) {
    const { text, line } = code[at] ?? { text: ")", line: 0 }
    const outside = line > last && indent(lines[line - 1]) <= depth
    if (outside || [",", ")", "]", "}"].includes(text)) return last
    at = closing.get(at) ?? at
    last = code[at]?.line ?? last
  }
  return last
}

const indent = (line = ""): number => line.length - line.trimStart().length

/** For each opening bracket its closing one, as indices. */
export const pairs = (tokens: ReadonlyArray<Token>): ReadonlyMap<number, number> => {
  const open: Array<number> = []
  const closing = new Map<number, number>()
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind === "mark" && "([{".includes(text)) open.push(at)
    if (kind === "mark" && ")]}".includes(text)) closing.set(open.pop() ?? -1, at)
  }
  return closing
}

const depthOf = (tokens: ReadonlyArray<Token>): ReadonlyArray<number> => {
  let depth = 0
  return tokens.map(({ kind, text }) => {
    if (kind === "mark" && ")]}".includes(text)) depth--
    const here = depth
    if (kind === "mark" && "([{".includes(text)) depth++
    return here
  })
}

export const unquote = (literal: string): string => literal.slice(1, -1)

const modifiers = new Set(["declare", "abstract", "async", "default"])
const blocks = new Set(["if", "for", "while", "switch", "catch", "with", "function", "await"])
/** A brace after one of these opens a type, not a body. */
const typed = new Set([":", "|", "&", "<", ",", "=>", "(", "is", "extends"])
