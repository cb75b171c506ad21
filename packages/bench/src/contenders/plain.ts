/**
 * A serialiser without a rule: the tree to a string, with the namespace declared where it changes. What the pipelines write
 * that are compared with ours.
 */
import type { Element } from "@xmpp-e2e/xml"

/** The header that stands before the stanzas; there is no negotiation. */
export const header = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
  + "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

export const stanza = (element: Element.Element): string => write(element, "jabber:client")

const write = (element: Element.Element, around: string): string => {
  const { attributes, children, name, namespace } = element
  let written = `<${name}`
  if (namespace !== around) written += ` xmlns='${namespace}'`
  for (const each of attributes) written += ` ${each.name}='${escapeValue(each.value)}'`
  if (children.length === 0) return `${written}/>`
  written += ">"
  for (const child of children) written += typeof child === "string" ? escapeText(child) : write(child, namespace)
  return `${written}</${name}>`
}

const escapeText = (text: string): string => /[&<>]/.test(text) ? text.replace(/[&<>]/g, escapeOne) : text

const escapeValue = (text: string): string => /[&<>'"]/.test(text) ? text.replace(/[&<>'"]/g, escapeOne) : text

const escapeOne = (character: string): string => escapes[character] ?? character

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&apos;",
  "\"": "&quot;"
}
