/**
 * Nobody of whom a certificate is known is believed without one. A peer without a stream version shows none (VER-13), and
 * whoever could pass for a friend by doing the same would have a way around every pin.
 *
 * @internal
 */
import { Address, Reason } from "@xmpp-e2e/protocol"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import { type StreamFailed, streamFailed } from "@xmpp-e2e/stream/Failure"
import type { Options as StreamOptions } from "@xmpp-e2e/stream/Options"
import * as Effect from "effect/Effect"
import { addressOf } from "./seen.ts"

/** @internal */
export interface Guard {
  readonly isKnown?: (peer: string) => Effect.Effect<boolean>
  readonly onFailure?: (failure: StreamFailed) => Effect.Effect<void>
}

/** What a stream that we open has to be. @internal */
export const policyFor = Effect.fnUntraced(function*(
  peer: string,
  { isKnown, naming = "linkLocal", policy = {} }: Guard & Pick<StreamOptions, "naming" | "policy">
) {
  if (isKnown === undefined || policy.tls === "never") return policy
  return (yield* isKnown(Address.bareText(peer, naming) ?? peer))
    ? { ...policy, legacy: "refuse" as const, tls: "required" as const }
    : policy
})

/** Admits a stream that a peer has opened, unless it passes without certificate for somebody who has one. @internal */
export const guarded = (guard: Guard, admit: (stream: E2eStream) => Effect.Effect<void>) => {
  const refuse = refusing(guard)
  return Effect.fnUntraced(function*(stream: E2eStream) {
    const peer = addressOf(stream)
    const isWanting = !stream.secured && peer !== undefined && (yield* guard.isKnown?.(peer) ?? Effect.succeed(false))
    yield* isWanting ? refuse(stream, peer) : admit(stream)
  })
}

/** Ends a stream without certificate of somebody who has one, and tells of it. @internal */
export const refusing = ({ onFailure }: Guard) =>
  Effect.fnUntraced(function*(stream: E2eStream, peer: string) {
    const detail = `a certificate of ${peer} is known, and none was shown`
    yield* stream.fail("policy-violation", { text: detail })
    if (onFailure !== undefined) yield* onFailure(streamFailed(Reason.make("authenticationRequired", { detail })))
  })
