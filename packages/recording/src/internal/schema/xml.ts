/**
 * Schemas of XML values: elements, root tags, faults.
 */
import type { Element as Xml, Fault } from "@xmpp-e2e/xml"
import * as Schema from "effect/Schema"
import type { Drift, Proof } from "./tagged.ts"

/** @internal */
export const Attribute = Schema.Struct({
  name: Schema.String,
  namespace: Schema.optionalKey(Schema.String),
  value: Schema.String
})

/** @internal */
export const Element = Schema.Struct({
  name: Schema.String,
  namespace: Schema.String,
  attributes: Schema.Array(Attribute),
  children: Schema.Array(Schema.Union([Schema.String, Schema.suspend((): Schema.Codec<Xml.Element> => Element)]))
})

/** @internal */
export const Declaration = Schema.Struct({ prefix: Schema.String, namespace: Schema.String })

/** @internal */
export const RootTag = Schema.Struct({
  name: Schema.String,
  namespace: Schema.String,
  prefix: Schema.String,
  attributes: Schema.Array(Attribute),
  declarations: Schema.Array(Declaration)
})

/** @internal */
export const XmlFault = Schema.Struct({
  kind: Schema.Literals([
    "notWellFormed",
    "restricted",
    "encoding",
    "xmlVersion",
    "textAtRoot",
    "nestedRoot",
    "elementTooBig",
    "headerTooBig",
    "tooDeep",
    "tooManyAttributes"
  ]),
  detail: Schema.String
})

/** @internal */
export type Proofs = [
  Proof<Drift<typeof Attribute, Xml.Attribute>>,
  Proof<Drift<typeof Element, Xml.Element>>,
  Proof<Drift<typeof Declaration, Xml.Declaration>>,
  Proof<Drift<typeof RootTag, Xml.RootTag>>,
  Proof<Drift<typeof XmlFault, Fault.XmlFault>>
]
