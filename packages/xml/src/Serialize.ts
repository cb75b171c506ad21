/**
 * Values to bytes on the wire, as strings of restricted XML (XML-19).
 *
 * @since 0.1.0
 */
import type { Declaration, Element, RootTag } from "./Element.ts"

/**
 * The namespaces already bound around an element: those of the stream header it stands in.
 *
 * @since 0.1.0
 * @category models
 */
export type Bindings = ReadonlyArray<Declaration>

/**
 * The start tag of a stream, preceded by the XML declaration (HDR-01).
 *
 * @since 0.1.0
 * @category encoding
 */
export declare const rootTag: (tag: RootTag) => string

/**
 * The end tag that belongs to a start tag (END-01: the same prefix).
 *
 * @since 0.1.0
 * @category encoding
 */
export declare const rootEndTag: (tag: RootTag) => string

/**
 * One first-level element. Elements in the default namespace of `bindings` are written without declaration and without
 * prefix (NS-05); elements of a namespace bound to a prefix there use that prefix (`stream:features`); all others
 * declare their own namespace as default.
 *
 * @since 0.1.0
 * @category encoding
 */
export declare const element: (element: Element, bindings: Bindings) => string

/**
 * Why an element cannot be written as XML: a character outside XML's Char, a name that is none, a lone surrogate.
 * `undefined` when it can (XML-19).
 *
 * @since 0.1.0
 * @category guards
 */
export declare const obstacle: (element: Element) => string | undefined
