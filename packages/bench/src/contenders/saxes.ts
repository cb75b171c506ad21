/**
 * The least that can be called a pipeline of XML: a tree to a string to the socket; and from the socket through one
 * streaming, fatal decoder and saxes to a tree. No rule of any kind is checked.
 */
import { SaxesParser, type SaxesTagNS } from "saxes"
import { type Contender, one, perItem } from "./contender.ts"
import { header, stanza } from "./plain.ts"
import * as Tls from "./tls.ts"

export interface Tree {
  readonly name: string
  readonly namespace: string
  readonly attributes: SaxesTagNS["attributes"]
  readonly children: Array<Tree | string>
}

/** Calls `arrived` with the tree of each child of the root. */
export const reading = (arrived: (tree: Tree) => void): (bytes: Uint8Array) => void => {
  const decoder = new TextDecoder("utf-8", { fatal: true })
  const parser = parsing(arrived)
  return (bytes) => void parser.write(decoder.decode(bytes, { stream: true }))
}

export const parsing = (arrived: (tree: Tree) => void): { readonly write: (text: string) => unknown } => {
  const parser = new SaxesParser({ xmlns: true })
  const open: Array<Tree> = []
  let isInRoot = false
  parser.on("opentag", ({ attributes, local, uri }) => {
    if (!isInRoot) {
      isInRoot = true
      return
    }
    const tree: Tree = { name: local, namespace: uri, attributes, children: [] }
    open.at(-1)?.children.push(tree)
    open.push(tree)
  })
  parser.on("text", (text) => void open.at(-1)?.children.push(text))
  parser.on("closetag", () => {
    const tree = open.pop()
    if (tree !== undefined && open.length === 0) arrived(tree)
  })
  parser.on("error", (error) => {
    throw error
  })
  return parser
}

const speak: Tls.Speak = (socket, arrived) => {
  socket.on("data", reading(arrived))
  socket.write(header)
  return {
    load: (corpus) => {
      const elements = corpus.elements()
      return () => Tls.writeAll(socket, elements, stanza)
    },
    close: Tls.closing(socket)
  }
}

export const saxes: Contender = {
  name: "minimal saxes",
  about: "node:tls, a tree to a string, saxes to a tree, no rules",
  listen: Tls.listening(speak),
  dial: Tls.dialling(speak),
  weigh: one,
  total: perItem
}
