/**
 * What the rules of a firewall for Linux say of what comes in, as far as a look at their words can tell: a sign, no proof.
 *
 * @internal
 */

export interface Rules {
  /** What no rule allows is dropped or rejected. */
  readonly drops: boolean
  /** Some rule is about multicast DNS. */
  readonly names5353: boolean
}

/** From `nft list ruleset` or `iptables -S INPUT`. */
export const rulesOf = (text: string): Rules => ({
  drops: text.split(/^\s*chain /m).some(dropsInput) || /^-P INPUT DROP$|^-A INPUT -j (?:DROP|REJECT)/m.test(text),
  names5353: /\b(?:5353|mdns)\b/.test(text)
})

const dropsInput = (chain: string): boolean =>
  chain.includes("hook input") && /policy drop|^\s*(?:drop|reject)\b/m.test(chain)
