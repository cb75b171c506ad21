/** An element as indented XML, for people: namespaces where they change, and no more lines than one reads. */
import type { Element } from "@xmpp-e2e/xml"

/** @internal Without recursion, however deep the element is. */
export const xml = (element: Element.Element): string => {
  const lines: Array<string> = []
  const work: Array<Work> = [{ node: element, depth: 0, around: "" }]
  for (let one = work.pop(); one !== undefined; one = work.pop()) {
    if (lines.length >= linesMax) return [...lines, "…"].join("\n")
    const indent = "  ".repeat(Math.min(one.depth, indentMax))
    if (typeof one.node === "string") lines.push(indent + one.node)
    else if (typeof one.node === "function") lines.push(indent + one.node())
    else open(one.node, one, indent, lines, work)
  }
  return lines.join("\n")
}

interface Work {
  readonly node: Element.Element | string | (() => string)
  readonly depth: number
  readonly around: string
}

const open = (
  element: Element.Element,
  { around, depth }: Work,
  indent: string,
  lines: Array<string>,
  work: Array<Work>
) => {
  const namespace = element.namespace ?? ""
  const attributes = element.attributes.map(({ name, value }) => ` ${name}="${escape(value)}"`).join("")
  const start = `${element.name}${namespace === around ? "" : ` xmlns="${escape(namespace)}"`}${attributes}`
  const [only] = element.children
  if (only === undefined) lines.push(`${indent}<${start}/>`)
  else if (typeof only === "string" && element.children.length === 1) {
    lines.push(`${indent}<${start}>${escape(only)}</${element.name}>`)
  } else {
    lines.push(`${indent}<${start}>`)
    work.push({ node: () => `</${element.name}>`, depth, around })
    for (const child of element.children.toReversed()) {
      work.push({ node: typeof child === "string" ? escape(child) : child, depth: depth + 1, around: namespace })
    }
  }
}

/** @internal */
export const rootTag = (tag: Element.RootTag): string => {
  const name = tag.prefix === undefined || tag.prefix === "" ? tag.name : `${tag.prefix}:${tag.name}`
  const declared = tag.declarations.map(({ namespace, prefix }) =>
    `${prefix === "" ? "xmlns" : `xmlns:${prefix}`}="${escape(namespace)}"`
  )
  const attributes = tag.attributes.map(({ name, value }) => `${name}="${escape(value)}"`)
  return `<${[name, ...attributes, ...declared].join("\n  ")}>`
}

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("\"", "&quot;")

const linesMax = 400
const indentMax = 24
