/**
 * From the tokens of an element and its text to the element. Nothing is judged here any more.
 */
import { type Attribute, type Element, type Node, xmlNamespace } from "../../Element.ts"
import { pointOf } from "./classes.ts"
import { ATTRIBUTE, CLOSE, CODED, KNOWN, OPEN, type Tokens, XML_ATTRIBUTE } from "./tokens.ts"
import { copy, empty } from "./words.ts"

export const build = (tokens: Tokens, text: string): Element => {
  const { marked, marks, names, namespaces } = tokens
  const opened: Array<Opened> = []
  // Children that wait for the end of their parent, of all who are open; so each array of children is made at its size.
  const waiting: Array<Node> = []
  let depth = 0
  let waits = 0
  let element = nothing
  let named = 0
  let spaced = 0
  for (let at = 0; at < marked;) {
    const kind = marks[at] ?? CLOSE
    if (kind === OPEN) {
      const count = marks[at + 1] ?? 0
      opened[depth++] = {
        name: names[named]?.text ?? "",
        namespace: namespaces[spaced]?.text ?? "",
        attributes: count === 0 ? none : attributesOf(tokens, text, at + 2, named + 1, count),
        first: waits
      }
      at += 2 + 3 * count
      named += 1 + count
      spaced += 1
    } else if (kind === CLOSE) {
      const { attributes, first, name, namespace } = opened[--depth] ?? outermost
      element = { name, namespace, attributes, children: first === waits ? none : waiting.slice(first, waits) }
      waits = first
      waiting[waits++] = element
      at += 1
    } else {
      waiting[waits++] = textOf(kind, text, marks[at + 1] ?? 0, marks[at + 2] ?? 0)
      at += 3
    }
  }
  return element
}

interface Opened extends Omit<Element, "children"> {
  /** Where its children begin among those that wait. */
  readonly first: number
}

const attributesOf = (
  tokens: Tokens,
  text: string,
  from: number,
  named: number,
  count: number
): ReadonlyArray<Attribute> => {
  const { marks, names } = tokens
  const attributes: Array<Attribute> = []
  for (let each = 0; each < count; each++) {
    const at = from + 3 * each
    const kind = marks[at] ?? ATTRIBUTE
    const name = names[named + each]?.text ?? ""
    const value = valueOf(tokens, text, at, named + each)
    attributes.push(
      (kind & ~(CODED | KNOWN)) === XML_ATTRIBUTE ? { name, namespace: xmlNamespace, value } : { name, value }
    )
  }
  return attributes
}

/** The value whose mark is at `at`, and whose name is the one at `named`; the next element may have the same one there. */
const valueOf = ({ looks, marks, values }: Tokens, text: string, at: number, named: number): string => {
  const kind = marks[at] ?? ATTRIBUTE
  if (kind >= KNOWN) return values[named]?.text ?? ""
  const value = textOf(kind, text, marks[at + 1] ?? 0, marks[at + 2] ?? 0)
  const look = lookOf(value)
  values[named] = looks[named] === look && value.length <= guessedMax && plain.test(value) ? copy(value) : empty
  looks[named] = look
  return value
}

/** The same for the same value, and nearly always another one for another. */
const lookOf = (value: string): number =>
  value.length << 24 ^ value.charCodeAt(0) << 16 ^ value.charCodeAt(value.length >> 1) << 8 ^
  value.charCodeAt(value.length - 1)

const textOf = (kind: number, text: string, from: number, to: number): string => {
  const written = text.slice(from, to)
  return kind < CODED ? written : decoded(written)
}

const decoded = (written: string): string => {
  let text = ""
  let done = 0
  for (let at = written.indexOf("&"); at !== -1; at = written.indexOf("&", done)) {
    const end = written.indexOf(";", at)
    text += written.slice(done, at) + String.fromCodePoint(pointOf(written.slice(at + 1, end)) ?? 0)
    done = end + 1
  }
  return text + written.slice(done)
}

const guessedMax = 64
/** ASCII without what ends a value, or may not stand in one as it is. */
const plain = /^[ !#-%(-;=-~]*$/
const none: ReadonlyArray<never> = []
const nothing: Element = { name: "", namespace: "", attributes: none, children: none }
const outermost: Opened = { name: "", namespace: "", attributes: none, first: 0 }
