/**
 * The stream header as we send it, and as we read it from a root tag.
 *
 * @since 0.1.0
 */
import type { Element } from "@xmpp-e2e/xml"

/**
 * @since 0.1.0
 * @category models
 */
export interface StreamHeader {
  readonly to?: string
  /** The empty string is written as such (HDR-14). */
  readonly from?: string
  readonly id?: string
  /** Absent towards a peer without version (VER-04). */
  readonly version?: "1.0"
  readonly lang?: string
  readonly contentNamespace: string
}

/**
 * The root tag of a header of ours: `stream:stream`, the content namespace as default (NS-02).
 *
 * @since 0.1.0
 * @category encoding
 */
export declare const toRootTag: (header: StreamHeader) => Element.RootTag
