/**
 * Pins in a directory: `pins.json`, which several processes may share. Whatever is not right about it is an error, and a
 * judge that cannot read pins refuses (fail closed).
 *
 * @since 0.1.0
 */
import { Pin, PinStore } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as Path from "node:path"
import * as Files from "./internal/files.ts"
import * as Lock from "./internal/lock.ts"

/**
 * A store in `directory`, which is made if need be (mode 0700). Each question reads the file anew, so what another process
 * remembers counts at once. A pin is on the disk when it is remembered.
 *
 * The file (mode 0600) has a format and a version of its own, and is replaced as a whole. While it changes, `pins.lock` is
 * there; the lock of a process that died is removed.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (directory: string): Layer.Layer<PinStore.PinStore, PinStore.PinStoreError> =>
  Layer.effect(PinStore.PinStore, make(directory))

const make = Effect.fnUntraced(function*(
  directory: string
): Effect.fn.Return<PinStore.PinStore["Service"], PinStore.PinStoreError> {
  const file = Path.join(directory, "pins.json")
  yield* prepare(directory, file)
  const pins = readPins(file)
  // A wrong configuration is better known now than at the first peer.
  yield* pins
  const one = yield* Semaphore.make(1)
  const alone = <A>(change: Effect.Effect<A, PinStore.PinStoreError | Files.FileFault>) =>
    one.withPermit(Lock.withLock(Path.join(directory, "pins.lock"), change)).pipe(
      Effect.mapError((error) => error._tag === "FileFault" ? unwritable(file, error) : error)
    )
  return {
    find: ({ address, naming }) =>
      Effect.map(pins, (all) => all.filter((pin) => pin.address === address && pin.naming === naming)),
    findByFingerprint: (fingerprint) =>
      Effect.map(pins, (all) => all.filter((pin) => pin.certificate === fingerprint || pin.key === fingerprint)),
    remember: (pin) => alone(Effect.flatMap(pins, (all) => write(file, all, [pin]))),
    rememberFirst: (first, by) =>
      alone(Effect.flatMap(pins, (all) => {
        const taken = Pin.conflicts(all, first, by)
        return taken.length > 0 ? Effect.succeed(taken) : Effect.as(write(file, all, first), taken)
      }))
  }
})

/** From now on there is a file. If it is missing later, it was lost, and all pins with it: that is not an empty store. */
const prepare = Effect.fnUntraced(function*(
  directory: string,
  file: string
): Effect.fn.Return<void, PinStore.PinStoreError> {
  const stats = yield* Effect.mapError(Files.makeDirectory(directory, 0o700), (fault) => unwritable(directory, fault))
  if (Files.isOpenTo(stats, Files.writeAccess)) return yield* exposed(directory, "chmod 700")
  yield* Files.create(file, encode([]), 0o600).pipe(
    Effect.catch((fault) => fault.code === "EEXIST" ? Effect.void : Effect.fail(unwritable(file, fault)))
  )
})

const readPins = (file: string): Effect.Effect<ReadonlyArray<Pin.Pin>, PinStore.PinStoreError> =>
  Files.read(file, fileBytesMax).pipe(
    Effect.mapError(({ cause, code }) => unreadable(`${file}: ${Files.wordsOf(code)}`, cause)),
    Effect.flatMap(({ stats, text }) =>
      Files.isOpenTo(stats, Files.writeAccess) ? exposed(file, "chmod 600") : decode(file, text)
    )
  )

const write = Effect.fnUntraced(function*(
  file: string,
  kept: ReadonlyArray<Pin.Pin>,
  more: ReadonlyArray<Pin.Pin>
): Effect.fn.Return<void, PinStore.PinStoreError | Files.FileFault> {
  const wrong = more.find((pin) => Result.isFailure(decodePin(pin)))
  if (wrong !== undefined) {
    const detail = `the pin of ${wrong.address} is not valid`
    return yield* new PinStore.PinStoreError({ reason: "unwritable", detail })
  }
  const pins = Pin.add(kept, more)
  if (pins.length > kept.length) yield* Files.replace(file, encode(pins), 0o600)
})

const encode = (pins: ReadonlyArray<Pin.Pin>): string => `${JSON.stringify({ format, version, pins }, undefined, 2)}\n`

const decode = (file: string, text: string): Effect.Effect<ReadonlyArray<Pin.Pin>, PinStore.PinStoreError> =>
  Result.match(decodeDocument(text), {
    onSuccess: ({ pins }) => Effect.succeed(pins),
    onFailure: (cause) => Effect.fail(unreadable(`${file} is damaged, or of another version`, cause))
  })

const unreadable = (detail: string, cause?: unknown): PinStore.PinStoreError =>
  new PinStore.PinStoreError({ reason: "unreadable", detail, cause })

const unwritable = (path: string, { cause, code }: Files.FileFault): PinStore.PinStoreError =>
  new PinStore.PinStoreError({ reason: "unwritable", detail: `${path}: ${Files.wordsOf(code)}`, cause })

/** Who can write here can make us believe anybody. */
const exposed = (path: string, remedy: string): Effect.Effect<never, PinStore.PinStoreError> =>
  Effect.fail(unreadable(`others can write to ${path}; run: ${remedy} ${path}`))

const format = "xmpp-e2e-pins"
const version = 1
const fileBytesMax = 16_777_216

const Hash = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/))
const StoredPin = Schema.Struct({
  address: Schema.NonEmptyString,
  naming: Schema.Literals(["jid", "linkLocal"]),
  certificate: Hash,
  key: Hash,
  firstSeen: Schema.NonEmptyString,
  how: Schema.Literals(["manual", "firstUse", "offer", "exchanged"])
})
const Document = Schema.Struct({
  format: Schema.Literal(format),
  version: Schema.Literal(version),
  pins: Schema.Array(StoredPin)
})
/** What we do not know we would lose when we write. */
const strict = { onExcessProperty: "error" } as const
const decodePin = Schema.decodeUnknownResult(StoredPin, strict)
const decodeDocument = Schema.decodeUnknownResult(Schema.fromJsonString(Document), strict)
