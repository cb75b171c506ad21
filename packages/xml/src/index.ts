/**
 * Values of XML streams. The reader is a separate entry, `@xmpp-e2e/xml/reader`, so that the pure core cannot reach the
 * parser.
 *
 * @since 0.1.0
 */
export * as Element from "./Element.ts"
export * as Fault from "./Fault.ts"
export * as Limits from "./Limits.ts"
export * as Serialize from "./Serialize.ts"
