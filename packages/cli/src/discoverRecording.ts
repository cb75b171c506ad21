/** `discover --record`: what the network said and what came of it, line by line, for `replay` (`replayDiscovery.ts`). */
import { type DiscoveryEvent, DiscoveryRecording, Roster } from "@xmpp-e2e/link-local"
import { Entropy } from "@xmpp-e2e/stream"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { sinkOf } from "./recording.ts"

export interface Flags {
  readonly record: Option.Option<string>
  readonly recordLevel: "redacted" | "full"
}

/** Takes what happened, and gives what comes of it. */
export type Fold = (
  roster: Roster.Roster,
  happened: DiscoveryEvent.DiscoveryEvent | "refresh"
) => Effect.Effect<Roster.Step>

export const make = Effect.fnUntraced(function*(
  { record, recordLevel }: Flags
): Effect.fn.Return<Fold, never, Scope.Scope> {
  if (Option.isNone(record)) return (roster, happened) => Effect.sync(() => folded(roster, happened))
  const sink = yield* sinkOf(record.value)
  const start = yield* Clock.currentTimeMillis
  const head = { ...options, startedAt: DateTime.formatIso(DateTime.makeUnsafe(start)) }
  const writer = recordLevel === "full"
    ? DiscoveryRecording.fullWriter(head)
    : DiscoveryRecording.writer(head, (yield* Entropy.Entropy).bytes(secretOctets))
  sink.write(writer.head.trimEnd())
  return (roster, happened) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const step = folded(roster, happened)
      const line = {
        at: now - start,
        ...happened === "refresh" ? { refreshed: true as const } : { event: happened },
        told: DiscoveryRecording.told(step)
      }
      sink.write(writer.line(line).trimEnd())
      return step
    })
})

const folded = (roster: Roster.Roster, happened: DiscoveryEvent.DiscoveryEvent | "refresh"): Roster.Step =>
  happened === "refresh" ? Roster.refresh(roster) : Roster.step(roster, happened)

/** As `Roster.make` has them by itself. */
const options: Roster.Options = { own: [], expected: [], limits: Roster.defaultLimits }
const secretOctets = 32
