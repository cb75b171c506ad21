/** Events as discovery tells them, for tests. */
import * as Base64 from "effect/encoding/Base64"
import type { DiscoveryEvent, Resolved } from "../src/DiscoveryEvent.ts"
import * as Roster from "../src/Roster.ts"

/** `txt` in clear text. */
export const resolved = (via: string, instance: string, what: Partial<Omit<Resolved, "instance">> = {}) => ({
  _tag: "Resolved" as const,
  via,
  instance,
  host: what.host ?? "forza.local.",
  port: what.port ?? 5298,
  addresses: what.addresses ?? ["192.0.2.7"],
  txt: (what.txt ?? []).map((each) => Base64.encode(each))
})

export const vanished = (via: string, instance: string, why: "goodbye" | "expired" = "goodbye"): DiscoveryEvent => ({
  _tag: "Vanished",
  via,
  instance,
  why
})

export const fold = (
  events: ReadonlyArray<DiscoveryEvent>,
  start: Roster.Roster = Roster.make(),
  step: typeof Roster.step = Roster.step
): Roster.Roster => events.reduce((roster, event) => step(roster, event).roster, start)
