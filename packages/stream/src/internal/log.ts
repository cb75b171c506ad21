/**
 * The recording of one stream, if there is a recorder. Without one nothing is computed for it.
 */
import { State } from "@xmpp-e2e/protocol"
import type { Action, Config, Event } from "@xmpp-e2e/protocol"
import type { TlsObserver } from "@xmpp-e2e/transport/Connection"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type About, Recorder, type Session } from "../Recorder.ts"

export interface Log {
  /** Whether anybody reads it. */
  readonly isRead: boolean
  readonly step: (event: Event.Event, actions: ReadonlyArray<Action.Action>, after: State.State) => void
  readonly wire: (direction: "in" | "out", bytes: Uint8Array) => void
  /** There when the recording wants TLS. */
  readonly tls?: TlsObserver
}

export const make = Effect.fnUntraced(function*(
  config: Config.Config,
  about: About
): Effect.fn.Return<Log, never, Scope.Scope> {
  const recorder = yield* Recorder
  if (recorder === undefined) return silent
  const clock = yield* Clock.Clock
  const session = yield* recorder.begin(config, about)
  const start = clock.monotonicTimeNanosUnsafe()
  // Whole microseconds: `at` is for people.
  const at = (): number => Number((clock.monotonicTimeNanosUnsafe() - start) / nanosPerMicro) / microsPerMilli
  const { tls } = session
  return {
    isRead: true,
    step: (event, actions, after) => session.step(at(), event, actions, State.label(after)),
    wire: (direction, bytes) => session.wire(direction, at(), bytes),
    ...(tls === undefined ? {} : { tls: observer(tls, at) })
  }
})

const observer = (tls: Required<Session>["tls"], at: () => number): TlsObserver => ({
  record: (direction, bytes) => tls.record(direction, at(), bytes),
  keyLog: (line) => tls.keyLog(at(), line)
})

const silent: Log = { isRead: false, step: () => {}, wire: () => {} }

const nanosPerMicro = 1000n
const microsPerMilli = 1000
