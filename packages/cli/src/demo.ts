/**
 * `demo`, the main job with an embedded peer: two identities, one stream over loopback TCP and TLS, a message each way,
 * an orderly close; told as it happens, written down by both sides, and replayed.
 */
import { Identity, PeerJudge, PinStore, Trust } from "@xmpp-e2e/certificates"
import { NodeTransport } from "@xmpp-e2e/node"
import { Address, type Config } from "@xmpp-e2e/protocol"
import { Explain, Recording, Replay } from "@xmpp-e2e/recording"
import { E2eStream, type Failure, Recorder } from "@xmpp-e2e/stream"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Conversation from "./conversation.ts"
import { CommandFailed, exitCodes, streamFailure, usage } from "./exit.ts"
import * as Output from "./output.ts"
import { sinkOf } from "./recording.ts"
import * as Transcript from "./transcript.ts"

export interface Request {
  readonly record: Option.Option<string>
}

type Role = Config.Config["role"]

export const demo = Effect.fnUntraced(function*(request: Request) {
  const files = yield* filesOf(request)
  const romeo = yield* partyOf("romeo@forza")
  const juliet = yield* partyOf("juliet@pronto")
  yield* Output.lines([
    `${initiator("I:")} is sent by the initiator, ${romeo.address}; ${
      recipient("R:")
    } by the recipient, ${juliet.address}. Each has pinned the other's certificate.`,
    ""
  ])
  const recorder = Transcript.recorder(
    (line) => void process.stdout.write(`${line}\n`),
    { begin: (config, about) => Recorder.toSinks(() => sinkOf(files[config.role])).begin(config, about) }
  )
  yield* converse(romeo, juliet).pipe(
    Effect.scoped,
    Effect.provide(Layer.mergeAll(NodeTransport.layer, Layer.succeed(Recorder.Recorder, recorder))),
    Effect.catchTag("StreamFailed", ({ message, reason }) => Effect.fail(streamFailure(reason, message, false))),
    Effect.catchTag(
      ["SendFailed", "ListenFailed", "ConfigInvalid"],
      ({ message }) => Effect.fail(new CommandFailed({ code: exitCodes.failed, sentence: message }))
    )
  )
  yield* Output.line("")
  yield* check("initiator", files.initiator)
  yield* check("recipient", files.recipient)
  if (Option.isSome(request.record)) yield* Output.line(`recordings: ${files.initiator} and ${files.recipient}`)
}, Effect.scoped)

interface Party {
  readonly address: string
  readonly identity: Identity.Identity
}

const partyOf = Effect.fnUntraced(function*(address: string): Effect.fn.Return<Party, CommandFailed> {
  const created = yield* Identity.create({ address, naming, algorithm: "p256", days: 1, kind: "self-signed" }).pipe(
    Effect.flatMap((made) =>
      made.kind === "self-signed"
        ? Identity.fromPem({ certificates: made.certificatePem, privateKey: made.privateKeyPem, naming })
        : Effect.die("a request is no certificate")
    ),
    Effect.mapError(({ message }) => usage(message))
  )
  return { address, identity: created }
})

/** Believes one certificate, for one address. */
const believing = (peer: Party) =>
  PeerJudge.layer(Trust.make({
    pins: [{
      address: Address.bareText(peer.address, naming) ?? peer.address,
      naming,
      certificate: peer.identity.fingerprint,
      key: "",
      firstSeen: "1970-01-01T00:00:00Z",
      how: "manual"
    }]
  })).pipe(Layer.provide(PinStore.layerMemory()), Layer.orDie)

const converse = Effect.fnUntraced(function*(romeo: Party, juliet: Party) {
  const done = yield* Deferred.make<void, Failure.StreamFailed | Failure.SendFailed>()
  const listener = yield* E2eStream.listen(
    { from: juliet.address, identity: juliet.identity, at: { host: "127.0.0.1", port: 0 } },
    (stream) => answer(stream).pipe(Effect.exit, Effect.flatMap((exit) => Deferred.done(done, exit)))
  ).pipe(Effect.provide(believing(romeo)))
  yield* ask(romeo, juliet, listener.at).pipe(Effect.scoped, Effect.provide(believing(juliet)))
  yield* Deferred.await(done)
})

const ask = Effect.fnUntraced(function*(romeo: Party, juliet: Party, at: E2eStream.ConnectOptions["at"]) {
  const stream = yield* E2eStream.connect({ from: romeo.address, identity: romeo.identity, to: juliet.address, at })
  yield* stream.send(
    Conversation.chat("M'lady, I would be pleased to make your acquaintance.", stream.contentNamespace)
  )
  yield* stream.receive
  yield* stream.close
})

const answer = Effect.fnUntraced(function*(stream: E2eStream.E2eStream) {
  yield* stream.receive
  yield* stream.send(Conversation.chat("Art thou not Romeo, and a Montague?", stream.contentNamespace))
  yield* stream.receive
  yield* stream.close
})

const check = Effect.fnUntraced(
  function*(role: Role, file: string): Effect.fn.Return<void, CommandFailed, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    const text = yield* fs.readFileString(file).pipe(Effect.mapError(({ message }) => usage(message)))
    const decoded = Recording.decode(text)
    if (Result.isFailure(decoded)) return yield* usage(`${file}: ${decoded.failure.message}`)
    const replay = Replay.run(decoded.success)
    yield* Output.line(`replay: ${Explain.outcome(replay)} (${role})`)
    if (replay._tag === "Diverged") {
      return yield* new CommandFailed({
        code: exitCodes.failed,
        sentence: `the recording of the ${role} came out otherwise`
      })
    }
  }
)

/** Two files beside each other where the user wants them, or two that go when we are done. */
const filesOf = Effect.fnUntraced(function*({ record }: Request) {
  const fs = yield* FileSystem.FileSystem
  if (Option.isSome(record)) return { initiator: record.value, recipient: `${record.value}.recipient` }
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "xmpp-e2e-demo-" }).pipe(
    Effect.mapError(({ message }) => usage(message))
  )
  return { initiator: `${directory}/initiator.ndjson`, recipient: `${directory}/recipient.ndjson` }
})

const initiator = (text: string): string => Output.paint("initiator", text)
const recipient = (text: string): string => Output.paint("recipient", text)

const naming = "jid"
