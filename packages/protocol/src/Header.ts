/**
 * The stream header as we send it, and as we read it from a root tag.
 *
 * @since 0.1.0
 */

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
