/**
 * What a peer may make us hold while we read (requirements 0.2, LIM-02, LIM-05). Bytes are counted as received.
 *
 * @since 0.1.0
 */

/**
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  /** From the first byte of the (re)started stream to the `>` of its header. */
  readonly headerBytesMax: number
  /** From the `<` to the `>` of one first-level element; RFC 6120 §13.12 forbids less than 10 000. */
  readonly elementBytesMax: number
  /** Nesting, counting the first-level element as 1. */
  readonly depthMax: number
  /** Attributes of one element, namespace declarations included. */
  readonly attributesMax: number
}

/**
 * @since 0.1.0
 * @category constants
 */
export const defaults: Limits = { headerBytesMax: 16_384, elementBytesMax: 262_144, depthMax: 64, attributesMax: 128 }
