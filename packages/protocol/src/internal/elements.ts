/** What kind of first-level element this is (state-machine §8.0), and the few elements that negotiation itself writes. */
import { Element } from "@xmpp-e2e/xml"
import type { Config } from "../Config.ts"
import * as Namespace from "../Namespace.ts"

/**
 * - `stanza` message, presence, iq in the content namespace; `prefixed` the same namespace, written with a prefix (NS-05)
 * - `foreignContent` the other content namespace, or none (NS-06); `odd` unknown in a known namespace (NS-08)
 * - `extension` anything else
 */
export type Kind =
  | "stanza"
  | "prefixed"
  | "foreignContent"
  | "odd"
  | "features"
  | "streamError"
  | "tls"
  | "sasl"
  | "management"
  | "extension"

export const kindOf = (element: Element.Element, prefixed: boolean, config: Config): Kind => {
  const { name, namespace } = element
  if (namespace === config.policy.contentNamespace) {
    return prefixed ? "prefixed" : isStanzaName(name) ? "stanza" : "odd"
  }
  if (namespace === Namespace.stream) {
    return name === "features" ? "features" : name === "error" ? "streamError" : "odd"
  }
  return byNamespace.get(namespace) ?? "extension"
}

export const isStanza = (element: Element.Element, config: Config): boolean =>
  element.namespace === config.policy.contentNamespace && isStanzaName(element.name)

const isStanzaName = (name: string): boolean => name === "message" || name === "presence" || name === "iq"

export const starttls: Element.Element = Element.make(Namespace.tls, "starttls")
export const proceed: Element.Element = Element.make(Namespace.tls, "proceed")
export const tlsFailure: Element.Element = Element.make(Namespace.tls, "failure")

export const auth = (authzid: string | undefined, encode: (text: string) => string): Element.Element =>
  Element.make(Namespace.sasl, "auth", { mechanism: "EXTERNAL" }, [authzid === undefined ? "=" : encode(authzid)])

export const response = (authzid: string | undefined, encode: (text: string) => string): Element.Element =>
  Element.make(Namespace.sasl, "response", {}, [authzid === undefined ? "=" : encode(authzid)])

/** XEP-0288: taken up before `<auth/>`, and never answered. */
export const bidi: Element.Element = Element.make(Namespace.bidi, "bidi")

export const challenge: Element.Element = Element.make(Namespace.sasl, "challenge")
export const success: Element.Element = Element.make(Namespace.sasl, "success")
export const abort: Element.Element = Element.make(Namespace.sasl, "abort")

export const saslFailure = (condition: SaslCondition): Element.Element =>
  Element.make(Namespace.sasl, "failure", {}, [Element.make(Namespace.sasl, condition)])

/** The eleven of requirements 6.1 that a recipient can have reason to send, and no others. */
export type SaslCondition =
  | "aborted"
  | "credentials-expired"
  | "encryption-required"
  | "incorrect-encoding"
  | "invalid-authzid"
  | "invalid-mechanism"
  | "malformed-request"
  | "not-authorized"

/** `<failed/>` of XEP-0198 with a stanza error condition. */
export const managementFailed = (condition: string): Element.Element =>
  Element.make(Namespace.management, "failed", {}, [Element.make(Namespace.stanzaErrors, condition)])

/** Roughly the bytes on the wire, for the bound on what waits (STZ-23). Nobody bounds the depth of a stanza of our own. */
export const weightOf = (element: Element.Element): number => {
  let weight = 0
  const open: Array<Element.Node> = [element]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node === "string") weight += node.length
    else {
      weight += 5 + 2 * node.name.length
      for (const { name, value } of node.attributes) weight += 4 + name.length + value.length
      for (const child of node.children) open.push(child)
    }
  }
  return weight
}

const byNamespace: ReadonlyMap<string, Kind> = new Map([
  ["", "foreignContent"],
  [Namespace.client, "foreignContent"],
  [Namespace.server, "foreignContent"],
  [Namespace.tls, "tls"],
  [Namespace.sasl, "sasl"],
  [Namespace.management, "management"]
])
