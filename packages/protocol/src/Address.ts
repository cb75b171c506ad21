/**
 * Addresses of streams: JIDs (RFC 7622) and link-local names, two different kinds that are never mixed up (JID-09,
 * JID-10).
 *
 * @since 0.1.0
 */

/**
 * Which rules read an address: `jid` (JID-01…08) or `linkLocal` (HDR-16, JID-09).
 *
 * @since 0.1.0
 * @category models
 */
export type Naming = "jid" | "linkLocal"

/**
 * A prepared address: two addresses are the same exactly when their parts are equal octet by octet (JID-06).
 *
 * @since 0.1.0
 * @category models
 */
export interface Address {
  readonly local?: string
  readonly domain: string
  readonly resource?: string
}

/**
 * Reads an address; `undefined` when the text is none.
 *
 * @since 0.1.0
 * @category decoding
 */
export declare const parse: (text: string, naming: Naming) => Address | undefined

/**
 * @since 0.1.0
 * @category encoding
 */
export declare const format: (address: Address) => string

/**
 * Without its resource.
 *
 * @since 0.1.0
 * @category getters
 */
export declare const bare: (address: Address) => Address

/**
 * The bare, prepared form as text; `undefined` when the text is no address.
 *
 * @since 0.1.0
 * @category getters
 */
export declare const bareText: (text: string, naming: Naming) => string | undefined

/**
 * Whether two texts are addresses with the same bare form.
 *
 * @since 0.1.0
 * @category guards
 */
export declare const sameBare: (one: string, other: string, naming: Naming) => boolean

/**
 * Whether an address is a mere domain: a service (CERT-05). A link-local name never is.
 *
 * @since 0.1.0
 * @category guards
 */
export declare const isService: (address: Address) => boolean
