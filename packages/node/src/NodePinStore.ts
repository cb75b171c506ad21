/**
 * Pins in a directory: `pins.json`, which several processes may share. Whatever is not right about it is an error, and a
 * judge that cannot read pins refuses (fail closed).
 *
 * The file says its format and version. A version that we do not know, or a member, is refused: it might be what makes a
 * pin invalid. Except for what stands under `more` in a pin, where later versions put what an older program may overlook;
 * it is kept when the file is written anew.
 *
 * @since 0.1.0
 */
import { Pin, PinStore } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import type { Stats } from "node:fs"
import * as Path from "node:path"
import * as Files from "./internal/files.ts"
import * as Lock from "./internal/lock.ts"

/**
 * A store in `directory`, which is made if need be (mode 0700). Each question reads the file anew, so what another process
 * remembers counts at once. A pin is on the disk when it is remembered.
 *
 * The file (mode 0600) has at most 8 MiB, some 25,000 pins, and is replaced as a whole. Who changes it holds the lock that
 * is in the directory `pins.lock`; the lock of a process that died is passed on. Directory and file must belong to us or to
 * root, nobody else may write to them, and the file must not be a symbolic link. The directories above are not looked at.
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
  const alone = <A>(
    change: (write: Write, all: ReadonlyArray<Pin.Pin>) => Effect.Effect<A, PinStore.PinStoreError | Files.FileFault>
  ) =>
    one.withPermit(
      Lock.withLock(Path.join(directory, "pins.lock"), (confirm) =>
        Effect.flatMap(pins, (all) => change((next) => write(file, next, confirm), all)))
    ).pipe(Effect.mapError((error) =>
      error._tag === "FileFault" ? unwritable(file, error) : error
    ))
  const add = (write: Write, all: ReadonlyArray<Pin.Pin>, more: ReadonlyArray<Pin.Pin>) =>
    Effect.andThen(
      valid(more),
      Effect.suspend(() => {
        const next = Pin.add(all, more)
        return next === all ? Effect.void : write(next)
      })
    )
  return {
    find: ({ address, naming }) =>
      Effect.map(pins, (all) => all.filter((pin) => pin.address === address && pin.naming === naming)),
    findByFingerprint: (fingerprint) =>
      Effect.map(pins, (all) => all.filter((pin) => pin.certificate === fingerprint || pin.key === fingerprint)),
    remember: (pin) => alone((write, all) => add(write, all, [pin])),
    rememberFirst: (first, by) =>
      alone((write, all) => {
        const taken = Pin.conflicts(all, first, by)
        return taken.length > 0 ? Effect.succeed(taken) : Effect.as(add(write, all, first), taken)
      }),
    all: pins,
    forget: (which) =>
      alone((write, all) => {
        const gone = all.filter((pin) => Pin.isSelected(pin, which))
        return gone.length === 0
          ? Effect.succeed(gone)
          : Effect.as(write(all.filter((pin) => !Pin.isSelected(pin, which))), gone)
      })
  }
})

type Write = (pins: ReadonlyArray<Pin.Pin>) => Effect.Effect<void, PinStore.PinStoreError | Files.FileFault>

/** From now on there is a file. If it is missing later, it was lost, and all pins with it: that is not an empty store. */
const prepare = Effect.fnUntraced(function*(
  directory: string,
  file: string
): Effect.fn.Return<void, PinStore.PinStoreError> {
  const stats = yield* Effect.mapError(Files.makeDirectory(directory, 0o700), (fault) => unwritable(directory, fault))
  yield* unexposed(directory, stats, "chmod 700")
  yield* Files.create(file, encode([]), 0o600).pipe(
    Effect.catch((fault) => fault.code === "EEXIST" ? Effect.void : Effect.fail(unwritable(file, fault)))
  )
})

/** The same text is understood once: a certificate with many names asks many times. */
const readPins = (file: string): Effect.Effect<ReadonlyArray<Pin.Pin>, PinStore.PinStoreError> => {
  let last: { readonly text: string; readonly pins: ReadonlyArray<Pin.Pin> } | undefined
  const understand = (text: string): Effect.Effect<ReadonlyArray<Pin.Pin>, PinStore.PinStoreError> =>
    text === last?.text
      ? Effect.succeed(last.pins)
      : Effect.map(decode(file, text), (pins) => {
        last = { text, pins }
        return pins
      })
  return Files.readItself(file, fileBytesMax).pipe(
    Effect.mapError(({ cause, code }) => unreadable(`${file}: ${Files.wordsOf(code)}`, cause)),
    Effect.flatMap(({ stats, text }) => Effect.andThen(unexposed(file, stats, "chmod 600"), understand(text)))
  )
}

const write = Effect.fnUntraced(function*(
  file: string,
  pins: ReadonlyArray<Pin.Pin>,
  confirm: Effect.Effect<void, Files.FileFault>
): Effect.fn.Return<void, PinStore.PinStoreError | Files.FileFault> {
  const text = encode(pins)
  if (Buffer.byteLength(text) > fileBytesMax) {
    const detail = `${file} is full with ${pins.length - 1} pins; remove some that are not needed any more`
    return yield* new PinStore.PinStoreError({ reason: "unwritable", detail })
  }
  yield* Files.sweep(Path.dirname(file), orphanMillis)
  yield* Files.replace(file, text, 0o600, confirm)
})

const valid = (more: ReadonlyArray<Pin.Pin>): Effect.Effect<void, PinStore.PinStoreError> => {
  const wrong = more.find((pin) => Result.isFailure(decodePin(pin)))
  return wrong === undefined ? Effect.void : Effect.fail(
    new PinStore.PinStoreError({ reason: "unwritable", detail: `the pin of ${wrong.address} is not valid` })
  )
}

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
const unexposed = (path: string, stats: Stats, remedy: string): Effect.Effect<void, PinStore.PinStoreError> => {
  if (Files.isForeign(stats)) {
    const detail =
      `${path} belongs to another user, number ${stats.uid}, who can write to it; use a directory of your own`
    return Effect.fail(unreadable(detail))
  }
  return Files.isOpenTo(stats, Files.writeAccess)
    ? Effect.fail(unreadable(`others can write to ${path}; run: ${remedy} ${path}`))
    : Effect.void
}

const format = "xmpp-e2e-pins"
const version = 1
const fileBytesMax = 8_388_608
/** A write takes milliseconds; what is older was left by a process that was killed. */
const orphanMillis = 60_000

const Hash = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/))
const StoredPin = Schema.Struct({
  address: Schema.NonEmptyString,
  naming: Schema.Literals(["jid", "linkLocal"]),
  certificate: Hash,
  key: Schema.Union([Hash, Schema.Literal("")]),
  firstSeen: Schema.NonEmptyString,
  how: Schema.Literals(["manual", "firstUse", "offer", "exchanged"]),
  verified: Schema.optionalKey(Schema.Struct({ when: Schema.NonEmptyString, how: Schema.Literal("shortString") })),
  more: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json))
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
