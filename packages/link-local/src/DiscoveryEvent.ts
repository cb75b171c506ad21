/**
 * What the network says about entities of `_presence._tcp.local.`, as plain data: a session of discovery is the list of
 * these, and whatever is known of the others is a fold over it. Nothing in it is authenticated (LL-26).
 *
 * @since 0.1.0
 */

/**
 * `via` is the interface on which it was heard. `instance` is one label, unescaped (LL-17): `juliet@pronto`.
 *
 * - `InterfaceUp`, `InterfaceDown`: what was heard on an interface that goes down is not known any more
 * - `Appeared`: there is such an entity (PTR); where it listens need not be known yet
 * - `Resolved`: where it listens and what it says of itself (SRV, TXT, A, AAAA), as far as it has been heard, again whenever
 *   anything of it has changed. `txt` are the strings of the TXT record in base64, one text each, in order
 * - `Vanished`: it said goodbye (LL-21), or was not heard for as long as its records were to live
 *
 * @since 0.1.0
 * @category models
 */
export type DiscoveryEvent =
  | { readonly _tag: "InterfaceUp"; readonly via: string }
  | { readonly _tag: "InterfaceDown"; readonly via: string }
  | { readonly _tag: "Appeared"; readonly via: string; readonly instance: string }
  | ({ readonly _tag: "Resolved"; readonly via: string } & Resolved)
  | {
    readonly _tag: "Vanished"
    readonly via: string
    readonly instance: string
    readonly why: "goodbye" | "expired"
  }

/**
 * Where an entity listens, and what it says of itself. `addresses` are literals of IPv4 and IPv6, those of scope `link` with
 * their zone (`fe80::1%eth0`).
 *
 * @since 0.1.0
 * @category models
 */
export interface Resolved {
  readonly instance: string
  /** With its ending: `pronto.local.` */
  readonly host: string
  readonly port: number
  readonly addresses: ReadonlyArray<string>
  readonly txt: ReadonlyArray<string>
}
