/**
 * What can be wrong with the bytes of an XML stream. Each kind is decided at one byte, however the bytes were cut
 * (XML-16).
 *
 * @since 0.1.0
 */

/**
 * - `notWellFormed` XML-07, XML-08: XML or namespace well-formedness
 * - `restricted` XML-01…04: comment, processing instruction, document type, foreign entity
 * - `encoding` XML-09: not UTF-8
 * - `xmlVersion` XML-12: the XML declaration names another version than 1.0
 * - `textAtRoot` XML-17: text other than white space between first-level elements
 * - `nestedRoot` HDR-33: a second stream header inside an open stream
 * - `elementTooBig`, `headerTooBig`, `tooDeep`, `tooManyAttributes` XML-18, LIM-05
 *
 * @since 0.1.0
 * @category models
 */
export type FaultKind =
  | "notWellFormed"
  | "restricted"
  | "encoding"
  | "xmlVersion"
  | "textAtRoot"
  | "nestedRoot"
  | "elementTooBig"
  | "headerTooBig"
  | "tooDeep"
  | "tooManyAttributes"

/**
 * @since 0.1.0
 * @category models
 */
export interface XmlFault {
  readonly kind: FaultKind
  /** For people; never sent to the peer, and free of the offending content. */
  readonly detail: string
}
