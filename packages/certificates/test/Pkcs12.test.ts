import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Fc from "fast-check"
import { spawnSync } from "node:child_process"
import { generateKeyPairSync } from "node:crypto"
import { fileURLToPath } from "node:url"
import * as Identity from "../src/Identity.ts"
import * as Sealing from "../src/internal/sealing.ts"
import * as Pem from "../src/Pem.ts"
import * as Pkcs12 from "../src/Pkcs12.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { authority, make, xmppAddr } from "./making.ts"
import * as File from "./pkcs12.ts"

const secret = "tulip Ω 7"
const opened = (bytes: Uint8Array, passphrase = secret) => Pkcs12.open(bytes, Redacted.make(passphrase))
const refusal = (bytes: Uint8Array, passphrase = secret) => Effect.flip(opened(bytes, passphrase))

/** A key of a kind, and certificates that lead from it to a root. */
const chained = Effect.fnUntraced(function*(kind: "ed25519" | "p256" | "rsa") {
  const keys = kind === "rsa"
    ? generateKeyPairSync("rsa", { modulusLength: 2048 })
    : kind === "ed25519"
    ? generateKeyPairSync("ed25519")
    : generateKeyPairSync("ec", { namedCurve: "P-256" })
  const pkcs8 = keys.privateKey.export({ format: "der", type: "pkcs8" })
  const publicKey = Fabricating.publicKeyOf(keys.publicKey.export({ format: "der", type: "spki" }))
  const root = yield* authority("Root")
  const middle = yield* authority("Middle", { issuer: root })
  const own = yield* make({ pair: { pkcs8, publicKey }, names: [xmppAddr("mira@tansy")], issuer: middle })
  return { pkcs8, own, middle, root }
})

const parts = Effect.map(chained("p256"), ({ middle, own, pkcs8, root }) => ({
  keys: [pkcs8],
  certificates: [root.der, own.der, middle.der]
}))

