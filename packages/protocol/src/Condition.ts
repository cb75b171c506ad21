/**
 * The stream error conditions of RFC 6120 §4.9.3, to and from an element.
 *
 * @since 0.1.0
 */
import { Element } from "@xmpp-e2e/xml"
import * as Namespace from "./Namespace.ts"

/**
 * @since 0.1.0
 * @category constants
 */
export const conditions = [
  "bad-format",
  "bad-namespace-prefix",
  "conflict",
  "connection-timeout",
  "host-gone",
  "host-unknown",
  "improper-addressing",
  "internal-server-error",
  "invalid-from",
  "invalid-namespace",
  "invalid-xml",
  "not-authorized",
  "not-well-formed",
  "policy-violation",
  "remote-connection-failed",
  "reset",
  "resource-constraint",
  "restricted-xml",
  "see-other-host",
  "system-shutdown",
  "undefined-condition",
  "unsupported-encoding",
  "unsupported-feature",
  "unsupported-stanza-type",
  "unsupported-version"
] as const

/**
 * @since 0.1.0
 * @category models
 */
export type StreamCondition = (typeof conditions)[number]

/**
 * A stream error as told or heard: its condition, an optional text for people (ERR-06: never interpreted), an optional
 * application element, and the host of `see-other-host`.
 *
 * @since 0.1.0
 * @category models
 */
export interface StreamError {
  readonly condition: StreamCondition
  readonly text?: string
  readonly application?: Element.Element
  readonly host?: string
}

/**
 * ERR-01, ERR-07, LANG-06.
 *
 * @since 0.1.0
 * @category encoding
 */
export const toElement = (error: StreamError, lang: string): Element.Element =>
  Element.make(Namespace.stream, "error", {}, [
    Element.make(Namespace.streamErrors, error.condition, {}, error.host === undefined ? [] : [error.host]),
    ...(error.text === undefined
      ? []
      : [{
        name: "text",
        namespace: Namespace.streamErrors,
        attributes: [{ name: "lang", namespace: Element.xmlNamespace, value: lang }],
        children: [error.text]
      }]),
    ...(error.application === undefined ? [] : [error.application])
  ])

/**
 * ERR-04, ERR-05: whatever is missing or unknown reads as `undefined-condition`.
 *
 * @since 0.1.0
 * @category decoding
 */
export const fromElement = (element: Element.Element): StreamError => {
  const children = Element.elements(element)
  const named = children.find((each) => each.namespace === Namespace.streamErrors && each.name !== "text")
  const condition = named === undefined ? "undefined-condition" : known(named.name)
  const text = Element.child(element, Namespace.streamErrors, "text")
  const application = children.find((each) => each.namespace !== Namespace.streamErrors)
  return {
    condition,
    ...(text === undefined ? {} : { text: Element.text(text) }),
    ...(application === undefined ? {} : { application }),
    ...(named !== undefined && condition === "see-other-host" ? { host: Element.text(named).trim() } : {})
  }
}

const known = (name: string): StreamCondition => {
  // RFC 3920 had a longer name for it.
  if (name === "xml-not-well-formed") return "not-well-formed"
  return conditions.find((each) => each === name) ?? "undefined-condition"
}