describe("PKCS #12", () => {
  const recipes: ReadonlyArray<readonly [string, Partial<File.Recipe>]> = [
    ["AES-256 with HMAC-SHA-256, as OpenSSL 3, Java and Windows write it", {}],
    ["AES-128 with HMAC-SHA-1", { cipher: "aes-128-cbc", prf: "sha1", mac: "sha1" }],
    ["AES-192 with HMAC-SHA-384", { cipher: "aes-192-cbc", prf: "sha384", mac: "sha384" }],
    ["AES-256 with HMAC-SHA-512", { prf: "sha512", mac: "sha512" }],
    ["3DES by PBES2", { cipher: "des-ede3-cbc" }],
    ["3DES in the old way, as macOS and older Windows write it", { cipher: "pbe-3des", mac: "sha1", rounds: 2000 }],
    ["a MAC by PBMAC1 (RFC 9579)", { mac: "pbmac1" }],
    ["BER with indefinite lengths and strings in pieces, as NSS writes it", { ber: true }],
    ["BER in the old way", { ber: true, cipher: "pbe-3des", mac: "sha1", macRounds: 1 }]
  ]
  it.effect.each(recipes)("RFC 7292 opens %s", ([, recipe]) =>
    Effect.gen(function*() {
      const wanted = yield* parts
      const content = yield* opened(File.write(wanted, { passphrase: secret, ...recipe }))
      assert.deepStrictEqual(
        content.certificates.map((each) => Buffer.from(each)),
        wanted.certificates.map(Buffer.from)
      )
      assert.deepStrictEqual(
        content.keys.map((each) => Buffer.from(Redacted.value(each))),
        wanted.keys.map(Buffer.from)
      )
      assert.match(JSON.stringify(content.keys), /^\["<redacted[^"]*>"\]$/)
    }))

  it.effect.each(["ed25519", "p256", "rsa"] as const)(
    "CERT-80 an identity with a key of the kind %s, its chain in order",
    (kind) =>
      Effect.gen(function*() {
        const { middle, own, pkcs8, root } = yield* chained(kind)
        const stranger = yield* make({ names: [xmppAddr("teo@linden")] })
        const file = File.write(
          { keys: [stranger.pair.pkcs8, pkcs8], certificates: [root.der, own.der, middle.der] },
          { passphrase: secret }
        )
        const identity = yield* Identity.fromFiles({ files: [file], passphrase: Redacted.make(secret) })
        assert.deepStrictEqual(identity.addresses, ["mira@tansy"])
        assert.deepStrictEqual(identity.chain.map(Buffer.from), [own, middle, root].map(({ der }) => Buffer.from(der)))
        assert.strictEqual(Redacted.value(identity.privateKey), Pem.encode("PRIVATE KEY", pkcs8))
      })
  )

  it.effect("RFC 7292 bags within bags, and bags of other kinds", () =>
    Effect.gen(function*() {
      const { certificates, keys: [key = new Uint8Array()] } = yield* parts
      const recipe = { passphrase: secret }
      const nested = File.bag("1.2.840.113549.1.12.10.1.6", Encode.sequence(...certificates.map(File.certificateBag)))
      const plain = File.bag("1.2.840.113549.1.12.10.1.1", key)
      const crl = File.bag("1.2.840.113549.1.12.10.1.4", Encode.nothing())
      const safes = Encode.sequence(File.data(Encode.sequence(crl, nested, plain), recipe))
      const content = yield* opened(File.wrap(safes, recipe))
      assert.lengthOf(content.certificates, 3)
      assert.lengthOf(content.keys, 1)
      let deep: Uint8Array = nested
      for (let level = 0; level < 5; level++) deep = File.bag("1.2.840.113549.1.12.10.1.6", Encode.sequence(deep))
      const tooDeep = File.wrap(Encode.sequence(File.data(Encode.sequence(deep), recipe)), recipe)
      assert.strictEqual((yield* refusal(tooDeep)).reason, "damaged")
      const many = Encode.sequence(...Array.from({ length: 65 }, () => plain))
      assert.match(
        (yield* refusal(File.wrap(Encode.sequence(File.data(many, recipe)), recipe))).message,
        /more than 64/
      )
    }))

  it.effect("RFC 7292 a wrong passphrase, a damaged file and one without MAC are told apart", () =>
    Effect.gen(function*() {
      const good = File.write(yield* parts, { passphrase: secret })
      assert.strictEqual((yield* refusal(good, "tulip")).reason, "passphrase")
      assert.strictEqual((yield* refusal(good, "")).reason, "passphrase")
      assert.strictEqual((yield* refusal(good.subarray(0, -1))).reason, "damaged")
      assert.strictEqual((yield* refusal(new Uint8Array(Buffer.concat([good, Uint8Array.of(0)])))).reason, "damaged")
      assert.strictEqual((yield* refusal(new Uint8Array())).reason, "damaged")
      assert.strictEqual((yield* refusal(new Uint8Array(1_048_577))).reason, "damaged")
      assert.strictEqual(
        (yield* refusal(File.write(yield* parts, { passphrase: secret, mac: "none" }))).reason,
        "unsupported"
      )
      const changed = Uint8Array.from(good)
      changed[200] = (changed[200] ?? 0) ^ 1
      assert.strictEqual((yield* refusal(changed)).reason, "passphrase")
    }))

  it.effect("RFC 7292 the MAC is right and the rest is not: damaged", () =>
    Effect.gen(function*() {
      const recipe = { passphrase: secret }
      const other = { passphrase: "another" }
      const wrongly = File.encryptedData(Encode.sequence(), other)
      assert.strictEqual((yield* refusal(File.wrap(Encode.sequence(wrongly), recipe))).reason, "damaged")
      const contents = [Encode.sequence(), Encode.octetString(Uint8Array.of(1)), Encode.integer(5), new Uint8Array(3)]
      for (const each of contents) {
        const result = yield* Effect.result(opened(File.wrap(Encode.sequence(File.data(each, recipe)), recipe)))
        assert.isTrue(
          result._tag === "Success" ? result.success.keys.length === 0 : result.failure.reason === "damaged"
        )
      }
    }))

  it.effect("RFC 7292 an empty passphrase opens what was made with an empty one or with none", () =>
    Effect.gen(function*() {
      for (const cipher of ["aes-256-cbc", "pbe-3des"] as const) {
        for (const passphrase of ["", undefined]) {
          const content = yield* opened(File.write(yield* parts, { passphrase, cipher }), "")
          assert.lengthOf(content.keys, 1)
        }
      }
      const file = File.write(yield* parts, { passphrase: secret })
      assert.strictEqual((yield* Effect.flip(Identity.fromFiles({ files: [file] }))).reason, "encrypted")
      const withoutOne = File.write(yield* parts, { passphrase: "" })
      assert.deepStrictEqual((yield* Identity.fromFiles({ files: [withoutOne] })).addresses, ["mira@tansy"])
    }))

  it.effect("RFC 7292 what is not read says how to convert it", () =>
    Effect.gen(function*() {
      const recipe = { passphrase: secret }
      const scrypt = Encode.sequence(Encode.oid("1.3.6.1.4.1.11591.4.11"), Encode.sequence())
      const cipher = Encode.sequence(Encode.oid("2.16.840.1.101.3.4.1.42"), Encode.octetString(new Uint8Array(16)))
      const algorithm = Encode.sequence(Encode.oid("1.2.840.113549.1.5.13"), Encode.sequence(scrypt, cipher))
      const key = File.bag(
        "1.2.840.113549.1.12.10.1.2",
        Encode.sequence(algorithm, Encode.octetString(new Uint8Array(16)))
      )
      const error = yield* refusal(File.wrap(Encode.sequence(File.data(Encode.sequence(key), recipe)), recipe))
      assert.strictEqual(error.reason, "unsupported")
      assert.include(error.message, "1.3.6.1.4.1.11591.4.11")
      assert.include(error.message, "openssl pkcs12")
    }))

  it.effect("RFC 7292 a file that asks for minutes of work is refused at once", () =>
    Effect.gen(function*() {
      const wanted = yield* parts
      const wishes: ReadonlyArray<Partial<File.Recipe>> = [
        { macClaimed: 0x7fffffff },
        { macClaimed: 3_000_000 },
        { mac: "pbmac1", macClaimed: 0x7fffffff },
        { claimed: 0x7fffffff },
        { claimed: 1_000_000, cipher: "pbe-3des" }
      ]
      const files = wishes.map((wish) => File.write(wanted, { passphrase: secret, ...wish }))
      const began = performance.now()
      for (const file of files) assert.strictEqual((yield* refusal(file)).reason, "costly")
      assert.isBelow(performance.now() - began, 1000)
    }))

  it.effect("RFC 7292 what many keys ask for adds up", () =>
    Effect.gen(function*() {
      const purse = Sealing.makePurse()
      for (let at = 0; at < 10; at++) yield* purse(1_000_000)
      assert.strictEqual((yield* Effect.flip(purse(1))).reason, "costly")
    }))

  it.effect("RFC 7292 whatever the bytes are, there is an answer", () =>
    Effect.gen(function*() {
      const wanted = yield* parts
      const quick = { passphrase: secret, rounds: 1, macRounds: 1 }
      const seeds = [
        File.write(wanted, quick),
        File.write(wanted, { ...quick, ber: true, cipher: "pbe-3des", mac: "sha1" })
      ]
      const mutated = mutationsOf(seeds)
      const anything = Fc.oneof(Fc.uint8Array({ maxLength: 200 }), mutated)
      yield* Effect.promise(() =>
        Fc.assert(
          Fc.asyncProperty(anything, async (bytes) => {
            const result = await Effect.runPromise(Effect.result(opened(bytes)))
            // What opens has the MAC of a seed, so it has the content of a seed.
            return result._tag === "Failure" ||
              result.success.certificates.every((each, at) =>
                Buffer.compare(each, wanted.certificates[at] ?? new Uint8Array()) === 0
              )
          }),
          { numRuns: 600 }
        )
      )
    }), 60_000)

  it.effect(
    "RFC 7292 whoever knows the passphrase may write nonsense under a MAC that fits: still there is an answer",
    () =>
      Effect.gen(function*() {
        const quick = { passphrase: secret, rounds: 1, macRounds: 1 }
        const recipes: ReadonlyArray<File.Recipe> = [quick, { ...quick, ber: true, cipher: "pbe-3des" }]
        const wanted = yield* parts
        const safes = mutationsOf(recipes.map((recipe) => File.safesOf(wanted, recipe)))
        const bags = mutationsOf([Encode.sequence(...wanted.certificates.map(File.certificateBag))])
        const files = Fc.oneof(
          safes.map((each) => File.wrap(each, quick)),
          bags.map((each) => File.wrap(Encode.sequence(File.data(each, quick)), quick)),
          bags.map((each) => File.wrap(Encode.sequence(File.encryptedData(each, quick)), quick))
        )
        let slowest = 0
        yield* Effect.promise(() =>
          Fc.assert(
            Fc.asyncProperty(files, async (bytes) => {
              const began = performance.now()
              const result = await Effect.runPromise(Effect.result(opened(bytes)))
              slowest = Math.max(slowest, performance.now() - began)
              return result._tag === "Success" || ["damaged", "unsupported", "costly"].includes(result.failure.reason)
            }),
            { numRuns: 600 }
          )
        )
        assert.isBelow(slowest, 10_000)
      }),
    120_000
  )

  it("RFC 7292 is known by how it begins", () => {
    const file = File.wrap(Encode.sequence(), { passphrase: secret })
    assert.isTrue(Pkcs12.isLikely(file))
    assert.isTrue(Pkcs12.isLikely(File.wrap(Encode.sequence(), { passphrase: secret, ber: true })))
    assert.isFalse(Pkcs12.isLikely(new TextEncoder().encode("-----BEGIN CERTIFICATE-----")))
    assert.isFalse(Pkcs12.isLikely(new Uint8Array()))
  })

  it("RFC 7292 the library is loaded when a file is opened, and not before", () => {
    const source = fileURLToPath(new URL("../src/index.ts", import.meta.url))
    const program = `
      import { createRequire } from "node:module"
      import { Effect, Redacted } from "effect"
      import { Pkcs12 } from ${JSON.stringify(source)}
      const { cache } = createRequire(import.meta.url)
      const seen = () => Object.keys(cache).filter((each) => /node-forge|reflect-metadata/.test(each)).length > 0
      const before = seen()
      await Effect.runPromise(Effect.result(Pkcs12.open(new Uint8Array(), Redacted.make(""))))
      console.log(before, seen())`
    const flags = ["--input-type=module", "--disable-warning=ExperimentalWarning", "--eval", program]
    const { stderr, stdout } = spawnSync(process.execPath, flags, {
      encoding: "utf8",
      cwd: fileURLToPath(new URL("..", import.meta.url))
    })
    assert.strictEqual(stdout.trim(), "false true", stderr)
  })
})

/** A few octets changed, and perhaps the rest cut off. */
const mutationsOf = (seeds: ReadonlyArray<Uint8Array>) =>
  Fc.tuple(
    Fc.constantFrom(...seeds),
    Fc.array(Fc.tuple(Fc.nat(), Fc.nat(255)), { minLength: 1, maxLength: 4 }),
    Fc.option(Fc.nat(), { nil: undefined, freq: 3 })
  ).map(([seed, changes, cut]) => {
    const bytes = Uint8Array.from(seed)
    for (const [at, octet] of changes) bytes[at % bytes.length] = octet
    return cut === undefined ? bytes : bytes.subarray(0, cut % bytes.length)
  })
